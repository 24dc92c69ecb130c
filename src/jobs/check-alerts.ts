import { z } from 'zod';
import type { Connection } from '../domain.ts';
import {
  type AlertFacts,
  judgeAlerts,
  judgeNightly,
  type NightlyFacts,
  type Verdict,
} from '../notify/alert-causes.ts';
import { alertMessage } from '../notify/alert-message.ts';
import type { Schedule } from '../store/job-stores.ts';
import type { Run } from '../store/store.ts';
import { billedModule } from '../sync/document-modules.ts';
import { activeParking } from '../zoho/credit-account.ts';
import type { LineDeps } from './line.ts';
import { nextRunAfter } from './next-run.ts';

/** Looks at what no event raises: what should have happened and did not, what is running short, what has changed. */

export type CheckAlertsDeps = Pick<
  LineDeps,
  'store' | 'clock' | 'log' | 'settings' | 'creditCeiling' | 'publicUrl'
> & {
  readonly pendingMigrations: () => Promise<readonly string[]>;
  /** False: none are wanted. */
  readonly makesBackups: boolean;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A scheduled run has so long to end before it counts as missed. */
const RUN_GRACE_MS = 30 * MINUTE_MS;
const PACE_HOURS = 6;

/** `nightly`: reads whole tables as well. Answers how many alerts are open. */
export async function checkAlerts(
  deps: CheckAlertsDeps,
  { connection, nightly }: { connection: Connection; nightly: boolean },
): Promise<number> {
  const { store, clock, log, settings } = deps;
  const rules = settings.notify.alerts;
  const verdicts = judgeAlerts(await factsOf(deps, connection), rules);
  if (nightly) verdicts.push(...judgeNightly(await nightlyFactsOf(deps, connection), rules));
  for (const verdict of verdicts) await follow(deps, connection, verdict);
  await store.alerts.tellUntold(connection.id, clock.now());
  const open = await store.alerts.open(connection.id);
  log.debug({ connection: connection.name, open: open.length }, 'alerts checked');
  return open.length;
}

async function follow(
  { store, clock, settings }: CheckAlertsDeps,
  connection: Connection,
  verdict: Verdict,
): Promise<void> {
  const { code, state, severity, params, grade, endsAtOnce } = verdict;
  const now = clock.now();
  const afterMs = endsAtOnce ? 0 : settings.notify.alerts.recoverMinutes * MINUTE_MS;
  if (state === 'good') await store.alerts.close(connection.id, code, now, { afterMs });
  if (state !== 'bad') return;
  const message = alertMessage({ code, params }, connection);
  await store.alerts.raise(connection.id, { code, severity, message, params, grade }, now);
}

// Runs that failed, or were written by an older version, tell nothing.
const Applied = z.object({
  written: z.number(),
  rejected: z.array(z.object({ code: z.string() })),
});
const Scored = z.object({ issues: z.record(z.string(), z.number()) });
const Planned = z.object({ keptEdits: z.object({ reported: z.number() }) });
const WITHHELD = ['foreign_currency_withheld', 'foreign_document_withheld', 'foreign_cost_withheld'];

async function factsOf(deps: CheckAlertsDeps, connection: Connection): Promise<AlertFacts> {
  const { store, clock, publicUrl } = deps;
  const { id } = connection;
  const now = clock.now();
  const latest = <T>(kind: string, schema: z.ZodType<T>) => summaryOf(store.runs.latest(id, kind), schema);
  const applied = await latest('apply', Applied);
  const scored = await latest('score', Scored);
  const plan = await store.plans.latest(id);
  const paused = await store.mappingStates.paused(id);
  const channels = await store.channels.of(id);
  return {
    now,
    connection,
    users: await store.users.all(id),
    runs: await runFacts(deps, connection),
    channelEndsAt:
      publicUrl && channels.length > 0
        ? new Date(Math.min(...channels.map(({ expiresAt }) => expiresAt.getTime())))
        : null,
    credits: await creditFacts(deps, connection),
    lastApply: applied && {
      run: applied.run.id,
      written: applied.summary.written,
      rejected: countBy(applied.summary.rejected.map(({ code }) => code)),
    },
    // What was never good is a matter of setting up, not of change.
    drifted: paused
      .filter(({ fieldId }) => fieldId !== null)
      .map(({ module, input }) => `${module}.${input}`),
    withheld:
      scored && isOfAll(scored.run)
        ? WITHHELD.reduce((sum, issue) => sum + (scored.summary.issues[issue] ?? 0), 0)
        : null,
    editedFields: (plan && Planned.safeParse(plan.summary).data?.keptEdits.reported) ?? null,
    migrations: await deps.pendingMigrations(),
    backup: deps.makesBackups ? await backupFacts(deps) : null,
  };
}

async function backupFacts({ store }: CheckAlertsDeps): Promise<AlertFacts['backup']> {
  const [made, failed] = [await store.facts.get('backup'), await store.facts.get('backup_failed')];
  return { at: made?.at ?? null, failed: failed?.why ?? null };
}

/** A scoring of some customers tells nothing of the others. */
const isOfAll = ({ input }: Run) => input !== null && typeof input === 'object' && !('customers' in input);

async function summaryOf<T>(
  found: Promise<Run | null>,
  schema: z.ZodType<T>,
): Promise<{ run: Run; summary: T } | null> {
  const run = await found;
  const parsed = schema.safeParse(run?.summary);
  return run && parsed.success ? { run, summary: parsed.data } : null;
}

function countBy(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const LINE_JOBS = ['sync-incremental', 'score-and-write'];
const NEWEST_RUNS = 200;

/** Times of the schedules that read the org since a run last came to its end. */
async function runFacts({ store, clock }: CheckAlertsDeps, { id }: Connection): Promise<AlertFacts['runs']> {
  const now = clock.now();
  const schedules = (await store.schedules.of(id)).filter(
    ({ job, enabled }) => enabled && LINE_JOBS.includes(job),
  );
  const runs = await store.runs.list(id, NEWEST_RUNS);
  const good = runs.find(({ kind, state }) => kind === 'score' && state === 'done');
  const since = good?.finishedAt ?? runs.at(-1)?.startedAt ?? null;
  if (schedules.length === 0 || since === null) return null;
  const settled = new Date(now.getTime() - RUN_GRACE_MS);
  // A server that was off has begun what it missed: it is given its time.
  const isUnderWay = schedules.some(({ lastRunAt }) => lastRunAt !== null && lastRunAt > settled);
  const missed = missedTimes(schedules, since, settled);
  return missed > 0 && isUnderWay ? null : { lastGoodAt: since, missed };
}

const MOST_COUNTED = 100;
function missedTimes(schedules: readonly Schedule[], since: Date, until: Date): number {
  let missed = 0;
  for (const schedule of schedules) {
    let at = nextRunAfter(schedule, since);
    for (let count = 0; at <= until && count < MOST_COUNTED; count += 1) {
      missed += 1;
      at = nextRunAfter(schedule, at);
    }
  }
  return missed;
}

async function creditFacts(
  { store, clock, creditCeiling }: CheckAlertsDeps,
  connection: Connection,
): Promise<AlertFacts['credits']> {
  if (!creditCeiling) return null;
  const now = clock.now();
  const ceiling = creditCeiling(connection);
  const account = await store.ledger.account(connection.id, now);
  const paceFrom = now.getTime() - PACE_HOURS * HOUR_MS;
  const recent = (await account.buckets()).filter(({ at }) => at.getTime() >= paceFrom);
  return {
    spent: account.spent,
    ceiling,
    forecast: (recent.reduce((sum, { credits }) => sum + credits, 0) / PACE_HOURS) * 24,
    parkedUntil: activeParking(account.parking, ceiling, now)?.until ?? null,
  };
}

async function nightlyFactsOf(
  { store, clock, settings }: CheckAlertsDeps,
  { id, org }: Connection,
): Promise<NightlyFacts> {
  const { purchase, money } = settings.scoring;
  const { unitCosts } = money;
  const since = new Date(clock.now().getTime() - settings.notify.alerts.timeDataDays * DAY_MS);
  const wantsTimes = unitCosts.perHour > 0 || unitCosts.perServiceMinute > 0;
  const backtest = (await store.baselines.latest(id))?.fit?.backtest ?? null;
  return {
    money: await store.alertFacts.money(id, { billed: billedModule(purchase), currency: org.currency }),
    times: wantsTimes
      ? { since: since.toISOString().slice(0, 10), ...(await store.alertFacts.times(id, since)) }
      : null,
    backtest: backtest && {
      isBetter: backtest.isBetterThanBaselines,
      model: hundredths(backtest.meanAbsoluteError),
      simple: hundredths(Math.min(backtest.runRateError, backtest.cohortMeanError)),
    },
  };
}
const hundredths = (value: number) => Math.round(value * 100) / 100;

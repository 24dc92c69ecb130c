import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Clock, dayOf } from '../clock.ts';
import type {
  Connection,
  Day,
  ModuleName,
  RunId,
  TouchChannel,
  UnreadChannel,
  UnreadSign,
} from '../domain.ts';
import { BusyError, ConfigError, LineLostError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Observer, unobserved } from '../observe.ts';
import type { Settings } from '../rules.ts';
import type { FactContext } from '../scoring/facts.ts';
import type { Lease, Store } from '../store/store.ts';
import type { UploadTarget } from '../zoho/bulk-write.ts';
import { guardedClient, type ZohoClient } from '../zoho/client.ts';
import { storedRulesOf } from './named-options.ts';
import type { RequestNotes } from './note-requests.ts';
import type { ScoreThreads } from './score-crew.ts';

/** What every hop of the line is given. */
export interface LineDeps {
  readonly store: Store;
  readonly zohoFor: (connection: Connection) => ZohoClient;
  /** What our ceiling still allows today, in Zoho's credits. */
  readonly creditsLeft: (connection: Connection) => Promise<number>;
  /** What it allows in any 24 hours; absent: as much as today. */
  readonly creditCeiling?: (connection: Connection) => number;
  /** Where files of bulk writes go; absent or null: the admin did not allow them. */
  readonly bulkTo?: (connection: Connection) => UploadTarget | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** Times each stage in traces; absent: nobody does. */
  readonly observer?: Observer;
  /** Notes the calls of each run; absent: nobody does. */
  readonly requests?: Pick<RequestNotes, 'during'>;
  /** Name of this process in leases: host:pid:random. */
  readonly holder: string;
  /** Tells whether the holder of a lease is a process of this host that no longer runs. */
  readonly isHolderGone: (holder: string) => boolean;
  /** Where Zoho reaches us; it may tell there that a bulk job is done. */
  readonly publicUrl?: string | null;
  /** For a full scoring; absent: it works in this thread alone. */
  readonly scoreThreads?: ScoreThreads;
  /** Words for whoever waits at a terminal; absent: nobody does. */
  readonly say?: (text: string) => void;
}

/** What the hops of a line are given while it is theirs alone. */
export interface HeldLine extends LineDeps {
  readonly lease: Lease;
  /** Throws LineLostError when another process has taken the line over. */
  readonly mustHold: () => Promise<void>;
}

/** A stage of the line, as traces show it. */
export function stage<T>(
  { observer = unobserved }: Pick<LineDeps, 'observer'>,
  name: 'sync' | 'score' | 'plan' | 'apply',
  work: () => Promise<T>,
): Promise<T> {
  return observer.span(name, {}, work);
}

export function asOfDay(deps: Pick<LineDeps, 'clock'>, connection: Connection, asOf: Day | null): Day {
  return asOf ?? dayOf(deps.clock.now(), connection.org.timeZone);
}

export async function factContext(deps: LineDeps, connection: Connection): Promise<FactContext> {
  const wrong = deps.settings.moneyCodes.filter((code) => code !== connection.org.currency);
  if (wrong.length > 0) {
    throw new ConfigError(
      `scoring.yaml gives money in ${wrong.join(', ')}, but the home currency of ${connection.org.name} is ${connection.org.currency}; give it in ${connection.org.currency}`,
    );
  }
  const reminders = await deps.store.reminders.all(connection.id);
  const closedByUs = new Set(
    reminders.flatMap(({ state, taskId }) => (state === 'closed_by_us' && taskId !== null ? [taskId] : [])),
  );
  return {
    timeZone: connection.org.timeZone,
    homeCurrency: connection.org.currency,
    stages: await deps.store.stages.all(connection.id),
    rules: await storedRulesOf(deps, connection.id),
    knownUntil: deps.clock.now(),
    closedByUs,
    unread: await unreadModules(deps, connection),
    unreadSigns: unreadSigns(deps.settings),
    ...(deps.settings.scoring.money.capitalCostPercent === 0
      ? {}
      : { paymentFiles: await deps.store.imports.filesWithPayments(connection.id) }),
  };
}

/** Signs of leaving whose field no setting names, or whose documents none asks for. */
function unreadSigns({ mapping: { inputs }, scoring }: Settings): UnreadSign[] {
  const { from } = scoring.purchase;
  const signs: UnreadSign[] = [];
  if ((inputs.Accounts.survey ?? inputs.Contacts.survey ?? null) === null) signs.push('survey');
  if ((inputs.Cases.due ?? null) === null) signs.push('case_due');
  if (from !== 'invoices' || (inputs.Invoices.paid ?? null) === null) signs.push('payments');
  if (from !== 'invoices' && from !== 'orders') signs.push('products');
  return signs;
}

const CHANNEL_OF = [
  ['Calls', 'call'],
  ['Events', 'meeting'],
  ['Tasks', 'task'],
  ['Cases', 'case'],
  ['Notes', 'note'],
] as const satisfies readonly (readonly [ModuleName, TouchChannel])[];
const WEEK_MS = 7 * 86_400_000;

/** Channels whose module was never read to the end, or, refused since, a week less far than the others. */
async function unreadModules(deps: LineDeps, connection: Connection): Promise<UnreadChannel[]> {
  const readUntil = async (module: ModuleName): Promise<number> => {
    const cursor = await deps.store.cursors.get(connection.id, module);
    return cursor?.state === 'following' ? (cursor.modifiedAt?.getTime() ?? 0) : 0;
  };
  const newest = Math.max(await readUntil('Accounts'), await readUntil('Deals'));
  const unread: UnreadChannel[] = [];
  for (const [module, channel] of CHANNEL_OF) {
    const until = await readUntil(module);
    if (until === 0 ? newest > 0 : until < newest - WEEK_MS) unread.push({ channel, why: 'not_readable' });
  }
  if (await areMailsRefused(deps, connection)) unread.push({ channel: 'email', why: 'not_readable' });
  return unread;
}

/** As the last sync told. */
async function areMailsRefused(deps: LineDeps, connection: Connection): Promise<boolean> {
  const last = await deps.store.runs.latest(connection.id, 'sync');
  const summary = LastSync.safeParse(last?.summary);
  return (summary.data?.modules ?? []).some(({ module, mode }) => module === 'Emails' && mode === 'skipped');
}
// A run that failed, or was written by an older version, tells nothing.
const LastSync = z.object({ modules: z.array(z.object({ module: z.string(), mode: z.string() })) });

type RunKind =
  | ('sync' | 'reconcile' | 'fit' | 'score' | 'plan' | 'apply' | 'undo')
  | ('undo-preview' | 'doctor' | 'assess' | 'fields-plan' | 'fields' | 'what-if');

/** Opens a run, closes it with its summary, and marks it failed when the work throws. */
export async function recordRun<T>(
  deps: LineDeps,
  connection: Connection,
  kind: RunKind,
  input: unknown,
  work: (runId: RunId) => Promise<{ summary: T; isPartial: boolean }>,
): Promise<T> {
  // Whoever is here holds the line, so a run that is still open has lost its process.
  await deps.store.runs.closeInterrupted(connection.id, deps.clock.now());
  const runId = await deps.store.runs.start(connection.id, kind, input, deps.clock.now());
  const log = deps.log.child({ runId, connection: connection.name, kind });
  log.info({}, 'run started');
  try {
    const { summary, isPartial } = deps.requests
      ? await deps.requests.during(connection.id, runId, () => work(runId))
      : await work(runId);
    await deps.store.runs.finish(runId, isPartial ? 'partial' : 'done', summary, deps.clock.now());
    log.info({ isPartial }, 'run ended');
    return summary;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await deps.store.runs.finish(runId, 'failed', { error: message }, deps.clock.now());
    throw error;
  }
}

const LEASE_MS = 20_000;
const HEARTBEAT_MS = 5_000;
const WAIT_MS = 30_000;
// Most turns are short: sooner it would be noise.
const SAYS_SO_AFTER_MS = 2_000;

// A line opens a few runs one after the other, and the newest is the one at work.
const NEWEST_RUNS = 5;

async function whoIsAtWork({ store }: LineDeps, { id, name }: Connection): Promise<string> {
  const runs = await store.runs.list(id, NEWEST_RUNS);
  const run = runs.find(({ state }) => state === 'running');
  // Between two hops of a line there is none.
  const named = run ? ` (${run.kind}, since ${run.startedAt.toISOString()})` : '';
  return `another run of ${name} is at work${named}`;
}

/**
 * One line at a time per connection, whoever starts it. Waits up to 30 s for another to end; a lease whose process
 * on this host is gone (kill -9) is taken over at once, any other after its 20 s have passed. A process that stood
 * still for longer than that finds its line taken: from then on none of its writes leaves it.
 */
export async function withLine<T>(
  deps: LineDeps,
  connection: Connection,
  work: (line: HeldLine) => Promise<T>,
): Promise<T> {
  const { leases } = deps.store;
  // Two lines of one process must exclude each other too.
  const lease: Lease = { name: `line:${connection.id}`, holder: `${deps.holder}/${randomUUID()}` };
  await acquireLine(deps, connection, lease);
  const mustHold = async () => {
    if (!(await leases.renew(lease, leaseUntil(deps)))) throw new LineLostError();
  };
  const stop = new AbortController();
  const beat = beating(deps, lease, stop.signal);
  try {
    // A first fill that was killed has left them out.
    await deps.store.records.restoreIndexes();
    const zohoFor = (of: Connection) => guardedClient(deps.zohoFor(of), mustHold);
    return await work({ ...deps, zohoFor, lease, mustHold });
  } finally {
    stop.abort();
    await beat;
    await leases.release(lease.name, lease.holder);
  }
}

const leaseUntil = ({ clock }: Pick<LineDeps, 'clock'>) => new Date(clock.now().getTime() + LEASE_MS);

async function acquireLine(deps: LineDeps, connection: Connection, { name, holder }: Lease): Promise<void> {
  const { leases } = deps.store;
  const acquire = async () => {
    if (await leases.acquire(name, holder, leaseUntil(deps), deps.clock.now())) return true;
    const other = await leases.holder(name);
    if (other === null || !deps.isHolderGone(other)) return false;
    await leases.release(name, other);
    return leases.acquire(name, holder, leaseUntil(deps), deps.clock.now());
  };
  const startedAt = deps.clock.now().getTime();
  let hasSaid = false;
  while (!(await acquire())) {
    const waitedMs = deps.clock.now().getTime() - startedAt;
    if (waitedMs > WAIT_MS) {
      throw new BusyError(`${await whoIsAtWork(deps, connection)}; try again when it has ended`);
    }
    if (!hasSaid && waitedMs >= SAYS_SO_AFTER_MS) {
      hasSaid = true;
      deps.say?.(`${await whoIsAtWork(deps, connection)}; waiting up to ${WAIT_MS / 1_000} s for it to end`);
    }
    await deps.clock.sleep(500);
  }
}

/** Keeps the lease until stopped, or until it is lost. */
async function beating(deps: LineDeps, lease: Lease, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await deps.clock.sleep(HEARTBEAT_MS, stop).catch(() => undefined);
    if (stop.aborted) return;
    try {
      if (await deps.store.leases.renew(lease, leaseUntil(deps))) continue;
      deps.log.warn({ lease: lease.name }, 'the line was taken over by another run');
      return;
    } catch (err) {
      // The next beat may succeed, and every write asks for itself.
      deps.log.warn({ err, lease: lease.name }, 'heartbeat of the line failed');
    }
  }
}

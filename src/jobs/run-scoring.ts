import type { Connection, CustomerKey, Day, RecordId, RunId } from '../domain.ts';
import { ConflictError } from '../errors.ts';
import type { Baseline } from '../scores.ts';
import { BaselineBuilder } from '../scoring/baseline.ts';
import type { FutureTiers } from '../scoring/future-tier.ts';
import { modelOf } from '../scoring/score.ts';
import { type ShareCurve, shareCurveOf } from '../scoring/share-curve.ts';
import type { UnmatchedMoney } from '../store/import-stores.ts';
import { billedModule } from '../sync/document-modules.ts';
import { customerOptionsOf } from './customer-options.ts';
import { fitInUse, fitModels } from './fit-models.ts';
import { limitHeapGrowth } from './heap-growth.ts';
import { factContext, type LineDeps, recordRun } from './line.ts';
import { withNewLeads } from './new-leads.ts';
import { customersOfReferrers } from './referrers.ts';
import { type ScoreCrew, withCrew } from './score-crew.ts';
import { countLeads, type LeadSummary, rescoreLeads, scoreLeads } from './score-leads.ts';
import { type ScoreTask, scoresOf } from './score-range.ts';
import { type ScoreCounts, ScoreTally } from './score-tally.ts';

const CHUNK = 1_000;

export interface ScoreSummary extends ScoreCounts {
  readonly runId: RunId;
  readonly asOf: Day;
  /** Deals that no customer explains. */
  readonly unmatchedDeals: number;
  /** Imported money that no customer explains. */
  readonly unmatchedImports: { readonly [K in 'purchases' | 'costs']: readonly UnmatchedMoney[] };
  /** Invoices or orders, where purchases are made of them, that no customer explains. */
  readonly unmatchedDocuments: number;
  readonly model: {
    readonly name: string | null;
    readonly status: string;
    /** How far off the total was when the last part of the time was foretold; null: not tested. */
    readonly testErrorPercent: number | null;
  };
  /** Referrals that were not credited: round in a circle, or the referrer is no customer. */
  readonly referrals: { readonly ignored: number; readonly unknown: number };
  /** How the profit spreads over the customers; null: nobody did business, or only some customers were scored. */
  readonly shareCurve: ShareCurve | null;
  /** Tiers by the expected profit, and who is worth keeping and expected to fall. */
  readonly future: FutureTiers;
  readonly leads: LeadSummary;
  readonly durationMs: number;
}

/** What follows from the baseline alone. */
function ofBaseline({ fit, referrals }: Baseline): Pick<ScoreSummary, 'model' | 'referrals'> {
  const { name, status } = modelOf(fit);
  const error = fit?.backtest?.totalErrorPercent ?? null;
  return {
    model: { name, status, testErrorPercent: error === null ? null : Math.round(error) },
    referrals: { ignored: referrals.ignored, unknown: referrals.unknown },
  };
}

async function computeBaseline(
  deps: LineDeps,
  connection: Connection,
  { context, asOf }: ScoreTask,
  crew: ScoreCrew,
): Promise<Baseline> {
  const builder = new BaselineBuilder(context.rules, asOf);
  for (const parts of await crew.measure()) builder.merge(parts);
  await countLeads(deps, connection, builder, context);
  const found = builder.finish(await customersOfReferrers(deps, connection, builder.referrers()));
  const fit =
    (await fitInUse(deps, connection, found)) ??
    (await fitModels(deps, connection, { baseline: found, context }));
  const baseline = { ...found, fit };
  await deps.store.baselines.save(connection.id, baseline);
  return baseline;
}

/** Every customer, with a new baseline: cut-offs first, then score by score in key order. */
export function runScoring(
  deps: LineDeps,
  input: { connection: Connection; asOf: Day },
): Promise<ScoreSummary> {
  const { connection, asOf } = input;
  limitHeapGrowth('scoring');
  return recordRun(deps, connection, 'score', { asOf }, async (runId) => {
    const startedAt = deps.clock.now();
    // Accounts that came or went with the last sync: lines that name a number may now be theirs.
    await deps.store.imports.link(connection.id);
    const context = await withNewLeads(deps, connection, await factContext(deps, connection));
    const options = await customerOptionsOf(deps, connection.id);
    const task: ScoreTask = { connection: connection.id, asOf, startedAt, options, context };
    const tally = new ScoreTally();
    const [baseline, leftOver] = await withCrew(
      { ...deps, threads: deps.scoreThreads },
      task,
      async (crew) => {
        const found = await computeBaseline(deps, connection, task, crew);
        // Meanwhile this thread, which would only wait, looks for what belongs to nobody.
        const [scored, left] = await Promise.all([crew.score(found), unmatched(deps, connection)]);
        for (const parts of scored) tally.merge(parts);
        return [found, left];
      },
    );
    await deps.store.scores.removeExcept(connection.id, asOf, startedAt);
    await deps.store.baseValues.keep(connection.id, asOf, deps.clock.now());
    const leads = await scoreLeads(deps, connection, { context, baseline: baseline.leads, asOf, startedAt });
    const summary = {
      ...{ runId, asOf, ...tally.result(), ...ofBaseline(baseline), leads },
      shareCurve: shareCurveOf(baseline),
      ...leftOver,
      durationMs: deps.clock.now().getTime() - startedAt.getTime(),
    };
    return { summary, isPartial: false };
  });
}

/** Money that no customer explains. */
async function unmatched(
  deps: LineDeps,
  connection: Connection,
): Promise<Pick<ScoreSummary, 'unmatchedDeals' | 'unmatchedImports' | 'unmatchedDocuments'>> {
  const billed = billedModule(deps.settings.scoring.purchase);
  let unmatchedDeals = 0;
  for await (const deals of deps.store.customers.unmatchedDeals(connection.id))
    unmatchedDeals += deals.length;
  return {
    unmatchedDeals,
    unmatchedImports: await unmatchedImports(deps, connection),
    unmatchedDocuments: await deps.store.customers.countUnmatchedDocuments(
      connection.id,
      billed === null ? [] : [billed],
    ),
  };
}
const NOT_LOOKED_FOR = {
  unmatchedDeals: 0,
  unmatchedImports: { purchases: [], costs: [] },
  unmatchedDocuments: 0,
} as const;

async function unmatchedImports(
  { store }: Pick<LineDeps, 'store'>,
  { id, org }: Connection,
): Promise<ScoreSummary['unmatchedImports']> {
  const of = (kind: 'purchases' | 'costs') => store.imports.unmatched(id, kind, org.currency);
  return { purchases: await of('purchases'), costs: await of('costs') };
}

/** Some customers and leads, against the cut-offs of the last full scoring. */
export function rescoreSome(
  deps: LineDeps,
  input: {
    connection: Connection;
    asOf: Day;
    keys: readonly CustomerKey[];
    leads: readonly RecordId[];
  },
): Promise<ScoreSummary> {
  const { connection, asOf, keys, leads } = input;
  const scope = { asOf, customers: keys.length, leads: leads.length };
  return recordRun(deps, connection, 'score', scope, async (runId) => {
    const startedAt = deps.clock.now().getTime();
    const baseline = await deps.store.baselines.latest(connection.id);
    if (!baseline) throw new ConflictError('nothing was scored yet; run a full scoring first: zcv score');
    const context = await withNewLeads(deps, connection, await factContext(deps, connection));
    const task = { connection: connection.id, asOf, context };
    const tally = new ScoreTally();
    const options = await customerOptionsOf(deps, connection.id);
    for (let at = 0; at < keys.length; at += CHUNK) {
      const chunk = keys.slice(at, at + CHUNK);
      const rows = await deps.store.customers.byKeys(connection.id, options, chunk);
      await deps.store.scores.save(
        connection.id,
        await scoresOf(deps.store, rows, { task, baseline, tally }),
      );
      const customers = new Set(rows.map((row) => row.key.id));
      const former = chunk.filter((key) => !customers.has(key.id));
      await deps.store.scores.remove(connection.id, former);
    }
    const summary = {
      ...{ runId, asOf, ...tally.result(), ...ofBaseline(baseline), ...NOT_LOOKED_FOR, shareCurve: null },
      leads: await rescoreLeads(deps, connection, leads, { context, baseline: baseline.leads, asOf }),
      durationMs: deps.clock.now().getTime() - startedAt,
    };
    return { summary, isPartial: false };
  });
}

import type {
  Connection,
  CustomerKey,
  Day,
  FactIssue,
  FieldKey,
  Phase,
  RecordId,
  RunId,
  Tier,
} from '../domain.ts';
import { ConflictError } from '../errors.ts';
import type { CustomerRows } from '../records.ts';
import type { Baseline, Score, ScoreState } from '../scores.ts';
import { BaselineBuilder } from '../scoring/baseline.ts';
import { type FactContext, factsOf } from '../scoring/facts.ts';
import { type FutureTiers, FutureTierTally } from '../scoring/future-tier.ts';
import { modelOf, scoreCustomer } from '../scoring/score.ts';
import { type ShareCurve, shareCurveOf } from '../scoring/share-curve.ts';
import { Tally as MoneyTally } from '../scoring/tally.ts';
import type { UnmatchedMoney } from '../store/import-stores.ts';
import { billedModule } from '../sync/document-modules.ts';
import { customerOptionsOf } from './customer-options.ts';
import { fitInUse, fitModels } from './fit-models.ts';
import { factContext, type LineDeps, recordRun } from './line.ts';
import { customersOfReferrers } from './referrers.ts';
import { countLeads, type LeadSummary, NO_LEADS, rescoreLeads, scoreLeads } from './score-leads.ts';

export { isFalling } from '../scoring/future-tier.ts';

const CHUNK = 1_000;

export interface ScoreSummary {
  readonly runId: RunId;
  readonly asOf: Day;
  readonly customers: number;
  readonly tiers: Record<Tier, number>;
  readonly gold: number;
  readonly phases: Record<Phase, number>;
  readonly winBack: number;
  readonly contactDue: number;
  /** Fields that stay empty, counted by the code of the reason. */
  readonly unfilled: { [K in FieldKey]?: Record<string, number> };
  /** Oddities of the input, counted: refunds, unknown stages, amounts withheld … */
  readonly issues: { [I in FactIssue]?: number };
  /** Deals that no customer explains. */
  readonly unmatchedDeals: number;
  /** Imported money that no customer explains. */
  readonly unmatchedImports: { readonly [K in 'purchases' | 'costs']: readonly UnmatchedMoney[] };
  /** Invoices or orders, where purchases are made of them, that no customer explains. */
  readonly unmatchedDocuments: number;
  readonly costBasis: Record<string, number>;
  /** Of the activities and cases of 12 months, those whose working time is known. */
  readonly timeCoverage: { known: number; activities: number };
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

type Counted = Omit<ScoreSummary, 'runId' | 'asOf' | 'durationMs' | 'future'>;
type Tally = { -readonly [K in keyof Counted]: Counted[K] } & { readonly future: FutureTierTally };
function emptyTally(baseline: Baseline): Tally {
  return {
    customers: 0,
    tiers: { top: 0, good: 0, marginal: 0, loss_making: 0, none: 0 },
    gold: 0,
    phases: { prospect: 0, new: 0, established: 0, loyal: 0, leaving: 0, lost: 0 },
    winBack: 0,
    contactDue: 0,
    unfilled: {},
    issues: {},
    unmatchedDeals: 0,
    unmatchedImports: { purchases: [], costs: [] },
    unmatchedDocuments: 0,
    costBasis: {},
    timeCoverage: { known: 0, activities: 0 },
    referrals: { ignored: baseline.referrals.ignored, unknown: baseline.referrals.unknown },
    shareCurve: null,
    future: new FutureTierTally(),
    leads: NO_LEADS,
    model: modelSummary(baseline.fit),
  };
}
function count(tally: Tally, score: Score, issues: readonly { issue: FactIssue }[]): void {
  tally.customers += 1;
  tally.future.add(score);
  tally.tiers[score.tier] += 1;
  tally.phases[score.phase] += 1;
  if (score.gold) tally.gold += 1;
  if (score.subPhase === 'win_back' || score.subPhase === 'win_back_running') tally.winBack += 1;
  if (score.contactDue) tally.contactDue += 1;
  tally.timeCoverage.known += score.timeCoverage.known;
  tally.timeCoverage.activities += score.timeCoverage.activities;
  for (const basis of score.costBasis) tally.costBasis[basis] = (tally.costBasis[basis] ?? 0) + 1;
  for (const { issue } of issues) tally.issues[issue] = (tally.issues[issue] ?? 0) + 1;
  for (const [field, reason] of Object.entries(score.unfilled) as [FieldKey, string][]) {
    // Object.entries forgets the key type of `unfilled`.
    const reasons = tally.unfilled[field] ?? {};
    tally.unfilled[field] = reasons;
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
}

function modelSummary(fit: Baseline['fit']): ScoreSummary['model'] {
  const { name, status } = modelOf(fit);
  const error = fit?.backtest?.totalErrorPercent ?? null;
  return { name, status, testErrorPercent: error === null ? null : Math.round(error) };
}

async function computeBaseline(
  deps: LineDeps,
  connection: Connection,
  context: FactContext,
  asOf: Day,
): Promise<Baseline> {
  const builder = new BaselineBuilder(context.rules, asOf);
  const customers = await customerOptionsOf(deps, connection.id);
  // What people do for a customer matters to the cut-offs only where it costs something.
  const isWhole = MoneyTally.countsService(context.rules.money.unitCosts);
  const options = isWhole ? customers : { ...customers, without: 'touches' as const };
  for await (const rows of deps.store.customers.inKeyOrder(connection.id, options, CHUNK)) {
    for (const row of rows) builder.add(factsOf(row, context, asOf));
  }
  await countLeads(deps, connection, builder, context);
  const found = builder.finish(await customersOfReferrers(deps, connection, builder.referrers()));
  const fit =
    (await fitInUse(deps, connection, found)) ??
    (await fitModels(deps, connection, { baseline: found, context }));
  const baseline = { ...found, fit };
  await deps.store.baselines.save(connection.id, baseline);
  return baseline;
}

async function scoreRows(
  deps: LineDeps,
  connection: Connection,
  rows: readonly CustomerRows[],
  with_: { context: FactContext; baseline: Baseline; asOf: Day; tally: Tally; inPacks: boolean },
): Promise<void> {
  const states = await deps.store.scores.states(
    connection.id,
    rows.map((row) => row.key),
  );
  const scored: { score: Score; state: ScoreState }[] = [];
  for (const row of rows) {
    const facts = factsOf(row, with_.context, with_.asOf);
    const one = scoreCustomer(
      facts,
      states.get(row.key.id) ?? null,
      with_.baseline,
      with_.context.rules,
      with_.asOf,
    );
    count(with_.tally, one.score, facts.issues);
    scored.push(one);
  }
  await deps.store.scores.save(connection.id, scored, with_);
}

async function scoreEverybody(
  deps: LineDeps,
  connection: Connection,
  with_: { context: FactContext; baseline: Baseline; asOf: Day; tally: Tally },
): Promise<void> {
  const options = await customerOptionsOf(deps, connection.id);
  for await (const rows of deps.store.customers.inKeyOrder(connection.id, options, CHUNK)) {
    await scoreRows(deps, connection, rows, { ...with_, inPacks: true });
  }
}

/** Every customer, with a new baseline: cut-offs first, then score by score in key order. */
export function runScoring(
  deps: LineDeps,
  input: { connection: Connection; asOf: Day },
): Promise<ScoreSummary> {
  const { connection, asOf } = input;
  return recordRun(deps, connection, 'score', { asOf }, async (runId) => {
    const startedAt = deps.clock.now();
    // Accounts that came or went with the last sync: lines that name a number may now be theirs.
    await deps.store.imports.link(connection.id);
    const context = await factContext(deps, connection);
    const baseline = await computeBaseline(deps, connection, context, asOf);
    const tally = emptyTally(baseline);
    tally.shareCurve = shareCurveOf(baseline);
    await scoreEverybody(deps, connection, { context, baseline, asOf, tally });
    await deps.store.scores.removeExcept(connection.id, asOf, startedAt);
    tally.leads = await scoreLeads(deps, connection, { context, baseline: baseline.leads, asOf, startedAt });
    for await (const deals of deps.store.customers.unmatchedDeals(connection.id))
      tally.unmatchedDeals += deals.length;
    tally.unmatchedImports = await unmatchedImports(deps, connection);
    const billed = billedModule(deps.settings.scoring.purchase);
    tally.unmatchedDocuments = await deps.store.customers.countUnmatchedDocuments(
      connection.id,
      billed === null ? [] : [billed],
    );
    const durationMs = deps.clock.now().getTime() - startedAt.getTime();
    const future = tally.future.result();
    return { summary: { runId, asOf, ...tally, future, durationMs }, isPartial: false };
  });
}

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
    const context = await factContext(deps, connection);
    const tally = emptyTally(baseline);
    const options = await customerOptionsOf(deps, connection.id);
    for (let at = 0; at < keys.length; at += CHUNK) {
      const chunk = keys.slice(at, at + CHUNK);
      const rows = await deps.store.customers.byKeys(connection.id, options, chunk);
      await scoreRows(deps, connection, rows, { context, baseline, asOf, tally, inPacks: false });
      const customers = new Set(rows.map((row) => row.key.id));
      const former = chunk.filter((key) => !customers.has(key.id));
      await deps.store.scores.remove(connection.id, former);
    }
    tally.leads = await rescoreLeads(deps, connection, leads, { context, baseline: baseline.leads, asOf });
    const durationMs = deps.clock.now().getTime() - startedAt;
    const future = tally.future.result();
    return { summary: { runId, asOf, ...tally, future, durationMs }, isPartial: false };
  });
}

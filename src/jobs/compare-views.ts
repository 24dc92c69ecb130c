import type { Connection, Day, RecordId } from '../domain.ts';
import { InputError } from '../errors.ts';
import type { CustomerRows } from '../records.ts';
import type { Settings } from '../rules.ts';
import type { Baseline, Score } from '../scores.ts';
import { BaselineBuilder } from '../scoring/baseline.ts';
import { type Comparison, ComparisonTally, type Looked } from '../scoring/compare.ts';
import type { LeadComparison } from '../scoring/compare-leads.ts';
import { type FactContext, factsOf } from '../scoring/facts.ts';
import { scoreCustomer } from '../scoring/score.ts';
import { compareLeads } from './compare-leads.ts';
import { customerOptions, customerOptionsOf } from './customer-options.ts';
import { fitInUse } from './fit-models.ts';
import { factContext, type LineDeps } from './line.ts';
import { withNewLeads } from './new-leads.ts';
import { customersOfReferrers } from './referrers.ts';
import { countLeads } from './score-leads.ts';

export type { BaseChange, BaseGroup, Grouping, Migration } from '../scoring/base.ts';
export type { ChangedCustomer, Comparison } from '../scoring/compare.ts';

/** One way to look at customers and leads: a date and a set of rules. */
interface View {
  readonly asOf: Day;
  readonly settings: Settings;
}
interface Prepared {
  readonly asOf: Day;
  readonly context: FactContext;
}

const CHUNK = 500;

export type ComparedViews = Comparison & {
  readonly leads: LeadComparison;
  /** The customer that was asked for, whole, by both; null: there is none of that id. Absent: none was asked for. */
  readonly tested?: { readonly before: Score; readonly after: Score } | null;
};

/**
 * The stored customers and leads seen in two ways, without saving anything. Each is judged as at a first scoring, by itself: what
 * was shown before does not hold a tier or phase back. Events count up to each date, as known now.
 */
export async function compareViews(
  deps: LineDeps,
  input: { connection: Connection; before: View; after: View; most: number; customer?: RecordId | undefined },
): Promise<ComparedViews> {
  const { connection, most, customer } = input;
  requireSameCustomers(input);
  const views = {
    before: await prepare(deps, connection, input.before),
    after: await prepare(deps, connection, input.after),
  };
  const options = await customerOptionsOf(
    { store: deps.store, settings: input.after.settings },
    connection.id,
  );
  const customers = () => deps.store.customers.inKeyOrder(connection.id, options, CHUNK);
  const builders = { before: builderOf(views.before), after: builderOf(views.after) };
  for await (const rows of customers()) {
    for (const row of rows) {
      builders.before.add(factsOf(row, views.before.context, views.before.asOf));
      builders.after.add(factsOf(row, views.after.context, views.after.asOf));
    }
  }
  for (const side of ['before', 'after'] as const)
    await countLeads(deps, connection, builders[side], views[side].context);
  const referrers = [...builders.before.referrers(), ...builders.after.referrers()];
  const customerOf = await customersOfReferrers(deps, connection, [...new Set(referrers)]);
  const baselines = await withFits(deps, input, {
    before: builders.before.finish(customerOf),
    after: builders.after.finish(customerOf),
  });
  const tally = new ComparisonTally({ before: views.before.asOf, after: views.after.asOf }, most);
  let tested: ComparedViews['tested'] = null;
  for await (const rows of customers()) {
    for (const row of rows) {
      const before = look(row, views.before, baselines.before);
      const after = look(row, views.after, baselines.after);
      tally.add(before, after);
      if (after.score.key.id === customer) tested = { before: before.score, after: after.score };
    }
  }
  const leads = await compareLeads(deps, connection, {
    before: { ...views.before, baseline: baselines.before.leads },
    after: { ...views.after, baseline: baselines.after.leads },
    most,
  });
  return { ...tally.result(), leads, ...(customer === undefined ? {} : { tested }) };
}

async function prepare(deps: LineDeps, connection: Connection, view: View): Promise<Prepared> {
  const context = await factContext({ ...deps, settings: view.settings }, connection);
  return { asOf: view.asOf, context: await withNewLeads(deps, connection, context) };
}
/**
 * The models in use at both dates, under both rules; none is fitted for a look. Without one of them both are judged by
 * rhythm and facts: a model on one side only would change phases by itself.
 */
async function withFits(
  deps: LineDeps,
  { connection, before, after }: { connection: Connection; before: View; after: View },
  found: { before: Baseline; after: Baseline },
): Promise<{ before: Baseline; after: Baseline }> {
  const fitOf = ({ settings }: View, baseline: Baseline) =>
    fitInUse({ ...deps, settings }, connection, baseline);
  const fits = [await fitOf(before, found.before), await fitOf(after, found.after)];
  const [first = null, second = null] = fits.includes(null) ? [] : fits;
  return { before: { ...found.before, fit: first }, after: { ...found.after, fit: second } };
}
function builderOf({ context, asOf }: Prepared): BaselineBuilder {
  return new BaselineBuilder(context.rules, asOf);
}
function look(row: CustomerRows, { context, asOf }: Prepared, baseline: Baseline): Looked {
  const facts = factsOf(row, context, asOf);
  return { score: scoreCustomer(facts, null, baseline, context.rules, asOf).score, source: facts.source };
}

/** Who a customer is must be the same on both sides, or nobody could be compared with himself. */
function requireSameCustomers({ before, after }: { before: View; after: View }): void {
  const [left, right] = [before, after].map(({ settings }) => JSON.stringify(customerOptions(settings)));
  if (left === right) return;
  throw new InputError(
    'the two configurations differ in `customer` (basis, excludeAccountTypes …), so they speak of different customers; give both the same',
  );
}

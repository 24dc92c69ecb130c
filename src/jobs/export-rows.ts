import type { Connection, Day, Minor, Score } from '../domain.ts';
import { minorToDecimal } from '../money.ts';
import { factsOf } from '../scoring/facts.ts';
import { periodRows } from '../scoring/periods.ts';
import { renderNextStep } from '../texts/render.ts';
import { customerOptions, factContext, type LineDeps } from './line.ts';

const CHUNK = 500;
export type ExportRow = { readonly [column: string]: string | number | boolean | null };

export const CUSTOMER_COLUMNS = [
  'module',
  'record_id',
  'name',
  'owner',
  'tier',
  'gold',
  'phase',
  'sub_phase',
  'rank',
  'first_purchase',
  'last_purchase',
  'purchases',
  'relationship_months',
  'last_contact',
  'last_contact_channel',
  'last_contact_subject',
  'contact_gap_days',
  'contact_status',
  'revenue_12m',
  'direct_cost_12m',
  'cost_to_serve_12m',
  'profit_12m',
  'revenue_total',
  'profit_total',
  'expected_profit_12m',
  'p_active_90d',
  'model',
  'model_status',
  'referral_profit',
  'goodwill_budget',
  'next_step',
] as const;
export const PERIOD_COLUMNS = [
  'module',
  'record_id',
  'name',
  'period',
  'revenue',
  'direct_cost',
  'cost_to_serve',
  'profit',
] as const;

const money = (value: Minor | null): string | null => (value === null ? null : minorToDecimal(value));

/** One row a customer, from the stored scores, in key order. */
export async function* customerRows(deps: LineDeps, connection: Connection): AsyncGenerator<ExportRow> {
  const names = new Map((await deps.store.users.all(connection.id)).map((user) => [user.id, user.name]));
  const format = { language: deps.settings.plan.language, currency: connection.org.currency };
  for await (const scores of deps.store.scores.inKeyOrder(connection.id, CHUNK)) {
    for (const score of scores) {
      const owner = score.ownerId === null ? null : (names.get(score.ownerId) ?? score.ownerId);
      yield customerRow(score, owner, renderNextStep(score, format));
    }
  }
}

function customerRow(
  score: Score,
  owner: string | null,
  nextStep: string,
): { [K in (typeof CUSTOMER_COLUMNS)[number]]: ExportRow[string] } {
  return {
    module: score.key.module,
    record_id: score.key.id,
    name: score.name,
    owner,
    tier: score.tier,
    gold: score.gold,
    phase: score.phase,
    sub_phase: score.subPhase,
    rank: score.rank,
    first_purchase: score.firstPurchase,
    last_purchase: score.lastPurchase,
    purchases: score.purchases,
    relationship_months: score.relationshipMonths,
    last_contact: score.lastContact,
    last_contact_channel: score.lastContactChannel,
    last_contact_subject: score.lastContactSubject,
    contact_gap_days: score.contactGapDays,
    contact_status: score.contactStatus,
    revenue_12m: money(score.window12.revenue),
    direct_cost_12m: money(score.window12.directCost),
    cost_to_serve_12m: money(score.window12.costToServe),
    profit_12m: money(score.window12.profit),
    revenue_total: money(score.total.revenue),
    profit_total: money(score.total.profit),
    expected_profit_12m: money(score.expectedProfit12),
    p_active_90d: score.churnRiskPercent === null ? null : 1 - score.churnRiskPercent / 100,
    model: score.model.name,
    model_status: score.model.status,
    referral_profit: money(score.referralProfit),
    goodwill_budget: money(score.goodwillBudget),
    next_step: nextStep,
  };
}

/** One row a customer and calendar month or year, from the stored facts up to asOf. */
export async function* customerPeriodRows(
  deps: LineDeps,
  input: { connection: Connection; asOf: Day; by: 'month' | 'year' },
): AsyncGenerator<ExportRow> {
  const { connection, asOf, by } = input;
  const context = await factContext(deps, connection);
  for await (const rows of deps.store.customers.inKeyOrder(
    connection.id,
    customerOptions(deps.settings),
    CHUNK,
  )) {
    for (const row of rows) {
      for (const period of periodRows(factsOf(row, context, asOf), context.rules, asOf, by)) {
        yield {
          module: period.key.module,
          record_id: period.key.id,
          name: period.name,
          period: period.period,
          revenue: money(period.revenue),
          direct_cost: money(period.directCost),
          cost_to_serve: money(period.costToServe),
          profit: money(period.profit),
        } satisfies { [K in (typeof PERIOD_COLUMNS)[number]]: ExportRow[string] };
      }
    }
  }
}

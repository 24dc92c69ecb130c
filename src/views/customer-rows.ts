import type { Connection, Minor, RecordId } from '../domain.ts';
import { minorToDecimal } from '../money.ts';
import type { Settings } from '../rules.ts';
import type { Score } from '../scores.ts';
import { isFalling } from '../scoring/future-tier.ts';
import type { Store } from '../store/store.ts';
import type { CustomerFilter, CustomerOrder, ListPlace } from '../store/view-stores.ts';
import { renderNextStep } from '../texts/render.ts';

const CHUNK = 500;
export interface RowDeps {
  readonly store: Pick<Store, 'scores' | 'leadScores' | 'users'>;
  readonly settings: Pick<Settings, 'plan'>;
}
export type ExportRow = { readonly [column: string]: string | number | boolean | null };

// The first 31 in the order that other programs rely on; what came later stands behind them.
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
  'future_tier',
  'price_only',
  'goodwill_granted_12m',
  'goodwill_used_12m',
  'effort_budget_hours',
  'effort_spent_hours',
  'effort_left_hours',
  'source',
  'why_us',
  'needs',
  'referred_by',
  'brought',
  'contributions_12m',
  'last_thanked',
  'thanked_how',
  'reason_left',
  'loss_reason',
  'open_cases',
  'profile_percent',
  'profile_ask',
  'profile_reviewed_on',
  'computed_phase',
  'override_until',
] as const;
export const money = (value: Minor | null): string | null => (value === null ? null : minorToDecimal(value));

/** One row a customer, from the stored scores, in key order; or only those worth keeping that are expected to fall. */
export async function* customerRows(
  deps: RowDeps,
  connection: Connection,
  { falling }: { readonly falling: boolean },
): AsyncGenerator<ExportRow> {
  const ownerName = await ownerNames(deps, connection);
  const format = { language: deps.settings.plan.language, currency: connection.org.currency };
  for await (const scores of deps.store.scores.inKeyOrder(connection.id, CHUNK)) {
    for (const score of scores) {
      if (falling && !isFalling(score)) continue;
      yield customerRow(score, ownerName(score.ownerId), renderNextStep(score, format));
    }
  }
}

/** Rows of a list in its order: of so many at once the scores are read by id, where neighbours share a pack. */
const BLOCK = 20_000;
// Each may stand in a pack of its own, and no request is to hold up the others for long.
const PIECE = 25;

interface ListInput {
  readonly filter: CustomerFilter;
  readonly order: CustomerOrder;
  readonly descending: boolean;
}
/** One row a customer of a list, in the order of the list. */
export async function* listedRows(
  deps: RowDeps & { readonly store: Pick<Store, 'customerList'> },
  connection: Connection,
  { falling, ...list }: ListInput & { readonly falling: boolean },
): AsyncGenerator<ExportRow> {
  const ownerName = await ownerNames(deps, connection);
  const format = { language: deps.settings.plan.language, currency: connection.org.currency };
  for await (const ids of blocksOf(deps.store, connection, list)) {
    const rows = new Map<RecordId, ExportRow>();
    const sorted = ids.toSorted();
    for (let at = 0; at < sorted.length; at += PIECE) {
      for (const score of await deps.store.scores.of(connection.id, sorted.slice(at, at + PIECE))) {
        if (falling && !isFalling(score)) continue;
        rows.set(score.key.id, customerRow(score, ownerName(score.ownerId), renderNextStep(score, format)));
      }
    }
    for (const id of ids) {
      const row = rows.get(id);
      if (row) yield row;
    }
  }
}

async function* blocksOf(
  { customerList }: Pick<Store, 'customerList'>,
  connection: Connection,
  list: ListInput,
): AsyncGenerator<RecordId[]> {
  let block: RecordId[] = [];
  let after: ListPlace | null = null;
  do {
    const page: Awaited<ReturnType<typeof customerList.page>> = await customerList.page(connection.id, {
      ...list,
      after,
      limit: CHUNK,
    });
    block.push(...page.items.map(({ key }) => key.id));
    after = page.next;
    if (block.length >= BLOCK || after === null) {
      yield block;
      block = [];
    }
  } while (after !== null);
}

/** Of somebody who is no user any more the id is all that is known. */
export async function ownerNames(
  { store }: Pick<RowDeps, 'store'>,
  connection: Connection,
): Promise<(ownerId: RecordId | null) => string | null> {
  const names = new Map((await store.users.all(connection.id)).map((user) => [user.id, user.name]));
  return (ownerId) => (ownerId === null ? null : (names.get(ownerId) ?? ownerId));
}

function budgets({ priceOnly, goodwill, effort }: Score) {
  return {
    price_only: priceOnly ?? null,
    goodwill_granted_12m: money(goodwill?.granted ?? null),
    goodwill_used_12m: money(goodwill?.used ?? null),
    effort_budget_hours: effort?.budgetHours ?? null,
    effort_spent_hours: effort?.spentHours ?? null,
    effort_left_hours: effort?.leftHours ?? null,
  };
}

/** Beside value and gold: what is known of the customer, as its profile asks for it. */
function sevenFacts({ source, contributions12, profile }: Score) {
  const { facts } = profile;
  return {
    source,
    why_us: facts?.whyUs ?? null,
    needs: facts?.needs ?? null,
    referred_by: facts?.referredBy ?? null,
    brought: facts ? facts.brought.map(({ id }) => id).join(' ') : null,
    contributions_12m: money(contributions12),
    last_thanked: facts?.thanked?.on ?? null,
    thanked_how: facts?.thanked?.how ?? null,
    reason_left: facts?.reasonLeft ?? null,
    loss_reason: facts?.lossReason?.reason ?? null,
    open_cases: facts?.openCases ?? null,
    profile_percent: profile.percent,
    profile_ask: profile.ask,
    profile_reviewed_on: facts?.reviewedOn ?? null,
  };
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
    computed_phase: score.override?.computed.phase ?? score.phase,
    override_until: score.override?.until ?? null,
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
    // Both come from two decimals of a percentage: four decimals of a chance.
    p_active_90d:
      score.churnRiskPercent === null ? null : Math.round(1e4 - score.churnRiskPercent * 100) / 1e4,
    model: score.model.name,
    model_status: score.model.status,
    referral_profit: money(score.referralProfit),
    goodwill_budget: money(score.goodwillBudget),
    next_step: nextStep,
    // A score of before this was computed has none.
    future_tier: score.futureTier ?? null,
    ...budgets(score),
    ...sevenFacts(score),
  };
}

import type { CostKind, Minor } from '../domain.ts';
import { ZERO } from '../money.ts';
import type { ScoringRules } from '../rules.ts';

/** What cost to serve is made of (docs/scoring.md, "Cost to serve"): each item is counted once. */

export type UnitCosts = ScoringRules['money']['unitCosts'];
interface UnitSpec {
  readonly price: keyof UnitCosts;
  /** How much of what is counted the price buys: 3600 of the seconds that are counted for an hour. */
  readonly size: number;
}
/** What is counted, at a price a piece. */
export const UNIT_ITEMS = {
  orders: { price: 'perOrder', size: 1 },
  order_lines: { price: 'perOrderLine', size: 1 },
  shipments: { price: 'perShipment', size: 1 },
  returns: { price: 'perReturn', size: 1 },
  cases: { price: 'perServiceCase', size: 1 },
  service_minutes: { price: 'perServiceMinute', size: 60 },
  visits: { price: 'perVisit', size: 1 },
  kilometres: { price: 'perVisitKm', size: 1000 },
  calls: { price: 'perCall', size: 1 },
  emails: { price: 'perEmail', size: 1 },
  hours: { price: 'perHour', size: 3600 },
  contact_months: { price: 'perContactMonth', size: 1 },
  account_months: { price: 'perAccountMonth', size: 1 },
} as const satisfies { readonly [item: string]: UnitSpec };
export type UnitItem = keyof typeof UNIT_ITEMS;

/** What is not counted in pieces: freight as billed to us, and shares of an amount. */
type ShareItem = 'freight' | 'late_days' | 'account_share';
export type ServeItem = UnitItem | ShareItem | `cost_${CostKind}`;

/** In the order in which they are told. */
export const SERVE_ITEMS: readonly ServeItem[] = [
  'orders',
  'order_lines',
  'shipments',
  'freight',
  'returns',
  'cases',
  'service_minutes',
  'visits',
  'kilometres',
  'calls',
  'emails',
  'hours',
  'late_days',
  'contact_months',
  'account_months',
  'account_share',
  'cost_service',
  'cost_freight',
  'cost_returns',
  'cost_travel',
  'cost_marketing',
  'cost_acquisition',
  'cost_other',
];

/** Items that come with orders; the others come with the relation, but what it cost to win the customer, which is spent. */
export const SERVE_BY_ORDER: ReadonlySet<ServeItem> = new Set<ServeItem>([
  'orders',
  'order_lines',
  'shipments',
  'freight',
  'returns',
  'cases',
  'service_minutes',
  'late_days',
  'account_share',
  'cost_service',
  'cost_freight',
  'cost_returns',
]);

/** Pieces that a firm can have fewer of; time, distance and months are none. */
const PIECES: ReadonlySet<ServeItem> = new Set<ServeItem>([
  'orders',
  'order_lines',
  'shipments',
  'returns',
  'cases',
  'visits',
  'calls',
  'emails',
]);

function unitOf(item: ServeItem): UnitSpec | null {
  return item in UNIT_ITEMS ? UNIT_ITEMS[item as UnitItem] : null; // `in` does not narrow a string
}

/** What one of the item costs and how many there were, as people count them; no price where it is no piece. */
export function countedAs(
  item: ServeItem,
  count: number,
  { unitCosts, accountSharePercent, capitalCostPercent }: ScoringRules['money'],
): { count: number; unit: Minor | null; percent: number | null } {
  const spec = unitOf(item);
  const percent =
    item === 'account_share' ? accountSharePercent : item === 'late_days' ? capitalCostPercent : null;
  if (spec === null) return { count, unit: null, percent };
  return { count: Math.round((count / spec.size) * 100) / 100, unit: unitCosts[spec.price], percent };
}

/** 0 for what is not counted by pieces. */
export function piecePrice(item: ServeItem, { unitCosts }: ScoringRules['money']): Minor {
  const spec = PIECES.has(item) ? unitOf(item) : null;
  return spec === null ? ZERO : unitCosts[spec.price];
}

/** Whether serving a customer has any price at all. */
export function hasServePrices({
  unitCosts,
  accountSharePercent,
  capitalCostPercent,
}: ScoringRules['money']): boolean {
  return (
    Object.values(unitCosts).some((cost) => cost !== 0) ||
    accountSharePercent !== 0 ||
    capitalCostPercent !== 0
  );
}

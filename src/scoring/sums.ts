import type { CostKind, CustomerFacts, Day, Minor, Purchase, ServeCost, Touch } from '../domain.ts';
import { minor, scaleMinor, ZERO } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { MoneySums } from '../scores.ts';
import { addMonths } from './calendar.ts';

/** Money of one customer over a span of days (docs/scoring.md): integers only, rounded per booking, never again. */

/** What cost is made of; `direct` are the goods, `refunds` the money given back, the rest is cost to serve. */
const COUNTED_ITEMS = ['orders', 'returns', 'cases', 'visits', 'calls', 'emails', 'hours'] as const;
type CountedItem = (typeof COUNTED_ITEMS)[number];
/** Imported costs, by what they were for. */
const IMPORTED_ITEMS = [
  'cost_service',
  'cost_freight',
  'cost_returns',
  'cost_marketing',
  'cost_acquisition',
  'cost_other',
] as const satisfies readonly `cost_${CostKind}`[];
export type ServeItem = CountedItem | (typeof IMPORTED_ITEMS)[number];
/** Items that come with orders; the others come with the relation, but what it cost to win the customer, which is spent. */
export const SERVE_BY_ORDER: ReadonlySet<ServeItem> = new Set([
  'orders',
  'returns',
  'cases',
  'cost_service',
  'cost_freight',
  'cost_returns',
]);

interface ServeLine {
  readonly item: ServeItem;
  /** Seconds for `hours`. */
  readonly count: number;
  readonly amount: Minor;
}
export interface Ledger extends MoneySums {
  /** Money given back, as a positive amount. */
  readonly refunds: Minor;
  readonly serve: readonly ServeLine[];
  /** What it cost to win the customer; in the profit only with `includeAcquisition`. */
  readonly acquisition: Minor;
  /** Deals that were purchases. */
  readonly orders: number;
  /** Whether anything was booked at all: a purchase or a refund. */
  readonly hasBooking: boolean;
}

/** Days after `after`, up to and including `upTo`; null = since ever. */
export interface Span {
  readonly after: Day | null;
  readonly upTo: Day;
}

/** (day - 12 months, day]. */
export function yearUpTo(day: Day): Span {
  return { after: addMonths(day, -12), upTo: day };
}

export function isIn(day: Day, { after, upTo }: Span): boolean {
  return day <= upTo && (after === null || day > after);
}

export function ledgerOf(facts: CustomerFacts, rules: ScoringRules, span: Span): Ledger {
  const tally = new Tally(rules.money);
  for (const purchase of facts.purchases) if (isIn(purchase.day, span)) tally.addPurchase(purchase);
  for (const cost of facts.costs) if (isIn(cost.day, span)) tally.addCost(cost);
  if (tally.countsService) {
    for (const touch of facts.touches) if (isIn(touch.day, span)) tally.addTouch(touch);
    for (const { day, seconds } of facts.efforts) if (isIn(day, span)) tally.addTime(seconds);
    for (const { openedDay } of facts.cases) if (isIn(openedDay, span)) tally.addCase();
  }
  return tally.ledger();
}

type UnitCosts = ScoringRules['money']['unitCosts'];
const UNIT: { readonly [I in CountedItem]: keyof UnitCosts } = {
  orders: 'perOrder',
  returns: 'perReturn',
  cases: 'perServiceCase',
  visits: 'perVisit',
  calls: 'perCall',
  emails: 'perEmail',
  hours: 'perHour',
};

/** 0 for what is not counted by pieces. */
export function unitCost(item: ServeItem, rules: ScoringRules): Minor {
  const counted = COUNTED_ITEMS.find((one) => one === item);
  return counted === undefined || counted === 'hours' ? ZERO : rules.money.unitCosts[UNIT[counted]];
}

/** Lives for one span of one customer. */
export class Tally {
  readonly countsService: boolean;
  private readonly unitCosts: UnitCosts;
  private readonly includeAcquisition: boolean;
  private readonly counts: { [I in CountedItem]: number };
  private readonly imported = new Map<ServeItem, { count: number; amount: number }>();
  private revenue = 0;
  private directCost = 0;
  private refunds = 0;
  private hourCost = 0;
  private bookings = 0;

  constructor({ unitCosts, includeAcquisition }: ScoringRules['money']) {
    this.unitCosts = unitCosts;
    this.includeAcquisition = includeAcquisition;
    this.countsService = COUNTED_ITEMS.some((item) => unitCosts[UNIT[item]] !== 0);
    this.counts = { orders: 0, returns: 0, cases: 0, visits: 0, calls: 0, emails: 0, hours: 0 };
  }

  addPurchase({ revenue, directCost }: Purchase): void {
    this.bookings += 1;
    this.revenue += revenue;
    this.directCost += directCost;
    if (revenue < 0) {
      this.counts.returns += 1;
      this.refunds -= revenue;
    } else if (revenue > 0) this.counts.orders += 1;
  }

  /** An amount is the whole cost; without one it is the time, at the rate of an hour. */
  addCost({ kind, amount, seconds }: ServeCost): void {
    const item = `cost_${kind}` as const;
    const sum = this.imported.get(item) ?? { count: 0, amount: 0 };
    sum.count += 1;
    sum.amount += amount ?? scaleMinor(this.unitCosts.perHour, seconds, 3600);
    this.imported.set(item, sum);
  }

  /** Attempts that reached nobody cost nothing worth counting. */
  addTouch({ channel, twoWay, direction }: Touch): void {
    if (channel === 'email' && direction === 'out') this.counts.emails += 1;
    if (!twoWay || (channel !== 'call' && channel !== 'meeting')) return;
    this.counts[channel === 'call' ? 'calls' : 'visits'] += 1;
  }

  addTime(seconds: number | null): void {
    if (seconds === null || this.unitCosts.perHour === 0) return;
    this.counts.hours += seconds;
    this.hourCost += scaleMinor(this.unitCosts.perHour, seconds, 3600);
  }

  addCase(): void {
    this.counts.cases += 1;
  }

  ledger(): Ledger {
    const serve: ServeLine[] = [];
    let costToServe = 0;
    for (const item of COUNTED_ITEMS) {
      const count = this.counts[item];
      const amount = minor(item === 'hours' ? this.hourCost : count * this.unitCosts[UNIT[item]]);
      if (amount === 0) continue;
      serve.push({ item, count, amount });
      costToServe += amount;
    }
    for (const item of IMPORTED_ITEMS) {
      const { count, amount } = this.imported.get(item) ?? { count: 0, amount: 0 };
      if (amount === 0 || (item === 'cost_acquisition' && !this.includeAcquisition)) continue;
      serve.push({ item, count, amount: minor(amount) });
      costToServe += amount;
    }
    return {
      revenue: minor(this.revenue),
      directCost: minor(this.directCost),
      costToServe: minor(costToServe),
      profit: minor(this.revenue - this.directCost - costToServe),
      refunds: minor(this.refunds),
      serve,
      acquisition: minor(this.imported.get('cost_acquisition')?.amount ?? 0),
      orders: this.counts.orders,
      hasBooking: this.bookings > 0,
    };
  }
}

export function sumsOf({ revenue, directCost, costToServe, profit }: Ledger): MoneySums {
  return { revenue, directCost, costToServe, profit };
}

export type CostItem = ServeItem | 'direct' | 'refunds';
/**
 * Where a loss comes from: goods sold below cost, else money given back, else the largest part of the cost to serve.
 */
export function largestCost(ledger: Ledger): { item: CostItem; amount: Minor } {
  const largest = ledger.serve.reduce<ServeLine | null>(
    (best, line) => (best === null || line.amount > best.amount ? line : best),
    null,
  );
  const margin = ledger.revenue - ledger.directCost;
  if (margin >= 0 && largest) return largest;
  const isByRefunds = ledger.refunds > 0 && ledger.revenue + ledger.refunds >= ledger.directCost;
  if (isByRefunds) return { item: 'refunds', amount: ledger.refunds };
  return { item: 'direct', amount: ledger.directCost };
}

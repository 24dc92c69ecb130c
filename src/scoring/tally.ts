import type { CustomerFacts, Minor, Purchase, ServeCost, Touch } from '../domain.ts';
import { minor, scaleMinor } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { MoneySums } from '../scores.ts';
import { SERVE_ITEMS, type ServeItem, UNIT_ITEMS, type UnitCosts, type UnitItem } from './serve-items.ts';

export interface ServeLine {
  readonly item: ServeItem;
  /** Seconds of hours and minutes, metres of kilometres. */
  readonly count: number;
  readonly amount: Minor;
}
export interface Ledger extends MoneySums {
  /** Money given back, as a positive amount. */
  readonly refunds: Minor;
  readonly serve: readonly ServeLine[];
  /** What it cost to win the customer; in the profit only with `includeAcquisition`. */
  readonly acquisition: Minor;
  /** Deals and documents that were purchases. */
  readonly orders: number;
  /** Whether anything was booked at all: a purchase or a refund. */
  readonly hasBooking: boolean;
}

const PERCENT_PARTS = 1_000_000;
const partsOf = (percent: number): number => Math.round(percent * 10_000);

/** Sums of one span of one customer: integers only, rounded per booking, never again. */
export class Tally {
  private readonly rules: ScoringRules['money'];
  private readonly serve = new Map<ServeItem, { count: number; amount: number }>();
  private revenue = 0;
  private directCost = 0;
  private refunds = 0;
  private orders = 0;
  private bookings = 0;

  constructor(rules: ScoringRules['money']) {
    this.rules = rules;
  }

  /** Whether touches, time, cases, trips and months have a price at all. */
  static countsService(unitCosts: UnitCosts): boolean {
    return Object.values(unitCosts).some((cost) => cost !== 0);
  }

  /** A shipment has no price where its real freight is known, of this purchase or of its month. */
  addPurchase(purchase: Purchase, isFreightImported: boolean): void {
    const { revenue, directCost, freight = null } = purchase;
    this.bookings += 1;
    this.revenue += revenue;
    this.directCost += directCost;
    if (freight !== null) this.add('freight', 1, freight);
    // Exact products of whole numbers are dear, and most firms set no share.
    const { accountSharePercent: share } = this.rules;
    if (share !== 0) this.add('account_share', 1, scaleMinor(revenue, partsOf(share), PERCENT_PARTS));
    if (revenue < 0) {
      this.refunds -= revenue;
      this.addUnits('returns', 1);
    } else if (revenue > 0) {
      this.orders += 1;
      this.addUnits('orders', 1);
      this.addUnits('order_lines', purchase.lineCount ?? 0);
      if (freight === null && !isFreightImported) this.addUnits('shipments', 1);
    }
  }

  /** An amount is the whole cost; without one it is the time: of service by the minute where that has a price, else by the hour. */
  addCost({ kind, amount, seconds }: ServeCost): void {
    const { perServiceMinute, perHour } = this.rules.unitCosts;
    const isByMinute = kind === 'service' && perServiceMinute !== 0;
    const timeCost = () =>
      isByMinute ? scaleMinor(perServiceMinute, seconds, 60) : scaleMinor(perHour, seconds, 3600);
    this.add(`cost_${kind}`, 1, amount ?? timeCost());
  }

  /** Attempts that reached nobody cost nothing worth counting. */
  addTouch({ channel, twoWay, direction }: Touch): void {
    if (channel === 'email' && direction === 'out') this.addUnits('emails', 1);
    if (!twoWay || (channel !== 'call' && channel !== 'meeting')) return;
    this.addUnits(channel === 'call' ? 'calls' : 'visits', 1);
  }

  /** Time on cases is counted by the minute where that has a price: never by the hour as well. */
  addTime({ seconds, isService }: CustomerFacts['efforts'][number]): void {
    if (seconds === null) return;
    const isByMinute = isService === true && this.rules.unitCosts.perServiceMinute !== 0;
    this.addUnits(isByMinute ? 'service_minutes' : 'hours', seconds);
  }

  addCase(): void {
    this.addUnits('cases', 1);
  }

  addTrip(metres: number): void {
    this.addUnits('kilometres', metres);
  }

  /** What the money cost while we waited for it. */
  addLatePayment({ amount, days }: CustomerFacts['latePayments'][number]): void {
    const parts = partsOf(this.rules.capitalCostPercent) * days;
    this.add('late_days', days, scaleMinor(amount, parts, PERCENT_PARTS * 365));
  }

  /** A month in which the customer stood on somebody's list, with so many contact persons. */
  addMonth(contacts: number): void {
    this.addUnits('contact_months', contacts);
    this.addUnits('account_months', 1);
  }

  private addUnits(item: UnitItem, count: number): void {
    const { price, size } = UNIT_ITEMS[item];
    const unit = this.rules.unitCosts[price];
    if (unit !== 0) this.add(item, count, size === 1 ? unit * count : scaleMinor(unit, count, size));
  }

  private add(item: ServeItem, count: number, amount: number): void {
    const known = this.serve.get(item);
    if (known) {
      known.count += count;
      known.amount += amount;
    } else this.serve.set(item, { count, amount });
  }

  ledger(): Ledger {
    const serve: ServeLine[] = [];
    let costToServe = 0;
    for (const item of SERVE_ITEMS) {
      const { count, amount } = this.serve.get(item) ?? { count: 0, amount: 0 };
      if (amount === 0 || (item === 'cost_acquisition' && !this.rules.includeAcquisition)) continue;
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
      acquisition: minor(this.serve.get('cost_acquisition')?.amount ?? 0),
      orders: this.orders,
      hasBooking: this.bookings > 0,
    };
  }
}

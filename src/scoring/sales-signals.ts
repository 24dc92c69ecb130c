import type { CustomerFacts, Day } from '../domain.ts';
import type { Reason } from '../scores.ts';
import { addMonths } from './calendar.ts';
import { reason } from './reasons.ts';
import { isIn, type Span } from './sums.ts';

/** What orders and payments of the last months say beside those of a year before (docs/scoring.md, "Phase"). */

export interface SalesInput {
  readonly facts: CustomerFacts;
  readonly asOf: Day;
}

export function salesSignals(input: SalesInput): Reason[] {
  return [revenueDown(input), orderSizeDown(input) ?? rangeDown(input), latePayment(input)].filter(
    (signal) => signal !== null,
  );
}

interface Booked {
  readonly revenue: number;
  /** Revenue of purchases alone. */
  readonly bought: number;
  /** Distinct days with a purchase. */
  readonly events: number;
}
function booked(facts: CustomerFacts, span: Span): Booked {
  let revenue = 0;
  let bought = 0;
  const days = new Set<Day>();
  for (const purchase of facts.purchases) {
    if (!isIn(purchase.day, span)) continue;
    revenue += purchase.revenue;
    if (purchase.revenue <= 0) continue;
    bought += purchase.revenue;
    days.add(purchase.day);
  }
  return { revenue, bought, events: days.size };
}

const COMPARED_MONTHS = 6;
const COMPARED_PURCHASES = 2;

const lastMonths = (asOf: Day): Span => ({ after: addMonths(asOf, -COMPARED_MONTHS), upTo: asOf });
const sameMonthsBefore = (asOf: Day): Span => ({
  after: addMonths(asOf, -12 - COMPARED_MONTHS),
  upTo: addMonths(asOf, -12),
});
function yearBefore(asOf: Day): Span {
  const start = addMonths(asOf, -COMPARED_MONTHS);
  return { after: addMonths(start, -12), upTo: start };
}

/** Less than half the revenue of the same months a year before, if there were purchases enough to compare with. */
function revenueDown({ facts, asOf }: SalesInput): Reason | null {
  const now = booked(facts, lastMonths(asOf));
  const before = booked(facts, sameMonthsBefore(asOf));
  if (before.events < COMPARED_PURCHASES || now.revenue * 2 >= before.revenue) return null;
  return reason('signal.revenue_down', { now: now.revenue, before: before.revenue });
}

/** Orders of the last months at least 40 % smaller than those of the year before them. */
function orderSizeDown({ facts, asOf }: SalesInput): Reason | null {
  const now = booked(facts, lastMonths(asOf));
  const before = booked(facts, yearBefore(asOf));
  if (now.events < COMPARED_PURCHASES || before.events < COMPARED_PURCHASES) return null;
  const [small, usual] = [Math.round(now.bought / now.events), Math.round(before.bought / before.events)];
  return small * 10 > usual * 6 ? null : reason('signal.order_size_down', { now: small, before: usual });
}

const COMPARED_PRODUCTS = 3;

/** Different products, against the same months a year before: a longer time would hold more of them anyway. */
function rangeDown({ facts, asOf }: SalesInput): Reason | null {
  if (facts.productDays.length < COMPARED_PRODUCTS) return null;
  const of = (span: Span) => {
    const bought = facts.productDays.filter(({ day }) => isIn(day, span));
    return {
      products: new Set(bought.map(({ product }) => product)).size,
      days: new Set(bought.map(({ day }) => day)).size,
    };
  };
  const now = of(lastMonths(asOf));
  const before = of(sameMonthsBefore(asOf));
  if (Math.min(now.days, before.days) < COMPARED_PURCHASES || before.products < COMPARED_PRODUCTS)
    return null;
  if (now.products * 10 > before.products * 6) return null;
  return reason('signal.range_down', { now: now.products, before: before.products });
}

const COMPARED_PAYMENTS = 2;
const LATER_BY_DAYS = 7;

/** Invoices are paid a week further beyond their terms than in the year before. */
function latePayment({ facts, asOf }: SalesInput): Reason | null {
  const mean = (span: Span): number | null => {
    const paid = facts.payments.filter(({ day }) => isIn(day, span));
    if (paid.length < COMPARED_PAYMENTS) return null;
    return Math.round(paid.reduce((sum, { daysLate }) => sum + daysLate, 0) / paid.length);
  };
  const now = mean(lastMonths(asOf));
  const before = mean(yearBefore(asOf));
  if (now === null || before === null || now - before < LATER_BY_DAYS) return null;
  return reason('signal.late_payment', { now, before });
}

import type { CustomerFacts, Day, Purchase } from '../domain.ts';
import { addDays, addMonths, daysBetween } from './calendar.ts';

export type LatePayment = CustomerFacts['latePayments'][number];
export type Payment = CustomerFacts['payments'][number];
export interface PaymentDays {
  readonly due: Day | null;
  readonly paid: Day | null;
  /** Whether anybody notes payments here: else one that names no day may have been paid long ago. */
  readonly isFollowed: boolean;
}

/** How far beyond its term; in time is 0. Null: not paid by then, or one of the two days is not known. */
export function paymentOf({ due, paid }: Pick<PaymentDays, 'due' | 'paid'>, asOf: Day): Payment | null {
  if (due === null || paid === null || paid > asOf) return null;
  return { day: paid, daysLate: Math.max(0, daysBetween(due, paid)) };
}

/**
 * The days beyond its term, by month: each booked at the end of its month, the last on the day of the payment, or of the
 * analysis while it is open; none before the invoice itself. None: in time, or not known.
 */
export function latePaymentsOf(
  { day, revenue }: Pick<Purchase, 'day' | 'revenue'>,
  { due, paid, isFollowed }: PaymentDays,
  asOf: Day,
): LatePayment[] {
  if (revenue <= 0 || due === null || (paid === null && !isFollowed)) return [];
  const until = paid !== null && paid <= asOf ? paid : asOf;
  const oldest = addDays(until, -MOST_DAYS);
  const late: LatePayment[] = [];
  for (let from = due > oldest ? due : oldest; from < until; ) {
    const monthEnd = endOfMonth(addDays(from, 1));
    const isLast = monthEnd >= until;
    const to = isLast ? until : monthEnd;
    late.push({ day: to > day ? to : day, days: daysBetween(from, to), amount: revenue });
    from = to;
  }
  return late;
}

// A term of more than a century ago is a typing error.
const MOST_DAYS = 36_525;

function endOfMonth(day: Day): Day {
  return addDays(addMonths(`${day.slice(0, 7)}-01`, 1), -1);
}

// In the languages that we speak; "Unpaid" and "Partially paid" are open.
const SETTLED = /^(paid|settled|betaald|voldaan|opłacon|zapłacon|rozliczon|betalt)/i;

/** A status that says so settles an invoice, whatever became of its day. */
export function isSettled(status: string | null): boolean {
  return SETTLED.test((status ?? '').trim());
}

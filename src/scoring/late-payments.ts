import type { CustomerFacts, Day, Purchase } from '../domain.ts';
import { daysBetween } from './calendar.ts';

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
 * Booked on the day it was paid, which no purchase is before; while it is open on the day of the analysis, with the days
 * until then. Null: in time, or not known.
 */
export function latePaymentOf(
  { day, revenue }: Pick<Purchase, 'day' | 'revenue'>,
  { due, paid, isFollowed }: PaymentDays,
  asOf: Day,
): LatePayment | null {
  if (revenue <= 0 || due === null || (paid === null && !isFollowed)) return null;
  const until = paid !== null && paid <= asOf ? paid : asOf;
  if (until <= due) return null;
  return { day: until > day ? until : day, days: daysBetween(due, until), amount: revenue };
}

// In the languages that we speak; "Unpaid" and "Partially paid" are open.
const SETTLED = /^(paid|settled|betaald|voldaan|opłacon|zapłacon|rozliczon|betalt)/i;

/** A status that says so settles an invoice, whatever became of its day. */
export function isSettled(status: string | null): boolean {
  return SETTLED.test((status ?? '').trim());
}

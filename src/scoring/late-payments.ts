import type { CustomerFacts, Day, Purchase } from '../domain.ts';
import { daysBetween } from './calendar.ts';

export type LatePayment = CustomerFacts['latePayments'][number];
export type Payment = CustomerFacts['payments'][number];
export interface PaymentDays {
  readonly due: Day | null;
  readonly paid: Day | null;
}

/** How far beyond its term; in time is 0. Null: not paid by then, or one of the two days is not known. */
export function paymentOf({ due, paid }: PaymentDays, asOf: Day): Payment | null {
  if (due === null || paid === null || paid > asOf) return null;
  return { day: paid, daysLate: Math.max(0, daysBetween(due, paid)) };
}

/** Booked on the day it was paid, which no purchase is before. Null: in time, or one of the two days is not known. */
export function latePaymentOf(
  { day, revenue }: Pick<Purchase, 'day' | 'revenue'>,
  { due, paid }: PaymentDays,
  asOf: Day,
): LatePayment | null {
  if (revenue <= 0 || due === null || paid === null || paid <= due || paid > asOf) return null;
  return { day: paid > day ? paid : day, days: daysBetween(due, paid), amount: revenue };
}

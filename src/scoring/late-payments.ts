import type { CustomerFacts, Day, Purchase } from '../domain.ts';
import { daysBetween } from './calendar.ts';

export type LatePayment = CustomerFacts['latePayments'][number];

/** Booked on the day it was paid, which no purchase is before. Null: in time, or one of the two days is not known. */
export function latePaymentOf(
  { day, revenue }: Pick<Purchase, 'day' | 'revenue'>,
  { due, paid }: { readonly due: Day | null; readonly paid: Day | null },
  asOf: Day,
): LatePayment | null {
  if (revenue <= 0 || due === null || paid === null || paid <= due || paid > asOf) return null;
  return { day: paid > day ? paid : day, days: daysBetween(due, paid), amount: revenue };
}

import { expectedPurchases, type Future } from './future.ts';
import { daysIn, MONTH_DAYS, type TimeUnit } from './time.ts';

/** Discounted purchases of the next 12 months, month by month (Fader and Hardie, note 025, and lifetimes' convention). */

export const MONTHS = 12;

/** `annualRate` 0.1 = 10 % a year. Times margin and value per purchase this is the customer's value of 12 months. */
export function discountedPurchases<U extends TimeUnit>(future: Future<U>, annualRate: number): number {
  const monthly = (1 + annualRate) ** (1 / MONTHS);
  let before = 0;
  let sum = 0;
  for (let month = 1; month <= MONTHS; month++) {
    const until = expectedPurchases(future, daysIn(month * MONTH_DAYS, future.unit));
    sum += (until - before) / monthly ** month;
    before = until;
  }
  return sum;
}

import type { CustomerFacts } from '../domain.ts';
import { dayNumber } from './calendar.ts';
import type { Bookings } from './models/fit-data.ts';

/** Purchases and refunds of a customer as the purchase models count them: purchases of one day are one, money in units. */
export function bookingsOf({ purchases, segment }: CustomerFacts): Bookings {
  const days: number[] = [];
  const amounts: number[] = [];
  const refunds: { day: number; amount: number }[] = [];
  for (const { day, revenue } of purchases) {
    const number = dayNumber(day);
    if (revenue <= 0) refunds.push({ day: number, amount: -revenue / 100 });
    else if (days.at(-1) === number) amounts[amounts.length - 1] = (amounts.at(-1) ?? 0) + revenue / 100;
    else {
      days.push(number);
      amounts.push(revenue / 100);
    }
  }
  return { days, amounts, refunds, segment };
}

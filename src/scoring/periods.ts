import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { PeriodRow } from '../scores.ts';
import { sumsOf, Tally } from './sums.ts';

/** Money by calendar month or year up to asOf, ascending; periods in which nothing was booked are left out. */
export function periodRows(
  facts: CustomerFacts,
  rules: ScoringRules,
  asOf: Day,
  by: 'month' | 'year',
): PeriodRow[] {
  const tallies = new Map<string, Tally>();
  const tallyAt = (day: Day): Tally => {
    const period = day.slice(0, by === 'year' ? 4 : 7);
    const tally = tallies.get(period) ?? new Tally(rules.money);
    tallies.set(period, tally);
    return tally;
  };
  for (const purchase of facts.purchases) {
    if (purchase.day <= asOf) tallyAt(purchase.day).addPurchase(purchase);
  }
  for (const cost of facts.costs) if (cost.day <= asOf) tallyAt(cost.day).addCost(cost);
  for (const touch of facts.touches) if (touch.day <= asOf) tallyAt(touch.day).addTouch(touch);
  for (const { day, seconds } of facts.efforts) if (day <= asOf) tallyAt(day).addTime(seconds);
  for (const { openedDay } of facts.cases) if (openedDay <= asOf) tallyAt(openedDay).addCase();
  return [...tallies]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([period, tally]) => ({ period, ledger: tally.ledger() }))
    .filter(({ ledger }) => ledger.hasBooking || ledger.costToServe !== 0)
    .map(({ period, ledger }) => ({ key: facts.key, name: facts.name, period, ...sumsOf(ledger) }));
}

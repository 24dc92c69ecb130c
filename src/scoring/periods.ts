import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { PeriodRow } from '../scores.ts';
import { bookAll } from './book.ts';
import { sumsOf } from './sums.ts';
import { Tally } from './tally.ts';

/** Money by calendar month or year up to asOf, ascending; periods in which nothing was booked are left out. */
export function periodRows(
  facts: CustomerFacts,
  rules: ScoringRules,
  asOf: Day,
  by: 'month' | 'year',
): PeriodRow[] {
  const tallies = new Map<string, Tally>();
  bookAll(facts, rules, { after: null, upTo: asOf }, (day) => {
    const period = day.slice(0, by === 'year' ? 4 : 7);
    const tally = tallies.get(period) ?? new Tally(rules.money);
    tallies.set(period, tally);
    return tally;
  });
  return [...tallies]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([period, tally]) => ({ period, ledger: tally.ledger() }))
    .filter(({ ledger }) => ledger.hasBooking || ledger.costToServe !== 0)
    .map(({ period, ledger }) => ({ key: facts.key, name: facts.name, period, ...sumsOf(ledger) }));
}

import type { CustomerFacts, Day, Minor } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { MoneySums } from '../scores.ts';
import { bookAll } from './book.ts';
import { addMonths } from './calendar.ts';
import type { ServeItem } from './serve-items.ts';
import { type Ledger, type ServeLine, Tally } from './tally.ts';

export type { Ledger } from './tally.ts';

/** Money of one customer over a span of days (docs/scoring.md, "Money"). */

/** Days after `after`, up to and including `upTo`; null = since ever. */
export interface Span {
  readonly after: Day | null;
  readonly upTo: Day;
}

/** (day - 12 months, day]. */
export function yearUpTo(day: Day): Span {
  return { after: addMonths(day, -12), upTo: day };
}

export function isIn(day: Day, { after, upTo }: Span): boolean {
  return day <= upTo && (after === null || day > after);
}

export function ledgerOf(facts: CustomerFacts, rules: ScoringRules, span: Span): Ledger {
  const tally = new Tally(rules.money);
  bookAll(facts, rules, span, () => tally);
  return tally.ledger();
}

export function sumsOf({ revenue, directCost, costToServe, profit }: Ledger): MoneySums {
  return { revenue, directCost, costToServe, profit };
}

export type CostItem = ServeItem | 'direct' | 'refunds';
/**
 * Where a loss comes from: goods sold below cost, else money given back, else the largest part of the cost to serve.
 */
export function largestCost(ledger: Ledger): { item: CostItem; amount: Minor } {
  const largest = ledger.serve.reduce<ServeLine | null>(
    (best, line) => (best === null || line.amount > best.amount ? line : best),
    null,
  );
  const margin = ledger.revenue - ledger.directCost;
  if (margin >= 0 && largest) return largest;
  const isByRefunds = ledger.refunds > 0 && ledger.revenue + ledger.refunds >= ledger.directCost;
  if (isByRefunds) return { item: 'refunds', amount: ledger.refunds };
  return { item: 'direct', amount: ledger.directCost };
}

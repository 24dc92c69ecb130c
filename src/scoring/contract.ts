import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Reason } from '../scores.ts';
import { addDays, daysBetween } from './calendar.ts';
import { reason } from './reasons.ts';

/** Customers under contract: they leave by notice or by its end, and are lost by nothing else (docs/scoring.md, "Phase"). */

type Contract = NonNullable<CustomerFacts['contract']>;

/** Null: none, or what was bought since its end shows that the customer goes on without one. */
export function contractInForce(
  { contract }: Pick<CustomerFacts, 'contract'>,
  lastPurchase: Day,
): Contract | null {
  if (contract === null) return null;
  return contract.endDay !== null && contract.endDay < lastPurchase ? null : contract;
}

/** One that has not ended on the day of the analysis; null: none. */
export function runningContract(
  facts: Pick<CustomerFacts, 'contract' | 'purchases'>,
  asOf: Day,
): Contract | null {
  const last = facts.purchases.findLast(({ revenue }) => revenue > 0);
  const contract = last ? contractInForce(facts, last.day) : null;
  return contract === null || (contract.endDay !== null && contract.endDay < asOf) ? null : contract;
}

/** Facts, not judgements: they count at once, also on the day of a purchase. */
export function contractSignals(
  facts: Pick<CustomerFacts, 'contract' | 'openDeals'>,
  { lastPurchase, asOf, rules }: { lastPurchase: Day; asOf: Day; rules: ScoringRules },
): Reason[] {
  const contract = contractInForce(facts, lastPurchase);
  if (contract === null) return [];
  const { endDay, noticeDay } = contract;
  const signals: Reason[] = [];
  if (noticeDay !== null) signals.push(reason('signal.notice', { since: noticeDay, end: endDay }));
  if (endDay === null || facts.openDeals.length > 0) return signals;
  const daysLeft = daysBetween(asOf, endDay);
  const { contractDays } = rules.phases;
  if (daysLeft >= 0 && daysLeft < contractDays) {
    signals.push(reason('signal.contract_ends', { end: endDay, since: addDays(endDay, 1 - contractDays) }));
  }
  return signals;
}

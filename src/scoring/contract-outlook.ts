import type { CustomerFacts, Day, Minor } from '../domain.ts';
import { minor } from '../money.ts';
import { addMonths, daysBetween } from './calendar.ts';
import { runningContract } from './contract.ts';
import { type ExpectedProfit, nothingBecause } from './outlook.ts';
import { reason } from './reasons.ts';
import type { Ledger } from './sums.ts';

/** What a customer under contract is expected to bring: dates of renewal tell it, and no model of free buyers does. */

interface ContractInput {
  readonly facts: CustomerFacts;
  readonly window: Ledger;
  readonly asOf: Day;
  /** Closed, whatever the contract says. */
  readonly hasEnded: boolean;
}

/** The profit of the last 12 months for as long as the contract runs; the range ends where it is renewed. Null: none runs. */
export function contractOutlook({ facts, window, asOf, hasEnded }: ContractInput): ExpectedProfit | null {
  const contract = facts.valueIncomplete ? null : runningContract(facts, asOf);
  if (contract === null) return null;
  if (hasEnded) return nothingBecause('outlook.ended');
  const { endDay } = contract;
  const profit = minor(Math.round(window.profit * shareOfYear(endDay, asOf)));
  const isRenewable = profit !== window.profit;
  const [low, high] = sorted(profit, window.profit);
  const params = { profit, end: endDay, renewed: isRenewable ? window.profit : null };
  return { profit, low, high, isBusiness: true, reasons: [reason('outlook.contract', params)] };
}

function shareOfYear(endDay: Day | null, asOf: Day): number {
  if (endDay === null) return 1;
  const year = daysBetween(asOf, addMonths(asOf, 12));
  return Math.min(1, daysBetween(asOf, endDay) / year);
}

function sorted(one: Minor, other: Minor): readonly [Minor, Minor] {
  return one <= other ? [one, other] : [other, one];
}

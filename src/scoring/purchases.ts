import type { Day, FactIssue, Minor, Purchase } from '../domain.ts';
import { minor, scaleMinor, toMinor } from '../money.ts';
import type { DealRecord } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import type { LocalDay } from './local-day.ts';

/** Which won deals are purchases, when, for how much, and at what cost (docs/scoring.md, "Money"). */

export interface PurchaseContext {
  readonly homeCurrency: string;
  readonly rules: ScoringRules;
  readonly localDay: LocalDay;
}
export type PurchaseOutcome =
  | { readonly purchase: Purchase; readonly issues: readonly FactIssue[] }
  | { readonly purchase: null; readonly issues: readonly FactIssue[] };

export type Convert = (amount: string) => Minor | null;

// A million millions: what lies beyond is a typing error, and sums of it would leave the exact integers.
const MOST_MINOR = 10 ** 14;

/** `wonOn`: when it became won, where the history of its stages tells. */
export function purchaseOf(
  deal: DealRecord,
  context: PurchaseContext,
  wonOn: Day | null = null,
): PurchaseOutcome {
  const refused = (issue: FactIssue): PurchaseOutcome => ({ purchase: null, issues: [issue] });
  if (deal.amount === null) return refused('won_without_amount');
  const convert = converterFor(deal, context);
  if (convert === null) return refused('foreign_currency_withheld');
  const revenue = convert(deal.amount);
  if (revenue === null) return refused(isNumber(deal.amount) ? 'amount_out_of_range' : 'won_without_amount');
  if (revenue === 0) return refused('won_with_zero_amount');
  const day = deal.closingDay ?? wonOn;
  if (day === null) return refused('won_without_date');
  const issues: FactIssue[] = revenue < 0 ? ['refund'] : [];
  // A date that lay ahead when the deal was won, or first seen so, is an error of input: that day counts, for good.
  const seen = wonOn ?? deal.wonSeenOn ?? context.localDay(deal.modifiedAt);
  const isAhead = day > seen;
  if (isAhead) issues.push('future_won_date');
  return {
    purchase: {
      dealId: deal.id,
      day: isAhead ? seen : day,
      revenue,
      ...directCost(deal, revenue, convert, context.rules),
      ...freightOf(deal, convert),
    },
    issues,
  };
}

/** Null: a foreign amount that cannot be told in home currency without guessing. */
export function converterFor(
  { currency, exchangeRate }: Pick<DealRecord, 'currency' | 'exchangeRate'>,
  { homeCurrency, rules }: PurchaseContext,
): Convert | null {
  if (currency === null || currency === homeCurrency) return (amount) => readable(amount);
  const { rateDirection } = rules.currency;
  if (rateDirection === 'unknown' || exchangeRate === null || !(Number(exchangeRate) > 0)) return null;
  return (amount) => readable(amount, { value: exchangeRate, direction: rateDirection });
}

function isNumber(amount: string): boolean {
  return amount.trim() !== '' && Number.isFinite(Number(amount));
}

/** Null for text that is no amount, or one out of range: as good as none. */
function readable(amount: string, rate?: { value: string; direction: 'divide' | 'multiply' }): Minor | null {
  try {
    const value = toMinor(amount, rate);
    return Math.abs(value) <= MOST_MINOR ? value : null;
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

/** Nothing where the mapped field is empty or holds no amount. */
export function freightOf(
  { freight }: Pick<DealRecord, 'freight'>,
  convert: Convert,
): Pick<Purchase, 'freight'> {
  const amount = freight === null ? null : convert(freight);
  return amount === null ? {} : { freight: amount };
}

function directCost(
  deal: DealRecord,
  revenue: Minor,
  convert: Convert,
  rules: ScoringRules,
): Pick<Purchase, 'directCost' | 'costBasis'> {
  const cost = deal.cost === null ? null : convert(deal.cost);
  if (cost !== null) return { directCost: cost, costBasis: 'deal' };
  const profit = deal.profit === null ? null : convert(deal.profit);
  if (profit !== null) return { directCost: minor(revenue - profit), costBasis: 'deal' };
  const parts = Math.round((100 - rules.money.defaultMarginPercent) * 10_000);
  return { directCost: scaleMinor(revenue, parts, 1_000_000), costBasis: 'default' };
}

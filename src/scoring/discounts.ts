import type { CustomerFacts } from '../domain.ts';
import type { CustomerDocument, PurchaseLine } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import { isAtLowest } from './lowest-prices.ts';
import { reason } from './reasons.ts';

/** Who buys for the price only (docs/scoring.md, "Price only"): by the discounts of documents whose list price is known. */

/** What a line would have cost by the list, and what it did. */
export interface Priced {
  readonly list: number;
  readonly net: number;
}

/** By the list price, else by the discount that the line names; null: neither is known. */
export function importedPrice({ amount, quantity, listPrice, discountPercent }: PurchaseLine): Priced | null {
  const net = Number(amount);
  if (listPrice !== null) return { list: Number(listPrice) * Number(quantity ?? 1), net };
  if (discountPercent === null || Number(discountPercent) >= 100) return null;
  return { list: (net * 100) / (100 - Number(discountPercent)), net };
}

export function documentPrice({
  listPrice,
  quantity,
  discount,
}: CustomerDocument['lines'][number]): Priced | null {
  if (listPrice === null || quantity === null) return null;
  const list = Number(listPrice) * Number(quantity);
  return { list, net: list - Number(discount ?? 0) };
}

/** Of all lines that are known, in percent of their list price; nothing where none is. */
export function discountOf(lines: readonly (Priced | null)[]): { discountPercent?: number } {
  let [list, net] = [0, 0];
  for (const line of lines) {
    if (line === null || !(line.list > 0) || !Number.isFinite(line.net)) continue;
    list += line.list;
    net += line.net;
  }
  // To a ten-thousandth: 20 % off 9.99 is 20 %, whatever binary fractions say.
  return list > 0 ? { discountPercent: Math.round((1 - net / list) * 1_000_000) / 10_000 } : {};
}

export interface PriceOnly {
  /** Purchases whose discount is known, and those with a deep one or at the lowest price that anybody paid. */
  readonly known: number;
  readonly discounted: number;
  readonly isPriceOnly: boolean;
}

export function priceOnlyOf(
  { purchases }: Pick<CustomerFacts, 'purchases'>,
  baseline: Pick<Baseline, 'lowestPrices'>,
  rules: ScoringRules,
): PriceOnly {
  const { minPurchases, sharePercent, discountPercent: deep } = rules.priceOnly;
  const told = purchases.filter(
    ({ revenue, discountPercent }) => revenue > 0 && discountPercent !== undefined,
  );
  const known = told.length;
  const discounted = told.filter(
    (purchase) => (purchase.discountPercent ?? 0) >= deep || isAtLowest(purchase, baseline),
  ).length;
  return {
    known,
    discounted,
    isPriceOnly: known >= minPurchases && discounted * 100 >= known * sharePercent,
  };
}

export function priceReasons({ known, discounted, isPriceOnly }: PriceOnly, rules: ScoringRules): Reason[] {
  if (!isPriceOnly) return [];
  return [reason('money.price_only', { known, discounted, percent: rules.priceOnly.discountPercent })];
}

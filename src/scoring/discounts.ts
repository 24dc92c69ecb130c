import type { CustomerFacts, RecordId } from '../domain.ts';
import type { CustomerDocument, DocumentRecord, PurchaseLine } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import { isAtLowest } from './lowest-prices.ts';
import { reason } from './reasons.ts';
import { compareIds } from './record-order.ts';

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

type Header = Pick<DocumentRecord, 'discount' | 'subTotal'>;
const NO_HEADER: Header = { discount: null, subTotal: null };

/**
 * Of all lines that are known, in percent of their list price, and of what the whole document was reduced by; where no
 * line tells, of the latter alone. Nothing where neither is known.
 */
export function discountOf(
  lines: readonly (Priced | null)[],
  header: Header = NO_HEADER,
): { discountPercent?: number } {
  let [list, net] = [0, 0];
  let isWhole = true;
  for (const line of lines) {
    if (line === null || !(line.list > 0) || !Number.isFinite(line.net)) isWhole = false;
    else {
      list += line.list;
      net += line.net;
    }
  }
  const kept = 1 - headerShare(header, isWhole && net > 0 ? net : Number(header.subTotal));
  if (list > 0) return inPercent(1 - (net * kept) / list);
  return header.discount !== null && Number(header.subTotal) > 0 ? inPercent(1 - kept) : {};
}

/** The part of a document's sum that its own discount takes off. */
function headerShare({ discount }: Header, sum: number): number {
  const off = Number(discount ?? 0);
  return off > 0 && sum > 0 ? Math.min(1, off / sum) : 0;
}

// To a ten-thousandth: 20 % off 9.99 is 20 %, whatever binary fractions say.
const inPercent = (share: number) => ({ discountPercent: Math.round(share * 1_000_000) / 10_000 });

/** What the latest quote of each deal was reduced by, of those whose discount is known: deals have none of their own. */
export function quotedDiscounts(documents: readonly CustomerDocument[]): ReadonlyMap<RecordId, number> {
  const latest = new Map<RecordId, CustomerDocument>();
  for (const one of documents) {
    const { module, dealId, discount } = one.document;
    if (module !== 'Quotes' || dealId === null || discount === null) continue;
    const known = latest.get(dealId);
    if (!known || isLater(one.document, known.document)) latest.set(dealId, one);
  }
  const found = new Map<RecordId, number>();
  for (const [dealId, { document, lines }] of latest) {
    const { discountPercent } = discountOf(lines.map(documentPrice), document);
    if (discountPercent !== undefined) found.set(dealId, discountPercent);
  }
  return found;
}

function isLater(one: DocumentRecord, other: DocumentRecord): boolean {
  const apart = one.createdAt.getTime() - other.createdAt.getTime();
  return apart === 0 ? compareIds(one.id, other.id) > 0 : apart > 0;
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

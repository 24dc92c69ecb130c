import type { CustomerFacts, Minor, Purchase } from '../domain.ts';
import { toMinor } from '../money.ts';
import type { Baseline } from '../scores.ts';
import type { Priced } from './discounts.ts';

/** The lowest price of each product that anybody paid (docs/scoring.md, "Price only"). */

/** A line whose list price is known, in the home currency. */
interface PricedLine {
  readonly product: string | null;
  readonly quantity: string | null;
  readonly price: Priced | null;
}

/** What one of each product cost on a document; nothing where no line tells. */
export function unitPrices(lines: readonly PricedLine[]): Pick<Purchase, 'unitPrices'> {
  const prices = lines.flatMap(({ product, quantity, price }): (readonly [string, Minor])[] => {
    const count = Number(quantity ?? 0);
    if (!product?.trim() || price === null || !(count > 0) || !(price.net > 0)) return [];
    const unit = price.net / count;
    return unit < MOST ? [[product.trim(), toMinor(unit)]] : [];
  });
  return prices.length === 0 ? {} : { unitPrices: prices };
}
// Beyond it an amount is a typing error.
const MOST = 1e12;

// One price of one customer is no lowest price: so many must have bought the product, and not all for the same.
const MIN_BUYERS = 10;

/** Grows with the products, not with the customers. */
export class PriceTally {
  private readonly products = new Map<string, { lowest: Minor; highest: Minor; buyers: number }>();

  add({ purchases }: Pick<CustomerFacts, 'purchases'>): void {
    const bought = new Set<string>();
    for (const { revenue, unitPrices: prices = [] } of purchases) {
      if (revenue <= 0) continue;
      for (const [product, unit] of prices) {
        const known = this.products.get(product) ?? { lowest: unit, highest: unit, buyers: 0 };
        if (unit < known.lowest) known.lowest = unit;
        if (unit > known.highest) known.highest = unit;
        if (!bought.has(product)) known.buyers += 1;
        bought.add(product);
        this.products.set(product, known);
      }
    }
  }

  parts(): ReadonlyMap<string, { readonly lowest: Minor; readonly highest: Minor; readonly buyers: number }> {
    return this.products;
  }
  merge(parts: ReturnType<PriceTally['parts']>): void {
    for (const [product, { lowest, highest, buyers }] of parts) {
      const known = this.products.get(product) ?? { lowest, highest, buyers: 0 };
      if (lowest < known.lowest) known.lowest = lowest;
      if (highest > known.highest) known.highest = highest;
      known.buyers += buyers;
      this.products.set(product, known);
    }
  }

  result(): Baseline['lowestPrices'] {
    return [...this.products]
      .filter(([, { lowest, highest, buyers }]) => buyers >= MIN_BUYERS && lowest < highest)
      .map(([product, { lowest }]) => [product, lowest] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1));
  }
}

// Looked up for every customer of a scoring; dies with its baseline.
const lowestOf = new WeakMap<Baseline['lowestPrices'], ReadonlyMap<string, Minor>>();

/** Whether every line of the purchase that can be compared was bought for the lowest price; false where none can. */
export function isAtLowest(
  { unitPrices: prices = [] }: Pick<Purchase, 'unitPrices'>,
  { lowestPrices }: Pick<Baseline, 'lowestPrices'>,
): boolean {
  let lowest = lowestOf.get(lowestPrices);
  if (!lowest) {
    lowest = new Map(lowestPrices);
    lowestOf.set(lowestPrices, lowest);
  }
  const compared = prices.filter(([product]) => lowest.has(product));
  return compared.length > 0 && compared.every(([product, unit]) => unit <= (lowest.get(product) ?? 0));
}

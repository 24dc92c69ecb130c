import type { CustomerFacts, Day, ProductDay } from '../domain.ts';
import type { CustomerRows } from '../records.ts';
import type { Baseline } from '../scores.ts';

/** What customers of the same account type buy and this one does not (docs/scoring.md, "Hint of a product"). */

/** What its lines name, by day; what is given back does not count. */
export function productDaysOf(
  { imported }: Pick<CustomerRows, 'imported'>,
  ofDocuments: Iterable<ProductDay>,
  asOf: Day,
): ProductDay[] {
  const bought = [...ofDocuments];
  for (const { product, day, amount } of imported?.purchases ?? []) {
    if (product === null || day > asOf || amount.startsWith('-')) continue;
    bought.push({ day, product: product.trim() });
  }
  return bought
    .filter(({ product }) => product !== '')
    .sort((a, b) => compareTexts(a.day, b.day) || compareTexts(a.product, b.product));
}

const compareTexts = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Each once, in the order of their names. */
export function namesOf(bought: readonly ProductDay[]): string[] {
  return [...new Set(bought.map(({ product }) => product))].sort();
}

type Offers = Baseline['offers'];
const MIN_BUYERS = 10;
// The hint is the first that a customer lacks: hardly anybody has bought fifty.
const KEPT = 50;

/** Grows with the products of each account type, not with the customers. */
export class OfferTally {
  private readonly segments = new Map<string, { customers: number; buyers: Map<string, number> }>();

  add({ products, segment }: Pick<CustomerFacts, 'products' | 'segment'>): void {
    if (products.length === 0) return;
    const sum = this.segments.get(segment) ?? { customers: 0, buyers: new Map<string, number>() };
    this.segments.set(segment, sum);
    sum.customers += 1;
    for (const product of products) sum.buyers.set(product, (sum.buyers.get(product) ?? 0) + 1);
  }

  parts(): ReadonlyMap<string, { readonly customers: number; readonly buyers: ReadonlyMap<string, number> }> {
    return this.segments;
  }
  merge(parts: ReturnType<OfferTally['parts']>): void {
    for (const [segment, { customers, buyers }] of parts) {
      const sum = this.segments.get(segment) ?? { customers: 0, buyers: new Map<string, number>() };
      this.segments.set(segment, sum);
      sum.customers += customers;
      for (const [product, count] of buyers) sum.buyers.set(product, (sum.buyers.get(product) ?? 0) + count);
    }
  }

  result(): Offers {
    const named = [...this.segments].sort(([left], [right]) => (left < right ? -1 : 1));
    return named.map(([segment, { customers, buyers }]) => ({
      segment,
      customers,
      products: [...buyers]
        .filter(([, count]) => count >= MIN_BUYERS)
        .sort(([left, more], [right, less]) => less - more || (left < right ? -1 : 1))
        .slice(0, KEPT),
    }));
  }
}

export interface Offer {
  readonly product: string;
  /** How many of the customers of this account type with lines bought it. */
  readonly buyers: number;
  readonly customers: number;
}

/** Null: nothing that at least ten others bought, or nothing is known of what this one buys. */
export function offerFor(
  { products, segment }: Pick<CustomerFacts, 'products' | 'segment'>,
  { offers }: Pick<Baseline, 'offers'>,
): Offer | null {
  if (products.length === 0) return null;
  const similar = offers.find((one) => one.segment === segment);
  const found = similar?.products.find(([product]) => !products.includes(product));
  if (!similar || !found) return null;
  const [product, buyers] = found;
  return { product, buyers, customers: similar.customers };
}

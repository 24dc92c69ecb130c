import type { CostBasis, Day, DocumentModule, FactIssue, Minor, Purchase } from '../domain.ts';
import { minor, scaleMinor, sumToMinor, toMinor } from '../money.ts';
import type { CustomerDocument } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import { addDays } from './calendar.ts';
import { discountOf, documentPrice } from './discounts.ts';
import { unitPrices } from './lowest-prices.ts';
import { type Convert, converterFor, freightOf, type PurchaseContext } from './purchases.ts';
import { startsAWord } from './touches.ts';

/** Invoices, orders and quotes of the CRM: which are purchases, for how much and at what cost, and which are open. */

type Line = CustomerDocument['lines'][number];
interface DocumentOutcome {
  readonly purchase: Purchase | null;
  readonly issues: readonly FactIssue[];
}

const BILLED: { readonly [F in ScoringRules['purchase']['from']]: DocumentModule | null } = {
  deals: null,
  imports: null,
  orders: 'Sales_Orders',
  invoices: 'Invoices',
};

/** One of those that purchases are made of, and neither cancelled nor a draft. */
export function isCounted({ document }: CustomerDocument, { purchase }: ScoringRules): boolean {
  if (document.module !== BILLED[purchase.from]) return false;
  return !purchase.notCounted.some((word) => startsAWord(document.status ?? '', word));
}

/** A document that names no day counts from the day it was made. */
export function documentDay({ document }: CustomerDocument, { localDay }: PurchaseContext): Day {
  return document.day ?? localDay(document.createdAt);
}

export function documentPurchase(one: CustomerDocument, context: PurchaseContext): DocumentOutcome {
  const { document } = one;
  const refused = (issue: FactIssue): DocumentOutcome => ({ purchase: null, issues: [issue] });
  const convert = converterFor(document, context);
  if (convert === null) return refused('foreign_currency_withheld');
  const revenue = revenueOf(one, convert);
  if (revenue === null) return refused('document_without_amount');
  if (revenue === 0) return refused('document_with_zero_amount');
  const { module, id } = document;
  return {
    purchase: {
      dealId: null,
      document: { module, id },
      day: documentDay(one, context),
      revenue,
      ...costOf(one, revenue, convert, context),
      ...freightOf(document, convert),
      lineCount: one.lines.length,
      ...discountOf(one.lines.map(documentPrice), document),
      ...(isHome(document, context) ? unitPrices(one.lines.map(pricedLine)) : {}),
    },
    issues: revenue < 0 ? ['refund'] : [],
  };
}

function isHome({ currency }: CustomerDocument['document'], { homeCurrency }: PurchaseContext): boolean {
  return currency === null || currency === homeCurrency;
}

function pricedLine(line: Line) {
  return { product: line.product?.name ?? null, quantity: line.quantity, price: documentPrice(line) };
}

/** Net of tax: the total less its tax; where there is no total, the subtotal, else what the lines say. */
function revenueOf({ document, lines }: CustomerDocument, convert: Convert): Minor | null {
  const { total, tax, subTotal } = document;
  const inLines = taxInLines({ document, lines });
  if (total !== null) return less(convert, total, tax ?? '0', inLines);
  if (subTotal !== null) return less(convert, subTotal, inLines);
  const nets = lines.map((line) => line.netTotal ?? '0');
  if (nets.length === 0) return null;
  return sumOf(nets.map(convert));
}

/**
 * Tax of lines that the document's own tax does not name: then it hides in the subtotal, which is the sum of the lines
 * with their taxes.
 */
function taxInLines({ document, lines }: CustomerDocument): string {
  const none = '0';
  try {
    const taxes = sumToMinor(lines.map((line) => line.tax ?? none));
    const own = sumToMinor([document.tax ?? none]);
    if (taxes === 0 || taxes === own || document.subTotal === null) return none;
    const nets = sumToMinor(lines.map((line) => line.netTotal ?? none));
    return nets === sumToMinor([document.subTotal]) ? String(taxes / 100) : none;
  } catch (cause) {
    // Text that is no number, or a sum beyond exact integers: as good as not known.
    if (cause instanceof RangeError) return none;
    throw cause;
  }
}

function less(convert: Convert, from: string, ...amounts: readonly string[]): Minor | null {
  const parts = amounts.map(convert);
  const whole = convert(from);
  const taken = sumOf(parts);
  return whole === null || taken === null ? null : minor(whole - taken);
}
function sumOf(parts: readonly (Minor | null)[]): Minor | null {
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return minor(sum);
}

// Most certain first.
const BASES: readonly CostBasis[] = ['line', 'product', 'group', 'default'];

/** The mapped cost or profit of the document, else its lines, else the default margin. The least certain basis counts. */
function costOf(
  { document, lines }: CustomerDocument,
  revenue: Minor,
  convert: Convert,
  context: PurchaseContext,
): Pick<Purchase, 'directCost' | 'costBasis'> {
  const cost = document.cost === null ? null : convert(document.cost);
  if (cost !== null) return { directCost: cost, costBasis: 'deal' };
  const profit = document.profit === null ? null : convert(document.profit);
  if (profit !== null) return { directCost: minor(revenue - profit), costBasis: 'deal' };
  const costs = lines.map((line) => lineCost(line, convert, context));
  const basis = BASES.findLast((one) => costs.some((line) => line.basis === one)) ?? 'default';
  // Lines that all rest on the default say no more than the document does, discounts included.
  if (costs.every((line) => line.basis === 'default')) {
    const percent = context.rules.money.defaultMarginPercent;
    return { directCost: withoutMargin(revenue, percent), costBasis: 'default' };
  }
  const sum = costs.reduce((total, line) => total + line.amount, 0);
  // A credit note may name what was taken back as positive quantities.
  return { directCost: minor(revenue < 0 && sum > 0 ? -sum : sum), costBasis: basis };
}

interface LineCost {
  readonly basis: CostBasis;
  readonly amount: Minor;
}
function lineCost(line: Line, convert: Convert, context: PurchaseContext): LineCost {
  const { product } = line;
  const known = product === null ? null : productCost(line, context);
  if (known !== null) return { basis: 'line', amount: known };
  const net = convert(line.netTotal ?? '0') ?? minor(0);
  const base = minor(net - (convert(line.tax ?? '0') ?? 0));
  const { margins, defaultMarginPercent } = context.rules.money;
  const ofProduct = marginOf(margins.products, product?.name ?? null);
  if (ofProduct !== null) return { basis: 'product', amount: withoutMargin(base, ofProduct) };
  const ofGroup = marginOf(margins.groups, product?.category ?? null);
  if (ofGroup !== null) return { basis: 'group', amount: withoutMargin(base, ofGroup) };
  return { basis: 'default', amount: withoutMargin(base, defaultMarginPercent) };
}

/** What one unit of the product costs × how many; null where either is not known in the home currency. */
function productCost({ product, quantity }: Line, context: PurchaseContext): Minor | null {
  if (product === null || product.cost === null || quantity === null) return null;
  try {
    const unit = { value: quantity, direction: 'multiply' } as const;
    const isForeign = product.currency !== null && product.currency !== context.homeCurrency;
    if (Number(quantity) === 0) return minor(0);
    if (!isForeign) return toMinor(product.cost, unit);
    const convert = converterFor(product, context);
    const cost = convert?.(product.cost) ?? null;
    return cost === null ? null : toMinor(String(cost / 100), unit);
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

function marginOf(margins: { readonly [name: string]: number }, name: string | null): number | null {
  const key = name?.trim().toLowerCase() ?? '';
  return Object.hasOwn(margins, key) ? (margins[key] ?? null) : null;
}

function withoutMargin(amount: Minor, percent: number): Minor {
  return scaleMinor(amount, Math.round((100 - percent) * 10_000), 1_000_000);
}

/** Open business: a quote or an order that waits for its end. */
export function isOpenDocument(
  one: CustomerDocument,
  context: PurchaseContext,
  asOf: Day,
  isDecidedDeal: boolean,
): boolean {
  switch (one.document.module) {
    case 'Quotes':
      return isOpenQuote(one, context.rules, asOf, isDecidedDeal);
    case 'Sales_Orders':
      return context.rules.purchase.from !== 'orders' && isPendingOrder(one, context, asOf);
    case 'Invoices':
      return false;
  }
}

const DECIDED = /\b(closed|won|lost|declin|reject|cancel|expired|confirmed|accepted)/i;

/** Neither decided nor past its day; its deal, where we know it, is open too. */
function isOpenQuote(one: CustomerDocument, rules: ScoringRules, asOf: Day, isDecidedDeal: boolean): boolean {
  const { module, status, untilDay } = one.document;
  if (module !== 'Quotes' || isDecidedDeal || DECIDED.test(status ?? '')) return false;
  // A quote in draft is on its way: only what was cancelled is none.
  const isCancelled = rules.purchase.notCounted.some(
    (word) => word !== 'draft' && startsAWord(status ?? '', word),
  );
  return !isCancelled && (untilDay === null || untilDay >= asOf);
}

const DELIVERED =
  /\b(deliver|ship|fulfil|complet|clos|invoic|bill|geleverd|afgerond|gefactureerd)|^(zrealiz|dostarcz|leveret|afsluttet|faktur)/i;
// Who forgets to note a delivery does not keep a customer for ever.
const OVERDUE_DAYS = 90;
const UNDATED_DAYS = 180;

/** Neither delivered nor cancelled, and its day no more than three months past; without a day it stands for half a year. */
function isPendingOrder(one: CustomerDocument, context: PurchaseContext, asOf: Day): boolean {
  const { status, untilDay } = one.document;
  if (DELIVERED.test(status ?? '')) return false;
  if (context.rules.purchase.notCounted.some((word) => startsAWord(status ?? '', word))) return false;
  const until =
    untilDay === null ? addDays(documentDay(one, context), UNDATED_DAYS) : addDays(untilDay, OVERDUE_DAYS);
  return until >= asOf;
}

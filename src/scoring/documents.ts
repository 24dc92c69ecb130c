import type {
  CostBasis,
  CostKind,
  CustomerFacts,
  Day,
  FactIssue,
  Minor,
  Purchase,
  ServeCost,
} from '../domain.ts';
import { DecimalSum } from '../money.ts';
import type { CostLine, PurchaseLine } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import { discountOf, importedPrice } from './discounts.ts';
import {
  type LatePayment,
  latePaymentsOf,
  type Payment,
  type PaymentDays,
  paymentOf,
} from './late-payments.ts';
import { unitPrices } from './lowest-prices.ts';

/** Lines of imported files → documents and costs (docs/imports.md). The order of the lines does not matter. */

type MoneyRules = ScoringRules['money'];

export interface DocumentFacts {
  readonly purchases: readonly Purchase[];
  readonly issues: readonly FactIssue[];
  /** Invoices that name no deal that they bill. */
  readonly unbilled: number;
  readonly latePayments: CustomerFacts['latePayments'];
  readonly payments: CustomerFacts['payments'];
}

/** Lines of one number, kind and day are one document. `paymentFiles`: those that tell paid days; left out: all do. */
export function documentsOf(
  lines: readonly PurchaseLine[],
  rules: MoneyRules,
  asOf: Day,
  paymentFiles?: ReadonlySet<number>,
): DocumentFacts {
  const documents = new Map<string, PurchaseLine[]>();
  for (const line of lines) {
    if (line.day > asOf) continue;
    const key = documentKey(line);
    const known = documents.get(key);
    if (known) known.push(line);
    else documents.set(key, [line]);
  }
  const purchases: Purchase[] = [];
  const issues: FactIssue[] = [];
  let unbilled = 0;
  const latePayments: LatePayment[] = [];
  const payments: Payment[] = [];
  for (const key of [...documents.keys()].sort()) {
    const document = documents.get(key) ?? [];
    if (document.some(isWithheld)) {
      issues.push('foreign_document_withheld');
      continue;
    }
    const purchase = purchaseOf(document, rules);
    if (purchase.revenue === 0 && purchase.directCost === 0) continue;
    if (purchase.revenue < 0) issues.push('refund');
    else if (document.some(({ dealId }) => dealId === null)) unbilled += 1;
    purchases.push(purchase);
    const days = daysOf(document);
    const isFollowed = document.some(({ importId }) => paymentFiles?.has(importId) ?? true);
    latePayments.push(...latePaymentsOf(purchase, { ...days, isFollowed }, asOf));
    const payment = purchase.revenue > 0 ? paymentOf(days, asOf) : null;
    if (payment) payments.push(payment);
  }
  return { purchases, issues, unbilled, latePayments, payments };
}

/** The latest day that a line names: a document is paid when all of it is. */
function daysOf(lines: readonly PurchaseLine[]): Pick<PaymentDays, 'due' | 'paid'> {
  const latest = (days: readonly (Day | null)[]) =>
    days
      .filter((day) => day !== null)
      .sort()
      .at(-1) ?? null;
  return {
    due: latest(lines.map(({ dueDay }) => dueDay)),
    paid: latest(lines.map(({ paidDay }) => paidDay)),
  };
}

function documentKey({ importId, line, number, kind, day }: PurchaseLine): string {
  return JSON.stringify(number === null ? [day, importId, line] : [day, number, kind]);
}

/** A foreign amount without a rate cannot be told in home currency without guessing. */
function isWithheld({ currency, rate }: { currency: string | null; rate: string | null }): boolean {
  return currency !== null && rate === null;
}

// Most certain first.
const BASES = ['line', 'product', 'group', 'default'] as const satisfies readonly CostBasis[];

/** Summed exactly and rounded once: an invoice of three lines of 0.004 is 0.01, not 0. */
function purchaseOf(lines: readonly PurchaseLine[], rules: MoneyRules): Purchase {
  const revenue = new DecimalSum();
  const directCost = new DecimalSum();
  const counts: { [B in CostBasis]?: number } = {};
  for (const line of lines) {
    const rate = line.rate ?? 1;
    revenue.add(line.amount, rate);
    const { basis, factors } = costOf(line, rules);
    directCost.add(...factors, rate);
    counts[basis] = (counts[basis] ?? 0) + 1;
  }
  return {
    dealId: null,
    day: lines[0]?.day ?? '',
    revenue: revenue.toMinor(),
    directCost: directCost.toMinor(),
    costBasis: BASES.findLast((basis) => counts[basis]) ?? 'line',
    lineCount: lines.length,
    ...discountOf(lines.map(importedPrice)),
    ...unitPrices(
      lines
        .filter(({ currency }) => currency === null)
        // A list price without a quantity is that of one.
        .map((line) => ({
          product: line.product,
          quantity: line.quantity ?? (line.listPrice === null ? null : '1'),
          price: importedPrice(line),
        })),
    ),
    lines: counts,
  };
}

/** The line's own cost, else what the margin of its product, of its group, or of everything leaves. */
function costOf(line: PurchaseLine, rules: MoneyRules): { basis: CostBasis; factors: readonly string[] } {
  if (line.cost !== null) return { basis: 'line', factors: [line.cost] };
  const ofProduct = marginOf(rules.margins.products, line.product);
  if (ofProduct !== null) return { basis: 'product', factors: [line.amount, costShare(ofProduct)] };
  const ofGroup = marginOf(rules.margins.groups, line.group);
  if (ofGroup !== null) return { basis: 'group', factors: [line.amount, costShare(ofGroup)] };
  return { basis: 'default', factors: [line.amount, costShare(rules.defaultMarginPercent)] };
}

function marginOf(margins: { readonly [name: string]: number }, name: string | null): number | null {
  const key = name?.trim().toLowerCase() ?? '';
  return Object.hasOwn(margins, key) ? (margins[key] ?? null) : null;
}

/** Exact: percentages have four decimals at most. */
function costShare(marginPercent: number): string {
  return `${Math.round((100 - marginPercent) * 10_000)}e-6`;
}

const KINDS: readonly CostKind[] = [
  'service',
  'freight',
  'returns',
  'travel',
  'marketing',
  'acquisition',
  'other',
];

export interface CostFacts {
  readonly costs: readonly ServeCost[];
  readonly issues: readonly FactIssue[];
}

/** Kinds that are not ours count as other. */
export function costsOf(lines: readonly CostLine[], asOf: Day): CostFacts {
  const costs: ServeCost[] = [];
  const issues: FactIssue[] = [];
  for (const line of lines) {
    if (line.day > asOf) continue;
    if (isWithheld(line)) {
      issues.push('foreign_cost_withheld');
      continue;
    }
    costs.push({
      day: line.day,
      kind: KINDS.find((kind) => kind === line.kind) ?? 'other',
      amount: amountOf(line),
      seconds: line.minutes === null ? 0 : Math.round(Number(line.minutes) * 60),
    });
  }
  return { costs, issues };
}

function amountOf({ amount, rate }: CostLine): Minor | null {
  return amount === null ? null : new DecimalSum().add(amount, rate ?? 1).toMinor();
}

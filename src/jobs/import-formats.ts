import { closest, distance } from 'fastest-levenshtein';
import type { ContributionKind } from '../domain.ts';
import type { PurchaseLine } from '../records.ts';
import type { ImportKind, NewLines } from '../store/import-stores.ts';
import { type LineCells, negated, shown } from './import-cells.ts';

/** The columns of each kind of file and what a line of it becomes (docs/imports.md). */

export interface ImportFormat<K extends ImportKind> {
  /** Column names and what else they may be called. */
  readonly columns: { readonly [name: string]: readonly string[] };
  /** Of each group the file must have at least one column. */
  readonly required: readonly (readonly string[])[];
  /** What is wrong with the line is told to the cells; the result then is not used. */
  readonly line: (cells: LineCells, line: number) => NewLines[K];
}

const CUSTOMER = {
  account_id: ['zoho_account_id'],
  account_number: ['customer_number'],
  contact_id: ['zoho_contact_id'],
  record_id: [],
} as const;
const CUSTOMER_COLUMNS = Object.keys(CUSTOMER);
const DATE = { date: ['day'] } as const;
const FOREIGN = { currency: [], rate: ['exchange_rate'] } as const;

function customerOf(cells: LineCells, orDeal: string | null = null): ReturnType<LineCells['customer']> {
  const before = cells.problems.length;
  const customer = cells.customer();
  const names = [customer.accountId, customer.accountNumber, customer.contactId, orDeal];
  if (names.every((name) => name === null) && cells.problems.length === before) {
    cells.problem('names no customer; fill account_id, account_number or contact_id');
  }
  return customer;
}

const purchases: ImportFormat<'purchases'> = {
  columns: {
    ...CUSTOMER,
    ...DATE,
    number: ['document', 'document_number', 'invoice', 'invoice_number', 'invoice_no'],
    type: ['document_type', 'kind'],
    line: ['line_number', 'position'],
    product: ['item', 'product_name', 'sku'],
    group: ['product_group', 'category', 'product_category'],
    quantity: ['qty'],
    amount: ['net_amount', 'net'],
    list_price: ['unit_list_price'],
    discount_percent: [],
    cost: ['cost_amount', 'direct_cost'],
    ...FOREIGN,
    deal_id: ['zoho_deal_id'],
    due_date: ['due_day', 'due'],
    paid_date: ['paid_day', 'paid_on', 'payment_date'],
  },
  required: [[...CUSTOMER_COLUMNS, 'deal_id'], ['date'], ['amount']],
  line(cells, line) {
    const dealId = cells.id('deal_id');
    const customer = customerOf(cells, dealId);
    const kind = documentKind(cells);
    const given = cells.money('amount');
    if (given === null && cells.text('amount') === null) cells.problem('amount is missing');
    const amount = signed(given ?? '0', kind);
    const cost = cells.money('cost');
    const isGivenBack = kind === 'credit_note' || (kind === null && amount.startsWith('-'));
    return {
      line,
      day: cells.day('date'),
      ...customer,
      dealId,
      throughDeal: dealId !== null && Object.values(customer).every((name) => name === null),
      number: cells.text('number'),
      kind,
      product: cells.text('product'),
      group: cells.text('group'),
      quantity: cells.decimal('quantity'),
      amount,
      listPrice: cells.money('list_price'),
      discountPercent: cells.between('discount_percent', 0, 100),
      cost: cost !== null && isGivenBack && !cost.startsWith('-') ? negated(cost) : cost,
      ...cells.currency(amount, cost),
      dueDay: cells.maybeDay('due_date'),
      paidDay: cells.maybeDay('paid_date'),
    };
  },
};

/** A credit note gives its amount back, whichever sign the other system writes. */
function signed(amount: string, kind: PurchaseLine['kind']): string {
  return kind === 'credit_note' && !amount.startsWith('-') ? negated(amount) : amount;
}

const CREDIT_WORDS = /^(credit|creditnote|credit_memo|refund|cn|return)$/;
function documentKind(cells: LineCells): PurchaseLine['kind'] {
  const value = cells.text('type');
  if (value === null) return null;
  const word = wordOf(value);
  if (word === 'invoice' || word === 'credit_note') return word;
  if (CREDIT_WORDS.test(word)) return 'credit_note';
  cells.problem(`type ${shown(value)} is neither invoice nor credit_note`);
  return null;
}

function wordOf(value: string): string {
  return value.toLowerCase().replace(/[\s-]+/g, '_');
}

const COST_KINDS = ['service', 'freight', 'returns', 'travel', 'marketing', 'acquisition', 'other'];
const MOST_MINUTES = 100_000;

const costs: ImportFormat<'costs'> = {
  columns: {
    ...CUSTOMER,
    ...DATE,
    kind: ['type', 'cost_kind'],
    amount: ['cost', 'net_amount'],
    minutes: ['minutes_spent'],
    note: ['description', 'comment'],
    ...FOREIGN,
  },
  required: [CUSTOMER_COLUMNS, ['date'], ['kind'], ['amount', 'minutes']],
  line(cells, line) {
    const customer = customerOf(cells);
    const amount = cells.money('amount');
    const minutes = cells.between('minutes', 0, MOST_MINUTES);
    if (cells.text('amount') === null && cells.text('minutes') === null) {
      cells.problem('names no cost; fill amount or minutes');
    }
    return {
      line,
      day: cells.day('date'),
      ...customer,
      kind: costKind(cells),
      amount,
      minutes,
      note: cells.text('note'),
      ...cells.currency(amount),
    };
  },
};

/** A kind of the file's own counts as other; one that is nearly ours was mistyped. */
function costKind(cells: LineCells): string {
  const value = cells.text('kind');
  if (value === null) {
    cells.problem(`kind is missing; give one of ${COST_KINDS.join(', ')}, or a word of yours`);
    return 'other';
  }
  const kind = wordOf(value);
  const near = closest(kind, COST_KINDS);
  if (kind !== near && distance(kind, near) <= 2)
    cells.problem(`kind ${shown(value)}: did you mean ${near}?`);
  return kind;
}

const CONTRIBUTIONS = [
  'referral',
  'case_study',
  'testimonial',
  'review',
] as const satisfies ContributionKind[];

const contributions: ImportFormat<'contributions'> = {
  columns: { ...CUSTOMER, ...DATE, kind: ['type'], amount: ['value'], note: ['description', 'comment'] },
  required: [CUSTOMER_COLUMNS, ['date'], ['kind']],
  line(cells, line) {
    const word = wordOf(cells.text('kind') ?? '');
    const kind = CONTRIBUTIONS.find((one) => one === word);
    if (!kind) cells.problem(`kind ${shown(word)} is none of ${CONTRIBUTIONS.join(', ')}`);
    const amount = cells.money('amount');
    if (amount?.startsWith('-')) cells.problem('amount is below 0: a contribution has a value');
    return {
      line,
      day: cells.day('date'),
      ...customerOf(cells),
      kind: kind ?? 'referral',
      amount,
      note: cells.text('note'),
    };
  },
};

const referrals: ImportFormat<'referrals'> = {
  columns: {
    referred_id: ['referred', ...CUSTOMER_COLUMNS.filter((name) => name !== 'account_number')],
    referred_number: ['account_number'],
    referrer_id: ['referrer', 'referred_by', 'referred_by_id'],
    referrer_number: ['referred_by_number'],
    ...DATE,
  },
  required: [['referred_id', 'referred_number'], ['referrer_id', 'referrer_number'], ['date']],
  line(cells, line) {
    const id = cells.id('referred_id');
    const referrerId = cells.id('referrer_id');
    const number = cells.text('referred_number');
    const referrerNumber = cells.text('referrer_number');
    if (cells.text('referred_id') === null && number === null)
      cells.problem('names nobody who was referred; fill referred_id or referred_number');
    if (cells.text('referrer_id') === null && referrerNumber === null)
      cells.problem('names no referrer; fill referrer_id or referrer_number');
    return {
      line,
      day: cells.day('date'),
      accountId: id,
      accountNumber: id === null ? number : null,
      contactId: id,
      referrerId,
      referrerNumber: referrerId === null ? referrerNumber : null,
    };
  },
};

export const IMPORT_FORMATS: { readonly [K in ImportKind]: ImportFormat<K> } = {
  purchases,
  costs,
  contributions,
  referrals,
};

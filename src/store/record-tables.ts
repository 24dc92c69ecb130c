import type { CustomerInputs, DocumentModule, FieldValues, ModuleName } from '../domain.ts';
import type {
  AccountRecord,
  ActivityModule,
  ActivityRecord,
  CaseRecord,
  ContactRecord,
  DealRecord,
  DocumentRecord,
  LeadRecord,
  ProductRecord,
  RecordByModule,
} from '../records.ts';
import type { ColumnType } from './dialect.ts';
import { fromJson, storable, toJson } from './rows.ts';
import type { Tables } from './tables.ts';
import { TERMS_COLUMNS, termsOf, termsValues } from './terms-columns.ts';

/** How each record lies in its table: the columns, the values of a record, the record of a row. */

type RecordTableName =
  | 'accounts'
  | 'contacts'
  | 'leads'
  | 'deals'
  | 'activities'
  | 'cases'
  | 'products'
  | 'documents';
type Column = { readonly name: string; readonly type: ColumnType };
type Stored = Pick<AccountRecord, 'id' | 'createdAt' | 'modifiedAt' | 'ownerId' | 'ours'>;

export interface RecordTable<R extends Stored> {
  readonly table: RecordTableName & keyof Tables;
  /** Without the columns that every record has. */
  readonly columns: readonly Column[];
  /** In the order of `columns`. */
  readonly values: (record: R) => unknown[];
  /** Cells in the order of `readColumns`. */
  readonly record: (cells: readonly unknown[]) => R;
  /** Columns that say whose record it is; null where none does. */
  readonly parents: readonly string[];
}

export const COMMON_COLUMNS: readonly Column[] = [
  { name: 'connection_id', type: 'text' },
  { name: 'id', type: 'text' },
  { name: 'created_at', type: 'timestamptz' },
  { name: 'modified_at', type: 'timestamptz' },
  { name: 'owner_id', type: 'text' },
  { name: 'ours', type: 'text' },
  { name: 'input_hash', type: 'text' },
  { name: 'deleted_at', type: 'timestamptz' },
  { name: 'seen_at', type: 'timestamptz' },
];
const READ_FIRST = ['id', 'created_at', 'modified_at', 'owner_id', 'ours'];

export function readColumns(table: Pick<RecordTable<never>, 'columns'>): string[] {
  return [...READ_FIRST, ...table.columns.map((column) => column.name)];
}

const NOTHING: FieldValues = Object.freeze({});
/** Most records hold none of our fields, and parsing a million empty objects takes a second. */
export function oursOf(text: unknown): FieldValues {
  return text === '{}' ? NOTHING : fromJson(text as string); // the column is text and never null
}
export function commonValues(connection: string, record: Stored, inputHash: string, seenAt: Date): unknown[] {
  const { id, createdAt, modifiedAt, ownerId, ours } = record;
  return [connection, id, createdAt, modifiedAt, ownerId, toJson(ours), inputHash, null, seenAt];
}

// Each cell comes from the column that its place names, whose type the schema sets.
const text = (cell: unknown) => cell as string;
const maybe = (cell: unknown) => cell as string | null;
const instant = (cell: unknown) => cell as Date;
const maybeInstant = (cell: unknown) => cell as Date | null;
const flag = (cell: unknown) => cell as boolean;
const maybeNumber = (cell: unknown) => cell as number | null;
const NO_INPUTS: CustomerInputs = Object.freeze({});
const inputsOf = (cell: unknown): CustomerInputs => (cell === '{}' ? NO_INPUTS : fromJson(cell as string));
const kept = (value: string | null) => (value === null ? null : storable(value));

const textColumns = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'text' }));

const ACCOUNTS: RecordTable<AccountRecord> = {
  table: 'accounts',
  columns: textColumns(
    'name',
    'parent_id',
    'account_type',
    'source',
    'number',
    'kept_contact_day',
    'inputs',
    ...TERMS_COLUMNS,
  ),
  parents: ['parent_id'],
  values: (r) => [
    storable(r.name),
    r.parentId,
    kept(r.accountType),
    kept(r.source),
    kept(r.number),
    r.keptContactDay,
    toJson(r.inputs),
    ...termsValues(r.terms),
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    name: text(c[5]),
    parentId: maybe(c[6]),
    accountType: maybe(c[7]),
    source: maybe(c[8]),
    number: maybe(c[9]),
    keptContactDay: maybe(c[10]),
    inputs: inputsOf(c[11]),
    terms: termsOf(c, 12),
  }),
};

const CONTACTS: RecordTable<ContactRecord> = {
  table: 'contacts',
  columns: textColumns('name', 'account_id', 'source', 'kept_contact_day', 'inputs', ...TERMS_COLUMNS),
  parents: ['account_id'],
  values: (r) => [
    storable(r.name),
    r.accountId,
    kept(r.source),
    r.keptContactDay,
    toJson(r.inputs),
    ...termsValues(r.terms),
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    name: text(c[5]),
    accountId: maybe(c[6]),
    source: maybe(c[7]),
    keptContactDay: maybe(c[8]),
    inputs: inputsOf(c[9]),
    terms: termsOf(c, 10),
  }),
};

const LEADS: RecordTable<LeadRecord> = {
  table: 'leads',
  columns: [
    ...textColumns('name', 'source', 'status', 'rating'),
    { name: 'converted', type: 'boolean' },
    { name: 'converted_at', type: 'timestamptz' },
    ...textColumns('converted_account_id', 'converted_contact_id', 'converted_deal_id'),
  ],
  parents: ['converted_account_id', 'converted_contact_id'],
  values: (r) => [
    storable(r.name),
    kept(r.source),
    kept(r.status),
    kept(r.rating),
    r.converted,
    r.convertedAt,
    r.convertedAccountId,
    r.convertedContactId,
    r.convertedDealId,
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    name: text(c[5]),
    source: maybe(c[6]),
    status: maybe(c[7]),
    rating: maybe(c[8]),
    converted: flag(c[9]),
    convertedAt: maybeInstant(c[10]),
    convertedAccountId: maybe(c[11]),
    convertedContactId: maybe(c[12]),
    convertedDealId: maybe(c[13]),
  }),
};

const DEALS: RecordTable<DealRecord> = {
  table: 'deals',
  columns: [
    ...textColumns('name', 'account_id', 'contact_id', 'amount', 'cost', 'profit', 'currency'),
    ...textColumns(
      'exchange_rate',
      'stage',
      'pipeline',
      'closing_day',
      'source',
      'loss_reason',
      'won_seen_on',
    ),
    { name: 'won_at_first_sync', type: 'boolean' },
    ...textColumns('freight'),
  ],
  parents: ['account_id', 'contact_id'],
  values: (r) => [
    storable(r.name),
    r.accountId,
    r.contactId,
    r.amount,
    r.cost,
    r.profit,
    r.currency,
    r.exchangeRate,
    kept(r.stage),
    kept(r.pipeline),
    r.closingDay,
    kept(r.source),
    kept(r.lossReason),
    r.wonSeenOn,
    r.wonAtFirstSync,
    r.freight,
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    name: text(c[5]),
    accountId: maybe(c[6]),
    contactId: maybe(c[7]),
    amount: maybe(c[8]),
    cost: maybe(c[9]),
    profit: maybe(c[10]),
    currency: maybe(c[11]),
    exchangeRate: maybe(c[12]),
    stage: maybe(c[13]),
    pipeline: maybe(c[14]),
    closingDay: maybe(c[15]),
    source: maybe(c[16]),
    lossReason: maybe(c[17]),
    wonSeenOn: maybe(c[18]),
    wonAtFirstSync: flag(c[19]),
    freight: maybe(c[20]),
  }),
};

const ACTIVITIES: RecordTable<ActivityRecord> = {
  table: 'activities',
  columns: [
    ...textColumns('module', 'subject', 'what_id', 'who_id', 'status', 'call_type'),
    { name: 'start_at', type: 'timestamptz' },
    { name: 'end_at', type: 'timestamptz' },
    { name: 'duration_seconds', type: 'bigint' },
    { name: 'due_day', type: 'text' },
    { name: 'closed_at', type: 'timestamptz' },
    { name: 'cancelled', type: 'boolean' },
    { name: 'cv_ref', type: 'text' },
    { name: 'minutes_spent', type: 'bigint' },
    ...textColumns('kilometres'),
  ],
  parents: ['what_id', 'who_id'],
  values: (r) => [
    r.module,
    storable(r.subject),
    r.whatId,
    r.whoId,
    kept(r.status),
    kept(r.callType),
    r.startAt,
    r.endAt,
    r.durationSeconds,
    r.dueDay,
    r.closedAt,
    r.cancelled,
    kept(r.cvRef),
    r.minutesSpent,
    r.kilometres,
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    module: text(c[5]) as ActivityModule, // written from an ActivityRecord only
    subject: text(c[6]),
    whatId: maybe(c[7]),
    whoId: maybe(c[8]),
    status: maybe(c[9]),
    callType: maybe(c[10]),
    startAt: maybeInstant(c[11]),
    endAt: maybeInstant(c[12]),
    durationSeconds: maybeNumber(c[13]),
    dueDay: maybe(c[14]),
    closedAt: maybeInstant(c[15]),
    cancelled: flag(c[16]),
    cvRef: maybe(c[17]),
    minutesSpent: maybeNumber(c[18]),
    kilometres: maybe(c[19]),
  }),
};

const CASES: RecordTable<CaseRecord> = {
  table: 'cases',
  columns: [
    ...textColumns('subject', 'account_id', 'contact_id', 'deal_id', 'status', 'priority'),
    { name: 'minutes_spent', type: 'bigint' },
    { name: 'due_day', type: 'text' },
  ],
  parents: ['account_id', 'contact_id'],
  values: (r) => [
    storable(r.subject),
    r.accountId,
    r.contactId,
    r.dealId,
    kept(r.status),
    kept(r.priority),
    r.minutesSpent,
    r.dueDay,
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    subject: text(c[5]),
    accountId: maybe(c[6]),
    contactId: maybe(c[7]),
    dealId: maybe(c[8]),
    status: maybe(c[9]),
    priority: maybe(c[10]),
    minutesSpent: maybeNumber(c[11]),
    dueDay: maybe(c[12]),
  }),
};

const PRODUCTS: RecordTable<ProductRecord> = {
  table: 'products',
  columns: [
    ...textColumns('name', 'code', 'category'),
    { name: 'active', type: 'boolean' },
    ...textColumns('cost', 'currency', 'exchange_rate'),
  ],
  parents: [],
  values: (r) => [
    storable(r.name),
    kept(r.code),
    kept(r.category),
    r.active,
    r.cost,
    kept(r.currency),
    r.exchangeRate,
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    name: text(c[5]),
    code: maybe(c[6]),
    category: maybe(c[7]),
    active: flag(c[8]),
    cost: maybe(c[9]),
    currency: maybe(c[10]),
    exchangeRate: maybe(c[11]),
  }),
};

const DOCUMENTS: RecordTable<DocumentRecord> = {
  table: 'documents',
  columns: textColumns(
    'module',
    'name',
    'number',
    'account_id',
    'contact_id',
    'deal_id',
    'status',
    'day',
    'until_day',
    'sub_total',
    'tax',
    'total',
    'cost',
    'profit',
    'currency',
    'exchange_rate',
    'freight',
    'paid_day',
  ),
  parents: ['account_id', 'contact_id'],
  values: (r) => [
    r.module,
    storable(r.name),
    kept(r.number),
    r.accountId,
    r.contactId,
    r.dealId,
    kept(r.status),
    r.day,
    r.untilDay,
    r.subTotal,
    r.tax,
    r.total,
    r.cost,
    r.profit,
    kept(r.currency),
    r.exchangeRate,
    r.freight,
    r.paidDay,
  ],
  record: (c) => ({
    id: text(c[0]),
    createdAt: instant(c[1]),
    modifiedAt: instant(c[2]),
    ownerId: maybe(c[3]),
    ours: oursOf(c[4]),
    module: text(c[5]) as DocumentModule, // written from a DocumentRecord only
    name: text(c[6]),
    number: maybe(c[7]),
    accountId: maybe(c[8]),
    contactId: maybe(c[9]),
    dealId: maybe(c[10]),
    status: maybe(c[11]),
    day: maybe(c[12]),
    untilDay: maybe(c[13]),
    subTotal: maybe(c[14]),
    tax: maybe(c[15]),
    total: maybe(c[16]),
    cost: maybe(c[17]),
    profit: maybe(c[18]),
    currency: maybe(c[19]),
    exchangeRate: maybe(c[20]),
    freight: maybe(c[21]),
    paidDay: maybe(c[22]),
  }),
};

export const RECORD_TABLES: { readonly [M in ModuleName]: RecordTable<RecordByModule[M]> } = {
  Accounts: ACCOUNTS,
  Contacts: CONTACTS,
  Leads: LEADS,
  Deals: DEALS,
  Tasks: ACTIVITIES,
  Calls: ACTIVITIES,
  Events: ACTIVITIES,
  Cases: CASES,
  Products: PRODUCTS,
  Notes: ACTIVITIES,
  Quotes: DOCUMENTS,
  Sales_Orders: DOCUMENTS,
  Invoices: DOCUMENTS,
};

/** Modules that share a table, whose rows say which is theirs. */
export function isShared({ table }: Pick<RecordTable<never>, 'table'>): boolean {
  return table === 'activities' || table === 'documents';
}

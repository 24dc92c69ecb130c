import { hash } from 'node:crypto';
import type {
  Day,
  DocumentModule,
  FieldKey,
  FieldValue,
  FieldValues,
  ModuleName,
  RecordId,
} from '../domain.ts';
import type { DealOutcome, DocumentRecord, RecordByModule } from '../records.ts';
import type { ZohoRow } from '../zoho/records.ts';
import {
  booleanOf,
  dayOfValue,
  decimalOf,
  idOf,
  instantOf,
  integerOf,
  oneForm,
  textOf,
} from '../zoho/values.ts';
import type { Columns, OurColumn } from './columns.ts';
import { customerTerms } from './customer-terms.ts';
import { domainOf } from './domain-of.ts';
import { customerInputs, minutesSpent } from './filled-in.ts';
import type { InputName } from './inputs.ts';

/** Zoho rows, from JSON or from bulk CSV, become our records. What cannot is set aside with its reason. */

export interface RowContext {
  readonly columns: Columns;
  readonly outcomeOf: (pipeline: string | null, stage: string | null) => DealOutcome;
  /** Day of this sync in the org's zone. */
  readonly today: Day;
  readonly firstSync: boolean;
}
interface ParsedRow<M extends ModuleName> {
  readonly record: RecordByModule[M];
  readonly inputHash: string;
}
export type RowOutcome<M extends ModuleName> =
  | ({ readonly ok: true } & ParsedRow<M>)
  | { readonly ok: false; readonly recordId: RecordId; readonly reason: string };

const NUMERIC = new Set(['integer', 'bigint', 'double', 'currency', 'percent', 'decimal']);

function ourValue({ dataType, options }: OurColumn, value: unknown): FieldValue {
  if (NUMERIC.has(dataType)) {
    const text = decimalOf(value);
    return text === null ? null : Number(text);
  }
  if (dataType === 'boolean')
    return value === null || value === undefined || value === '' ? null : booleanOf(value);
  if (dataType === 'date') return dayOfValue(value);
  const text = textOf(value);
  return text === null ? null : (options.get(text) ?? text);
}

function oursOf(row: ZohoRow, columns: Columns): FieldValues {
  const ours: { [K in FieldKey]?: FieldValue } = {};
  for (const column of columns.ours) {
    const { key } = column;
    const { apiName } = column.mapped;
    if (Object.hasOwn(row, apiName)) ours[key] = ourValue(column, inOneForm(row, apiName, columns.shapes));
  }
  return ours;
}

/** The value of a field as every way of reading gives it. */
export function inOneForm(row: ZohoRow, name: string, shapes: Columns['shapes']): unknown {
  const shape = shapes.size > 0 ? shapes.get(name) : undefined;
  // A key that is not there says that nothing was told of it.
  return shape && Object.hasOwn(row, name) ? oneForm(row[name], shape.dataType, shape.options) : row[name];
}

/** The value of an input, wherever this org keeps it; undefined where it is not read. */
type At<M extends ModuleName> = (input: InputName<M>) => unknown;

function personName(at: At<'Contacts' | 'Leads'>): string {
  const parts = [textOf(at('firstName')), textOf(at('lastName'))].filter((part) => part !== null).join(' ');
  return textOf(at('fullName')) ?? (parts || '');
}

/** "10:05" is minutes:seconds; the number of seconds is preferred where Zoho gives it. */
function callSeconds(at: At<'Calls'>): number | null {
  const seconds = integerOf(at('durationSeconds'));
  if (seconds !== null) return seconds;
  const match = /^(\d+):(\d{1,2})(?::(\d{1,2}))?$/.exec(textOf(at('duration')) ?? '');
  if (!match) return null;
  const parts = match
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}

const CANCELLED = /cancel/i;

function activityBase(base: Base, { columns }: RowContext, row: ZohoRow) {
  return {
    ...base,
    callType: null,
    startAt: null,
    endAt: null,
    durationSeconds: null,
    minutesSpent: minutesSpent(row, columns),
    kilometres: null,
    dueDay: null,
    closedAt: null,
    cancelled: false,
    cvRef: typeof base.ours.cv_ref === 'string' ? base.ours.cv_ref : null,
  };
}

interface Base {
  readonly id: RecordId;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly ownerId: RecordId | null;
  readonly ours: FieldValues;
}

function salesDocument(module: DocumentModule, at: At<DocumentModule>, base: Base): DocumentRecord {
  return {
    ...base,
    module,
    name: textOf(at('name')) ?? '',
    number: textOf(at('number')),
    accountId: idOf(at('account')),
    contactId: idOf(at('contact')),
    dealId: idOf(at('deal')),
    status: textOf(at('status')),
    day: dayOfValue(at('date')),
    untilDay: dayOfValue(at('until')),
    paidDay: null,
    subTotal: decimalOf(at('subTotal')),
    discount: decimalOf(at('discount')),
    tax: decimalOf(at('tax')),
    total: decimalOf(at('total')),
    cost: decimalOf(at('cost')),
    profit: decimalOf(at('profit')),
    freight: decimalOf(at('freight')),
    currency: textOf(at('currency')),
    exchangeRate: decimalOf(at('exchangeRate')),
  };
}

type Builders = {
  readonly [M in ModuleName]: (at: At<M>, base: Base, context: RowContext, row: ZohoRow) => RecordByModule[M];
};
const BUILD: Builders = {
  Accounts: (at, base, { columns }, row) => ({
    ...base,
    name: textOf(at('name')) ?? '',
    parentId: idOf(at('parent')),
    accountType: textOf(at('type')),
    number: textOf(at('number')),
    source: textOf(at('source')),
    keptContactDay: dayOfValue(at('lastContact')),
    inputs: customerInputs(row, columns),
    domain: domainOf(textOf(at('website'))),
    terms: customerTerms(at),
  }),
  Contacts: (at, base, { columns }, row) => ({
    ...base,
    name: personName(at),
    accountId: idOf(at('account')),
    source: textOf(at('source')),
    keptContactDay: dayOfValue(at('lastContact')),
    inputs: customerInputs(row, columns),
    domain: domainOf(textOf(at('email'))),
    terms: customerTerms(at),
  }),
  Leads: (at, base) => ({
    ...base,
    name: textOf(at('company')) ?? personName(at),
    source: textOf(at('source')),
    status: textOf(at('status')),
    rating: textOf(at('rating')),
    converted: booleanOf(at('converted')),
    convertedAt: instantOf(at('convertedAt')),
    convertedAccountId: idOf(at('convertedAccount')),
    convertedContactId: idOf(at('convertedContact')),
    convertedDealId: idOf(at('convertedDeal')),
    company: textOf(at('company')),
    domain: domainOf(textOf(at('email'))),
  }),
  Deals: (at, base, { outcomeOf, today, firstSync }) => {
    const stage = textOf(at('stage'));
    const pipeline = textOf(at('pipeline'));
    const isWon = outcomeOf(pipeline, stage) === 'won';
    return {
      ...base,
      name: textOf(at('name')) ?? '',
      accountId: idOf(at('account')),
      contactId: idOf(at('contact')),
      amount: decimalOf(at('amount')),
      cost: decimalOf(at('cost')),
      profit: decimalOf(at('profit')),
      freight: decimalOf(at('freight')),
      currency: textOf(at('currency')),
      exchangeRate: decimalOf(at('exchangeRate')),
      stage,
      pipeline,
      closingDay: dayOfValue(at('purchaseDate')),
      source: textOf(at('source')),
      lossReason: textOf(at('lossReason')),
      wonSeenOn: isWon ? today : null,
      wonAtFirstSync: isWon && firstSync,
    };
  },
  Tasks: (at, base, context, row) => ({
    ...activityBase(base, context, row),
    module: 'Tasks',
    subject: textOf(at('subject')) ?? '',
    whatId: idOf(at('what')),
    whoId: idOf(at('who')),
    status: textOf(at('status')),
    dueDay: dayOfValue(at('due')),
    closedAt: instantOf(at('closed')),
  }),
  Calls: (at, base, context, row) => ({
    ...activityBase(base, context, row),
    module: 'Calls',
    subject: textOf(at('subject')) ?? '',
    whatId: idOf(at('what')),
    whoId: idOf(at('who')),
    status: textOf(at('status')),
    callType: textOf(at('type')),
    startAt: instantOf(at('start')),
    durationSeconds: callSeconds(at),
    // A cancelled call is neither a contact nor an appointment.
    cancelled: CANCELLED.test(textOf(at('status')) ?? ''),
  }),
  Events: (at, base, context, row) => ({
    ...activityBase(base, context, row),
    module: 'Events',
    subject: textOf(at('subject')) ?? '',
    whatId: idOf(at('what')),
    whoId: idOf(at('who')),
    status: null,
    startAt: instantOf(at('start')),
    endAt: instantOf(at('end')),
    kilometres: decimalOf(at('kilometres')),
    cancelled: booleanOf(row.$event_cancelled),
  }),
  Cases: (at, base, { columns }, row) => ({
    ...base,
    subject: textOf(at('subject')) ?? '',
    accountId: idOf(at('account')),
    contactId: idOf(at('contact')),
    dealId: idOf(at('deal')),
    status: textOf(at('status')),
    priority: textOf(at('priority')),
    dueDay: dayOfValue(at('due')),
    minutesSpent: minutesSpent(row, columns),
  }),
  Products: (at, base) => ({
    ...base,
    name: textOf(at('name')) ?? '',
    code: textOf(at('code')),
    category: textOf(at('category')),
    active: at('active') === undefined || booleanOf(at('active')),
    cost: decimalOf(at('cost')),
    currency: textOf(at('currency')),
    exchangeRate: decimalOf(at('exchangeRate')),
  }),
  // The text of a note is nobody's business here: its title is all that is kept.
  Notes: (at, base, context, row) => ({
    ...activityBase(base, context, row),
    module: 'Notes',
    subject: textOf(at('title')) ?? '',
    whatId: idOf(at('parent')),
    whoId: null,
    status: null,
  }),
  Quotes: (at, base) => salesDocument('Quotes', at, base),
  Sales_Orders: (at, base) => salesDocument('Sales_Orders', at, base),
  Invoices: (at, base) => ({
    ...salesDocument('Invoices', at, base),
    paidDay: dayOfValue(at('paid')),
  }),
};

/** Our own writes change modifiedAt and ours, and when we saw a deal won is ours too: none of it is input. */
const NO_INPUT: ReadonlySet<string> = new Set(['ours', 'modifiedAt', 'wonSeenOn', 'wonAtFirstSync']);

/**
 * Changes when an input does. The values stand in the order in which the builders above name them: when that order
 * changes, every record counts as changed once more, and nothing else happens.
 */
function inputHash(record: object): string {
  const values: unknown[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (!NO_INPUT.has(name)) values.push(value instanceof Date ? value.getTime() : value);
  }
  return hash('sha256', JSON.stringify(values), 'base64url').slice(0, 22);
}

const ID = /^\d{5,20}$/;

export function toRecord<M extends ModuleName>(module: M, row: ZohoRow, context: RowContext): RowOutcome<M> {
  const { id } = row;
  // Set aside under what it calls itself, so that a second reading finds it again.
  if (!ID.test(id)) return { ok: false, recordId: id.slice(0, 64), reason: 'its id is no Zoho id' };
  const { names, shapes } = context.columns;
  const at = (input: string): unknown => {
    const name = names[input];
    return name === undefined ? undefined : inOneForm(row, name, shapes);
  };
  try {
    const modifiedAt = instantOf(row.Modified_Time) ?? instantOf(row.Created_Time);
    if (!modifiedAt) return { ok: false, recordId: id, reason: 'Modified_Time is missing' };
    const base: Base = {
      id,
      createdAt: instantOf(row.Created_Time) ?? modifiedAt,
      modifiedAt,
      ownerId: idOf(row.Owner),
      ours: oursOf(row, context.columns),
    };
    const record = BUILD[module](at, base, context, row);
    return { ok: true, record, inputHash: inputHash(record) };
  } catch (cause) {
    // values.ts throws RangeError on a value that its field type does not allow.
    if (!(cause instanceof RangeError)) throw cause;
    return { ok: false, recordId: id, reason: cause.message };
  }
}

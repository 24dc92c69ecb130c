import { createHash } from 'node:crypto';
import type {
  ActivityModule,
  ActivityRecord,
  Day,
  DealOutcome,
  FieldKey,
  FieldValue,
  FieldValues,
  ModuleName,
  RecordByModule,
  RecordId,
} from '../domain.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { booleanOf, dayOfValue, decimalOf, idOf, instantOf, integerOf, textOf } from '../zoho/values.ts';
import type { Columns, OurColumn } from './columns.ts';

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
  | { readonly ok: false; readonly recordId: RecordId | null; readonly reason: string };

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
    const { key, apiName } = column.mapped;
    if (Object.hasOwn(row, apiName)) ours[key] = ourValue(column, row[apiName]);
  }
  return ours;
}

function personName(row: ZohoRow): string {
  const parts = [textOf(row.First_Name), textOf(row.Last_Name)].filter((part) => part !== null).join(' ');
  return textOf(row.Full_Name) ?? (parts || '');
}

/** "10:05" is minutes:seconds; the number of seconds is preferred where Zoho gives it. */
function callSeconds(row: ZohoRow): number | null {
  const seconds = integerOf(row.Call_Duration_in_seconds);
  if (seconds !== null) return seconds;
  const match = /^(\d+):(\d{1,2})(?::(\d{1,2}))?$/.exec(textOf(row.Call_Duration) ?? '');
  if (!match) return null;
  const parts = match
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}

/** Calls and meetings say it in different places; a cancelled one is neither a contact nor an appointment. */
function isCancelled(row: ZohoRow): boolean {
  const words = [row.Outgoing_Call_Status, row.Outbound_Call_Status, row.Event_Status, row.Call_Status].map(
    textOf,
  );
  return booleanOf(row.$event_cancelled) || words.some((word) => /cancel/i.test(word ?? ''));
}

function activity(module: ActivityModule, row: ZohoRow, base: Base): ActivityRecord {
  return {
    ...base,
    module,
    subject: textOf(module === 'Events' ? row.Event_Title : row.Subject) ?? '',
    whatId: idOf(row.What_Id),
    whoId: idOf(row.Who_Id),
    status: textOf(module === 'Tasks' ? row.Status : (row.Outgoing_Call_Status ?? row.Outbound_Call_Status)),
    callType: textOf(row.Call_Type),
    startAt: instantOf(module === 'Events' ? row.Start_DateTime : row.Call_Start_Time),
    endAt: instantOf(row.End_DateTime),
    durationSeconds: module === 'Calls' ? callSeconds(row) : null,
    dueDay: dayOfValue(row.Due_Date),
    closedAt: instantOf(row.Closed_Time),
    cancelled: isCancelled(row),
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

type Builders = {
  readonly [M in ModuleName]: (row: ZohoRow, base: Base, context: RowContext) => RecordByModule[M];
};
const BUILD: Builders = {
  Accounts: (row, base) => ({
    ...base,
    name: textOf(row.Account_Name) ?? '',
    parentId: idOf(row.Parent_Account),
    accountType: textOf(row.Account_Type),
    number: textOf(row.Account_Number),
    source: textOf(row.Lead_Source),
  }),
  Contacts: (row, base) => ({
    ...base,
    name: personName(row),
    accountId: idOf(row.Account_Name),
    source: textOf(row.Lead_Source),
  }),
  Leads: (row, base) => ({
    ...base,
    name: textOf(row.Company) ?? personName(row),
    source: textOf(row.Lead_Source),
    status: textOf(row.Lead_Status),
    rating: textOf(row.Rating),
    converted: booleanOf(row.Converted__s),
    convertedAt: instantOf(row.Converted_Date_Time),
    convertedAccountId: idOf(row.Converted_Account),
    convertedContactId: idOf(row.Converted_Contact),
    convertedDealId: idOf(row.Converted_Deal),
  }),
  Deals: (row, base, { columns, outcomeOf, today, firstSync }) => {
    const stage = textOf(row.Stage);
    const pipeline = textOf(row.Pipeline);
    const isWon = outcomeOf(pipeline, stage) === 'won';
    const at = (name: string | null) => (name === null ? null : decimalOf(row[name]));
    return {
      ...base,
      name: textOf(row.Deal_Name) ?? '',
      accountId: idOf(row.Account_Name),
      contactId: idOf(row.Contact_Name),
      amount: decimalOf(row.Amount),
      cost: at(columns.deal.cost),
      profit: at(columns.deal.profit),
      currency: textOf(row.Currency),
      exchangeRate: decimalOf(row.Exchange_Rate),
      stage,
      pipeline,
      closingDay: columns.deal.purchaseDate === null ? null : dayOfValue(row[columns.deal.purchaseDate]),
      source: textOf(row.Lead_Source),
      lossReason: textOf(row.Reason_For_Loss__s),
      wonSeenOn: isWon ? today : null,
      wonAtFirstSync: isWon && firstSync,
    };
  },
  Tasks: (row, base) => activity('Tasks', row, base),
  Calls: (row, base) => activity('Calls', row, base),
  Events: (row, base) => activity('Events', row, base),
  Cases: (row, base) => ({
    ...base,
    subject: textOf(row.Subject) ?? '',
    accountId: idOf(row.Account_Name),
    contactId: idOf(row.Related_To),
    dealId: idOf(row.Deal_Name),
    status: textOf(row.Status),
    priority: textOf(row.Priority),
  }),
  Products: (row, base) => ({
    ...base,
    name: textOf(row.Product_Name) ?? '',
    code: textOf(row.Product_Code),
    category: textOf(row.Product_Category),
    active: row.Product_Active === undefined || booleanOf(row.Product_Active),
  }),
};

/** Our own writes change modifiedAt and ours; neither is input, so neither may cause a rescoring. */
function inputHash(record: Base & object): string {
  const { ours: _ours, modifiedAt: _modifiedAt, ...input } = record;
  if ('wonSeenOn' in input) {
    const {
      wonSeenOn: _seen,
      wonAtFirstSync: _first,
      ...deal
    } = input as typeof input & Record<string, unknown>; // a deal
    return digest(deal);
  }
  return digest(input);
}
function digest(value: object): string {
  const text = JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

const ID = /^\d{5,20}$/;

export function toRecord<M extends ModuleName>(module: M, row: ZohoRow, context: RowContext): RowOutcome<M> {
  const recordId = typeof row.id === 'string' && ID.test(row.id) ? row.id : null;
  if (recordId === null) return { ok: false, recordId, reason: 'id is missing or no Zoho id' };
  try {
    const modifiedAt = instantOf(row.Modified_Time) ?? instantOf(row.Created_Time);
    if (!modifiedAt) return { ok: false, recordId, reason: 'Modified_Time is missing' };
    const base: Base = {
      id: recordId,
      createdAt: instantOf(row.Created_Time) ?? modifiedAt,
      modifiedAt,
      ownerId: idOf(row.Owner),
      ours: oursOf(row, context.columns),
    };
    const record = BUILD[module](row, base, context);
    return { ok: true, record, inputHash: inputHash(record) };
  } catch (cause) {
    // values.ts throws RangeError on a value that its field type does not allow.
    if (!(cause instanceof RangeError)) throw cause;
    return { ok: false, recordId, reason: cause.message };
  }
}

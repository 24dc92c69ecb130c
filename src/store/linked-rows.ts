import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, DocumentModule, RecordId } from '../domain.ts';
import type { CaseRecord, DealRecord, DocumentRecord, LeadRecord } from '../records.ts';
import { isOneOf, selectArrays } from './dialect.ts';
import { type RecordTable, readColumns } from './record-cells.ts';
import type { CustomerOptions } from './record-stores.ts';
import { RECORD_TABLES } from './record-tables.ts';

/** Rows that hang on a customer: by the account they name, else by the contact, else by the deal. */

/** Which accounts a page is about: a stretch of ids in key order, or named ones. */
export type Stretch =
  | { readonly kind: 'range'; readonly after: RecordId; readonly last: RecordId }
  | { readonly kind: 'ids'; readonly ids: readonly RecordId[] };

export interface Linked<R extends { id: RecordId }> {
  readonly table: Pick<RecordTable<never>, 'columns' | 'table'> & {
    record: (cells: readonly unknown[]) => R;
  };
  readonly account: string;
  readonly contact: string;
  readonly deal: string | null;
  /** Of a table that modules share, those that are read; left out: all rows. */
  readonly modules?: readonly DocumentModule[];
}
const BY_NAME = { account: 'account_id', contact: 'contact_id', deal: null } as const;
export const DEALS: Linked<DealRecord> = { table: RECORD_TABLES.Deals, ...BY_NAME };
export const CASES: Linked<CaseRecord> = { table: RECORD_TABLES.Cases, ...BY_NAME };
export const LEADS: Linked<LeadRecord> = {
  table: RECORD_TABLES.Leads,
  account: 'converted_account_id',
  contact: 'converted_contact_id',
  deal: 'converted_deal_id',
};

export function documentsOf(modules: readonly DocumentModule[]): Linked<DocumentRecord> {
  return { table: RECORD_TABLES.Invoices, ...BY_NAME, deal: 'deal_id', modules };
}

export function isWithin(db: Db, column: string, stretch: Stretch): RawBuilder<boolean> {
  return stretch.kind === 'ids'
    ? isOneOf(db, column, stretch.ids)
    : sql<boolean>`${sql.ref(column)} > ${stretch.after} and ${sql.ref(column)} <= ${stretch.last}`;
}

export function columnsOf(table: Pick<RecordTable<never>, 'columns'>, alias: string): RawBuilder<unknown> {
  return sql.join(readColumns(table).map((name) => sql.ref(`${alias}.${name}`)));
}

/** The row of `alias` names none of `table` that we know: none at all, a deleted one, or one we were never shown. */
function hasNo(alias: string, table: 'accounts' | 'contacts', column: string): RawBuilder<boolean> {
  const named = sql.ref(`${alias}.${column}`);
  return sql<boolean>`(${named} is null or not exists (
    select 1 from ${sql.table(table)} k
    where k.connection_id = ${sql.ref(`${alias}.connection_id`)} and k.id = ${named} and k.deleted_at is null))`;
}
export function hasNoAccount(alias: string, column = 'account_id'): RawBuilder<boolean> {
  return hasNo(alias, 'accounts', column);
}

/** Neither a known account nor a known contact. */
export function hasNoCustomer(alias: string): RawBuilder<boolean> {
  return sql<boolean>`(${hasNoAccount(alias)} and ${hasNo(alias, 'contacts', 'contact_id')})`;
}

/** Imported invoices that name no deal, although their customer has won deals. */
export function standsBesideDeals(alias: string): RawBuilder<boolean> {
  const row = (column: string) => sql.ref(`${alias}.${column}`);
  const won = sql`select 1 from deals w where w.connection_id = ${row('connection_id')}
    and w.deleted_at is null and w.won_seen_on is not null`;
  return sql<boolean>`(${row('deal_id')} is null and ${row('kind')} is distinct from 'credit_note'
    and ${row('amount')} not like '-%' and (exists (${won} and w.account_id = ${row('account_id')})
    or (${row('account_id')} is null and exists (${won} and w.contact_id = ${row('contact_id')}))))`;
}

/** Which rows `r` hang on whom: the rest of a query, deleted rows included. */
export function namesAccount(
  db: Db,
  connection: ConnectionId,
  stretch: Stretch,
  account = 'account_id',
): RawBuilder<unknown> {
  return sql`where r.connection_id = ${connection} and ${isWithin(db, `r.${account}`, stretch)}`;
}
/**
 * Rows of a contact of these accounts that have no account of their own. Most name the contact's own account:
 * comparing the two columns of the index spares looking the account up.
 */
export function namesContactOfAccount(
  db: Db,
  connection: ConnectionId,
  stretch: Stretch,
  { account, contact }: Pick<Linked<never>, 'account' | 'contact'> = BY_NAME,
): RawBuilder<unknown> {
  const own = sql.ref(`r.${account}`);
  return sql`join contacts c on c.connection_id = r.connection_id and c.id = ${sql.ref(`r.${contact}`)}
    where r.connection_id = ${connection} and c.connection_id = ${connection}
    and ${isWithin(db, 'c.account_id', stretch)} and c.deleted_at is null
    and (${own} is null or (${own} <> c.account_id and ${hasNoAccount('r', account)}))`;
}
/** `own`: whether a row that names an account belongs to its contact all the same. */
export function namesContact(
  db: Db,
  connection: ConnectionId,
  ids: readonly RecordId[],
  own: 'without account' | 'all',
  { account, contact }: Pick<Linked<never>, 'account' | 'contact'> = BY_NAME,
): RawBuilder<unknown> {
  return sql`where r.connection_id = ${connection} and ${isOneOf(db, `r.${contact}`, ids)}
    ${own === 'all' ? sql`` : sql`and ${hasNoAccount('r', account)}`}`;
}

export function hasNoContact(alias: string, column = 'contact_id'): RawBuilder<boolean> {
  return hasNo(alias, 'contacts', column);
}

export async function readRows<R extends { id: RecordId }>(
  db: Db,
  table: Linked<R>['table'],
  rest: RawBuilder<unknown>,
): Promise<R[]> {
  const rows = await selectArrays(
    db,
    sql`select ${columnsOf(table, 'r')} from ${sql.table(table.table)} r ${rest}`,
  );
  return rows.map(table.record);
}

export function rowsByAccount<R extends { id: RecordId }>(
  db: Db,
  connection: ConnectionId,
  linked: Linked<R>,
  stretch: Stretch,
): Promise<R[]> {
  return readRows(
    db,
    linked.table,
    sql`${namesAccount(db, connection, stretch, linked.account)} and ${isRead(linked)}`,
  );
}

export function rowsByContactOfAccount<R extends { id: RecordId }>(
  db: Db,
  connection: ConnectionId,
  linked: Linked<R>,
  stretch: Stretch,
): Promise<R[]> {
  const rest = namesContactOfAccount(db, connection, stretch, linked);
  return readRows(db, linked.table, sql`${rest} and ${isRead(linked)}`);
}

export function rowsByContact<R extends { id: RecordId }>(
  db: Db,
  connection: ConnectionId,
  linked: Linked<R>,
  ids: readonly RecordId[],
  own: 'without account' | 'all',
): Promise<R[]> {
  return readRows(
    db,
    linked.table,
    sql`${namesContact(db, connection, ids, own, linked)} and ${isRead(linked)}`,
  );
}

function isRead(linked: Pick<Linked<{ id: RecordId }>, 'modules'>): RawBuilder<boolean> {
  const { modules } = linked;
  return modules === undefined
    ? sql<boolean>`r.deleted_at is null`
    : sql<boolean>`r.deleted_at is null and r.module in (${sql.join(modules)})`;
}

function onlyByDeal(
  { account, contact }: Linked<{ id: RecordId }>,
  basis: CustomerOptions['basis'],
): RawBuilder<boolean> {
  const noContact = hasNoContact('r', contact);
  return basis === 'contact' ? noContact : sql<boolean>`${hasNoAccount('r', account)} and ${noContact}`;
}

/** Rows that only their deal leads to a customer. */
export async function rowsByDeal<R extends { id: RecordId }>(
  db: Db,
  connection: ConnectionId,
  linked: Linked<R>,
  deals: readonly RecordId[],
  basis: CustomerOptions['basis'],
): Promise<R[]> {
  if (linked.deal === null || deals.length === 0) return [];
  return readRows(
    db,
    linked.table,
    sql`where r.connection_id = ${connection} and ${isOneOf(db, `r.${linked.deal}`, deals)}
      and ${isRead(linked)} and ${onlyByDeal(linked, basis)}`,
  );
}

/** Rare: asked once a pass, it spares looking a million deals up. */
export async function hangsOnDeals(
  db: Db,
  connection: ConnectionId,
  linked: Linked<{ id: RecordId }>,
  basis: CustomerOptions['basis'],
): Promise<boolean> {
  if (linked.deal === null) return false;
  const rows = await selectArrays(
    db,
    sql`select 1 from ${sql.table(linked.table.table)} r
      where r.connection_id = ${connection} and ${sql.ref(`r.${linked.deal}`)} is not null
      and ${isRead(linked)} and ${onlyByDeal(linked, basis)} limit 1`,
  );
  return rows.length > 0;
}

import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type {
  AccountRecord,
  ActivityRecord,
  CaseRecord,
  ConnectionId,
  ContactRecord,
  CustomerModule,
  CustomerRows,
  DealRecord,
  RecordId,
} from '../domain.ts';
import { minor } from '../money.ts';
import { isOneOf, linkedBy, selectArrays } from './dialect.ts';
import { RECORD_TABLES, type RecordTable, readColumns } from './record-tables.ts';

/** All rows of a page of customers: one query a table, whatever the number of customers. */

/** Which accounts a page is about: a stretch of ids in key order, or named ones. */
export type Stretch =
  | { readonly kind: 'range'; readonly after: RecordId; readonly last: RecordId }
  | { readonly kind: 'ids'; readonly ids: readonly RecordId[] };

interface Rows {
  contacts: ContactRecord[];
  deals: DealRecord[];
  cases: CaseRecord[];
  activities: ActivityRecord[];
  goodwill: CustomerRows['goodwill'][number][];
}

export function isWithin(db: Db, column: string, stretch: Stretch): RawBuilder<boolean> {
  return stretch.kind === 'ids'
    ? isOneOf(db, column, stretch.ids)
    : sql<boolean>`${sql.ref(column)} > ${stretch.after} and ${sql.ref(column)} <= ${stretch.last}`;
}

export function columnsOf(table: Pick<RecordTable<never>, 'columns'>, alias: string): RawBuilder<unknown> {
  return sql.join(readColumns(table).map((name) => sql.ref(`${alias}.${name}`)));
}

/** The row of `alias` names no account that we know: none, a deleted one, or one we were never shown. */
export function hasNoAccount(alias: string): RawBuilder<boolean> {
  const account = sql.ref(`${alias}.account_id`);
  return sql<boolean>`(${account} is null or not exists (
    select 1 from accounts k
    where k.connection_id = ${sql.ref(`${alias}.connection_id`)} and k.id = ${account} and k.deleted_at is null))`;
}

async function read<R extends { id: RecordId }>(
  db: Db,
  table: Pick<RecordTable<never>, 'columns' | 'table'> & { record: (cells: readonly unknown[]) => R },
  rest: RawBuilder<unknown>,
): Promise<R[]> {
  const rows = await selectArrays(
    db,
    sql`select ${columnsOf(table, 'r')} from ${sql.table(table.table)} r ${rest}`,
  );
  return rows.map(table.record);
}

/** Accounts with their contacts, and the deals and cases of both. */
export async function rowsOfAccounts(
  db: Db,
  connection: ConnectionId,
  accounts: readonly AccountRecord[],
  stretch: Stretch,
): Promise<CustomerRows[]> {
  const ofAccount = sql`where r.connection_id = ${connection} and ${isWithin(db, 'r.account_id', stretch)}
    and r.deleted_at is null`;
  // Rows of a contact of these accounts that have no account of their own. Most name the contact's own account:
  // comparing the two columns of the index spares looking the account up.
  const ofContact = sql`join contacts c on c.connection_id = r.connection_id and c.id = r.contact_id
    where r.connection_id = ${connection} and c.connection_id = ${connection}
    and ${isWithin(db, 'c.account_id', stretch)} and c.deleted_at is null
    and (r.account_id is null or (r.account_id <> c.account_id and ${hasNoAccount('r')}))
    and r.deleted_at is null`;
  const [contacts, deals, moreDeals, cases, moreCases] = await Promise.all([
    read(db, RECORD_TABLES.Contacts, ofAccount),
    read(db, RECORD_TABLES.Deals, ofAccount),
    read(db, RECORD_TABLES.Deals, ofContact),
    read(db, RECORD_TABLES.Cases, ofAccount),
    read(db, RECORD_TABLES.Cases, ofContact),
  ]);
  const page = new Page('Accounts', accounts);
  for (const contact of contacts) page.add('contacts', contact, contact.accountId);
  for (const deal of deals) page.add('deals', deal, deal.accountId);
  for (const deal of moreDeals) page.addOf('deals', deal, deal.contactId);
  for (const one of cases) page.add('cases', one, one.accountId);
  for (const one of moreCases) page.addOf('cases', one, one.contactId);
  return complete(db, connection, page);
}

/** Contacts that are customers themselves. `own`: a deal that names an account belongs to that account. */
export async function rowsOfContacts(
  db: Db,
  connection: ConnectionId,
  contacts: readonly ContactRecord[],
  own: 'without account' | 'all',
): Promise<CustomerRows[]> {
  const ids = contacts.map((contact) => contact.id);
  const rest = sql`where r.connection_id = ${connection} and ${isOneOf(db, 'r.contact_id', ids)}
    and r.deleted_at is null ${own === 'all' ? sql`` : sql`and ${hasNoAccount('r')}`}`;
  const [deals, cases] = await Promise.all([
    read(db, RECORD_TABLES.Deals, rest),
    read(db, RECORD_TABLES.Cases, rest),
  ]);
  const page = new Page('Contacts', contacts);
  for (const contact of contacts) page.add('contacts', contact, contact.id);
  for (const deal of deals) page.add('deals', deal, deal.contactId);
  for (const one of cases) page.add('cases', one, one.contactId);
  return complete(db, connection, page);
}

async function complete(db: Db, connection: ConnectionId, page: Page): Promise<CustomerRows[]> {
  const [activities, goodwill] = await Promise.all([
    read(
      db,
      RECORD_TABLES.Tasks,
      sql`where r.deleted_at is null and ${linkedBy(db, 'activities', 'r', connection, [
        { column: 'what_id', ids: page.recordIds() },
        { column: 'who_id', ids: page.contactIds() },
      ])}`,
    ),
    selectArrays(
      db,
      sql`select record_id, day, amount from goodwill
        where connection_id = ${connection} and ${isOneOf(db, 'record_id', page.customerIds())} order by id`,
    ),
  ]);
  for (const activity of activities) page.addActivity(activity);
  for (const [id, day, amount] of goodwill) {
    // The columns are text, text and bigint.
    page.addGoodwill(id as RecordId, { day: day as string, amount: minor(amount as number) });
  }
  return page.customers();
}

/** Customers under assembly, and whose each record of theirs is. */
class Page {
  readonly #module: CustomerModule;
  readonly #records: readonly (AccountRecord | ContactRecord)[];
  readonly #rows = new Map<RecordId, Rows>();
  /** Every record of a customer, itself included. */
  readonly #owner = new Map<RecordId, Rows>();
  readonly #contacts = new Map<RecordId, Rows>();

  constructor(module: CustomerModule, records: readonly (AccountRecord | ContactRecord)[]) {
    this.#module = module;
    this.#records = records;
    for (const { id } of records) {
      const rows = { contacts: [], deals: [], cases: [], activities: [], goodwill: [] };
      this.#rows.set(id, rows);
      this.#owner.set(id, rows);
    }
  }
  /** Rows of customers that are not on the page (an excluded or deleted account) are passed over. */
  add<K extends 'contacts' | 'deals' | 'cases'>(
    kind: K,
    record: Rows[K][number],
    customer: RecordId | null,
  ): void {
    this.#put(kind, record, customer === null ? undefined : this.#rows.get(customer));
  }
  addOf<K extends 'deals' | 'cases'>(kind: K, record: Rows[K][number], contact: RecordId | null): void {
    this.#put(kind, record, contact === null ? undefined : this.#contacts.get(contact));
  }
  #put<K extends 'contacts' | 'deals' | 'cases'>(
    kind: K,
    record: Rows[K][number],
    rows: Rows | undefined,
  ): void {
    if (!rows) return;
    const list: Rows[K][number][] = rows[kind];
    list.push(record);
    this.#owner.set(record.id, rows);
    if (kind === 'contacts') this.#contacts.set(record.id, rows);
  }
  addActivity(activity: ActivityRecord): void {
    const about = activity.whatId === null ? undefined : this.#owner.get(activity.whatId);
    const withWhom = activity.whoId === null ? undefined : this.#contacts.get(activity.whoId);
    about?.activities.push(activity);
    if (withWhom !== about) withWhom?.activities.push(activity);
  }
  addGoodwill(customer: RecordId, entry: Rows['goodwill'][number]): void {
    this.#rows.get(customer)?.goodwill.push(entry);
  }
  // Sorted: neighbouring look-ups then read neighbouring pages of the index.
  recordIds(): RecordId[] {
    return [...this.#owner.keys()].sort();
  }
  contactIds(): RecordId[] {
    return [...this.#contacts.keys()].sort();
  }
  customerIds(): RecordId[] {
    return [...this.#rows.keys()];
  }
  customers(): CustomerRows[] {
    return this.#records.flatMap((record) => {
      const rows = this.#rows.get(record.id);
      if (!rows) return [];
      rows.contacts.sort(byId);
      rows.deals.sort(byId);
      rows.cases.sort(byId);
      rows.activities.sort(byId);
      return [{ key: { module: this.#module, id: record.id }, record, ...rows }];
    });
  }
}

function byId(a: { readonly id: RecordId }, b: { readonly id: RecordId }): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerKey, CustomerModule, DocumentModule, RecordId } from '../domain.ts';
import type { AccountRecord, ContactRecord, CustomerRows, DealRecord } from '../records.ts';
import { customerKeysOf } from './customer-keys.ts';
import { type Pass, rowsOfAccounts, rowsOfContacts } from './customer-rows.ts';
import { hasDealStages } from './deal-stages.ts';
import { isOneOf, refreshStatistics, selectArrays } from './dialect.ts';
import { familiesOf, isCustomerAccount, isRolledUp, topsOf } from './families.ts';
import { hasFormerContacts } from './former-contacts.ts';
import { knownCustomers } from './known-customers.ts';
import {
  columnsOf,
  documentsOf,
  hangsOnDeals,
  hasNoAccount,
  hasNoContact,
  hasNoCustomer,
  isWithin,
  LEADS,
  type Stretch,
} from './linked-rows.ts';
import { hasOverrides } from './overrides.ts';
import type { CustomerOptions, CustomersStore, KeyRange } from './record-stores.ts';
import { RECORD_TABLES } from './record-tables.ts';
import { chunksOf, MAX_ROWS } from './rows.ts';

// Customers read by one round of queries: enough to make the round cheap, and few enough that their records are gone
// before the garbage collector moves them among those that live long (a fifth less processor time than with 1,000).
const PAGE = 250;
// Keys looked up by one round.
const KEYS = 1_000;
const EVERYBODY: CustomerOptions = { basis: 'both', excludeAccountTypes: [] };

/** Accounts, and contacts without account, with everything that hangs on them. */
export function customersStore(db: Db): CustomersStore {
  return {
    async *inKeyOrder(connection, options, chunk) {
      await refreshStatistics(db);
      const pass = await passOf(db, connection, options);
      for (const module of modulesOf(options)) {
        yield* chunksWithin(db, pass, { module, after: '', upTo: null }, chunk);
      }
    },

    async ranges(connection, options, size) {
      await refreshStatistics(db);
      const ranges: KeyRange[] = [];
      for (const module of modulesOf(options)) {
        const ends = await everyNth(db, connection, module, size);
        ranges.push(...[...ends, null].map((upTo, at) => ({ module, after: ends[at - 1] ?? '', upTo })));
      }
      return ranges;
    },

    pass(connection, options) {
      const pass = passOf(db, connection, options);
      // Handled when it is awaited.
      pass.catch(() => undefined);
      return {
        async *within(range, chunk) {
          yield* chunksWithin(db, await pass, range, chunk);
        },
      };
    },

    async byKeys(connection, options, keys) {
      const found: CustomerRows[] = [];
      const pass: Pass = {
        connection,
        options,
        leadsByDeal: true,
        documentsByDeal: true,
        dealStages: true,
        formerContacts: true,
        overrides: true,
      };
      for (const piece of chunksOf(keys, KEYS)) {
        const idsOf = (module: CustomerKey['module']) =>
          piece.filter((key) => key.module === module).map((key) => key.id);
        found.push(...(await accountsByIds(db, pass, idsOf('Accounts'))));
        found.push(...(await contactsByIds(db, pass, idsOf('Contacts'))));
      }
      return found.sort((a, b) => (orderOf(a.key) < orderOf(b.key) ? -1 : 1));
    },

    of: (connection, options, module, ids) => customerKeysOf(db, connection, options, module, ids),
    known: (connection, keys, options) => knownCustomers(db, connection, keys, options ?? EVERYBODY),
    unmatchedDeals: (connection) => unmatchedDeals(db, connection),
    countUnmatchedDocuments: (connection, modules) => countUnmatchedDocuments(db, connection, modules),
  };
}

function orderOf(key: CustomerKey): string {
  return `${key.module}/${key.id}`;
}
function* chunksAsArrays<T>(items: readonly T[], size: number): Generator<T[]> {
  for (const piece of chunksOf(items, size)) yield [...piece];
}

async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = source.next();
      // Handled when it is awaited; a consumer that has stopped does not ask.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}

function modulesOf({ basis }: CustomerOptions): CustomerModule[] {
  if (basis === 'both') return ['Accounts', 'Contacts'];
  return [basis === 'account' ? 'Accounts' : 'Contacts'];
}

/** Ids of a module at equal distances, in their order. */
async function everyNth(
  db: Db,
  connection: ConnectionId,
  module: CustomerModule,
  distance: number,
): Promise<RecordId[]> {
  const rows = await selectArrays(
    db,
    sql`select id from (
      select id, row_number() over (order by id) as place from ${sql.table(RECORD_TABLES[module].table)}
      where connection_id = ${connection}) numbered
      where place % ${distance} = 0 order by id`,
  );
  return rows.map(([id]) => id as RecordId); // a text column, never null
}

/** What a pass over the customers need not ask with every page. */
async function passOf(db: Db, connection: ConnectionId, options: CustomerOptions): Promise<Pass> {
  const documents = documentsOf(options.documents ?? []);
  const hasDocuments = (documents.modules ?? []).length > 0;
  return {
    connection,
    options,
    leadsByDeal: await hangsOnDeals(db, connection, LEADS, options.basis),
    documentsByDeal: hasDocuments && (await hangsOnDeals(db, connection, documents, options.basis)),
    dealStages: await hasDealStages(db, connection),
    formerContacts: await hasFormerContacts(db, connection),
    overrides: await hasOverrides(db, connection),
  };
}

async function* chunksWithin(
  db: Db,
  pass: Pass,
  range: KeyRange,
  chunk: number,
): AsyncGenerator<CustomerRows[]> {
  const read = pages(db, pass, range);
  // PostgreSQL reads the next page while this one is worked on; SQLite does its work in this thread anyway.
  const all = db.dialect === 'postgres' ? oneAhead(read) : read;
  for await (const page of all) yield* chunksAsArrays(page, chunk);
}

async function* pages(db: Db, pass: Pass, range: KeyRange): AsyncGenerator<CustomerRows[]> {
  const end = range.upTo === null ? sql`` : sql`and r.id <= ${range.upTo}`;
  for (let after = range.after; ; ) {
    const which = sql`r.id > ${after} ${end} order by r.id limit ${PAGE}`;
    if (range.module === 'Accounts') {
      const accounts = await readAccounts(db, pass, which);
      const last = accounts.at(-1)?.id;
      if (last === undefined) return;
      yield await customersAmong(db, pass, accounts, { kind: 'range', after, last });
      after = last;
    } else {
      const contacts = await readContacts(db, pass, which);
      const last = contacts.at(-1)?.id;
      if (last === undefined) return;
      yield await rowsOfContacts(db, pass, contacts);
      after = last;
    }
  }
}

/** With the accounts beneath them; those that have one above themselves are no customers. */
async function customersAmong(
  db: Db,
  pass: Pass,
  accounts: readonly AccountRecord[],
  stretch: Stretch,
): Promise<CustomerRows[]> {
  const { connection, options } = pass;
  if (!isRolledUp(options)) return rowsOfAccounts(db, pass, accounts, stretch);
  const children = accounts.filter((account) => account.parentId !== null).map((account) => account.id);
  const topOf = await topsOf(db, connection, options, children);
  const tops = accounts.filter(({ id }) => (topOf.get(id) ?? id) === id);
  const ids = tops.map((account) => account.id);
  const families = await familiesOf(db, connection, options, ids);
  return rowsOfAccounts(db, pass, tops, { kind: 'ids', ids: [...families.topOf.keys()] }, families);
}

async function readAccounts(
  db: Db,
  { connection, options }: Pass,
  which: RawBuilder<unknown>,
): Promise<AccountRecord[]> {
  const rows = await selectArrays(
    db,
    sql`select ${columnsOf(RECORD_TABLES.Accounts, 'r')} from accounts r
      where r.connection_id = ${connection} and ${isCustomerAccount(db, 'r', options)} and ${which}`,
  );
  return rows.map(RECORD_TABLES.Accounts.record);
}

async function readContacts(
  db: Db,
  { connection, options }: Pass,
  which: RawBuilder<unknown>,
): Promise<ContactRecord[]> {
  const isCustomer = options.basis === 'contact' ? sql`` : sql`${hasNoAccount('r')} and`;
  const rows = await selectArrays(
    db,
    sql`select ${columnsOf(RECORD_TABLES.Contacts, 'r')} from contacts r
      where r.connection_id = ${connection} and r.deleted_at is null and ${isCustomer} ${which}`,
  );
  return rows.map(RECORD_TABLES.Contacts.record);
}

async function accountsByIds(db: Db, pass: Pass, ids: readonly RecordId[]): Promise<CustomerRows[]> {
  if (ids.length === 0 || pass.options.basis === 'contact') return [];
  const stretch: Stretch = { kind: 'ids', ids };
  const accounts = await readAccounts(db, pass, isWithin(db, 'r.id', stretch));
  return customersAmong(db, pass, accounts, stretch);
}
async function contactsByIds(db: Db, pass: Pass, ids: readonly RecordId[]): Promise<CustomerRows[]> {
  if (ids.length === 0 || pass.options.basis === 'account') return [];
  const contacts = await readContacts(db, pass, isOneOf(db, 'r.id', ids));
  return rowsOfContacts(db, pass, contacts);
}

async function* unmatchedDeals(db: Db, connection: ConnectionId): AsyncGenerator<DealRecord[]> {
  for (let after = ''; ; ) {
    const rows = await selectArrays(
      db,
      sql`select ${columnsOf(RECORD_TABLES.Deals, 'r')} from deals r
        where r.connection_id = ${connection} and r.id > ${after} and r.deleted_at is null
        and ${hasNoCustomer('r')}
        order by r.id limit ${MAX_ROWS}`,
    );
    const deals = rows.map(RECORD_TABLES.Deals.record);
    const last = deals.at(-1);
    if (!last) return;
    yield deals;
    after = last.id;
  }
}

async function countUnmatchedDocuments(
  db: Db,
  connection: ConnectionId,
  modules: readonly DocumentModule[],
): Promise<number> {
  if (modules.length === 0) return 0;
  const rows = await selectArrays(
    db,
    sql`select count(*) from documents r where r.connection_id = ${connection} and r.deleted_at is null
      and r.module in (${sql.join(modules)}) and ${hasNoAccount('r')} and ${hasNoContact('r')}
      and not exists (
        select 1 from deals d where d.connection_id = r.connection_id and d.id = r.deal_id
        and d.deleted_at is null and not (${hasNoAccount('d')} and ${hasNoContact('d')}))`,
  );
  return Number(rows[0]?.[0] ?? 0);
}

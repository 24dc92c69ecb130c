import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerKey, ModuleName, RecordId } from '../domain.ts';
import { isOneOf } from './dialect.ts';
import { isRolledUp, topsOf } from './families.ts';
import { documentsOf, LEADS } from './linked-rows.ts';
import type { CustomerOptions } from './record-stores.ts';
import { chunksOf, MAX_ROWS } from './rows.ts';

type Links = { readonly account: string; readonly contact: string; readonly deal: string | null };

interface Parents {
  /** A known account, and its type. */
  readonly account: RecordId | null;
  readonly account_type: string | null;
  /** A known contact. */
  readonly contact: RecordId | null;
}

/** Which customers a record belongs to; the record itself may be deleted. */
export async function customerKeysOf(
  db: Db,
  connection: ConnectionId,
  options: CustomerOptions,
  module: ModuleName,
  ids: readonly RecordId[],
): Promise<CustomerKey[]> {
  const keys = new Map<RecordId, CustomerKey>();
  for (const piece of chunksOf(ids, MAX_ROWS)) {
    for (const query of queriesFor(db, connection, options, module, piece)) {
      const { rows } = await sql<Parents>`${query}`.execute(db.kysely);
      for (const row of rows) {
        const key = customerOf(row, options);
        if (key) keys.set(key.id, key);
      }
    }
  }
  const found = isRolledUp(options) ? await byTheirTops(db, connection, options, keys) : keys;
  return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

async function byTheirTops(
  db: Db,
  connection: ConnectionId,
  options: CustomerOptions,
  keys: ReadonlyMap<RecordId, CustomerKey>,
): Promise<Map<RecordId, CustomerKey>> {
  const accounts = [...keys.values()].filter((key) => key.module === 'Accounts').map((key) => key.id);
  const topOf = await topsOf(db, connection, options, accounts);
  return new Map(
    [...keys.values()].map((key): [RecordId, CustomerKey] => {
      const id = key.module === 'Accounts' ? (topOf.get(key.id) ?? key.id) : key.id;
      return [id, { ...key, id }];
    }),
  );
}

function order(key: CustomerKey): string {
  return `${key.module}/${key.id}`;
}

function customerOf(row: Parents, { basis, excludeAccountTypes }: CustomerOptions): CustomerKey | null {
  if (basis === 'contact') return row.contact === null ? null : { module: 'Contacts', id: row.contact };
  if (row.account !== null) {
    const isExcluded = row.account_type !== null && excludeAccountTypes.includes(row.account_type);
    return isExcluded ? null : { module: 'Accounts', id: row.account };
  }
  return basis === 'account' || row.contact === null ? null : { module: 'Contacts', id: row.contact };
}

/** One query for each way from the record to a customer. */
function queriesFor(
  db: Db,
  connection: ConnectionId,
  options: CustomerOptions,
  module: ModuleName,
  ids: readonly RecordId[],
): RawBuilder<unknown>[] {
  const of = (connectionColumn: string, idColumn: string) =>
    sql`where ${sql.ref(connectionColumn)} = ${connection} and ${isOneOf(db, idColumn, ids)}`;
  // From a row r that names an account and a contact: its account, else its contact's account, else the contact.
  const parents = (alias: string, { account, contact }: { account: string; contact: string }) => {
    const [r, a, b, c] = ['', '_a', '_b', '_c'].map((suffix) => sql.ref(`${alias}${suffix}`));
    return sql`
    left join accounts ${a} on ${a}.connection_id = ${r}.connection_id and ${a}.id = ${sql.ref(`${alias}.${account}`)}
      and ${a}.deleted_at is null
    left join contacts ${c} on ${c}.connection_id = ${r}.connection_id and ${c}.id = ${sql.ref(`${alias}.${contact}`)}
      and ${c}.deleted_at is null
    left join accounts ${b} on ${a}.id is null and ${b}.connection_id = ${c}.connection_id
      and ${b}.id = ${c}.account_id and ${b}.deleted_at is null`;
  };
  const throughParents = (from: RawBuilder<unknown>) => sql`
    select coalesce(r_a.id, r_b.id) as account, coalesce(r_a.account_type, r_b.account_type) as account_type,
      r_c.id as contact
    ${from} ${parents('r', { account: 'account_id', contact: 'contact_id' })}`;
  // A row that leads to nobody else is its deal's customer's.
  const toNobody = options.basis === 'contact' ? sql`r_c.id is null` : sql`r_a.id is null and r_c.id is null`;
  const throughDeal = (from: RawBuilder<unknown>, linked: Links) => sql`
    select coalesce(r_a.id, r_b.id, d_a.id, d_b.id) as account,
      coalesce(r_a.account_type, r_b.account_type, d_a.account_type, d_b.account_type) as account_type,
      coalesce(r_c.id, d_c.id) as contact
    ${from} ${parents('r', linked)}
    left join deals d on ${toNobody} and d.connection_id = r.connection_id
      and d.id = ${sql.ref(`r.${linked.deal}`)} and d.deleted_at is null
    ${parents('d', { account: 'account_id', contact: 'contact_id' })}`;
  const ofContact = (from: RawBuilder<unknown>, where: RawBuilder<unknown>) => sql`
    select a.id as account, a.account_type, case when c.deleted_at is null then c.id end as contact
    ${from}
    left join accounts a on a.connection_id = c.connection_id and a.id = c.account_id and a.deleted_at is null
    ${where}`;
  const ofAccount = (from: RawBuilder<unknown>, where: RawBuilder<unknown>) => sql`
    select a.id as account, a.account_type, cast(null as text) as contact ${from} ${where} and a.deleted_at is null`;

  switch (module) {
    case 'Accounts':
      return [
        // What lies beneath an account that is gone, or of an excluded type now, stands for itself.
        ...(isRolledUp(options)
          ? [
              ofAccount(
                sql`from accounts p join accounts a on a.connection_id = p.connection_id and a.parent_id = p.id`,
                of('p.connection_id', 'p.id'),
              ),
            ]
          : []),
        ofAccount(sql`from accounts a`, of('a.connection_id', 'a.id')),
        // With the basis contact, and when the account is gone, its contacts are the customers.
        ofContact(sql`from contacts c`, of('c.connection_id', 'c.account_id')),
      ];
    case 'Contacts':
      return [ofContact(sql`from contacts c`, of('c.connection_id', 'c.id'))];
    case 'Deals':
    case 'Cases': {
      const table = module === 'Deals' ? sql`from deals r` : sql`from cases r`;
      return [sql`${throughParents(table)} ${of('r.connection_id', 'r.id')}`];
    }
    case 'Tasks':
    case 'Calls':
    case 'Events':
    case 'Notes': {
      const about = (table: string, alias: string, column: 'what_id' | 'who_id') => sql`from activities v
        join ${sql.table(table)} ${sql.ref(alias)} on ${sql.ref(`${alias}.connection_id`)} = v.connection_id
          and ${sql.ref(`${alias}.id`)} = ${sql.ref(`v.${column}`)}`;
      const which = sql`${of('v.connection_id', 'v.id')} and v.module = ${module}`;
      return [
        ofAccount(about('accounts', 'a', 'what_id'), which),
        ofContact(about('contacts', 'c', 'what_id'), which),
        ofContact(about('contacts', 'c', 'who_id'), which),
        sql`${throughParents(about('deals', 'r', 'what_id'))} ${which}`,
        sql`${throughParents(about('cases', 'r', 'what_id'))} ${which}`,
        sql`${throughDeal(about('leads', 'r', 'what_id'), LEADS)} ${which}`,
        sql`${throughDeal(about('leads', 'r', 'who_id'), LEADS)} ${which}`,
        sql`${throughDeal(about('documents', 'r', 'what_id'), documentsOf([]))} ${which}`,
      ];
    }
    case 'Quotes':
    case 'Sales_Orders':
    case 'Invoices': {
      const which = sql`${of('r.connection_id', 'r.id')} and r.module = ${module}`;
      return [sql`${throughDeal(sql`from documents r`, documentsOf([module]))} ${which}`];
    }
    case 'Leads':
      return [sql`${throughDeal(sql`from leads r`, LEADS)} ${of('r.connection_id', 'r.id')}`];
    case 'Products':
      return [];
  }
}

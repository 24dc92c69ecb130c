import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerKey, FieldValues, RecordId } from '../domain.ts';
import { isOneOf, notLookedUp, selectArrays } from './dialect.ts';
import { familiesOf, isRolledUp } from './families.ts';
import { hasNoAccount } from './linked-rows.ts';
import { oursOf } from './record-cells.ts';
import type { CustomerOptions, Known } from './record-stores.ts';
import { chunksOf, fromJson, MAX_ROWS } from './rows.ts';

/** Our fields as they stand on customers, on their contacts, on their deals and on their cases. */
export async function knownCustomers(
  db: Db,
  connection: ConnectionId,
  keys: readonly CustomerKey[],
  options: CustomerOptions,
): Promise<Known[]> {
  const known: Known[] = [];
  for (const piece of chunksOf(keys, MAX_ROWS))
    known.push(...(await knownPiece(db, connection, piece, options)));
  return known;
}

async function knownPiece(
  db: Db,
  connection: ConnectionId,
  keys: readonly CustomerKey[],
  options: CustomerOptions,
): Promise<Known[]> {
  // Where every contact is a customer, a deal belongs to its contact whatever account it names.
  const isContacts = options.basis === 'contact' ? sql`` : sql`and ${hasNoAccount('r')}`;
  const idsOf = (module: CustomerKey['module']) =>
    keys.filter((key) => key.module === module).map((key) => key.id);
  const accountIds = idsOf('Accounts');
  const contactIds = idsOf('Contacts');
  // Whose contacts and deals are the customer's: its own, and those of the accounts beneath it.
  const topOf = isRolledUp(options)
    ? (await familiesOf(db, connection, options, accountIds)).topOf
    : new Map(accountIds.map((id) => [id, id]));
  const members = [...topOf.keys()];
  const alive = (alias: string) =>
    sql`${sql.ref(`${alias}.connection_id`)} = ${connection} and ${sql.ref(`${alias}.deleted_at`)} is null`;
  const deal = sql`r.id, r.name, r.ours, r.stage, r.pipeline`;
  /** Rows of a table that hang on these customers: the owner, then the cells. */
  const owned = (table: 'deals' | 'cases', cells: RawBuilder<unknown>) => sql`
      select r.account_id as owner, ${cells} from ${sql.table(table)} r
      where ${alive('r')} and ${isOneOf(db, 'r.account_id', members)}
      union all
      select c.account_id, ${cells} from ${sql.table(table)} r
      join contacts c on ${notLookedUp(db, 'c.connection_id')} = r.connection_id and c.id = r.contact_id
      where ${alive('r')} and ${alive('c')} and ${isOneOf(db, 'c.account_id', members)}
        and (r.account_id is null or (r.account_id <> c.account_id and ${hasNoAccount('r')}))
      union all
      select r.contact_id, ${cells} from ${sql.table(table)} r
      where ${alive('r')} and ${isOneOf(db, 'r.contact_id', contactIds)} ${isContacts}`;
  const rows = (query: RawBuilder<unknown>) => selectArrays(db, query);
  const [customers, contacts, deals, cases, written] = await Promise.all([
    rows(sql`
      select r.id, r.ours from accounts r where ${alive('r')} and ${isOneOf(db, 'r.id', accountIds)}
      union all
      select r.id, r.ours from contacts r where ${alive('r')} and ${isOneOf(db, 'r.id', contactIds)}`),
    rows(sql`
      select r.account_id, r.id, r.name, r.ours from contacts r
      where ${alive('r')} and ${isOneOf(db, 'r.account_id', members)}`),
    rows(owned('deals', deal)),
    rows(owned('cases', sql`r.id, r.subject, r.ours, r.status`)),
    rows(sql`
      select record_id, field_values, rank_written_in from written_fields
      where connection_id = ${connection} and module in ('Accounts', 'Contacts')
        and ${isOneOf(db, 'record_id', [...accountIds, ...contactIds])}`),
  ]);

  // The casts: text columns, in the order of each select.
  const ours = new Map(customers.map(([id, text]) => [id as RecordId, oursOf(text)]));
  const ownerOf = ([owner]: unknown[]) => topOf.get(owner as RecordId) ?? (owner as RecordId);
  const contactsOf = groupBy(contacts, ownerOf);
  const dealsOf = groupBy(deals, ownerOf);
  const casesOf = groupBy(cases, ownerOf);
  const writtenOf = new Map(written.map((row) => [row[0] as RecordId, row]));
  return keys.flatMap((key): Known[] => {
    const own = ours.get(key.id);
    if (!own) return [];
    return [
      {
        key,
        ours: own,
        contacts: (contactsOf.get(key.id) ?? [])
          .map(([, id, name, text]) => ({ id: id as RecordId, name: name as string, ours: oursOf(text) }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
        deals: (dealsOf.get(key.id) ?? [])
          .map(([, id, name, text, stage, pipeline]) => ({
            id: id as RecordId,
            name: name as string,
            stage: stage as string | null,
            pipeline: pipeline as string | null,
            ours: oursOf(text),
          }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
        cases: (casesOf.get(key.id) ?? [])
          .map(([, id, name, text, status]) => ({
            id: id as RecordId,
            name: name as string,
            status: status as string | null,
            ours: oursOf(text),
          }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
        ...memoryOf(writtenOf.get(key.id)),
      },
    ];
  });
}

function memoryOf(row: readonly unknown[] | undefined): Pick<Known, 'written' | 'rankWrittenIn'> {
  if (!row) return {};
  const [, values, month] = row;
  const written = fromJson<FieldValues>(values as string); // a text column, never null
  return typeof month === 'string' ? { written, rankWrittenIn: month } : { written };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => RecordId): Map<RecordId, T[]> {
  const groups = new Map<RecordId, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

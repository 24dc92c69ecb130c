import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import { isOneOf, joinByIndex, selectArrays } from './dialect.ts';
import type { CustomerOptions } from './record-stores.ts';
import { chunksOf, MAX_ROWS } from './rows.ts';

/**
 * Accounts and the accounts above them, with `customer.rollUp: parent`. A deleted account, one we were never shown and
 * one of an excluded type is in no family: what lies beneath it stands for itself.
 */

/** The account by which a customer goes, and every account counted there. */
export interface Families {
  /** Of each member, the top itself included. */
  readonly topOf: ReadonlyMap<RecordId, RecordId>;
  /** Members beneath each top, in the order of their ids. */
  readonly beneath: ReadonlyMap<RecordId, readonly { readonly id: RecordId; readonly name: string }[]>;
}

export function isRolledUp({ basis, rollUp }: CustomerOptions): boolean {
  return rollUp === 'parent' && basis !== 'contact';
}

export function isCustomerAccount(
  db: Db,
  alias: string,
  { excludeAccountTypes }: CustomerOptions,
): RawBuilder<boolean> {
  const isAlive = sql<boolean>`${sql.ref(`${alias}.deleted_at`)} is null`;
  if (excludeAccountTypes.length === 0) return isAlive;
  const type = `${alias}.account_type`;
  return sql<boolean>`${isAlive} and (${sql.ref(type)} is null or not ${isOneOf(db, type, excludeAccountTypes)})`;
}

/** The top of the family of each account; an account that is no customer's is left out. */
export async function topsOf(
  db: Db,
  connection: ConnectionId,
  options: CustomerOptions,
  ids: readonly RecordId[],
): Promise<Map<RecordId, RecordId>> {
  const tops = new Map<RecordId, RecordId>();
  for (const piece of chunksOf(ids, MAX_ROWS)) {
    const isMember = isCustomerAccount(db, 'a', options);
    const above = sql`a.connection_id = ${connection} and a.id = up.parent_id and ${isMember}`;
    const rows = await selectArrays(
      db,
      sql`with recursive up (id, parent_id) as (
          select a.id, a.parent_id from accounts a
          where a.connection_id = ${connection} and ${isOneOf(db, 'a.id', piece)} and ${isMember}
          union
          select a.id, a.parent_id from up ${joinByIndex(db, 'accounts', 'a', above)})
        select id, parent_id from up`,
    );
    // The columns are text.
    const parents = new Map(rows.map(([id, parent]) => [id as RecordId, parent as RecordId | null]));
    for (const id of piece) if (parents.has(id)) topIn(parents, id, tops);
  }
  return tops;
}

/** Climbs until nobody is above, or round a circle: its smallest id is the top then. Notes it for all on the way. */
function topIn(
  parents: ReadonlyMap<RecordId, RecordId | null>,
  from: RecordId,
  tops: Map<RecordId, RecordId>,
): void {
  const way: RecordId[] = [];
  const places = new Map<RecordId, number>();
  let at = from;
  let top = tops.get(at);
  while (top === undefined) {
    const met = places.get(at);
    if (met !== undefined) {
      top = way.slice(met).sort()[0] ?? at;
      break;
    }
    places.set(at, way.length);
    way.push(at);
    const parent = parents.get(at);
    if (parent === null || parent === undefined || !parents.has(parent)) top = at;
    else {
      at = parent;
      top = tops.get(at);
    }
  }
  for (const id of way) tops.set(id, top);
}

/** Everything beneath these tops, themselves included. */
export async function familiesOf(
  db: Db,
  connection: ConnectionId,
  options: CustomerOptions,
  tops: readonly RecordId[],
): Promise<Families> {
  const topOf = new Map<RecordId, RecordId>();
  const beneath = new Map<RecordId, { id: RecordId; name: string }[]>();
  const isMember = isCustomerAccount(db, 'a', options);
  const below = sql`a.connection_id = ${connection} and a.parent_id = down.id and ${isMember}`;
  const rows = await selectArrays(
    db,
    sql`with recursive down (id, top, name) as (
        select a.id, a.id, a.name from accounts a
        where a.connection_id = ${connection} and ${isOneOf(db, 'a.id', tops)} and ${isMember}
        union
        select a.id, down.top, a.name from down ${joinByIndex(db, 'accounts', 'a', below)})
      select id, top, name from down order by id`,
  );
  for (const row of rows) {
    const [id, top, name] = row as [RecordId, RecordId, string]; // the columns are text, and none is null
    topOf.set(id, top);
    if (id === top) continue;
    const others = beneath.get(top);
    if (others) others.push({ id, name });
    else beneath.set(top, [{ id, name }]);
  }
  return { topOf, beneath };
}

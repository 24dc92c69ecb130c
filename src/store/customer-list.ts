import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { minor } from '../money.ts';
import type { Tables } from './tables.ts';
import type {
  CustomerFilter,
  CustomerListStore,
  CustomerOrder,
  ListedCustomer,
  ListPlace,
} from './view-stores.ts';

/** Customers as a list, from the columns beside the packed scores. */

const COLUMN = {
  value: 'profit12',
  revenue: 'revenue12',
  expected: 'expected12',
  name: 'name_key',
  last_contact: 'last_contact',
} as const satisfies { readonly [O in CustomerOrder]: keyof Tables['scores'] };

const LONGEST_NAME_KEY = 100;

/** A name as it is searched and ordered: without accents and case. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .slice(0, LONGEST_NAME_KEY)
    .toWellFormed();
}

export function customerListStore(db: Db): CustomerListStore {
  const { kysely } = db;
  const matching = (connection: ConnectionId, filter: CustomerFilter) => {
    const { search, tiers, phases, subPhases, contactStatuses, owners, gold } = filter;
    let query = kysely.selectFrom('scores').where('connection_id', '=', connection);
    if (tiers?.length) query = query.where('tier', 'in', tiers);
    if (phases?.length) query = query.where('phase', 'in', phases);
    if (subPhases?.length) query = query.where('sub_phase', 'in', subPhases);
    if (contactStatuses?.length) query = query.where('contact_status', 'in', contactStatuses);
    if (owners?.length) query = query.where('owner_id', 'in', owners);
    if (gold !== undefined) query = query.where('gold', '=', gold);
    const wanted = search === undefined ? '' : nameKey(search.trim());
    if (wanted !== '') query = query.where(matchesName(db, wanted));
    return query;
  };
  return {
    async page(connection, { filter, order, descending, after, limit }) {
      const column = COLUMN[order];
      const direction = descending ? 'desc' : 'asc';
      // Two questions, so that an index answers the first: where nulls go differs between the databases.
      const valued = async (most: number) => {
        const where = after
          ? beyond(column, descending, after)
          : sql<boolean>`${sql.ref(column)} is not null`;
        const query = matching(connection, filter).selectAll().where(where);
        return query.orderBy(column, direction).orderBy('record_id', direction).limit(most).execute();
      };
      const valueless = async (most: number) => {
        let query = matching(connection, filter).selectAll().where(column, 'is', null);
        if (after?.[0] === null) query = query.where('record_id', descending ? '<' : '>', after[1]);
        return query.orderBy('record_id', direction).limit(most).execute();
      };
      const rows = after?.[0] === null ? [] : await valued(limit + 1);
      if (rows.length <= limit) rows.push(...(await valueless(limit + 1 - rows.length)));
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map(listedOf),
        next: rows.length > limit && last ? [last[column], last.record_id] : null,
      };
    },
    async count(connection, filter) {
      const { count } = await matching(connection, filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function matchesName(db: Db, wanted: string): RawBuilder<boolean> {
  const position =
    db.dialect === 'sqlite'
      ? sql`instr(scores.name_key, ${wanted})`
      : sql`position(${wanted} in scores.name_key)`;
  return sql<boolean>`(${position} > 0 or scores.record_id = ${wanted})`;
}

/** Rows with a value, after that place. */
function beyond(column: string, descending: boolean, [value, id]: ListPlace): RawBuilder<boolean> {
  const place = sql`(${sql.ref(`scores.${column}`)}, scores.record_id)`;
  return descending ? sql<boolean>`${place} < (${value}, ${id})` : sql<boolean>`${place} > (${value}, ${id})`;
}

function listedOf(row: Selectable<Tables['scores']>): ListedCustomer {
  const money = (value: number | null) => (value === null ? null : minor(value));
  return {
    // Codes and modules are written from a Score only.
    key: { module: row.module as ListedCustomer['key']['module'], id: row.record_id },
    name: row.name ?? '',
    ownerId: row.owner_id,
    asOf: row.as_of,
    tier: row.tier as ListedCustomer['tier'],
    phase: row.phase as ListedCustomer['phase'],
    subPhase: row.sub_phase as ListedCustomer['subPhase'],
    gold: row.gold,
    rank: row.rank,
    contactStatus: row.contact_status as ListedCustomer['contactStatus'],
    lastContact: row.last_contact,
    profit12: money(row.profit12),
    revenue12: money(row.revenue12),
    expected12: money(row.expected12),
    relationshipMonths: row.relationship_months,
  };
}

import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { minor } from '../money.ts';
import { isOneOf, notLookedUp } from './dialect.ts';
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

const LISTED = [
  ...([
    'module',
    'record_id',
    'name',
    'owner_id',
    'as_of',
    'tier',
    'phase',
    'sub_phase',
    'gold',
    'rank',
  ] as const),
  ...([
    'contact_status',
    'last_contact',
    'profit12',
    'revenue12',
    'expected12',
    'relationship_months',
    'contact_gap_days',
    'referral_profit',
    'expected_low',
    'expected_high',
  ] as const),
] as const satisfies readonly (keyof Tables['scores'])[];

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
    const { search, tiers, phases, subPhases, contactStatuses, owners, gold, quietSince } = filter;
    let query = kysely.selectFrom('scores').where('connection_id', '=', connection);
    if (tiers?.length) query = query.where('tier', 'in', tiers);
    if (phases?.length) query = query.where('phase', 'in', phases);
    if (subPhases?.length) query = query.where('sub_phase', 'in', subPhases);
    if (contactStatuses?.length) query = query.where('contact_status', 'in', contactStatuses);
    if (owners?.length) query = query.where('owner_id', 'in', owners);
    if (gold !== undefined) query = query.where('gold', '=', gold);
    if (quietSince !== undefined)
      query = query.where((eb) =>
        eb.or([eb('last_contact', '<', quietSince), eb('last_contact', 'is', null)]),
      );
    const wanted = search === undefined ? '' : nameKey(search.trim());
    if (wanted !== '') query = query.where(matchesName(db, 'scores', wanted));
    return query;
  };
  async function listed(
    connection: ConnectionId,
    keys: readonly { readonly module: string; readonly record_id: string }[],
  ): Promise<ListedCustomer[]> {
    if (keys.length === 0) return [];
    const modules = [...new Set(keys.map(({ module }) => module))];
    const ids = keys.map((key) => key.record_id);
    const rows = await kysely
      .selectFrom('scores')
      .select(LISTED)
      .where('connection_id', '=', connection)
      .where('module', 'in', modules)
      .where(isOneOf(db, 'record_id', ids))
      .execute();
    const byKey = new Map(rows.map((row) => [`${row.module}/${row.record_id}`, row]));
    return keys.flatMap(({ module, record_id }) => {
      const row = byKey.get(`${module}/${record_id}`);
      // Gone in between: another process scores.
      return row === undefined ? [] : [listedOf(row)];
    });
  }
  return {
    async page(connection, { filter, order, descending, after, limit }) {
      const column = COLUMN[order];
      const direction = descending ? 'desc' : 'asc';
      // A filter leaves out most rows, so SQLite is to sort what is left of scores_listed and not to look up every row.
      const by = isFiltered(filter) ? notLookedUp(db, column) : sql.ref(column);
      const rowsOf = (keys: ReturnType<typeof matching>) =>
        keys.select(['module', 'record_id', sql<string | number | null>`${sql.ref(column)}`.as('place')]);
      // Two questions, so that an index answers the first: where nulls go differs between the databases.
      const valued = async (most: number) => {
        const where = after ? beyond(by, descending, after) : sql<boolean>`${by} is not null`;
        const query = rowsOf(matching(connection, filter)).where(where);
        return query.orderBy(by, direction).orderBy('record_id', direction).limit(most).execute();
      };
      const valueless = async (most: number) => {
        let query = rowsOf(matching(connection, filter)).where(column, 'is', null);
        if (after?.[0] === null) query = query.where('record_id', descending ? '<' : '>', after[1]);
        return query.orderBy('record_id', direction).limit(most).execute();
      };
      const found = after?.[0] === null ? [] : await valued(limit + 1);
      if (found.length <= limit) found.push(...(await valueless(limit + 1 - found.length)));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: await listed(connection, shown),
        next: found.length > limit && last ? [last.place, last.record_id] : null,
      };
    },
    async ofOwners(connection) {
      const rows = await kysely
        .selectFrom('scores')
        .select(['owner_id', (eb) => eb.fn.countAll<number>().as('customers')])
        .where('connection_id', '=', connection)
        .where('owner_id', 'is not', null)
        .groupBy('owner_id')
        .execute();
      return new Map(rows.map(({ owner_id, customers }) => [owner_id ?? '', Number(customers)]));
    },
    async count(connection, filter) {
      const { count } = await matching(connection, filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function isFiltered({ search = '', gold, quietSince, ...lists }: CustomerFilter): boolean {
  if (search.trim() !== '' || gold !== undefined || quietSince !== undefined) return true;
  return Object.values(lists).some((list) => list?.length);
}

/** A part of the name, or the very id. */
export function matchesName(db: Db, table: 'scores' | 'lead_scores', wanted: string): RawBuilder<boolean> {
  const name = sql.ref(`${table}.name_key`);
  const position =
    db.dialect === 'sqlite' ? sql`instr(${name}, ${wanted})` : sql`position(${wanted} in ${name})`;
  return sql<boolean>`(${position} > 0 or ${sql.ref(`${table}.record_id`)} = ${wanted})`;
}

/** Rows with a value, after that place. */
function beyond(by: RawBuilder<unknown>, descending: boolean, [value, id]: ListPlace): RawBuilder<boolean> {
  const place = sql`(${by}, record_id)`;
  return descending ? sql<boolean>`${place} < (${value}, ${id})` : sql<boolean>`${place} > (${value}, ${id})`;
}

function listedOf(row: Pick<Selectable<Tables['scores']>, (typeof LISTED)[number]>): ListedCustomer {
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
    contactGapDays: row.contact_gap_days,
    referralProfit: money(row.referral_profit),
    expectedLow: money(row.expected_low),
    expectedHigh: money(row.expected_high),
  };
}

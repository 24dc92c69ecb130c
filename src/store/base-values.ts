import { type Selectable, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, Phase, Tier } from '../domain.ts';
import { minor } from '../money.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';
import type { BaseGroup, BaseValue, BaseValuesStore } from './view-stores.ts';

/** How all customers stood after each full scoring: counted once, by the run, so that looking costs nothing. */

const CURVE_POINTS = 50;

export function baseValuesStore(db: Db): BaseValuesStore {
  const { kysely } = db;
  const newest = async (connection: ConnectionId, until: string | null): Promise<BaseValue | null> => {
    let query = kysely.selectFrom('base_values').selectAll().where('connection_id', '=', connection);
    if (until !== null) query = query.where('as_of', '<=', until);
    const row = await query.orderBy('as_of', 'desc').limit(1).executeTakeFirst();
    return row ? baseValueOf(row) : null;
  };
  return {
    async keep(connection, asOf, at) {
      const values = {
        groups: toJson(await groupsNow(db, connection)),
        curve: toJson(await curveNow(db, connection)),
        made_at: at,
      };
      await kysely
        .insertInto('base_values')
        .values({ connection_id: connection, as_of: asOf, ...values })
        .onConflict((conflict) => conflict.columns(['connection_id', 'as_of']).doUpdateSet(values))
        .execute();
    },
    latest: (connection) => newest(connection, null),
    before: newest,
    async since(connection, day) {
      const rows = await kysely
        .selectFrom('base_values')
        .select(['as_of', 'groups'])
        .where('connection_id', '=', connection)
        .where('as_of', '>=', day)
        .orderBy('as_of')
        .execute();
      return rows.map(({ as_of, groups }) => ({ asOf: as_of, groups: fromJson<BaseGroup[]>(groups) }));
    },
  };
}

async function groupsNow(db: Db, connection: ConnectionId): Promise<BaseGroup[]> {
  const winBack = sql<number>`case when sub_phase in ('win_back', 'win_back_running') then 1 else 0 end`;
  const rows = await db.kysely
    .selectFrom('scores')
    .select(({ fn }) => [
      'tier',
      'phase',
      'gold',
      winBack.as('win_back'),
      fn.countAll<number>().as('customers'),
      fn.coalesce(fn.sum<string>('profit12'), sql<string>`0`).as('profit12'),
      fn.coalesce(fn.sum<string>('revenue12'), sql<string>`0`).as('revenue12'),
      fn.coalesce(fn.sum<string>('relationship_months'), sql<string>`0`).as('months'),
      fn.count<number>('relationship_months').as('with_months'),
    ])
    .where('connection_id', '=', connection)
    .groupBy(['tier', 'phase', 'gold', winBack])
    .execute();
  return rows.map((row) => ({
    tier: row.tier as Tier, // both are written from a Score only
    phase: row.phase as Phase,
    gold: row.gold,
    winBack: row.win_back === 1,
    customers: row.customers,
    // PostgreSQL sums bigint as numeric, which comes as text.
    profit12: minor(Number(row.profit12)),
    revenue12: minor(Number(row.revenue12)),
    months: Number(row.months),
    withMonths: row.with_months,
  }));
}

async function curveNow(db: Db, connection: ConnectionId): Promise<BaseValue['curve']> {
  const { rows } = await sql<{ customers: number; profit12: string | number }>`
    select count(*) as customers, sum(profit12) as profit12 from (
      select profit12, ntile(${sql.lit(CURVE_POINTS)}) over (order by profit12 desc, record_id) as part
      from scores where connection_id = ${connection} and tier <> 'none' and profit12 is not null) as ranked
    group by part order by part`.execute(db.kysely);
  let customers = 0;
  let profit12 = 0;
  return rows.map((row) => {
    customers += row.customers;
    profit12 += Number(row.profit12);
    return { customers, profit12: minor(profit12) };
  });
}

function baseValueOf(row: Selectable<Tables['base_values']>): BaseValue {
  return { asOf: row.as_of, groups: fromJson(row.groups), curve: fromJson(row.curve) };
}

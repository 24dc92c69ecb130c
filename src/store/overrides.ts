import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerKey, CustomerModule, Day, Phase, RecordId, SubPhase } from '../domain.ts';
import type { StoredOverride } from '../records.ts';
import { isOneOf, selectArrays } from './dialect.ts';
import type { ListedOverride, OverridesStore } from './import-stores.ts';
import { storable } from './rows.ts';

/** Phases that people set by hand. A row is never changed but to end it, so the table is its own history. */
export function overridesStore({ kysely }: Pick<Db, 'kysely'>): OverridesStore {
  return {
    async set(connection, key, override, at) {
      await kysely.transaction().execute(async (trx) => {
        // Of two the later counts; the earlier ends on the day of the later, by whoever set that.
        await trx
          .updateTable('overrides')
          .set({ ended_on: override.setOn, ended_by: storable(override.by), ended_at: at })
          .where('connection_id', '=', connection)
          .where('module', '=', key.module)
          .where('record_id', '=', key.id)
          .where('ended_on', 'is', null)
          .where('until_day', '>=', override.setOn)
          .execute();
        await trx
          .insertInto('overrides')
          .values({
            connection_id: connection,
            module: key.module,
            record_id: key.id,
            phase: override.phase,
            sub_phase: override.subPhase,
            reason: storable(override.reason),
            set_by: storable(override.by),
            set_on: override.setOn,
            until_day: override.until,
            set_at: at,
          })
          .execute();
      });
    },

    async end(connection, key, { on, by }, at) {
      const ended = await kysely
        .updateTable('overrides')
        .set({ ended_on: on, ended_by: storable(by), ended_at: at })
        .where('connection_id', '=', connection)
        .where('module', '=', key.module)
        .where('record_id', '=', key.id)
        .where('ended_on', 'is', null)
        .where('until_day', '>=', on)
        .executeTakeFirst();
      return Number(ended.numUpdatedRows) > 0;
    },

    async list(connection) {
      const rows = await kysely
        .selectFrom('overrides')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(
        (row): ListedOverride => ({
          id: row.id,
          // Written from a customer's key, a phase and a sub-phase only.
          customer: { module: row.module as CustomerModule, id: row.record_id },
          phase: row.phase as Phase,
          subPhase: row.sub_phase as SubPhase | null,
          reason: row.reason,
          by: row.set_by,
          setOn: row.set_on,
          until: row.until_day,
          setAt: row.set_at,
          endedOn: row.ended_on,
          endedBy: row.ended_by,
        }),
      );
    },
  };
}

/** Most orgs have none, and need not be asked with every page. */
export async function hasOverrides(db: Db, connection: ConnectionId): Promise<boolean> {
  const rows = await selectArrays(
    db,
    sql`select 1 from overrides where connection_id = ${connection} limit 1`,
  );
  return rows.length > 0;
}

/** In the order in which they were set. */
export async function overridesOf(
  db: Db,
  connection: ConnectionId,
  customers: readonly CustomerKey['id'][],
): Promise<(StoredOverride & { readonly customer: RecordId })[]> {
  const rows = await selectArrays(
    db,
    sql`select record_id, id, phase, sub_phase, reason, set_by, set_on, until_day, ended_on from overrides
      where connection_id = ${connection} and ${isOneOf(db, 'record_id', customers)} order by id`,
  );
  return rows.map(([customer, id, phase, subPhase, reason, by, setOn, until, endedOn]) => ({
    // The columns are text, bigint, and text to the end; phases were written from one.
    customer: customer as RecordId,
    id: id as number,
    phase: phase as Phase,
    subPhase: subPhase as SubPhase | null,
    reason: reason as string,
    by: by as string,
    setOn: setOn as Day,
    until: until as Day,
    endedOn: endedOn as Day | null,
  }));
}

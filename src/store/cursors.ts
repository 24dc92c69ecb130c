import type { Kysely } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import type { CursorsStore, Followed } from './record-stores.ts';
import { fromJson, toJson } from './rows.ts';
import type { Cursor } from './store.ts';
import type { Tables } from './tables.ts';

/** How far each module has been read. */
export function cursorsStore(db: Db): CursorsStore {
  const { kysely } = db;
  return {
    async get(connection, module) {
      const row = await kysely
        .selectFrom('cursors')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .executeTakeFirst();
      if (!row) return null;
      return {
        state: row.state as Cursor['state'], // written from a Cursor only
        modifiedAt: row.modified_at,
        deletedSince: row.deleted_since,
        fillStartedAt: row.fill_started_at,
        filledAt: row.filled_at,
        checkpoint: row.checkpoint === null ? null : fromJson(row.checkpoint),
        columnsHash: row.columns_hash,
      };
    },
    set: (connection, module, cursor) => setCursor(kysely, connection, module, cursor),
    async idsCheckedAt(connection, module) {
      const row = await kysely
        .selectFrom('cursors')
        .select('ids_checked_at')
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .executeTakeFirst();
      return row?.ids_checked_at ?? null;
    },
    async noteIdsChecked(connection, module, at) {
      await kysely
        .updateTable('cursors')
        .set({ ids_checked_at: at })
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .execute();
    },
    async clear(connection, module) {
      await kysely
        .deleteFrom('cursors')
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .execute();
    },
  };
}

/** Also part of the transaction that stores the cursor's rows. */
export async function setCursor(
  trx: Kysely<Tables>,
  connection: ConnectionId,
  module: Followed,
  cursor: Cursor,
): Promise<void> {
  const values = {
    state: cursor.state,
    modified_at: cursor.modifiedAt,
    deleted_since: cursor.deletedSince,
    fill_started_at: cursor.fillStartedAt,
    filled_at: cursor.filledAt,
    checkpoint: cursor.checkpoint === null ? null : toJson(cursor.checkpoint),
    columns_hash: cursor.columnsHash,
  };
  await trx
    .insertInto('cursors')
    .values({ connection_id: connection, module, ...values })
    .onConflict((conflict) => conflict.columns(['connection_id', 'module']).doUpdateSet(values))
    .execute();
}

import type { Db } from '../db.ts';
import { isOneOf } from './dialect.ts';
import type { QuarantineStore } from './record-stores.ts';
import { chunksOf, MAX_ROWS, storable, uniqueBy } from './rows.ts';

/** Rows that could not be read, with the reason; a row leaves when it can be read, or is gone. */
export function quarantineStore(db: Db): QuarantineStore {
  const { kysely } = db;
  return {
    async add(connection, rows, at) {
      for (const chunk of chunksOf(rows, MAX_ROWS)) {
        const values = uniqueBy(chunk, (row) => `${row.module}\n${row.recordId}`).map((row) => ({
          connection_id: connection,
          module: row.module,
          record_id: storable(row.recordId),
          reason: storable(row.reason),
          seen_at: at,
        }));
        await kysely
          .insertInto('quarantine')
          .values(values)
          .onConflict((conflict) =>
            conflict.columns(['connection_id', 'module', 'record_id']).doUpdateSet((eb) => ({
              reason: eb.ref('excluded.reason'),
              seen_at: eb.ref('excluded.seen_at'),
            })),
          )
          .execute();
      }
    },
    async remove(connection, module, ids) {
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        await kysely
          .deleteFrom('quarantine')
          .where('connection_id', '=', connection)
          .where('module', '=', module)
          .where(isOneOf(db, 'record_id', piece))
          .execute();
      }
    },
    async removeUnseen(connection, module, since) {
      await kysely
        .deleteFrom('quarantine')
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .where('seen_at', '<', since)
        .execute();
    },
    async ids(connection, module) {
      const rows = await kysely
        .selectFrom('quarantine')
        .select('record_id')
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .execute();
      return rows.map((row) => row.record_id);
    },
    async first(connection, most) {
      const rows = await kysely
        .selectFrom('quarantine')
        .select(['module', 'record_id', 'reason'])
        .where('connection_id', '=', connection)
        .orderBy('module')
        .orderBy('record_id')
        .limit(most)
        .execute();
      return rows.map(({ record_id, ...row }) => ({ ...row, recordId: record_id }));
    },
    async count(connection) {
      const rows = await kysely
        .selectFrom('quarantine')
        .select(['module', (eb) => eb.fn.countAll<number>().as('rows')])
        .where('connection_id', '=', connection)
        .groupBy('module')
        .orderBy('module')
        .execute();
      return Object.fromEntries(rows.map((row) => [row.module, row.rows]));
    },
  };
}

import type { Db } from '../db.ts';
import type { QuarantineStore } from './record-stores.ts';
import { chunksOf, MAX_ROWS, storable } from './rows.ts';

/** Rows that could not be read, with the reason; the sync of their module starts the list anew. */
export function quarantineStore(db: Db): QuarantineStore {
  const { kysely } = db;
  return {
    async add(connection, rows) {
      for (const chunk of chunksOf(rows, MAX_ROWS)) {
        await kysely
          .insertInto('quarantine')
          .values(
            chunk.map((row) => ({
              connection_id: connection,
              module: row.module,
              record_id: row.recordId,
              reason: storable(row.reason),
            })),
          )
          .execute();
      }
    },
    async clear(connection, module) {
      await kysely
        .deleteFrom('quarantine')
        .where('connection_id', '=', connection)
        .where('module', '=', module)
        .execute();
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

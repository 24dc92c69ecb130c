import type { Db } from '../db.ts';
import type { StageRow } from '../domain.ts';
import type { StagesStore } from './record-stores.ts';
import { uniqueBy } from './rows.ts';

export function stagesStore(db: Db): StagesStore {
  const { kysely } = db;
  return {
    async replace(connection, rows) {
      const values = uniqueBy(rows, (row) => `${row.pipeline}\n${row.stage}`).map((row, position) => ({
        connection_id: connection,
        ...row,
        position,
      }));
      await kysely.transaction().execute(async (trx) => {
        await trx.deleteFrom('stages').where('connection_id', '=', connection).execute();
        if (values.length > 0) await trx.insertInto('stages').values(values).execute();
      });
    },
    async all(connection) {
      const rows = await kysely
        .selectFrom('stages')
        .select(['pipeline', 'stage', 'outcome'])
        .where('connection_id', '=', connection)
        .orderBy('position')
        .execute();
      // Written from a StageRow only.
      return rows.map((row) => ({ ...row, outcome: row.outcome as StageRow['outcome'] }));
    },
  };
}

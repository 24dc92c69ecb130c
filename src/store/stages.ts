import type { Db } from '../db.ts';
import type { StageRow } from '../records.ts';
import type { StagesStore } from './record-stores.ts';
import { uniqueBy } from './rows.ts';

export function stagesStore(db: Db): StagesStore {
  const { kysely } = db;
  const all: StagesStore['all'] = async (connection) => {
    const rows = await kysely
      .selectFrom('stages')
      .select(['pipeline', 'stage', 'outcome'])
      .where('connection_id', '=', connection)
      .orderBy('position')
      .execute();
    // Written from a StageRow only.
    return rows.map((row) => ({ ...row, outcome: row.outcome as StageRow['outcome'] }));
  };
  return {
    // Stored deals still stand on stages that were taken off the pipelines or renamed: those keep what they last were.
    async learn(connection, told) {
      const names = new Set(told.map((row) => row.stage));
      const gone = (await all(connection)).filter((row) => !names.has(row.stage));
      const rows = [...uniqueBy(told, (row) => `${row.pipeline}\n${row.stage}`), ...gone];
      const values = rows.map((row, position) => ({ connection_id: connection, ...row, position }));
      await kysely.transaction().execute(async (trx) => {
        await trx.deleteFrom('stages').where('connection_id', '=', connection).execute();
        if (values.length > 0) await trx.insertInto('stages').values(values).execute();
      });
    },
    all,
  };
}

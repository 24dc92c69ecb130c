import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import type { DealStage } from '../records.ts';
import { type BulkUpsert, bulkUpsert, isOneOf, selectArrays } from './dialect.ts';
import type { DealStagesStore } from './record-stores.ts';
import { chunksOf, MAX_ROWS, uniqueBy } from './rows.ts';

/** Which stages deals entered and when, as Zoho's own history tells. Rows of a deleted deal are never asked for. */

const STAGES: BulkUpsert = {
  table: 'deal_stages',
  columns: [
    ...['connection_id', 'id', 'deal_id', 'stage', 'left_to'].map(
      (name) => ({ name, type: 'text' }) as const,
    ),
    { name: 'entered_at', type: 'timestamptz' },
  ],
  key: ['connection_id', 'id'],
};

export function dealStagesStore(db: Db): DealStagesStore {
  const { kysely } = db;
  return {
    async save(connection, rows) {
      const values = [...uniqueBy(rows, (row) => row.id)].map((row) => [
        connection,
        row.id,
        row.dealId,
        row.stage,
        row.leftTo,
        row.enteredAt,
      ]);
      for (const piece of chunksOf(values, MAX_ROWS))
        await kysely.transaction().execute((trx) => bulkUpsert(db, trx, STAGES, piece));
    },
  };
}

export async function hasDealStages(db: Db, connection: ConnectionId): Promise<boolean> {
  const rows = await selectArrays(
    db,
    sql`select 1 from deal_stages where connection_id = ${connection} limit 1`,
  );
  return rows.length > 0;
}

/** In the order in which they were entered. */
export async function stagesOfDeals(
  db: Db,
  connection: ConnectionId,
  deals: readonly RecordId[],
): Promise<DealStage[]> {
  const rows = await selectArrays(
    db,
    sql`select id, deal_id, stage, left_to, entered_at from deal_stages
      where connection_id = ${connection} and ${isOneOf(db, 'deal_id', deals)} order by entered_at, id`,
  );
  return rows.map(([id, dealId, stage, leftTo, enteredAt]) => ({
    // The columns are text, text, text, text or null, and timestamptz.
    id: id as RecordId,
    dealId: dealId as RecordId,
    stage: stage as string,
    leftTo: leftTo as string | null,
    enteredAt: enteredAt as Date,
  }));
}

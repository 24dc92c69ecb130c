import type { Db } from '../db.ts';
import { bulkUpsert } from './dialect.ts';
import type { DigestsStore } from './outcome-stores.ts';
import { chunksOf, fromJson, MAX_ROWS, toJson, uniqueBy } from './rows.ts';

const DIGESTS = {
  table: 'digests',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'until_day', type: 'text' },
    { name: 'owner_id', type: 'text' },
    { name: 'made_at', type: 'timestamptz' },
    { name: 'body', type: 'text' },
  ],
  key: ['connection_id', 'until_day', 'owner_id'],
} as const;

/** What was told of a week, to each owner and to the administrators. */
export function digestsStore(db: Db): DigestsStore {
  const { kysely } = db;
  return {
    async save(connection, rows, at) {
      for (const piece of chunksOf(
        uniqueBy(rows, ({ until, ownerId }) => `${until}/${ownerId ?? ''}`),
        MAX_ROWS,
      )) {
        const values = piece.map((row) => [connection, row.until, row.ownerId ?? '', at, toJson(row.body)]);
        await kysely.transaction().execute((trx) => bulkUpsert(db, trx, DIGESTS, values));
      }
    },

    async latest(connection) {
      const rows = await kysely
        .selectFrom('digests')
        .select(['until_day', 'owner_id', 'body'])
        .where('connection_id', '=', connection)
        .where('until_day', '=', (eb) =>
          eb
            .selectFrom('digests as newest')
            .select(({ fn }) => fn.max('newest.until_day').as('until_day'))
            .where('newest.connection_id', '=', connection),
        )
        .orderBy('owner_id')
        .execute();
      return rows.map((row) => ({
        until: row.until_day,
        ownerId: row.owner_id === '' ? null : row.owner_id,
        body: fromJson<unknown>(row.body),
      }));
    },
  };
}

import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { isOneOf } from './dialect.ts';
import type { DeliveriesStore, Delivery } from './job-stores.ts';
import { chunksOf, fromJson, MAX_ROWS, toJson, uniqueBy } from './rows.ts';
import type { Tables } from './tables.ts';

/** Notifications, each stored once by its key. */
export function deliveriesStore(db: Db): DeliveriesStore {
  const { kysely } = db;
  return {
    async add(rows) {
      const values = uniqueBy(rows, (row) => row.key).map((row) => ({
        delivery_key: row.key,
        connection_id: row.connection,
        channel_id: row.channelId,
        received_at: row.receivedAt,
        body: toJson(row.body),
        done_at: null,
      }));
      if (values.length === 0) return 0;
      return kysely.transaction().execute(async (trx) => {
        let added = 0n;
        for (const piece of chunksOf(values, MAX_ROWS)) {
          const { numInsertedOrUpdatedRows } = await trx
            .insertInto('deliveries')
            .values(piece)
            .onConflict((conflict) => conflict.column('delivery_key').doNothing())
            .executeTakeFirstOrThrow();
          added += numInsertedOrUpdatedRows ?? 0n;
        }
        return Number(added);
      });
    },
    async pending(connection, limit) {
      const rows = await kysely
        .selectFrom('deliveries')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('done_at', 'is', null)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(deliveryOf);
    },
    async markDone(keys, at) {
      for (const piece of chunksOf(keys, MAX_ROWS)) {
        await kysely
          .updateTable('deliveries')
          .set({ done_at: at })
          .where(isOneOf(db, 'delivery_key', piece))
          .where('done_at', 'is', null)
          .execute();
      }
    },
    async countPending() {
      const { waiting } = await kysely
        .selectFrom('deliveries')
        .select((eb) => eb.fn.countAll<number>().as('waiting'))
        .where('done_at', 'is', null)
        .executeTakeFirstOrThrow();
      return waiting;
    },
  };
}

function deliveryOf(row: Selectable<Tables['deliveries']>): Delivery {
  return {
    key: row.delivery_key,
    connection: row.connection_id,
    channelId: row.channel_id,
    receivedAt: row.received_at,
    body: fromJson(row.body),
    doneAt: row.done_at,
  };
}

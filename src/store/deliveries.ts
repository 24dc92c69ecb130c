import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { isOneOf, isOneOfNumbers } from './dialect.ts';
import { chunksOf, fromJson, MAX_ROWS, toJson, uniqueBy } from './rows.ts';
import type { Tables } from './tables.ts';
import type { DeliveriesStore, Delivery, DeliveryOutcome } from './webhook-stores.ts';

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
        slow: row.slow,
        done_at: null,
        begun_at: null,
        outcome: null,
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
    async pending(connection, limit, slow) {
      let query = kysely
        .selectFrom('deliveries')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('done_at', 'is', null);
      if (slow !== undefined) query = query.where('slow', '=', slow);
      return (await query.orderBy('id').limit(limit).execute()).map(deliveryOf);
    },
    async begin(keys, at) {
      for (const piece of chunksOf(keys, MAX_ROWS)) {
        await kysely
          .updateTable('deliveries')
          .set({ begun_at: at })
          .where(isOneOf(db, 'delivery_key', piece))
          .where('begun_at', 'is', null)
          .execute();
      }
    },
    async markDone(keys, at, outcome) {
      for (const piece of chunksOf(keys, MAX_ROWS)) {
        await kysely
          .updateTable('deliveries')
          .set({ done_at: at, outcome })
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
    async list(connection, { limit, before }) {
      let query = kysely.selectFrom('deliveries').selectAll().where('connection_id', '=', connection);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(deliveryOf);
    },
    async get(connection, id) {
      const row = await kysely
        .selectFrom('deliveries')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? deliveryOf(row) : null;
    },
    async reopen(connection, id) {
      const { numUpdatedRows } = await kysely
        .updateTable('deliveries')
        // Begun: whoever works on it scores its customers although their records are as they were.
        .set((eb) => ({ done_at: null, outcome: null, begun_at: eb.ref('received_at') }))
        .where('connection_id', '=', connection)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async deleteDone(before, limit) {
      const old = await kysely
        .selectFrom('deliveries')
        .select('id')
        .where('done_at', '<', before)
        .orderBy('done_at')
        .limit(limit)
        .execute();
      let deleted = 0n;
      for (const piece of chunksOf(old, MAX_ROWS)) {
        const ids = piece.map(({ id }) => id);
        const { numDeletedRows } = await kysely
          .deleteFrom('deliveries')
          .where(isOneOfNumbers(db, 'id', ids))
          .where('done_at', 'is not', null)
          .executeTakeFirstOrThrow();
        deleted += numDeletedRows;
      }
      return Number(deleted);
    },
  };
}

function deliveryOf(row: Selectable<Tables['deliveries']>): Delivery {
  return {
    id: row.id,
    key: row.delivery_key,
    connection: row.connection_id,
    channelId: row.channel_id,
    receivedAt: row.received_at,
    body: fromJson(row.body),
    slow: row.slow,
    begunAt: row.begun_at,
    doneAt: row.done_at,
    // The cast: it is written from a DeliveryOutcome only.
    outcome: row.outcome as DeliveryOutcome | null,
  };
}

import type { Db } from '../db.ts';
import type { BulkHintsStore } from './record-stores.ts';

/** Addresses at which Zoho may tell that a bulk job is done, and whether it has. Secrets stand as their hash. */
export function bulkHintsStore({ kysely }: Db): BulkHintsStore {
  return {
    async open(connection, secretHash, at) {
      await kysely
        .insertInto('bulk_hints')
        .values({ connection_id: connection, secret_hash: secretHash, opened_at: at, arrived_at: null })
        .execute();
    },
    async arrive(secretHash, at) {
      await kysely
        .updateTable('bulk_hints')
        .set({ arrived_at: at })
        .where('secret_hash', '=', secretHash)
        .where('arrived_at', 'is', null)
        .execute();
    },
    async hasArrived(secretHash) {
      const row = await kysely
        .selectFrom('bulk_hints')
        .select('arrived_at')
        .where('secret_hash', '=', secretHash)
        .executeTakeFirst();
      return row?.arrived_at != null;
    },
    async close(secretHash) {
      await kysely.deleteFrom('bulk_hints').where('secret_hash', '=', secretHash).execute();
    },
    async closeBefore(connection, at) {
      await kysely
        .deleteFrom('bulk_hints')
        .where('connection_id', '=', connection)
        .where('opened_at', '<', at)
        .execute();
    },
  };
}

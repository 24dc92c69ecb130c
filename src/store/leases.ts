import { type Kysely, sql } from 'kysely';
import type { Db } from '../db.ts';
import { LineLostError } from '../errors.ts';
import type { Lease, LeasesStore } from './store.ts';
import type { Tables } from './tables.ts';

/** Within a transaction: nobody can take the lease over before it ends. Throws LineLostError when somebody has. */
export async function requireLease(trx: Kysely<Tables>, { name, holder }: Lease): Promise<void> {
  // An update that changes nothing locks the row on PostgreSQL; on SQLite the transaction is the only writer.
  const { numUpdatedRows } = await trx
    .updateTable('leases')
    .set({ holder })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) throw new LineLostError();
}

/** Named locks that run out by themselves when their holder dies. */
export function leasesStore(db: Db): LeasesStore {
  const { kysely } = db;
  return {
    async acquire(name, holder, until, now) {
      const { numInsertedOrUpdatedRows } = await kysely
        .insertInto('leases')
        .values({ name, holder, lease_until: until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ holder, lease_until: until })
            .where(sql<boolean>`leases.holder = ${holder} or leases.lease_until <= ${now}`),
        )
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },
    async renew({ name, holder }, until) {
      const { numUpdatedRows } = await kysely
        .updateTable('leases')
        .set({ lease_until: until })
        .where('name', '=', name)
        .where('holder', '=', holder)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    async release(name, holder) {
      await kysely.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
    },
    async holder(name) {
      const row = await kysely
        .selectFrom('leases')
        .select('holder')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.holder ?? null;
    },
  };
}

import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { LeasesStore } from './store.ts';

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

import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { CreditLedger } from '../zoho/governor.ts';

const MINUTE_MS = 60_000;

/** Credits spent, in buckets of a minute; halves are possible. */
export function ledgerStore(db: Db): CreditLedger {
  const { kysely } = db;
  const buckets: CreditLedger['buckets'] = async (connection, since) => {
    const rows = await kysely
      .selectFrom('credit_ledger')
      .select(['minute', 'credits'])
      .where('connection_id', '=', connection)
      // A bucket that began before still holds credits spent after: it counts whole.
      .where('minute', '>', new Date(since.getTime() - MINUTE_MS))
      .orderBy('minute')
      .execute();
    return rows.map((row) => ({ at: row.minute, credits: row.credits }));
  };
  return {
    async add(connection, at, credits) {
      if (credits === 0) return;
      const minute = new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
      await kysely
        .insertInto('credit_ledger')
        .values({ connection_id: connection, minute, credits })
        .onConflict((conflict) =>
          conflict
            .columns(['connection_id', 'minute'])
            .doUpdateSet({ credits: sql`credit_ledger.credits + excluded.credits` }),
        )
        .execute();
    },
    async spentSince(connection, since) {
      const rows = await buckets(connection, since);
      return rows.reduce((sum, row) => sum + row.credits, 0);
    },
    buckets,
    async correct(connection, remaining, at) {
      await kysely
        .updateTable('connections')
        .set({ credits_remaining: remaining, credits_remaining_at: at })
        .where('id', '=', connection)
        .execute();
    },
  };
}

import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import type { AccountChange, CreditAccount, CreditBucket, CreditLedger } from '../zoho/credit-account.ts';
import { forOneWriter } from './dialect.ts';
import { found } from './rows.ts';
import type { Tables } from './tables.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Credits spent, in buckets of a minute (halves are possible), and what Zoho says of them: columns of `connections`. */
export function ledgerStore(db: Db): CreditLedger {
  const { kysely } = db;
  return {
    account: async (connection, at) => accountOf(kysely, connection, at, sql``),
    async change(connection, at, decide) {
      await kysely.transaction().execute(async (trx) => {
        const account = await accountOf(trx, connection, at, forOneWriter(db));
        await apply(trx, connection, at, await decide(account));
      });
    },
  };
}

async function accountOf(
  kysely: Kysely<Tables>,
  connection: ConnectionId,
  at: Date,
  lock: RawBuilder<unknown>,
): Promise<CreditAccount> {
  const row = await kysely
    .selectFrom('connections')
    .select(['credits_remaining', 'credits_remaining_at', 'parked_until', 'parked_ceiling', 'state_why'])
    .where('id', '=', connection)
    .modifyEnd(lock)
    .executeTakeFirst();
  const known = found(row, 'the connection');
  const inWindow = kysely
    .selectFrom('credit_ledger')
    .where('connection_id', '=', connection)
    // A bucket that began before still holds credits spent after: it counts whole.
    .where('minute', '>', new Date(at.getTime() - DAY_MS - MINUTE_MS));
  const { spent } = await inWindow
    .select(sql<number>`coalesce(sum(credits), 0)`.as('spent'))
    .executeTakeFirstOrThrow();
  return {
    spent,
    balance:
      known.credits_remaining !== null && known.credits_remaining_at !== null
        ? { credits: known.credits_remaining, at: known.credits_remaining_at }
        : null,
    parking:
      known.parked_until === null
        ? null
        : {
            until: known.parked_until,
            ceiling: known.parked_ceiling,
            why: known.state_why ?? `no calls before ${known.parked_until.toISOString()}`,
          },
    buckets: async (): Promise<CreditBucket[]> => {
      const rows = await inWindow.select(['minute', 'credits']).orderBy('minute').execute();
      return rows.map((bucket) => ({ at: bucket.minute, credits: bucket.credits }));
    },
  };
}

async function apply(
  trx: Kysely<Tables>,
  connection: ConnectionId,
  at: Date,
  { spend, balance, parking }: AccountChange,
): Promise<void> {
  if (spend !== undefined && spend !== 0) {
    const minute = new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
    await trx
      .insertInto('credit_ledger')
      .values({ connection_id: connection, minute, credits: spend })
      .onConflict((conflict) =>
        conflict
          .columns(['connection_id', 'minute'])
          .doUpdateSet({ credits: sql`credit_ledger.credits + excluded.credits` }),
      )
      .execute();
  }
  if (balance === undefined && parking === undefined) return;
  await trx
    .updateTable('connections')
    .set({
      ...(balance ? { credits_remaining: balance.credits, credits_remaining_at: balance.at } : {}),
      ...(parking === undefined ? {} : parkingColumns(parking)),
    })
    .where('id', '=', connection)
    .execute();
}

/** A connection that must be linked again stays so, whatever its credits. */
function parkingColumns(parking: NonNullable<AccountChange['parking']> | null) {
  const [from, to] = parking === null ? ['parked', 'ready'] : ['ready', 'parked'];
  const isOurs = sql`state in ('ready', 'parked')`;
  return {
    parked_until: parking?.until ?? null,
    parked_ceiling: parking?.ceiling ?? null,
    state: sql<string>`case when state = ${from} then ${to} else state end`,
    state_why: sql<string | null>`case when ${isOurs} then ${parking?.why ?? null} else state_why end`,
  };
}

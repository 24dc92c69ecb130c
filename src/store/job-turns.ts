import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import type { Pause } from './queue-stores.ts';

/** Whose turn it is: a row a connection, and '' for jobs that belong to none. Both queues take turns by it. */

export const turnOf = (connection: ConnectionId | null): string => connection ?? '';

export async function ensureTurn(db: Pick<Db['kysely'], 'insertInto'>, connection: ConnectionId | null) {
  await db
    .insertInto('job_turns')
    .values({
      turn: turnOf(connection),
      connection_id: connection,
      served_at: null,
      paused_at: null,
      paused_why: null,
    })
    .onConflict((conflict) => conflict.column('turn').doNothing())
    .execute();
}

export async function pauseTurn(
  { kysely }: Db,
  connection: ConnectionId,
  why: string,
  now: Date,
): Promise<void> {
  await ensureTurn(kysely, connection);
  await kysely
    .updateTable('job_turns')
    .set({ paused_at: now, paused_why: why })
    .where('turn', '=', turnOf(connection))
    .where('paused_at', 'is', null)
    .execute();
}

export async function resumeTurn({ kysely }: Db, connection: ConnectionId): Promise<boolean> {
  const { numUpdatedRows } = await kysely
    .updateTable('job_turns')
    .set({ paused_at: null, paused_why: null })
    .where('turn', '=', turnOf(connection))
    .where('paused_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function pausedTurns({ kysely }: Db): Promise<Pause[]> {
  const rows = await kysely
    .selectFrom('job_turns')
    .select(['connection_id', 'paused_at', 'paused_why'])
    .where('paused_at', 'is not', null)
    .orderBy('paused_at')
    .execute();
  return rows.flatMap(({ connection_id, paused_at, paused_why }) =>
    connection_id === null || paused_at === null
      ? []
      : [{ connection: connection_id, since: paused_at, why: paused_why ?? '' }],
  );
}

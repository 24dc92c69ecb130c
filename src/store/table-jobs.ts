import { type Kysely, sql } from 'kysely';
import type { Job } from './queue-stores.ts';
import { fromJson } from './rows.ts';
import type { Tables } from './tables.ts';

const PIECE = 500;

/**
 * Takes out of the table what waits there: jobs of a version before pg-boss, of such a server that still runs beside
 * this one, or of an embedded store that was moved here. One at work stays until its lease has run out.
 */
export async function takeTableJobs(
  trx: Kysely<Tables>,
  now: Date,
): Promise<(Omit<Job, 'id'> & { readonly diedAt: Date | null })[]> {
  const { rows: found } = await sql<{ id: number }>`
    select id from jobs where state <> 'active' or lease_until <= ${now}
    order by id limit ${PIECE} for update skip locked`.execute(trx);
  if (found.length === 0) return [];
  const rows = await trx
    .deleteFrom('jobs')
    .where(
      'id',
      'in',
      found.map(({ id }) => id),
    )
    .returningAll()
    .execute();
  return rows
    .toSorted((a, b) => a.id - b.id)
    .map((row) => ({
      connection: row.connection_id,
      name: row.name,
      payload: fromJson(row.payload),
      singletonKey: row.singleton_key,
      runAt: row.run_at,
      attempts: row.attempts - row.free_attempts,
      lastError: row.last_error,
      // A version before did not note when.
      diedAt: row.state === 'dead' ? (row.died_at ?? now) : null,
    }));
}

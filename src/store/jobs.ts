import { type Kysely, type Selectable, sql } from 'kysely';
import type { Db } from '../db.ts';
import { skipLocked } from './dialect.ts';
import type { Job, JobsStore } from './job-stores.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/**
 * A small queue. Jobs of one connection take turns with those of the others: a turn is a connection, or '' for jobs
 * that belong to none, and at most one job a turn is active. Who claims locks the turn, so that a second worker
 * serves another one.
 */
export function jobsStore(db: Db): JobsStore {
  const { kysely } = db;
  return {
    enqueue: (job) =>
      kysely.transaction().execute(async (trx) => {
        const turn = job.connection ?? '';
        await trx
          .insertInto('job_turns')
          .values({ turn, connection_id: job.connection, served_at: null })
          .onConflict((conflict) => conflict.column('turn').doNothing())
          .execute();
        const inserted = await trx
          .insertInto('jobs')
          .values({
            connection_id: job.connection,
            turn,
            name: job.name,
            payload: toJson(job.payload),
            singleton_key: job.singletonKey,
            run_at: job.runAt,
            state: 'queued',
            attempts: 0,
            worker: null,
            lease_until: null,
            last_error: null,
          })
          .onConflict((conflict) =>
            // Written out: a bound parameter does not match the condition of the index.
            conflict.column('singleton_key').where(sql<boolean>`state = 'queued'`).doNothing(),
          )
          .returning('id')
          .executeTakeFirst();
        if (inserted) return { id: inserted.id, fresh: true };
        const waiting = await trx
          .selectFrom('jobs')
          .select('id')
          .where('singleton_key', '=', job.singletonKey)
          .orderBy('id', 'desc')
          .executeTakeFirst();
        return { id: waiting?.id ?? 0, fresh: false };
      }),

    async claim(now, leaseUntil, worker) {
      // A look without a lock: an idle worker must not make writers wait twice a second.
      if (!(await isAnythingDue(kysely, now))) return null;
      return kysely.transaction().execute((trx) => claimNext(db, trx, now, leaseUntil, worker));
    },

    async heartbeat(id, worker, leaseUntil) {
      const { numUpdatedRows } = await kysely
        .updateTable('jobs')
        .set({ lease_until: leaseUntil })
        .where('id', '=', id)
        .where('state', '=', 'active')
        .where('worker', '=', worker)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async complete(id, worker) {
      await kysely
        .deleteFrom('jobs')
        .where('id', '=', id)
        .where('state', '=', 'active')
        .where('worker', '=', worker)
        .execute();
    },

    fail: (id, worker, error, retryAt) =>
      kysely.transaction().execute((trx) => fail(trx, { id, worker, error, retryAt })),

    async counts() {
      const rows = await kysely
        .selectFrom('jobs')
        .select(['state', (eb) => eb.fn.countAll<number>().as('jobs')])
        .groupBy('state')
        .execute();
      const of = (state: string) => rows.find((row) => row.state === state)?.jobs ?? 0;
      return { queued: of('queued'), active: of('active'), dead: of('dead') };
    },

    async dead(limit) {
      const rows = await kysely
        .selectFrom('jobs')
        .selectAll()
        .where('state', '=', 'dead')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(jobOf);
    },
  };
}

async function isAnythingDue(db: Kysely<Tables>, now: Date): Promise<boolean> {
  const due = await db
    .selectFrom('jobs')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'queued'), eb('run_at', '<=', now)]),
        eb.and([eb('state', '=', 'active'), eb('lease_until', '<=', now)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return due !== undefined;
}

async function claimNext(
  db: Db,
  trx: Kysely<Tables>,
  now: Date,
  leaseUntil: Date,
  worker: string,
): Promise<Job | null> {
  const { rows: turns } = await sql<{ turn: string }>`
    select t.turn from job_turns t
    where not exists (
        select 1 from jobs a where a.turn = t.turn and a.state = 'active' and a.lease_until > ${now})
      and (exists (select 1 from jobs q where q.turn = t.turn and q.state = 'queued' and q.run_at <= ${now})
        or exists (select 1 from jobs e where e.turn = t.turn and e.state = 'active'))
    order by t.served_at is not null, t.served_at,
      (select min(o.id) from jobs o where o.turn = t.turn and o.state <> 'dead' and o.run_at <= ${now})
    limit 1 ${skipLocked(db, 't')}`.execute(trx);
  const turn = turns[0]?.turn;
  if (turn === undefined) return null;
  // Asked anew under the lock: whoever held it before may have taken the job that the first look saw.
  const candidates = await trx
    .selectFrom('jobs')
    .selectAll()
    .where('turn', '=', turn)
    .where((eb) =>
      eb.or([eb('state', '=', 'active'), eb.and([eb('state', '=', 'queued'), eb('run_at', '<=', now)])]),
    )
    // A job that lost its worker goes first.
    .orderBy('state')
    .orderBy('run_at')
    .orderBy('id')
    .limit(1)
    .execute();
  const [job] = candidates;
  if (!job || (job.state === 'active' && (job.lease_until ?? now) > now)) return null;
  const attempts = job.attempts + 1;
  await trx
    .updateTable('jobs')
    .set({ state: 'active', worker, lease_until: leaseUntil, attempts })
    .where('id', '=', job.id)
    .execute();
  await trx.updateTable('job_turns').set({ served_at: now }).where('turn', '=', turn).execute();
  return jobOf({ ...job, attempts });
}

async function fail(
  trx: Kysely<Tables>,
  input: { id: number; worker: string; error: string; retryAt: Date | null },
): Promise<void> {
  const { id, worker, error, retryAt } = input;
  const job = await trx
    .selectFrom('jobs')
    .select('singleton_key')
    .where('id', '=', id)
    .where('state', '=', 'active')
    .where('worker', '=', worker)
    .executeTakeFirst();
  if (!job) return;
  const released = { worker: null, lease_until: null, last_error: error };
  const values =
    retryAt === null ? { ...released, state: 'dead' } : { ...released, state: 'queued', run_at: retryAt };
  if (retryAt !== null && job.singleton_key !== null) {
    // The same work was asked for again meanwhile; one of the two waits, and this one has the attempts.
    await trx
      .deleteFrom('jobs')
      .where('singleton_key', '=', job.singleton_key)
      .where('state', '=', 'queued')
      .execute();
  }
  await trx.updateTable('jobs').set(values).where('id', '=', id).execute();
}

function jobOf(row: Selectable<Tables['jobs']>): Job {
  return {
    id: row.id,
    connection: row.connection_id,
    name: row.name,
    payload: fromJson(row.payload),
    singletonKey: row.singleton_key,
    runAt: row.run_at,
    attempts: row.attempts,
    lastError: row.last_error,
  };
}

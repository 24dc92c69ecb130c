import { type Kysely, type Selectable, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db.ts';
import { ensureTurn, pausedTurns, pauseTurn, resumeTurn, turnOf } from './job-turns.ts';
import { type ClaimedJob, DEAD_DAYS, type JobState, type JobsStore, type ListedJob } from './queue-stores.ts';
import { fromJson, serialOf, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/**
 * The queue of the embedded store: a table. Jobs of one connection take turns with those of the others; a turn is a
 * connection, or '' for jobs that belong to none, and at most one job a turn is active.
 */

// A silent worker's job is claimed again after this: at most 45 s after its last heartbeat.
const LEASE_MS = 45_000;

export function jobsStore(db: Db, clock: Clock): JobsStore {
  const { kysely } = db;
  const leaseUntil = () => new Date(clock.now().getTime() + LEASE_MS);
  return {
    enqueue: (job) =>
      kysely.transaction().execute(async (trx) => {
        await ensureTurn(trx, job.connection);
        const inserted = await trx
          .insertInto('jobs')
          .values({
            connection_id: job.connection,
            turn: turnOf(job.connection),
            name: job.name,
            payload: toJson(job.payload),
            singleton_key: job.singletonKey,
            run_at: job.runAt,
            state: 'queued',
            attempts: 0,
            free_attempts: 0,
            worker: null,
            lease_until: null,
            last_error: null,
            died_at: null,
          })
          .onConflict((conflict) =>
            // Written out: a bound parameter does not match the condition of the index.
            conflict.column('singleton_key').where(sql<boolean>`state = 'queued'`).doNothing(),
          )
          .returning('id')
          .executeTakeFirst();
        if (inserted) return { id: String(inserted.id), fresh: true };
        return { id: String(await waitingId(trx, job.singletonKey)), fresh: false };
      }),

    async claim(worker, names) {
      const now = clock.now();
      // A look without the write lock: an idle worker must not make writers wait twice a second.
      if (!(await isAnythingDue(kysely, now))) return null;
      return kysely
        .transaction()
        .execute((trx) => claimNext(trx, { now, until: leaseUntil(), worker, names }));
    },

    async heartbeat(job) {
      const { numUpdatedRows } = await kysely
        .updateTable('jobs')
        .where(isOwn(job))
        .set({ lease_until: leaseUntil() })
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async complete(job) {
      const { numDeletedRows } = await kysely.deleteFrom('jobs').where(isOwn(job)).executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },

    retry: (job, { error, at, isFree }) =>
      kysely.transaction().execute(async (trx) => {
        if (job.singletonKey !== null) {
          if (!(await trx.selectFrom('jobs').where(isOwn(job)).select('id').executeTakeFirst())) return false;
          // The same work was asked for again meanwhile; one of the two waits, and this one has the attempts.
          await trx
            .deleteFrom('jobs')
            .where('singleton_key', '=', job.singletonKey)
            .where('state', '=', 'queued')
            .execute();
        }
        const { numUpdatedRows } = await trx
          .updateTable('jobs')
          .where(isOwn(job))
          .set({ state: 'queued', run_at: at, worker: null, lease_until: null, last_error: error })
          .set((eb) => ({ free_attempts: eb('free_attempts', '+', isFree ? 1 : 0) }))
          .executeTakeFirstOrThrow();
        return numUpdatedRows === 1n;
      }),

    async bury(job, error) {
      const { numUpdatedRows } = await kysely
        .updateTable('jobs')
        .where(isOwn(job))
        .set({ state: 'dead', worker: null, lease_until: null, last_error: error, died_at: clock.now() })
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async counts() {
      const rows = await kysely
        .selectFrom('jobs')
        .select(['state', (eb) => eb.fn.countAll<number>().as('jobs')])
        .groupBy('state')
        .execute();
      const of = (state: JobState) => rows.find((row) => row.state === state)?.jobs ?? 0;
      return { queued: of('queued'), active: of('active'), dead: of('dead') };
    },

    async list({ connection, state, limit }) {
      let query = kysely.selectFrom('jobs').selectAll().orderBy('id', 'desc').limit(limit);
      if (connection !== undefined) query = query.where('connection_id', '=', connection);
      if (state !== undefined) query = query.where('state', '=', state);
      return (await query.execute()).map(listedJobOf);
    },

    revive: (id) =>
      kysely.transaction().execute(async (trx) => {
        const dead = trx.updateTable('jobs').where('id', '=', serialOf(id)).where('state', '=', 'dead');
        const row = await trx
          .selectFrom('jobs')
          .select('singleton_key')
          .where('id', '=', serialOf(id))
          .where('state', '=', 'dead')
          .executeTakeFirst();
        if (!row) return null;
        if (row.singleton_key !== null) {
          const waiting = await waitingId(trx, row.singleton_key);
          if (waiting !== null) {
            await trx.deleteFrom('jobs').where('id', '=', serialOf(id)).execute();
            return { id: String(waiting), fresh: false };
          }
        }
        await dead
          .set({ state: 'queued', run_at: clock.now(), died_at: null })
          .set((eb) => ({ free_attempts: eb.ref('attempts') }))
          .execute();
        return { id, fresh: true };
      }),

    async discard(id) {
      const { numDeletedRows } = await kysely
        .deleteFrom('jobs')
        .where('id', '=', serialOf(id))
        .where('state', '=', 'dead')
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },

    pause: (connection, why) => pauseTurn(db, connection, why, clock.now()),
    resume: (connection) => resumeTurn(db, connection),
    paused: () => pausedTurns(db),

    // Leases run out by themselves.
    async maintain() {
      const before = new Date(clock.now().getTime() - DEAD_DAYS * 86_400_000);
      await kysely.deleteFrom('jobs').where('state', '=', 'dead').where('died_at', '<', before).execute();
    },
  };
}

/** The same claim of the job, still. */
const isOwn = ({ id, claim, worker }: ClaimedJob) =>
  sql<boolean>`id = ${serialOf(id)} and attempts = ${claim} and worker = ${worker} and state = 'active'`;

async function waitingId(trx: Kysely<Tables>, key: string | null): Promise<number | null> {
  if (key === null) return null;
  const row = await trx
    .selectFrom('jobs')
    .select('id')
    .where('singleton_key', '=', key)
    .where('state', '=', 'queued')
    .executeTakeFirst();
  return row?.id ?? null;
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
  trx: Kysely<Tables>,
  by: { now: Date; until: Date; worker: string; names: readonly string[] | undefined },
): Promise<ClaimedJob | null> {
  const { now, worker } = by;
  const named = by.names ? sql`and j.name in (${sql.join([...by.names])})` : sql``;
  const due = sql`((j.state = 'queued' and j.run_at <= ${now}) or (j.state = 'active' and j.lease_until <= ${now})) ${named}`;
  const { rows } = await sql<{ id: number }>`
    select j.id as id from jobs j join job_turns t on t.turn = j.turn
    where ${due} and t.paused_at is null and not exists (
      select 1 from jobs a where a.turn = j.turn and a.state = 'active' and a.id <> j.id)
    -- Within a turn, a job that lost its worker goes first.
    order by t.served_at is not null, t.served_at, j.state, j.run_at, j.id limit 1`.execute(trx);
  const id = rows[0]?.id;
  if (id === undefined) return null;
  const job = await trx
    .updateTable('jobs')
    .set({ state: 'active', worker, lease_until: by.until })
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await trx.updateTable('job_turns').set({ served_at: now }).where('turn', '=', job.turn).execute();
  return { ...jobOf(job), claim: job.attempts, worker };
}

function jobOf(row: Selectable<Tables['jobs']>): Omit<ClaimedJob, 'claim' | 'worker'> {
  return {
    id: String(row.id),
    connection: row.connection_id,
    name: row.name,
    payload: fromJson(row.payload),
    singletonKey: row.singleton_key,
    runAt: row.run_at,
    attempts: row.attempts - row.free_attempts,
    lastError: row.last_error,
  };
}

function listedJobOf(row: Selectable<Tables['jobs']>): ListedJob {
  // Written by this file alone.
  return { ...jobOf(row), state: row.state as JobState, diedAt: row.died_at };
}

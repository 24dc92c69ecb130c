import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock as BossClock } from 'pg-boss';
import type { Clock } from '../clock.ts';
import type { Db } from '../db.ts';
import { type Boss, bossOf, DEAD_QUEUE } from './boss.ts';
import {
  connectionOf,
  errorIn,
  groupOf,
  type Kept,
  type KeptDead,
  listJobs,
  nextOf,
  nextTurn,
  setServed,
  stateCounts,
  strayJobs,
  waitingWith,
} from './boss-rows.ts';
import { ensureTurn, pausedTurns, pauseTurn, resumeTurn } from './job-turns.ts';
import type { ClaimedJob, Job, JobsStore, NewJob } from './queue-stores.ts';
import { takeTableJobs } from './table-jobs.ts';
import type { Tables } from './tables.ts';

/**
 * The queue of a PostgreSQL store: pg-boss, a queue a kind of job, the connection as group. pg-boss gives waiting, keys,
 * heartbeats, fences, retries and retention. Whose turn it is across its queues it does not know: that is a row of
 * ours, locked while a job is fetched (docs/adr/0032). All that pg-boss keeps is written by its own calls.
 */
export function bossJobsStore(db: Db, clock: Clock, bossClock?: BossClock): JobsStore {
  const { kysely } = db;
  const boss = bossOf(db, bossClock);
  const inOne = <T>(work: (trx: Kysely<Tables>) => Promise<T>) => kysely.transaction().execute(work);

  return {
    async enqueue(job) {
      // Outside the transaction: the first of its kind makes a queue.
      await boss.for(job.name);
      return inOne((trx) => send(boss, trx, clock, job));
    },

    async claim(worker, names) {
      const running = await boss.get();
      // A look without locks: an idle worker asks twice a second.
      if ((await nextTurn(kysely, names, false)) === null) return null;
      return inOne(async (trx) => {
        const turn = await nextTurn(trx, names, true);
        const next = turn === null ? null : await nextOf(trx, turn, names);
        if (turn === null || next === null) return null;
        const { id, kind, mark } = next;
        // pg-boss fetches by priority, not by id: a priority that nobody else sees or has makes it this job.
        await running.update(kind, undefined, { id, priority: mark, ...boss.within(trx) });
        const [job] = await running.fetch<Kept>(kind, {
          minPriority: mark,
          maxPriority: mark,
          includeMetadata: true,
          ...boss.within(trx),
        });
        if (!job) return null;
        await setServed(trx, turn);
        return {
          id: job.id,
          connection: connectionOf(job.groupId),
          name: kind,
          payload: job.data.payload,
          singletonKey: job.data.key,
          runAt: job.startAfter,
          attempts: job.retryCount + 1 - job.data.free,
          lastError: errorIn(job.output),
          claim: job.retryCount,
          worker,
        };
      });
    },

    async heartbeat(job) {
      return isDone(await (await boss.get()).touch(job.name, attemptOf(job)));
    },

    async complete(job) {
      return isDone(await (await boss.get()).complete(job.name, attemptOf(job)));
    },

    async retry(job, { error, at, isFree }) {
      const running = await boss.get();
      return inOne(async (trx) => {
        if (!isDone(await running.fail(job.name, attemptOf(job), { message: error }, boss.within(trx))))
          return false;
        // The same work was asked for again meanwhile; one of the two waits, and this one has the attempts.
        const other = job.singletonKey && (await waitingWith(trx, job.name, job.singletonKey, job.id));
        if (other) await running.deleteJob(job.name, other, boss.within(trx));
        const free = job.claim + 1 - job.attempts + (isFree ? 1 : 0);
        const kept: Kept = { payload: job.payload, key: job.singletonKey, free };
        await running.update(job.name, kept, { id: job.id, startAfter: at, ...boss.within(trx) });
        return true;
      });
    },

    async bury(job, error) {
      const running = await boss.get();
      return inOne(async (trx) => {
        if (!isDone(await running.deleteJob(job.name, attemptOf(job), boss.within(trx)))) return false;
        await layAside(boss, trx, { ...job, lastError: error, diedAt: clock.now() });
        return true;
      });
    },

    async counts() {
      await boss.get();
      return stateCounts(kysely);
    },

    async list(of) {
      await boss.get();
      return listJobs(kysely, of);
    },

    async revive(id) {
      const [dead] = await findDead(boss, id);
      if (!dead) return null;
      const { kind, payload, key } = dead.data;
      const running = await boss.for(kind);
      return inOne(async (trx) => {
        // Two people may press the same button.
        if (!isDone(await running.deleteJob(DEAD_QUEUE, id, boss.within(trx)))) return null;
        const connection = connectionOf(dead.groupId);
        const job = { connection, name: kind, payload, singletonKey: key, runAt: clock.now() };
        return send(boss, trx, clock, job, id);
      });
    },

    async discard(id) {
      const [dead] = await findDead(boss, id);
      return dead !== undefined && isDone(await (await boss.get()).deleteJob(DEAD_QUEUE, id));
    },

    pause: (connection, why) => pauseTurn(db, connection, why, clock.now()),
    resume: (connection) => resumeTurn(db, connection),
    paused: () => pausedTurns(db),

    async maintain() {
      const running = await boss.get();
      await running.supervise();
      for (const [queue, ids] of await strayJobs(kysely)) await running.deleteJob(queue, ids);
      await inOne(async (trx) => {
        for (const job of await takeTableJobs(trx, clock.now())) {
          await boss.for(job.name);
          if (job.diedAt === null) await send(boss, trx, clock, job);
          else await layAside(boss, trx, { ...job, diedAt: job.diedAt });
        }
      });
    },
  };
}

/** Fences a call: a later claim of the same job has another count. */
const attemptOf = ({ id, claim }: ClaimedJob) => ({ id, retryCount: claim });

/** What pg-boss answers, of which its types tell nothing. */
const isDone = (answer: object): boolean => 'affected' in answer && answer.affected === 1;

/** As a dead job; without an id under a new one. */
async function layAside(
  boss: Boss,
  trx: Kysely<Tables>,
  job: Omit<Job, 'id'> & { readonly id?: string; readonly diedAt: Date },
): Promise<void> {
  const kept: KeptDead = {
    payload: job.payload,
    key: job.singletonKey,
    free: 0,
    kind: job.name,
    error: job.lastError ?? '',
    attempts: job.attempts,
    diedAt: job.diedAt.toISOString(),
  };
  const options = { group: { id: groupOf(job.connection) }, ...(job.id === undefined ? {} : { id: job.id }) };
  await (await boss.get()).send(DEAD_QUEUE, kept, { ...options, ...boss.within(trx) });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
async function findDead(boss: Boss, id: string) {
  const running = await boss.get();
  return UUID.test(id) ? running.findJobs<KeptDead>(DEAD_QUEUE, { id, queued: true }) : [];
}

async function send(
  boss: Boss,
  trx: Kysely<Tables>,
  clock: Clock,
  job: NewJob,
  id?: string,
): Promise<{ id: string; fresh: boolean }> {
  const running = await boss.get();
  await ensureTurn(trx, job.connection);
  const key = job.singletonKey ?? randomUUID();
  const waiting = job.singletonKey === null ? null : await waitingWith(trx, job.name, key);
  if (waiting !== null) return { id: waiting, fresh: false };
  const kept: Kept = { payload: job.payload, key: job.singletonKey, free: 0 };
  const sent = await running.send(job.name, kept, {
    singletonKey: key,
    // How long it is kept is counted from here on: a time long past would have it deleted.
    ...(job.runAt > clock.now() ? { startAfter: job.runAt } : {}),
    group: { id: groupOf(job.connection) },
    ...(id === undefined ? {} : { id }),
    ...boss.within(trx),
  });
  // Null: another process was first, in a transaction that ended only now.
  if (sent === null) return { id: (await waitingWith(trx, job.name, key)) ?? '', fresh: false };
  return { id: sent, fresh: true };
}

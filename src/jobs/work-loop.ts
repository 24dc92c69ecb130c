import type { Clock } from '../clock.ts';
import { AppError, BusyError, ZohoAuthError, ZohoCreditsError, ZohoRateLimitError } from '../errors.ts';
import { type Log, withoutSecrets } from '../log.ts';
import { isDatabaseAway } from '../store/database-away.ts';
import type { ClaimedJob } from '../store/queue-stores.ts';
import type { Store } from '../store/store.ts';

/** Claims jobs one after another, runs them, and settles how each ended. */

export interface WorkLoopDeps {
  readonly store: {
    readonly jobs: Pick<Store['jobs'], 'claim' | 'heartbeat' | 'complete' | 'retry' | 'bury'>;
    readonly connections: Pick<Store['connections'], 'setState'>;
  };
  readonly runJob: (job: ClaimedJob) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}
export interface WorkLoop {
  /** A job may be waiting: look now rather than at the next poll. */
  wake(): void;
  /** Takes no more jobs; one still at work after the deadline is given back to the queue. */
  stop(deadlineMs: number): Promise<void>;
}

// A third of what the queues wait before they give the job of a silent worker to another.
const HEARTBEAT_MS = 10_000;
const POLL_MS = 500;
const MAX_ATTEMPTS = 5;
const BASE_DELAY_MS = 10_000;
const MAX_DELAY_MS = 15 * 60_000;
// Another run of the same connection is at work: that is no failure, and a full run may take a while.
const BUSY_DELAY_MS = 15_000;
// A job whose worker was lost this often with it (killed, out of memory) would take down the next as well.
const MAX_LOSSES = 10;
const LOST = 'job was taken over by another worker';

export type Failure =
  | { readonly kind: 'retry'; readonly at: Date }
  | { readonly kind: 'park'; readonly at: Date; readonly why: 'credits' | 'busy' }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'dead' };

/** What a failed attempt means for its job. `attempts` counts the one that failed. */
export function judgeFailure(error: unknown, attempts: number, now: Date, random: () => number): Failure {
  const at = (ms: number) => new Date(now.getTime() + ms);
  if (error instanceof ZohoAuthError) return { kind: 'reconnect' };
  if (error instanceof ZohoCreditsError) return { kind: 'park', at: error.availableAt, why: 'credits' };
  if (error instanceof BusyError) return { kind: 'park', at: at(BUSY_DELAY_MS), why: 'busy' };
  const isPassing = isDatabaseAway(error) || (error instanceof AppError && error.retryable);
  if (!isPassing || attempts >= MAX_ATTEMPTS) return { kind: 'dead' };
  const backOffMs = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempts - 1)) * (0.5 + random() / 2);
  const asked = error instanceof ZohoRateLimitError ? error.retryAfterMs : null;
  return { kind: 'retry', at: at(Math.max(backOffMs, asked ?? 0)) };
}

/** `names`: only these kinds of job; left out: all. */
export function startWorkLoop(
  deps: WorkLoopDeps,
  options: { worker: string; names?: readonly string[] },
): WorkLoop {
  const { store, clock, log } = deps;
  const { worker, names } = options;
  let isStopping = false;
  let nap = new AbortController();
  let current: ClaimedJob | null = null;

  async function rest(ms: number): Promise<void> {
    // Aborted by wake(): the reason for resting is gone.
    await clock.sleep(ms, nap.signal).catch(() => undefined);
    nap = new AbortController();
  }

  async function keepLease(job: ClaimedJob, ended: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, ended).catch(() => undefined);
      if (ended.aborted) return;
      try {
        if (await store.jobs.heartbeat(job)) continue;
        log.warn({ jobId: job.id, job: job.name }, LOST);
        return;
      } catch (err) {
        log.warn({ err, jobId: job.id }, 'heartbeat failed');
      }
    }
  }

  async function settleFailure(job: ClaimedJob, error: unknown): Promise<boolean> {
    const failure = judgeFailure(error, job.attempts, clock.now(), clock.random);
    const message = withoutSecrets(error instanceof Error ? error.message : String(error));
    const fields = { err: error, jobId: job.id, job: job.name, connection: job.connection };
    switch (failure.kind) {
      case 'retry':
        log.warn({ ...fields, attempts: job.attempts, at: failure.at }, 'job failed and is repeated');
        return store.jobs.retry(job, { error: message, at: failure.at, isFree: false });
      case 'park':
        // The governor has parked the connection already; other connections go on.
        if (failure.why === 'credits') log.warn({ ...fields, at: failure.at }, 'job waits for credits');
        else log.info({ jobId: job.id, job: job.name, at: failure.at }, 'job waits for another run');
        return store.jobs.retry(job, { error: message, at: failure.at, isFree: true });
      case 'reconnect':
        log.error(fields, 'connection needs to be linked again');
        if (job.connection !== null) {
          await store.connections.setState(job.connection, 'reconnect_needed', message);
        }
        return store.jobs.bury(job, message);
      case 'dead':
        log.error({ ...fields, attempts: job.attempts }, 'job failed for good');
        return store.jobs.bury(job, message);
    }
  }

  async function work(job: ClaimedJob): Promise<void> {
    current = job;
    const ended = new AbortController();
    const beating = keepLease(job, ended.signal);
    try {
      if (job.attempts > MAX_LOSSES)
        throw new Error(`its worker was lost ${job.attempts - 1} times; see the log of the workers`);
      await deps.runJob(job);
      if (!(await store.jobs.complete(job))) log.warn({ jobId: job.id, job: job.name }, LOST);
    } catch (error) {
      // When even this fails, the lease runs out and the job is claimed again.
      try {
        if (!(await settleFailure(job, error))) log.warn({ jobId: job.id, job: job.name }, LOST);
      } catch (err) {
        log.error({ err, jobId: job.id }, 'job could not be settled');
      }
    } finally {
      current = null;
      ended.abort();
      await beating;
    }
  }

  async function loop(): Promise<void> {
    let failures = 0;
    while (!isStopping) {
      try {
        const job = await store.jobs.claim(worker, names);
        failures = 0;
        if (job) await work(job);
        else if (!isStopping) await rest(POLL_MS);
      } catch (err) {
        failures += 1;
        log.error({ err }, 'no job could be claimed');
        if (!isStopping) await rest(Math.min(30_000, 1_000 * 2 ** (failures - 1)));
      }
    }
  }

  const looping = loop();
  return {
    wake: () => nap.abort(),
    async stop(deadlineMs) {
      isStopping = true;
      nap.abort();
      const waited = new AbortController();
      const isDone = await Promise.race([
        looping.then(() => true),
        clock.sleep(deadlineMs, waited.signal).then(
          () => false,
          () => true,
        ),
      ]);
      waited.abort();
      const unfinished: ClaimedJob | null = current;
      if (isDone || unfinished === null) return;
      // The caller ends the thread next; whoever claims the job starts it from its last committed step.
      log.warn({ jobId: unfinished.id, job: unfinished.name }, 'job given back: the worker stops');
      const error = 'given back: the worker stopped';
      await store.jobs.retry(unfinished, { error, at: clock.now(), isFree: true });
    },
  };
}

import type { Clock } from '../clock.ts';
import { AppError, ConflictError, ZohoAuthError, ZohoCreditsError, ZohoRateLimitError } from '../errors.ts';
import { type Log, withoutSecrets } from '../log.ts';
import type { Job } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';

/** Claims jobs one after another, runs them, and settles how each ended. */

export interface WorkLoopDeps {
  readonly store: {
    readonly jobs: Pick<Store['jobs'], 'claim' | 'heartbeat' | 'complete' | 'fail'>;
    readonly connections: Pick<Store['connections'], 'setState'>;
  };
  readonly runJob: (job: Job) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}
export interface WorkLoop {
  /** A job may be waiting: look now rather than at the next poll. */
  wake(): void;
  /** Takes no more jobs; one still at work after the deadline is given back to the queue. */
  stop(deadlineMs: number): Promise<void>;
}

// A crashed worker's job is claimed again when its lease has run out: at most 45 s after the last heartbeat.
const LEASE_MS = 45_000;
const HEARTBEAT_MS = 10_000;
const POLL_MS = 500;
const MAX_ATTEMPTS = 5;
const BASE_DELAY_MS = 10_000;
const MAX_DELAY_MS = 15 * 60_000;
// Another run of the same connection is at work: that is no failure, and a full run may take a while.
const BUSY_DELAY_MS = 15_000;
const MAX_BUSY_ATTEMPTS = 240;

export type Failure =
  | { readonly kind: 'retry'; readonly at: Date }
  | { readonly kind: 'park'; readonly at: Date }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'dead' };

/** What a failed attempt means for its job. `attempts` counts the one that failed. */
export function judgeFailure(error: unknown, attempts: number, now: Date, random: () => number): Failure {
  const at = (ms: number) => new Date(now.getTime() + ms);
  if (error instanceof ZohoAuthError) return { kind: 'reconnect' };
  if (error instanceof ZohoCreditsError) return { kind: 'park', at: error.availableAt };
  if (error instanceof ConflictError) {
    return attempts < MAX_BUSY_ATTEMPTS ? { kind: 'retry', at: at(BUSY_DELAY_MS) } : { kind: 'dead' };
  }
  if (!(error instanceof AppError) || !error.retryable || attempts >= MAX_ATTEMPTS) return { kind: 'dead' };
  const backOffMs = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempts - 1)) * (0.5 + random() / 2);
  const asked = error instanceof ZohoRateLimitError ? error.retryAfterMs : null;
  return { kind: 'retry', at: at(Math.max(backOffMs, asked ?? 0)) };
}

export function startWorkLoop(deps: WorkLoopDeps, options: { worker: string }): WorkLoop {
  const { store, clock, log } = deps;
  const { worker } = options;
  const leaseUntil = () => new Date(clock.now().getTime() + LEASE_MS);
  let isStopping = false;
  let nap = new AbortController();
  let current: Job | null = null;

  async function rest(ms: number): Promise<void> {
    // Aborted by wake(): the reason for resting is gone.
    await clock.sleep(ms, nap.signal).catch(() => undefined);
    nap = new AbortController();
  }

  async function keepLease(job: Job, ended: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, ended).catch(() => undefined);
      if (ended.aborted) return;
      try {
        if (await store.jobs.heartbeat(job.id, worker, leaseUntil())) continue;
        log.warn({ jobId: job.id, job: job.name }, 'job was taken over by another worker');
        return;
      } catch (err) {
        log.warn({ err, jobId: job.id }, 'heartbeat failed');
      }
    }
  }

  async function settleFailure(job: Job, error: unknown): Promise<void> {
    const failure = judgeFailure(error, job.attempts, clock.now(), clock.random);
    const message = withoutSecrets(error instanceof Error ? error.message : String(error));
    const fields = { err: error, jobId: job.id, job: job.name, connection: job.connection };
    switch (failure.kind) {
      case 'retry':
        log.warn({ ...fields, attempts: job.attempts, at: failure.at }, 'job failed and is repeated');
        return store.jobs.fail(job.id, worker, message, failure.at);
      case 'park':
        // The governor has parked the connection already; other connections go on.
        log.warn({ ...fields, at: failure.at }, 'job waits for credits');
        return store.jobs.fail(job.id, worker, message, failure.at);
      case 'reconnect':
        log.error(fields, 'connection needs to be linked again');
        if (job.connection !== null) {
          await store.connections.setState(job.connection, 'reconnect_needed', message);
        }
        return store.jobs.fail(job.id, worker, message, null);
      case 'dead':
        log.error({ ...fields, attempts: job.attempts }, 'job failed for good');
        return store.jobs.fail(job.id, worker, message, null);
    }
  }

  async function work(job: Job): Promise<void> {
    current = job;
    const ended = new AbortController();
    const beating = keepLease(job, ended.signal);
    try {
      await deps.runJob(job);
      await store.jobs.complete(job.id, worker);
    } catch (error) {
      // When even this fails, the lease runs out and the job is claimed again.
      await settleFailure(job, error).catch((err: unknown) =>
        log.error({ err, jobId: job.id }, 'job could not be settled'),
      );
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
        const job = await store.jobs.claim(clock.now(), leaseUntil(), worker);
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
      const unfinished: Job | null = current;
      if (isDone || unfinished === null) return;
      // The caller ends the thread next; whoever claims the job starts it from its last committed step.
      log.warn({ jobId: unfinished.id, job: unfinished.name }, 'job given back: the worker stops');
      await store.jobs.fail(unfinished.id, worker, 'given back: the worker stopped', clock.now());
    },
  };
}

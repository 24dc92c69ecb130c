import type { ConnectionId } from '../domain.ts';

/** What both queues can do: the table of the embedded store, and pg-boss beside a PostgreSQL store (docs/adr/0032). */

export interface NewJob {
  readonly connection: ConnectionId | null;
  readonly name: string;
  readonly payload: unknown;
  readonly singletonKey: string | null;
  readonly runAt: Date;
}
export interface Job extends NewJob {
  readonly id: string;
  /** This one included; waiting for credits, for another run or for a worker's stop is none. */
  readonly attempts: number;
  readonly lastError: string | null;
}
export interface ClaimedJob extends Job {
  /** Tells this claim from an earlier and a later one of the same job. */
  readonly claim: number;
  readonly worker: string;
}
/** A job as people see it. */
export interface ListedJob extends Job {
  readonly state: JobState;
  /** Dead: since when. */
  readonly diedAt: Date | null;
}
export type JobState = 'queued' | 'active' | 'dead';
export const JOB_STATES: readonly JobState[] = ['queued', 'active', 'dead'];

export interface Pause {
  readonly connection: ConnectionId;
  readonly since: Date;
  readonly why: string;
}

/** Of the answers true/false, false says that the claim was lost to another worker and nothing was changed. */
export interface JobsStore {
  /** `fresh` false: a job with that singleton key waits already; its id is returned. */
  enqueue(job: NewJob): Promise<{ id: string; fresh: boolean }>;
  /**
   * The job that is due longest, of the connection that was served longest ago; one active job a connection, none of
   * a paused one. `names`: only these kinds.
   */
  claim(worker: string, names?: readonly string[]): Promise<ClaimedJob | null>;
  /** To be called every 10 s; a job whose worker is silent is another's within 60 s. */
  heartbeat(job: ClaimedJob): Promise<boolean>;
  complete(job: ClaimedJob): Promise<boolean>;
  /** Back into the queue until `at`. `isFree`: this attempt does not count. */
  retry(job: ClaimedJob, why: { error: string; at: Date; isFree: boolean }): Promise<boolean>;
  /** Out of the queue, kept for a person to look at. */
  bury(job: ClaimedJob, error: string): Promise<boolean>;
  counts(): Promise<Record<JobState, number>>;
  /** Newest first. */
  list(of: { connection?: ConnectionId; state?: JobState; limit: number }): Promise<ListedJob[]>;
  /** Gives a dead job all its attempts again. Null: no dead job has that id. */
  revive(id: string): Promise<{ id: string; fresh: boolean } | null>;
  /** Forgets a dead job; false: there is none. */
  discard(id: string): Promise<boolean>;
  /** Jobs of a paused connection wait; the one at work ends. */
  pause(connection: ConnectionId, why: string): Promise<void>;
  /** False: it was not paused. */
  resume(connection: ConnectionId): Promise<boolean>;
  paused(): Promise<Pause[]>;
  /** Takes jobs from silent workers and tidies up; whoever works calls it every few seconds. */
  maintain(): Promise<void>;
}

/** How long a dead job is kept. */
export const DEAD_DAYS = 90;

/** A process that runs jobs, as it last said of itself. */
export interface WorkerRow {
  /** host:pid:thread */
  readonly id: string;
  readonly kind: 'server' | 'worker';
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  readonly startedAt: Date;
  readonly beatAt: Date;
}
/** Silent for longer: the worker is gone. */
export const WORKER_SILENCE_MS = 30_000;
export interface WorkersStore {
  beat(row: WorkerRow): Promise<void>;
  leave(id: string): Promise<void>;
  /** Those heard of since. */
  alive(since: Date): Promise<WorkerRow[]>;
  /** Forgets those not heard of since. */
  forget(before: Date): Promise<void>;
}

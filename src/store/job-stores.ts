import type { ConnectionId } from '../domain.ts';

/** The parts of the store that hold what starts a run: schedules and jobs. */

export interface Schedule {
  readonly id: string;
  /** Null: it belongs to the installation. */
  readonly connection: ConnectionId | null;
  readonly job: string;
  /** Cron of five fields, "every N minutes" or "every N hours". */
  readonly expr: string;
  readonly timeZone: string;
  /** "22:00-06:00" */
  readonly quietHours: string | null;
  /** Each connection has its own fixed place within this span after the time of the expression. */
  readonly spreadMinutes: number;
  readonly enabled: boolean;
  readonly nextRunAt: Date | null;
  readonly lastRunAt: Date | null;
  /** The time that the last run was for: earlier than it by as long as nothing ran. */
  readonly lastDueAt: Date | null;
  /** Times passed over at the last firing: while nothing ran, or because the job of an earlier one still waited. */
  readonly missed: number;
}
export interface SchedulesStore {
  upsert(row: Schedule): Promise<void>;
  all(): Promise<Schedule[]>;
  /** Null: those of the installation. */
  of(connection: ConnectionId | null): Promise<Schedule[]>;
  /** Longest due first. */
  due(now: Date): Promise<Schedule[]>;
  /** Those that say they ran after that: the clock was set back since. */
  ranAfter(at: Date): Promise<Schedule[]>;
  /** False, and nothing changed: it is due at `dueAt` no more, so another server has fired it or a person edited it. */
  moveOn(
    id: string,
    dueAt: Date | null,
    to: Pick<Schedule, 'nextRunAt' | 'lastRunAt' | 'lastDueAt' | 'missed'>,
  ): Promise<boolean>;
}
export interface NewJob {
  readonly connection: ConnectionId | null;
  readonly name: string;
  readonly payload: unknown;
  readonly singletonKey: string | null;
  readonly runAt: Date;
}
export interface Job extends NewJob {
  readonly id: number;
  /** This one included. */
  readonly attempts: number;
  readonly lastError: string | null;
}
export interface JobsStore {
  /** `fresh` false: a job with that singleton key is queued already; its id is returned. */
  enqueue(job: NewJob): Promise<{ id: number; fresh: boolean }>;
  /**
   * The oldest due job of the connection that was served longest ago; one active job per connection.
   * A job whose lease ran out is claimed again.
   */
  claim(now: Date, leaseUntil: Date, worker: string): Promise<Job | null>;
  /** False: the lease was lost to another worker. */
  heartbeat(id: number, worker: string, leaseUntil: Date): Promise<boolean>;
  complete(id: number, worker: string): Promise<void>;
  /** Null = dead. */
  fail(id: number, worker: string, error: string, retryAt: Date | null): Promise<void>;
  counts(): Promise<Record<'queued' | 'active' | 'dead', number>>;
  /** Newest first. */
  dead(limit: number): Promise<Job[]>;
}

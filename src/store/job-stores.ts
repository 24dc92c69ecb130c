import type { ConnectionId, RecordId } from '../domain.ts';

/** The parts of the store that hold what starts a run: channels, deliveries, schedules and jobs. */

export interface Channel {
  readonly connection: ConnectionId;
  readonly channelId: string;
  readonly events: string[];
  readonly token: string;
  /** SHA-256 of the secret in the path. */
  readonly secretHash: string;
  /** Without the secret. */
  readonly notifyUrl: string;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}
export interface ChannelsStore {
  save(connection: ConnectionId, row: Channel): Promise<void>;
  of(connection: ConnectionId): Promise<Channel[]>;
  bySecretHash(hash: string): Promise<Channel | null>;
  /** Past half of their life. */
  dueForRenewal(now: Date): Promise<Channel[]>;
  remove(connection: ConnectionId, channelId: string): Promise<void>;
}
export interface NewDelivery {
  readonly key: string;
  readonly connection: ConnectionId;
  readonly channelId: string;
  readonly receivedAt: Date;
  readonly body: { readonly module: string; readonly operation: string; readonly ids: RecordId[] };
}
export interface Delivery extends NewDelivery {
  readonly doneAt: Date | null;
}
export interface DeliveriesStore {
  /** One transaction; returns how many were new. */
  add(rows: readonly NewDelivery[]): Promise<number>;
  /** Oldest first. */
  pending(connection: ConnectionId, limit: number): Promise<Delivery[]>;
  markDone(keys: readonly string[], at: Date): Promise<void>;
  countPending(): Promise<number>;
}
export interface Schedule {
  readonly id: string;
  readonly connection: ConnectionId;
  readonly job: string;
  /** Cron of five fields, or "every N minutes". */
  readonly expr: string;
  readonly timeZone: string;
  /** "22:00-06:00" */
  readonly quietHours: string | null;
  readonly enabled: boolean;
  readonly nextRunAt: Date | null;
  readonly lastRunAt: Date | null;
}
export interface SchedulesStore {
  upsert(row: Schedule): Promise<void>;
  all(): Promise<Schedule[]>;
  of(connection: ConnectionId): Promise<Schedule[]>;
  due(now: Date): Promise<Schedule[]>;
  setNextRun(id: string, nextRunAt: Date | null, lastRunAt: Date | null): Promise<void>;
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

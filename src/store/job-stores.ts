import type { ConnectionId } from '../domain.ts';

/** The part of the store that holds the schedules. */

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

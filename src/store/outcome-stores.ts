import type { OpenReminder, ReminderOutcome } from '../changes.ts';
import type { ConnectionId, CustomerKey, Day, Phase, RecordId, SubPhase, Tier } from '../domain.ts';

/** What is remembered of reminders after their time, and what is told of a week. */

export interface PendingReminder {
  readonly reminder: OpenReminder;
  /** Null: not followed yet. */
  readonly outcome: ReminderOutcome | null;
}
/** Reminders of one rule, counted. */
export interface RuleCounts {
  readonly reason: string;
  readonly made: number;
  readonly open: number;
  readonly done: number;
  readonly deleted: number;
  readonly ignored: number;
  readonly needGone: number;
  /** Those old enough to tell whether a contact followed, and those after which one did; the same of results. */
  readonly touchKnown: number;
  readonly touched: number;
  readonly resultKnown: number;
  readonly bought: number;
  readonly improved: number;
}
export interface OutcomesStore {
  /** Reminders whose task exists and of which not all is known yet. */
  pending(connection: ConnectionId): Promise<PendingReminder[]>;
  save(connection: ConnectionId, rows: readonly ReminderOutcome[]): Promise<void>;
  /** Of reminders made on or after `since`; `touchBefore`, `resultBefore`: last day of those that are old enough. */
  count(
    connection: ConnectionId,
    days: { readonly since: Day | null; readonly touchBefore: Day; readonly resultBefore: Day },
  ): Promise<RuleCounts[]>;
}

/** What a customer was shown as before a span of days, and at its end. */
export interface ScoreMove {
  readonly key: CustomerKey;
  /** Null: it was no customer before. */
  readonly before: ShownScore | null;
  readonly after: ShownScore;
}
interface ShownScore {
  readonly tier: Tier;
  readonly phase: Phase;
  readonly subPhase: SubPhase | null;
  readonly gold: boolean;
}

interface StoredDigest {
  /** Last day that it tells of. */
  readonly until: Day;
  /** Null: for administrators, of everybody. */
  readonly ownerId: RecordId | null;
  readonly body: unknown;
}
export interface DigestsStore {
  save(connection: ConnectionId, rows: readonly StoredDigest[], at: Date): Promise<void>;
  /** All of the newest day. */
  latest(connection: ConnectionId): Promise<StoredDigest[]>;
}

import type {
  EditedField,
  FieldChange,
  OpenReminder,
  PlanState,
  ReminderKey,
  SuppressedTask,
  TaskChange,
} from '../changes.ts';
import type { ConnectionId, Day, FieldValues, PlanId, RecordId, RunId } from '../domain.ts';
import type { Lease } from './store.ts';

/** What is planned, what was begun of it, and the reminders that came of it. */

export type PlanItem =
  | { readonly kind: 'field'; readonly change: FieldChange }
  | { readonly kind: 'task'; readonly task: TaskChange }
  | { readonly kind: 'suppressed'; readonly task: SuppressedTask }
  | { readonly kind: 'edited'; readonly edit: EditedField };
export interface PlanHead {
  readonly id: PlanId;
  readonly connection: ConnectionId;
  readonly runId: RunId;
  readonly asOf: Day;
  /** 'building' until closed. */
  readonly state: PlanState | 'building';
  readonly summary: unknown;
  readonly createdAt: Date;
}
export interface PlansStore {
  /** Discards earlier plans that are still being built. */
  open(
    connection: ConnectionId,
    runId: RunId,
    asOf: Day,
    /** `isNarrow`: of some customers only; it supersedes nothing and is never the latest. */
    options?: { readonly isNarrow?: boolean },
  ): Promise<PlanId>;
  append(planId: PlanId, items: readonly PlanItem[]): Promise<void>;
  /** Supersedes earlier plans that wait, unless this one is narrow. */
  close(
    planId: PlanId,
    head: {
      readonly state: 'open' | 'held';
      readonly summary: unknown;
      /** What scores were made under; a later plan tells by it what changed. */
      readonly rules?: object;
    },
  ): Promise<void>;
  get(planId: PlanId): Promise<PlanHead | null>;
  /** The newest of all customers that is neither being built nor discarded. */
  latest(connection: ConnectionId): Promise<PlanHead | null>;
  appliedCount(connection: ConnectionId): Promise<number>;
  /** The newest of all customers that was applied; `rules` null: it was made by an older version. */
  lastApplied(connection: ConnectionId): Promise<(PlanHead & { readonly rules: unknown }) | null>;
  setState(planId: PlanId, state: PlanState): Promise<void>;
  /** Newest first, those of some customers left out. */
  list(connection: ConnectionId, limit: number): Promise<PlanHead[]>;
  /** Its changes; what is suppressed or only reported counts nowhere. */
  counts(planId: PlanId): Promise<{ pending: number; done: number; leftOut: number }>;
  /** Of items that are not done. */
  setLeftOut(planId: PlanId, seqs: readonly number[] | 'all', leftOut: boolean): Promise<void>;
  /** Plans that wait for being applied are no longer to be; answers how many there were. */
  supersedeWaiting(connection: ConnectionId): Promise<number>;
  /**
   * Suppressed items, and fields that a person changed, count as done; `open` has those that are not approved beside the
   * pending ones.
   */
  items(
    planId: PlanId,
    chunk: number,
    filter?: 'all' | 'pending' | 'open',
  ): AsyncIterable<(PlanItem & { readonly seq: number })[]>;
  markDone(planId: PlanId, seqs: readonly number[]): Promise<void>;
}

export interface NewIntent {
  readonly connection: ConnectionId;
  readonly runId: RunId;
  readonly planId: PlanId;
  /** Plan items that this write settles. */
  readonly seqs: number[];
  readonly kind: 'update' | 'task_create' | 'task_update' | 'task_close' | 'task_delete' | 'task_restore';
  readonly module: string;
  readonly recordId: RecordId | null;
  readonly cvRef: string | null;
  /** What stood there: field values by key, of a task by API name. */
  readonly before: Readonly<Record<string, unknown>>;
  /** As it goes to Zoho, by API name. */
  readonly sent: Record<string, unknown>;
  readonly values: FieldValues;
  readonly at: Date;
}
export interface Intent extends NewIntent {
  readonly id: number;
  /** Null while it is not known what became of the write. */
  readonly outcome: IntentOutcome['outcome'] | null;
  readonly code: string | null;
  readonly message: string | null;
}
export interface IntentOutcome {
  readonly id: number;
  readonly outcome: 'written' | 'rejected' | 'skipped' | 'failed';
  readonly code: string | null;
  readonly message: string | null;
  /** The record that was written; for a created task its new id. */
  readonly recordId: RecordId | null;
}
export interface IntentsStore {
  /** Committed when this resolves; ids in the order of the rows. Throws LineLostError when `lease` is not held. */
  begin(rows: readonly NewIntent[], lease: Lease | null): Promise<number[]>;
  finish(rows: readonly IntentOutcome[]): Promise<void>;
  /** What we would have written where a person's value stays: later plans tell by it that the value is not ours. */
  keptEdits(
    connection: ConnectionId,
    module: string,
    rows: readonly { readonly id: RecordId; readonly ours: FieldValues }[],
  ): Promise<void>;
  unfinished(connection: ConnectionId): Promise<Intent[]>;
  ofRun(runId: RunId): Promise<Intent[]>;
  /** Those of a run that were written, in the order of writing, by pages. */
  written(runId: RunId, chunk: number): AsyncIterable<Intent[]>;
  /** Those of the tasks that a run of ours made. */
  createdTasks(connection: ConnectionId, ids: readonly RecordId[]): Promise<RecordId[]>;
  /** Written later than `afterId` to one of the records. */
  writtenLater(
    connection: ConnectionId,
    input: { readonly afterId: number; readonly module: string; readonly ids: readonly RecordId[] },
  ): Promise<Intent[]>;
}
export interface RemindersStore {
  all(connection: ConnectionId): Promise<OpenReminder[]>;
  of(connection: ConnectionId, keys: readonly ReminderKey[]): Promise<OpenReminder[]>;
  save(connection: ConnectionId, rows: readonly OpenReminder[]): Promise<void>;
  /** How many were created on that day, by owner id ('' = none). */
  createdOn(connection: ConnectionId, day: Day): Promise<Map<string, number>>;
}

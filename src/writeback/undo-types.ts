import type { Connection, Day, ModuleName, RecordId, RunId } from '../domain.ts';
import type { MappedFields } from '../plan/mapped-fields.ts';
import type { TaskWords } from './task-rows.ts';
import type { RejectedRow, WritebackDeps } from './types.ts';

/** Why something of the undone run stays as it is. */
export type LeftBecause =
  /** Somebody changed it since. */
  | 'changed'
  /** A later run of ours wrote it; undo that one first. */
  | 'later_run'
  | 'record_gone'
  | 'field_gone'
  /** A reminder that a person completed. */
  | 'completed'
  /** A task that the undone run deleted, which nobody can bring back through the API. */
  | 'deleted'
  /** Written by a version that did not note what stood there. */
  | 'no_before';

interface Left {
  readonly module: ModuleName;
  readonly recordId: RecordId;
  /** API name; null: the record as a whole. */
  readonly field: string | null;
  /** What stands there now. */
  readonly held: unknown;
  readonly why: LeftBecause;
}

/** One undo under way: a preview counts and prices what it would do, and writes nothing. */
export interface Undoing {
  readonly deps: WritebackDeps;
  readonly input: {
    readonly connection: Connection;
    /** The run whose writes are taken back. */
    readonly undone: RunId;
    readonly runId: RunId;
    readonly today: Day;
  };
  readonly isPreview: boolean;
  readonly mapped: MappedFields;
  readonly words: TaskWords;
  readonly tally: UndoTally;
}
export interface UndoTally {
  /** Records whose fields were put back, and how many values. */
  restored: number;
  values: number;
  tasksDeleted: number;
  /** Tasks that the run had changed or completed. */
  tasksRestored: number;
  /** Held the former value already. */
  already: number;
  readonly skipped: Left[];
  readonly rejected: RejectedRow[];
  /** Rows that a stopped undo leaves to the next one. */
  remaining: number;
  /** Of the writes. */
  price: number;
}

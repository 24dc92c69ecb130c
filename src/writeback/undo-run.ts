import type { Connection, Day, RunId } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { indexMapped } from '../plan/mapped-fields.ts';
import { settleWrites } from './settle-bulk.ts';
import { taskWordsOf } from './task-rows.ts';
import type { WritebackDeps } from './types.ts';
import { undoFields } from './undo-fields.ts';
import { undoTasks } from './undo-tasks.ts';
import type { Undoing, UndoTally } from './undo-types.ts';

export interface UndoResult extends UndoTally {
  readonly stopped: AppError | null;
}

/**
 * Takes a run back, as far as Zoho still holds what it wrote. Every step looks at Zoho first and is announced by an
 * intent, so an undo that was killed is simply run again: what it had done holds the former value by then.
 */
export async function undoRun(
  deps: WritebackDeps,
  input: { connection: Connection; undone: RunId; runId: RunId; today: Day; isPreview: boolean },
): Promise<UndoResult> {
  const { isPreview, ...rest } = input;
  await settleWrites(deps, input);
  const undoing: Undoing = {
    deps,
    input: rest,
    isPreview,
    mapped: indexMapped(await deps.store.fieldMap.all(input.connection.id)),
    words: await taskWordsOf(deps.store, input.connection.id),
    tally: {
      restored: 0,
      values: 0,
      tasksDeleted: 0,
      tasksRestored: 0,
      already: 0,
      skipped: [],
      rejected: [],
      remaining: 0,
      price: 0,
    },
  };
  const stopped = (await undoFields(undoing)) ?? (await undoTasks(undoing));
  return { ...undoing.tally, stopped };
}

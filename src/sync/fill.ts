import type { Cursor, FillCheckpoint, FillPosition } from '../store/store.ts';
import { startBulkRead } from '../zoho/bulk-read.ts';
import type { Columns } from './columns.ts';
import { markUnseen, readDeletions } from './deletions.ts';
import { OVERLAP_MS, readWindow } from './follow.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { chooseMethod, fillPieces, isWorthAnotherWay, type Method, readByAny } from './read-pages.ts';
import { rowContext, saveListed, savePage } from './save-page.ts';

/** Reads a whole module, from wherever an earlier attempt stopped. */

export interface Fill {
  readonly cursor: Cursor & { readonly fillStartedAt: Date; readonly checkpoint: FillCheckpoint };
  readonly method: Method;
  /** How many records there are; null when resumed or not told. */
  readonly expected: number | null;
  readonly isResumed: boolean;
}

/** Where that fill can go on; null: it has to be begun anew. */
export function resumedFill(cursor: Cursor | null, columns: Columns): Fill | null {
  if (cursor?.state !== 'filling') return null;
  const { checkpoint, fillStartedAt, columnsHash } = cursor;
  if (checkpoint === null || fillStartedAt === null || columnsHash !== columns.hash) return null;
  const isSame = checkpoint.fields === columns.fields.join();
  // Ids go on being ids with other columns beside them, but rows stored before lack what was added since.
  if (!isSame) return null;
  const { at } = checkpoint;
  if (at === 'start') return null;
  const method = at === 'end' ? 'coql' : at.method;
  return { cursor: { ...cursor, checkpoint, fillStartedAt }, method, expected: null, isResumed: true };
}

/** Chooses how to read and remembers it; a bulk job is created, so that Zoho works on it from now on. */
export async function beginFill(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  previous: Cursor | null,
): Promise<Fill> {
  const { connection, module } = input;
  const wasEmpty = !(await deps.store.records.hasAny(connection.id, module));
  // Before the count and the job: what changes from here on is caught up with at the end.
  const fillStartedAt = deps.clock.now();
  const { method, rows } = await chooseMethod(deps, module, columns);
  const at = method === 'bulk' ? await firstJob(deps, input, columns) : 'start';
  const cursor = {
    state: 'filling',
    modifiedAt: null,
    deletedSince: null,
    fillStartedAt,
    filledAt: previous?.filledAt ?? null,
    checkpoint: { fields: columns.fields.join(), wasEmpty, at },
    columnsHash: columns.hash,
  } satisfies Cursor;
  await deps.store.cursors.set(connection.id, module, cursor);
  const isRefused = at === 'start' && method === 'bulk';
  return { cursor, method: isRefused ? 'coql' : method, expected: rows, isResumed: false };
}

async function firstJob(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
): Promise<FillPosition | 'start'> {
  try {
    const query = { module: input.module, fields: [...columns.fields] };
    return { method: 'bulk', ...(await startBulkRead(deps.zoho, query, deps)) };
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module: input.module }, 'no bulk job can be created');
    return 'start';
  }
}

export async function readFull(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  { cursor, method: chosen, expected, isResumed }: Fill,
  tally: Tally,
): Promise<Method> {
  const { connection, module } = input;
  const { checkpoint } = cursor;
  const context = rowContext(deps, input, columns, cursor.filledAt === null);
  const at = (position: FillCheckpoint['at']): Cursor => ({
    ...cursor,
    checkpoint: { ...checkpoint, at: position },
  });
  const isFirst = checkpoint.wasEmpty && cursor.filledAt === null;
  let method = chosen;
  let pages = 0;
  if (checkpoint.at !== 'end') {
    const from = checkpoint.at === 'start' ? null : checkpoint.at;
    const readBy = async (by: Method) => {
      const known = from?.method === by ? from : null;
      for await (const piece of fillPieces(deps, by, { module, columns, expected, from: known })) {
        // Only a list leaves out fields that a row has.
        const save = by === 'list' ? saveListed : savePage;
        await save(deps, input, context, piece.rows, { cursor: at(piece.at), tally, isFirst });
        pages += 1;
      }
    };
    const { records } = deps.store;
    if (isFirst && chosen === 'bulk') await records.deferIndexes(connection.id, module);
    try {
      method = await readByAny(deps, { module, columns }, chosen, readBy);
    } finally {
      await records.restoreIndexes();
    }
    await deps.store.cursors.set(connection.id, module, at('end'));
  }
  // What one call answers is of one moment, and the next run's overlap holds it.
  const isOneCall = pages <= 1 && !isResumed && method !== 'bulk';
  await endFill(deps, input, columns, { cursor, catchesUp: !isOneCall }, tally);
  return method;
}

/** Catches up with what changed while the module was read, and marks what the org no longer has. */
async function endFill(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  { cursor, catchesUp }: { cursor: Fill['cursor']; catchesUp: boolean },
  tally: Tally,
): Promise<void> {
  const { connection, module } = input;
  const startedAt = cursor.fillStartedAt;
  const from = new Date(startedAt.getTime() - OVERLAP_MS);
  const followedAt = catchesUp ? deps.clock.now() : startedAt;
  if (catchesUp) await readWindow(deps, input, columns, from, tally);
  // Whatever lives in the org has been seen by now: by the fill, or by what followed it.
  if (!cursor.checkpoint.wasEmpty) await markUnseen(deps, input, startedAt, tally);
  if (catchesUp) await readDeletions(deps, input, from, tally);
  await deps.store.quarantine.removeUnseen(connection.id, module, startedAt);
  const next = new Date(followedAt.getTime() - OVERLAP_MS);
  await deps.store.cursors.set(connection.id, module, {
    ...cursor,
    state: 'following',
    checkpoint: null,
    filledAt: startedAt,
    modifiedAt: next,
    deletedSince: next,
  });
}

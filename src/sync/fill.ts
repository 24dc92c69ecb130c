import type { RecordId } from '../domain.ts';
import type { Cursor } from '../store/store.ts';
import { type Columns, coversColumns } from './columns.ts';
import { deleteUnseen } from './deletions.ts';
import { OVERLAP_MS } from './follow.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { chooseMethod, fullPages, type Method, readByAny, wheresOf } from './read-pages.ts';
import { rowContext, saveListed, savePage } from './save-page.ts';

/** Reads a whole module. */
export async function readFull(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  previous: Cursor | null,
  tally: Tally,
): Promise<Method> {
  const { connection, module } = input;
  const hadRows = await deps.store.records.hasAny(connection.id, module);
  const chosen = await chooseMethod(deps, module);
  const startedAt = deps.clock.now();
  // A fill that was cut short goes on after its last stored id; only an id-ordered scan of one piece can.
  const resumable = chosen === 'coql' && wheresOf(module, columns).length === 1;
  const isResumed =
    resumable &&
    previous?.state === 'filling' &&
    previous.afterId !== null &&
    coversColumns(previous.columnsHash, columns.hash);
  const base: Cursor = {
    state: 'filling',
    afterId: isResumed ? previous.afterId : null,
    modifiedAt: null,
    lastId: null,
    deletedSince: null,
    fillStartedAt: isResumed ? previous.fillStartedAt : startedAt,
    columnsHash: columns.hash,
  };
  const firstSync = previous === null || previous.state === 'filling';
  const context = rowContext(deps, input, columns, firstSync);
  const seen = new Set<RecordId>();
  await deps.store.cursors.set(connection.id, module, base);
  const method = await readByAny(deps, { module, columns }, chosen, async (by) => {
    const isByIds = resumable && by === 'coql';
    for await (const rows of fullPages(deps, module, columns, by, isByIds ? base.afterId : null)) {
      const last = rows.at(-1)?.id ?? base.afterId;
      if (by === 'list') await saveListed(deps, input, context, rows, tally);
      else await savePage(deps, input, context, rows, isByIds ? { ...base, afterId: last } : base, tally);
      if (hadRows) for (const row of rows) seen.add(row.id);
    }
  });
  if (hadRows && !isResumed) await deleteUnseen(deps, input, seen, tally);
  const from = base.fillStartedAt ?? startedAt;
  await deps.store.quarantine.removeUnseen(connection.id, module, from);
  await deps.store.cursors.set(connection.id, module, {
    ...base,
    state: 'following',
    afterId: null,
    modifiedAt: new Date(from.getTime() - OVERLAP_MS),
    deletedSince: new Date(from.getTime() - OVERLAP_MS),
  });
  return method;
}

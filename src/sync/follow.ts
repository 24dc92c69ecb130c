import type { Cursor } from '../store/store.ts';
import { scanChanged } from '../zoho/coql.ts';
import type { Columns } from './columns.ts';
import { readDeletions } from './deletions.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { listAll, type Method, methodToFollow, readByAny, wheresOf } from './read-pages.ts';
import { rowContext, saveListed, savePage } from './save-page.ts';

// Zoho's clock and ours differ, and a row may become visible after its Modified_Time: this much is read again.
export const OVERLAP_MS = 5 * 60_000;

/** Reads what changed since the cursor, deletions included. */
export async function readChanged(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  cursor: Cursor & { modifiedAt: Date },
  tally: Tally,
): Promise<Method> {
  const { connection, module } = input;
  const startedAt = deps.clock.now();
  const context = rowContext(deps, input, columns, false);
  const from = cursor.modifiedAt;
  // Rows stamped a little ahead of our clock are taken along; the cursor itself stays behind by the overlap.
  const until = new Date(startedAt.getTime() + 24 * 3_600_000);
  const method = await readByAny(deps, { module, columns }, methodToFollow(module), async (by) => {
    if (by === 'list') {
      for await (const rows of listAll(deps, module, columns, from)) {
        await saveListed(deps, input, context, rows, tally);
      }
      return;
    }
    for (const where of wheresOf(module, columns)) {
      const scan = { module, fields: [...columns.fields], from, after: null, until };
      const pages = scanChanged(deps.zoho, where === undefined ? scan : { ...scan, where });
      for await (const rows of pages) await savePage(deps, input, context, rows, null, tally);
    }
  });
  const deletedSince = cursor.deletedSince ?? from;
  await readDeletions(deps, input, deletedSince, startedAt, tally);
  const followed = new Date(startedAt.getTime() - OVERLAP_MS);
  await deps.store.cursors.set(connection.id, module, {
    ...cursor,
    columnsHash: columns.hash,
    modifiedAt: followed > from ? followed : from,
    deletedSince: followed > deletedSince ? followed : deletedSince,
  });
  return method;
}

import type { ModuleName, RecordId } from '../domain.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { type Columns, coversColumns } from './columns.ts';
import { noteDeleted } from './deletions.ts';
import { readFull } from './fill.ts';
import { readChanged } from './follow.ts';
import {
  emptyTally,
  type ModuleInput,
  type ModuleResult,
  type SyncDeps,
  type Tally,
} from './module-input.ts';
import { withColumns } from './read-columns.ts';
import { rowContext, saveListed } from './save-page.ts';

// Recycle-bin rows reach back 60 days; beyond that a deletion can be missed and only a full read tells.
const DELETED_HORIZON_MS = 55 * 86_400_000;

/** Reads one module into the store. Throws what no later module could survive (credits, revoked token). */
export async function syncModule(deps: SyncDeps, input: ModuleInput): Promise<ModuleResult> {
  const tally = emptyTally();
  return withColumns(deps, input, tally, (columns) => readModule(deps, input, columns, tally));
}

async function readModule(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  tally: Tally,
): Promise<ModuleResult> {
  const { connection, module } = input;
  const cursor = await deps.store.cursors.get(connection.id, module);
  const now = deps.clock.now().getTime();
  const canFollow =
    !input.full &&
    cursor?.state === 'following' &&
    cursor.modifiedAt !== null &&
    coversColumns(cursor.columnsHash, columns.hash) &&
    now - (cursor.deletedSince ?? cursor.modifiedAt).getTime() < DELETED_HORIZON_MS;
  tally.hasQuarantine = (await deps.store.quarantine.ids(connection.id, module)).length > 0;
  const method = canFollow
    ? await readChanged(
        deps,
        input,
        columns,
        { ...cursor, modifiedAt: cursor.modifiedAt ?? new Date(0) },
        tally,
      )
    : await readFull(deps, input, columns, cursor, tally);
  return {
    module,
    mode: canFollow ? 'incremental' : 'full',
    method,
    read: tally.read,
    changed: tally.changed,
    deleted: tally.deleted,
    quarantined: tally.quarantined,
    error: null,
    refused: false,
    notes: tally.notes,
  };
}

/** Re-reads single records by id; those that Zoho no longer shows are marked deleted. */
export async function syncRecords(
  deps: SyncDeps,
  input: ModuleInput & { readonly ids: readonly RecordId[] },
  read: (module: ModuleName, ids: readonly RecordId[], fields: readonly string[]) => Promise<ZohoRow[]>,
): Promise<void> {
  const tally = emptyTally();
  const rows = await withColumns(deps, input, tally, async (columns) => {
    const found = await read(input.module, input.ids, columns.fields);
    await saveListed(deps, input, rowContext(deps, input, columns, false), found, tally);
    return found;
  });
  const found = new Set(rows.map((row) => row.id));
  await noteDeleted(
    deps,
    input,
    input.ids.filter((id) => !found.has(id)),
    deps.clock.now(),
    tally,
  );
}

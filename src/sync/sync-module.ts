import type { ModuleName, RecordId } from '../domain.ts';
import type { Cursor } from '../store/store.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { type Columns, coversColumns } from './columns.ts';
import { noteDeleted } from './deletions.ts';
import { beginFill, type Fill, readFull, resumedFill } from './fill.ts';
import { readChanged } from './follow.ts';
import {
  emptyTally,
  type ModuleInput,
  type ModuleResult,
  type SyncDeps,
  type Tally,
} from './module-input.ts';
import { type KnownColumns, readColumns, withColumns } from './read-columns.ts';
import { rowContext, saveListed } from './save-page.ts';

// Recycle-bin rows reach back 60 days; beyond that a deletion can be missed and only a full read tells.
const DELETED_HORIZON_MS = 55 * 86_400_000;
// A full read that somebody asks for now is not the end of one that stopped days ago.
const FULL_RESUMES_MS = 24 * 3_600_000;

type Work =
  | { readonly kind: 'follow'; readonly cursor: Cursor & { readonly modifiedAt: Date } }
  | { readonly kind: 'fill'; readonly fill: Fill };

/** What is to be done with a module, decided before anything of it is read. */
export interface ModuleTask {
  readonly input: ModuleInput;
  readonly tally: Tally;
  readonly known: KnownColumns;
  readonly work: Work;
}

/** Decides, and has Zoho start on a bulk job where that is the way; the module itself is read later. */
export async function openModule(deps: SyncDeps, input: ModuleInput): Promise<ModuleTask> {
  const tally = emptyTally();
  const known = await readColumns(deps, input, tally, { refresh: input.full });
  return { input, tally, known, work: await workOf(deps, input, known.columns) };
}

async function workOf(deps: SyncDeps, input: ModuleInput, columns: Columns): Promise<Work> {
  const cursor = await deps.store.cursors.get(input.connection.id, input.module);
  const now = deps.clock.now().getTime();
  if (cursor && canFollow(cursor, input, columns, now)) return { kind: 'follow', cursor };
  const fill = goesOn(cursor, input, columns, now) ?? (await beginFill(deps, input, columns, cursor));
  return { kind: 'fill', fill };
}

function canFollow(
  cursor: Cursor,
  { full, fullSince }: ModuleInput,
  columns: Columns,
  now: number,
): cursor is Cursor & { modifiedAt: Date } {
  if (cursor.state !== 'following' || cursor.modifiedAt === null) return false;
  if (!coversColumns(cursor.columnsHash, columns.hash)) return false;
  if (now - (cursor.deletedSince ?? cursor.modifiedAt).getTime() >= DELETED_HORIZON_MS) return false;
  // Filled already by the full run that was cut short and now goes on.
  return !full || (fullSince !== null && cursor.filledAt !== null && cursor.filledAt >= fullSince);
}

function goesOn(cursor: Cursor | null, { full }: ModuleInput, columns: Columns, now: number): Fill | null {
  const fill = resumedFill(cursor, columns);
  const ageMs = fill ? now - fill.cursor.fillStartedAt.getTime() : 0;
  return ageMs < (full ? FULL_RESUMES_MS : DELETED_HORIZON_MS) ? fill : null;
}

/** Reads one module into the store. Throws what no later module could survive (credits, revoked token). */
export async function syncModule(deps: SyncDeps, task: ModuleTask): Promise<ModuleResult> {
  const { input, tally } = task;
  const read = async (known: KnownColumns) => {
    const work = known === task.known ? task.work : await workOf(deps, input, known.columns);
    return readModule(deps, { ...task, known, work });
  };
  return withColumns(deps, input, tally, read, task.known);
}

async function readModule(
  deps: SyncDeps,
  { input, tally, known: { columns, isRemembered }, work }: ModuleTask,
): Promise<ModuleResult> {
  const { connection, module } = input;
  tally.hasQuarantine = (await deps.store.quarantine.ids(connection.id, module)).length > 0;
  tally.columnsAreRemembered = isRemembered;
  const method =
    work.kind === 'follow'
      ? await readChanged(deps, input, columns, work.cursor, tally)
      : await readFull(deps, input, columns, work.fill, tally);
  return {
    module,
    mode: work.kind === 'follow' ? 'incremental' : 'full',
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
  const rows = await withColumns(deps, input, tally, async ({ columns, isRemembered }) => {
    tally.columnsAreRemembered = isRemembered;
    const found = await read(input.module, input.ids, columns.fields);
    await saveListed(deps, input, rowContext(deps, input, columns, false), found, { cursor: null, tally });
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

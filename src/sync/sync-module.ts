import type { Cursor } from '../store/store.ts';
import { type Columns, coversColumns } from './columns.ts';
import { compareIds } from './compare-ids.ts';
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
import { recallStrangeOptions, settleStrangeOptions } from './strange-options.ts';

// Of a fill that stopped longer ago too much has changed since to go on with it.
const FILL_RESUMES_MS = 55 * 86_400_000;
// Where Zoho never tells deletions.
const IDS_EVERY_MS = 24 * 3_600_000;
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
  if (cursor && canFollow(cursor, input, columns)) return { kind: 'follow', cursor };
  const fill = goesOn(cursor, input, columns, now) ?? (await beginFill(deps, input, columns, cursor));
  return { kind: 'fill', fill };
}

function canFollow(
  cursor: Cursor,
  { full, fullSince }: ModuleInput,
  columns: Columns,
): cursor is Cursor & { modifiedAt: Date } {
  if (cursor.state !== 'following' || cursor.modifiedAt === null) return false;
  if (!coversColumns(cursor.columnsHash, columns.hash)) return false;
  // Filled already by the full run that was cut short and now goes on.
  return !full || (fullSince !== null && cursor.filledAt !== null && cursor.filledAt >= fullSince);
}

function goesOn(cursor: Cursor | null, { full }: ModuleInput, columns: Columns, now: number): Fill | null {
  const fill = resumedFill(cursor, columns);
  const ageMs = fill ? now - fill.cursor.fillStartedAt.getTime() : 0;
  return ageMs < (full ? FULL_RESUMES_MS : FILL_RESUMES_MS) ? fill : null;
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
  if (work.kind === 'follow') await recallStrangeOptions(deps, input, tally);
  const method =
    work.kind === 'follow'
      ? await readChanged(deps, input, columns, work.cursor, tally)
      : await readFull(deps, input, columns, work.fill, tally);
  if (work.kind === 'follow' && tally.idsDue) await settleIds(deps, input, columns, tally);
  await settleStrangeOptions(deps, input, tally);
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

/** Deletions that Zoho did not tell are found by comparing ids. */
async function settleIds(deps: SyncDeps, input: ModuleInput, columns: Columns, tally: Tally): Promise<void> {
  const { connection, module } = input;
  const { cursors, records } = deps.store;
  const checkedAt = (await cursors.idsCheckedAt(connection.id, module)) ?? new Date(0);
  const ageMs = deps.clock.now().getTime() - checkedAt.getTime();
  if (tally.idsDue === 'daily' && ageMs < IDS_EVERY_MS) {
    tally.notes.push(`${module}: Zoho does not tell its deletions; they are looked for once a day`);
    return;
  }
  const expected = await records.count(connection.id, module);
  const { isTooMuch } = await compareIds(deps, input, columns, { expected, tally });
  if (!isTooMuch) return;
  const cursor = await cursors.get(connection.id, module);
  await readFull(deps, input, columns, await beginFill(deps, input, columns, cursor), tally);
}

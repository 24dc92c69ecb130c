import type { RecordId } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import { getRecords, listDeleted } from '../zoho/records.ts';
import { emptyTally, type ModuleInput, type SyncDeps, type Tally } from './module-input.ts';
import { withColumns } from './read-columns.ts';
import { isWorthAnotherWay } from './read-pages.ts';
import { rowContext, saveListed } from './save-page.ts';

/** Records that Zoho no longer has, and those that hung on them. */

async function noteDeleted(
  deps: SyncDeps,
  input: ModuleInput,
  ids: readonly RecordId[],
  tally: Tally,
): Promise<void> {
  if (ids.length === 0) return;
  const { connection, module } = input;
  // Before the mark: a run that is killed in between finds the same records gone again, and their children with them.
  await rereadChildren(deps, input, ids, tally);
  const gone = await deps.store.records.markDeleted(connection.id, module, ids, deps.clock.now());
  if (tally.hasQuarantine) await deps.store.quarantine.remove(connection.id, module, ids);
  tally.deleted += gone.length;
  for (const id of gone) tally.changedIds?.add(id);
}

/** A merge hangs contacts, deals and activities on the winner, maybe without telling that they were modified. */
async function rereadChildren(
  deps: SyncDeps,
  input: ModuleInput,
  parents: readonly RecordId[],
  tally: Tally,
): Promise<void> {
  if (input.module !== 'Accounts' && input.module !== 'Contacts') return;
  const ofChildren = emptyTally();
  for (const { module, ids } of await deps.store.comparison.children(input.connection.id, parents)) {
    // What goes itself cannot be told anything of its children that is not told when it is noted as deleted.
    const others = module === input.module ? ids.filter((id) => !parents.includes(id)) : ids;
    try {
      await rereadRecords(deps, { ...input, module }, others, ofChildren);
    } catch (error) {
      if (!isWorthAnotherWay(error)) throw error;
      deps.log.warn(
        { err: error, module },
        'records whose account or contact is gone could not be read again',
      );
    }
  }
  tally.notes.push(...ofChildren.notes.filter((note) => !tally.notes.includes(note)));
}

/** Reads single records again by id; those that Zoho no longer shows are noted as deleted. */
export async function rereadRecords(
  deps: SyncDeps,
  input: ModuleInput,
  ids: readonly RecordId[],
  tally: Tally,
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await withColumns(deps, input, tally, async ({ columns, isRemembered }) => {
    tally.columnsAreRemembered = isRemembered;
    const found = await getRecords(deps.zoho, input.module, ids, columns.fields);
    await saveListed(deps, input, rowContext(deps, input, columns, false), found, { cursor: null, tally });
    return found;
  });
  const found = new Set(rows.map((row) => row.id));
  const gone = ids.filter((id) => !found.has(id));
  await noteDeleted(deps, input, gone, tally);
}

/** After a whole read: what is stored and has not come from Zoho since it began, by whatever way. */
export async function markUnseen(
  deps: SyncDeps,
  input: ModuleInput,
  since: Date,
  tally: Tally,
): Promise<void> {
  const { connection, module } = input;
  const gone = await deps.store.records.markUnseenDeleted(connection.id, module, since, deps.clock.now());
  tally.deleted += gone;
}

/** What was modified after its deletion was restored, though Zoho may go on telling that it was deleted. */
async function stillDeleted(
  deps: SyncDeps,
  { connection, module }: ModuleInput,
  told: readonly { readonly id: RecordId; readonly deletedAt: Date }[],
): Promise<RecordId[]> {
  const ids = told.map((row) => row.id);
  const alive = await deps.store.records.get(connection.id, module, ids);
  const modifiedAt = new Map(alive.map((record) => [record.id, record.modifiedAt]));
  return told
    .filter(({ id, deletedAt }) => !((modifiedAt.get(id) ?? deletedAt) > deletedAt))
    .map((row) => row.id);
}

// Recycle-bin rows reach back 60 days; what was deleted longer ago only a comparison of all ids tells.
const HORIZON_MS = 55 * 86_400_000;
// What lies beyond may not be told (Zoho docs name no page token for deleted records).
const MOST_TOLD = 2_000;

/** What Zoho tells of deletions since then; where it cannot tell all, the tally says that ids must be compared. */
export async function readDeletions(
  deps: SyncDeps,
  input: ModuleInput,
  since: Date,
  tally: Tally,
): Promise<void> {
  if (deps.clock.now().getTime() - since.getTime() > HORIZON_MS) tally.idsDue = 'now';
  let told = 0;
  try {
    for await (const page of listDeleted(deps.zoho, input.module, since)) {
      told += page.length;
      await noteDeleted(deps, input, await stillDeleted(deps, input, page), tally);
    }
    if (told >= MOST_TOLD) tally.idsDue = 'now';
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module: input.module }, 'deletions could not be read to the end');
    const isCutShort = error instanceof ZohoRejectedError && told > 0;
    tally.idsDue = isCutShort ? 'now' : (tally.idsDue ?? 'daily');
  }
}

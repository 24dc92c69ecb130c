import type { RecordId } from '../domain.ts';
import { listDeleted } from '../zoho/records.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { isWorthAnotherWay } from './read-pages.ts';

/** Records that Zoho no longer has. */

export async function noteDeleted(
  deps: SyncDeps,
  input: ModuleInput,
  ids: RecordId[],
  at: Date,
  tally: Tally,
): Promise<void> {
  if (ids.length === 0) return;
  const { connection, module } = input;
  const gone = await deps.store.records.markDeleted(connection.id, module, ids, at);
  if (tally.hasQuarantine) await deps.store.quarantine.remove(connection.id, module, ids);
  tally.deleted += gone.length;
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

/** What Zoho tells of deletions since then. */
export async function readDeletions(
  deps: SyncDeps,
  input: ModuleInput,
  since: Date,
  tally: Tally,
): Promise<void> {
  try {
    for await (const page of listDeleted(deps.zoho, input.module, since)) {
      const ids = page.map((row) => row.id);
      await noteDeleted(deps, input, ids, deps.clock.now(), tally);
    }
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module: input.module }, 'deletions could not be read');
    tally.notes.push(`${input.module}: Zoho does not tell its deletions; zcv sync --full finds them`);
  }
}

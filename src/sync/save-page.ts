import { dayOf } from '../clock.ts';
import type { Cursor } from '../store/store.ts';
import type { ZohoRow } from '../zoho/records.ts';
import type { Columns } from './columns.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { outcomeIndex } from './stages.ts';
import { type RowContext, toRecord } from './to-record.ts';

const MAX_QUARANTINE_ROWS = 1_000;

export function rowContext(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  firstSync: boolean,
): RowContext {
  return {
    columns,
    outcomeOf: outcomeIndex(input.stages),
    today: dayOf(deps.clock.now(), input.connection.org.timeZone),
    firstSync,
  };
}

/** Rows and cursor are stored together; rows that cannot be read are set aside. */
export async function savePage(
  deps: SyncDeps,
  input: ModuleInput,
  context: RowContext,
  rows: readonly ZohoRow[],
  cursor: Cursor | null,
  tally: Tally,
): Promise<void> {
  const { connection, module } = input;
  const good = [];
  const bad = [];
  for (const row of rows) {
    const parsed = toRecord(module, row, context);
    if (parsed.ok) good.push(parsed);
    else bad.push({ module, recordId: parsed.recordId, reason: parsed.reason });
  }
  const { changed } = await deps.store.records.save(connection.id, module, good, cursor);
  if (bad.length > 0 && tally.quarantined < MAX_QUARANTINE_ROWS)
    await deps.store.quarantine.add(connection.id, bad);
  tally.read += rows.length;
  tally.quarantined += bad.length;
  tally.changed += changed.length;
}

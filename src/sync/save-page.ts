import { dayOf } from '../clock.ts';
import type { Cursor } from '../store/store.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { type Columns, withoutInputs } from './columns.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { outcomeIndex } from './stages.ts';
import { type RowContext, toRecord } from './to-record.ts';

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

/**
 * A list leaves out what the connected user may not see, and an empty field is there as null: what a row does not
 * name stays as it is stored. Rows that lack the same are saved together.
 */
export async function saveListed(
  deps: SyncDeps,
  input: ModuleInput,
  context: RowContext,
  rows: readonly ZohoRow[],
  tally: Tally,
): Promise<void> {
  const groups = new Map<string, ZohoRow[]>();
  for (const row of rows) {
    const lacks = Object.entries(context.columns.names).filter(([, name]) => !Object.hasOwn(row, name));
    const key = lacks.map(([name]) => name).join();
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  for (const [key, group] of groups) {
    const columns = withoutInputs(input.module, context.columns, new Set(key.split(',')));
    await savePage(deps, input, { ...context, columns }, group, null, tally);
  }
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
  tally.hasQuarantine ||= bad.length > 0;
  // First: a row that is set aside stands there before the cursor passes it.
  if (bad.length > 0) await deps.store.quarantine.add(connection.id, bad, deps.clock.now());
  const { kept } = context.columns;
  const { changed } = await deps.store.records.save(connection.id, module, good, cursor, kept);
  if (tally.hasQuarantine) {
    const ids = good.map(({ record }) => record.id);
    await deps.store.quarantine.remove(connection.id, module, ids);
  }
  tally.read += rows.length;
  tally.quarantined += bad.length;
  tally.changed += changed.length;
}

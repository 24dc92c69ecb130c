import { dayOf } from '../clock.ts';
import type { ModuleName } from '../domain.ts';
import type { Cursor } from '../store/store.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { type Columns, withoutInputs } from './columns.ts';
import { inputsOf } from './inputs.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { ColumnsOutdated } from './read-columns.ts';
import { noteStrangeOptions } from './strange-options.ts';
import { inOneForm, type RowContext, toRecord } from './to-record.ts';

/** `isFirst`: nothing of the module was stored before. */
interface Saving {
  readonly cursor: Cursor | null;
  readonly tally: Tally;
  readonly isFirst?: boolean;
}

export function rowContext(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  firstSync: boolean,
): RowContext {
  return {
    columns,
    outcomeOf: input.stages.outcomeOf,
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
  how: Saving,
): Promise<void> {
  const groups = new Map<string, ZohoRow[]>();
  for (const row of rows) {
    const lacks = Object.entries(context.columns.names).filter(([, name]) => !Object.hasOwn(row, name));
    const key = lacks.map(([name]) => name).join();
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  for (const [key, group] of groups) {
    const columns = withoutInputs(input.module, context.columns, new Set(key.split(',')));
    await savePage(deps, input, { ...context, columns }, group, { ...how, cursor: null });
  }
  if (how.cursor) await deps.store.cursors.set(input.connection.id, input.module, how.cursor);
}

/** In JSON a number that comes as text is a field that became one; in a CSV everything is text. */
function retypedInput(module: ModuleName, columns: Columns, rows: readonly ZohoRow[]): string | null {
  const isCsv = typeof rows[0]?.Owner === 'string';
  if (isCsv) return null;
  const numbers = inputsOf(module).flatMap(([name, { kind }]) =>
    kind === 'number' ? (columns.names[name] ?? []) : [],
  );
  const isText = (name: string) => rows.some((row) => typeof row[name] === 'string' && row[name] !== '');
  return numbers.find(isText) ?? null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Of each module and run; doctor counts them all. */
const MOST_NAMED = 5;

/** Rows and cursor are stored together; rows that cannot be read are set aside. */
export async function savePage(
  deps: SyncDeps,
  input: ModuleInput,
  context: RowContext,
  rows: readonly ZohoRow[],
  { cursor, tally, isFirst = false }: Saving,
): Promise<void> {
  const { connection, module } = input;
  const { records, quarantine } = deps.store;
  if (module === 'Deals' && context.columns.names.stage !== undefined) {
    const { names, shapes } = context.columns;
    await input.stages.meet(rows.map((row) => textOrNull(inOneForm(row, names.stage ?? '', shapes))));
  }
  const good = [];
  const bad = [];
  for (const row of rows) {
    const parsed = toRecord(module, row, context);
    if (parsed.ok) good.push(parsed);
    else bad.push({ module, recordId: parsed.recordId, reason: parsed.reason });
  }
  tally.hasQuarantine ||= bad.length > 0;
  if (bad[0] && tally.columnsAreRemembered) {
    throw new ColumnsOutdated(
      `${module} ${bad[0].recordId} does not fit the fields known before (${bad[0].reason})`,
    );
  }
  const retyped = tally.columnsAreRemembered ? retypedInput(module, context.columns, rows) : null;
  if (retyped !== null) throw new ColumnsOutdated(`${module} gives ${retyped} as text: its type has changed`);
  noteStrangeOptions(input, context.columns, rows, tally);
  const seenAt = deps.clock.now();
  if (bad.length > 0) {
    // First: a row that is set aside stands there before the cursor passes it.
    await quarantine.add(connection.id, bad, seenAt);
    // Zoho has them, so a fill must not take what is stored of them for deleted.
    const ids = bad.map(({ recordId }) => recordId);
    await records.touch(connection.id, module, ids, seenAt);
  }
  const { kept } = context.columns;
  const { changed } = await records.save(connection.id, module, good, cursor, { kept, seenAt, isFirst });
  if (tally.hasQuarantine) {
    const ids = good.map(({ record }) => record.id);
    await quarantine.remove(connection.id, module, ids);
  }
  for (const { recordId, reason } of bad.slice(0, Math.max(0, MOST_NAMED - tally.quarantined))) {
    const words = `${module} ${recordId} is set aside (${reason}); mend it in Zoho and it is read again`;
    if (!tally.notes.includes(words)) tally.notes.push(words);
  }
  tally.read += rows.length;
  tally.quarantined += bad.length;
  tally.changed += changed.length;
  for (const id of changed) tally.changedIds?.add(id);
}

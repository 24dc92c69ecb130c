import type { Cursor } from '../store/store.ts';
import type { BulkPosition } from '../zoho/bulk-read.ts';
import { countChanged, literal, scanChanged, scanModule } from '../zoho/coql.ts';
import { cheapestRead } from '../zoho/prices.ts';
import type { ZohoRow } from '../zoho/records.ts';
import type { Columns } from './columns.ts';
import { readDeletions, rereadRecords } from './deletions.ts';
import { bulkChanged, bulkCheckpoint, windowLeft } from './follow-bulk.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { rangeMemory } from './range-memory.ts';
import {
  isWorthAnotherWay,
  listAll,
  type Method,
  methodToFollow,
  readByAny,
  wheresOf,
} from './read-pages.ts';
import { rowContext, saveListed, savePage } from './save-page.ts';

// Zoho's clock and ours differ, and a row may become visible after its Modified_Time: this much is read again.
export const OVERLAP_MS = 5 * 60_000;
// Rows stamped a little ahead of our clock are taken along; the cursor itself stays behind by the overlap.
const AHEAD_MS = 24 * 3_600_000;

interface WindowPiece {
  readonly rows: ZohoRow[];
  /** How far an export is. */
  readonly position: BulkPosition | null;
}

/** Reads what changed since the cursor, deletions included. */
export async function readChanged(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  cursor: Cursor & { modifiedAt: Date },
  tally: Tally,
): Promise<Method> {
  const { connection, module } = input;
  const rest = await finishWindow(deps, input, columns, cursor, tally);
  const startedAt = deps.clock.now();
  const from = rest.cursor.modifiedAt;
  const at = bulkCheckpoint(rest.cursor, columns, startedAt);
  const read = await readWindow(deps, input, columns, from, tally, at);
  const method = rest.isRead ? 'bulk' : read;
  if (module === 'Leads' && read === 'coql') await readConversions(deps, input, columns, from, tally);
  const deletedSince = cursor.deletedSince ?? from;
  await readDeletions(deps, input, deletedSince, tally);
  const followed = new Date(startedAt.getTime() - OVERLAP_MS);
  await deps.store.cursors.set(connection.id, module, {
    ...rest.cursor,
    columnsHash: columns.hash,
    modifiedAt: followed > from ? followed : from,
    deletedSince: followed > deletedSince ? followed : deletedSince,
  });
  return method;
}

/** An export that an earlier run was reading when it was cut short; what changed since that run began comes after it. */
async function finishWindow(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  cursor: Cursor & { modifiedAt: Date },
  tally: Tally,
): Promise<{ cursor: Cursor & { modifiedAt: Date }; isRead: boolean }> {
  const left = windowLeft(cursor, columns);
  if (left === null) return { cursor: { ...cursor, checkpoint: null }, isRead: false };
  const from = cursor.modifiedAt;
  const at = bulkCheckpoint(cursor, columns, left.startedAt);
  const context = rowContext(deps, input, columns, false);
  try {
    for await (const { rows, position } of bulkChanged(deps, input, columns, { from, ...left }))
      await savePage(deps, input, context, rows, { cursor: at(position), tally });
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module: input.module }, 'a window of changes is read anew');
    return { cursor: { ...cursor, checkpoint: null }, isRead: false };
  }
  const followed = new Date(left.startedAt.getTime() - OVERLAP_MS);
  const moved = { ...cursor, checkpoint: null, modifiedAt: followed > from ? followed : from };
  await deps.store.cursors.set(input.connection.id, input.module, moved);
  return { cursor: moved, isRead: true };
}

/** Whether a conversion changes Modified_Time is not settled, so the converted are asked for by their own time. */
async function readConversions(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  from: Date,
  tally: Tally,
): Promise<void> {
  const { converted, convertedAt } = columns.names;
  if (converted === undefined || convertedAt === undefined) return;
  const where = `(${converted} = 'true' and ${convertedAt} >= ${literal(from)})`;
  const scan = { module: input.module, fields: ['id'], where, order: 'id', expected: 0 } as const;
  try {
    for await (const rows of scanModule(deps.zoho, scan)) {
      const ids = rows.map(({ id }) => id);
      const known = await deps.store.records.get(input.connection.id, 'Leads', ids);
      const done = new Set(known.filter((lead) => lead.converted).map(({ id }) => id));
      await rereadRecords(
        deps,
        input,
        ids.filter((id) => !done.has(id)),
        tally,
      );
    }
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error }, 'conversions could not be asked for by their time');
  }
}

/**
 * Stores what was modified since then. No cursor moves before all of it is stored; `at` gives the one that remembers how
 * far an export is, so that a run that is killed goes on with it.
 */
export async function readWindow(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  from: Date,
  tally: Tally,
  at: ((position: BulkPosition) => Cursor) | null = null,
): Promise<Method> {
  const { module } = input;
  const context = rowContext(deps, input, columns, false);
  let isByBulk = false;
  const method = await readByAny(deps, { module, columns }, methodToFollow(module), async (by) => {
    const pages =
      by === 'list'
        ? listed(deps, input, columns, from)
        : changedPages(deps, input, columns, from, () => {
            isByBulk = true;
          });
    const save = by === 'list' ? saveListed : savePage;
    for await (const { rows, position } of pages) {
      const cursor = position && at ? at(position) : null;
      await save(deps, input, context, rows, { cursor, tally });
    }
  });
  return isByBulk ? 'bulk' : method;
}

async function* listed(deps: SyncDeps, input: ModuleInput, columns: Columns, from: Date) {
  for await (const { rows } of listAll(deps, input.module, columns, { modifiedSince: from }))
    yield { rows, position: null };
}

/** A first look at the price of 1 credit; where much more has changed, what is left decides how it is read. */
async function* changedPages(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  from: Date,
  onBulk: () => void,
): AsyncGenerator<WindowPiece> {
  const { module } = input;
  const ranges = await rangeMemory(deps, input.connection);
  const until = new Date(deps.clock.now().getTime() + AHEAD_MS);
  for (const where of wheresOf(module, columns)) {
    const scan = { module, fields: [...columns.fields], from, after: null, until, where, ranges };
    let isLeftToBulk = false;
    const looked = scanChanged(deps.zoho, {
      ...scan,
      onMore: async (after) => {
        const rows = await countChanged(deps.zoho, { ...scan, after });
        isLeftToBulk = rows !== null && isCheaperByBulk(deps, columns, rows);
        return isLeftToBulk ? 'stop' : { expected: rows };
      },
    });
    for await (const rows of looked) yield { rows, position: null };
    if (!isLeftToBulk) continue;
    const bulk = bulkChanged(deps, input, columns, { from, position: null });
    // Its first job is a promise that it may be read so at all; COQL goes on where it is refused.
    const first = await bulk.next().catch((error: unknown) => {
      if (!isWorthAnotherWay(error)) throw error;
      deps.log.warn({ err: error, module }, 'no bulk job can be created');
      return null;
    });
    if (first === null) {
      for await (const rows of scanChanged(deps.zoho, scan)) yield { rows, position: null };
      continue;
    }
    onBulk();
    if (!first.done) yield first.value;
    yield* bulk;
    return;
  }
}

function isCheaperByBulk({ zoho }: SyncDeps, columns: Columns, rows: number): boolean {
  const ways = ['coql', 'bulk'] as const;
  return cheapestRead(zoho.prices, { rows, columns: columns.fields.length, ways }).way === 'bulk';
}

import type { MappedField } from '../changes.ts';
import { type Clock, dayOf } from '../clock.ts';
import type { Connection, ModuleName, RecordId, StageRow } from '../domain.ts';
import type { Log } from '../log.ts';
import type { Cursor, Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { scanChanged } from '../zoho/coql.ts';
import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import { listDeleted, type ZohoRow } from '../zoho/records.ts';
import { type Columns, columnsOf, type DealMapping } from './columns.ts';
import {
  chooseMethod,
  fullPages,
  isWorthAnotherWay,
  listAll,
  type Method,
  readByAny,
  wheresOf,
} from './read-pages.ts';
import { outcomeIndex } from './stages.ts';
import { type RowContext, toRecord } from './to-record.ts';

export interface SyncDeps {
  readonly zoho: ZohoClient;
  readonly store: Pick<Store, 'records' | 'cursors' | 'quarantine' | 'fieldMap' | 'stages' | 'users'>;
  readonly clock: Clock;
  readonly log: Log;
}
export interface ModuleInput {
  readonly connection: Connection;
  readonly module: ModuleName;
  readonly full: boolean;
  readonly mapping: DealMapping;
  readonly stages: readonly StageRow[];
  readonly ours: readonly MappedField[];
}
export interface ModuleResult {
  readonly module: ModuleName;
  readonly mode: 'full' | 'incremental' | 'skipped';
  readonly method: 'coql' | 'bulk' | 'list' | null;
  readonly read: number;
  readonly changed: number;
  readonly deleted: number;
  readonly quarantined: number;
  readonly error: string | null;
  /** The org lacks or refuses the module: named, and not a partial sync. */
  readonly refused: boolean;
  /** What was left out and why, in words: fields that the org lacks, deletions that it does not tell. */
  readonly notes: readonly string[];
}
// Zoho's clock and ours differ, and a row may become visible after its Modified_Time: this much is read again.
const OVERLAP_MS = 5 * 60_000;
// Recycle-bin rows reach back 60 days; beyond that a deletion can be missed and only a full read tells.
const DELETED_HORIZON_MS = 55 * 86_400_000;
const MAX_QUARANTINE_ROWS = 1_000;

interface Tally {
  read: number;
  changed: number;
  deleted: number;
  quarantined: number;
  readonly notes: string[];
}

const emptyTally = (): Tally => ({
  read: 0,
  changed: 0,
  deleted: 0,
  quarantined: 0,
  notes: [],
});

async function savePage(
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

async function readFull(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  previous: Cursor | null,
  tally: Tally,
): Promise<Method> {
  const { connection, module } = input;
  const hadRows = await deps.store.records.hasAny(connection.id, module);
  const chosen = await chooseMethod(deps, module);
  const startedAt = deps.clock.now();
  // A fill that was cut short goes on after its last stored id; only an id-ordered scan of one piece can.
  const resumable = chosen === 'coql' && wheresOf(module, columns).length === 1;
  const isResumed =
    resumable &&
    previous?.state === 'filling' &&
    previous.afterId !== null &&
    previous.columnsHash === columns.hash;
  const base: Cursor = {
    state: 'filling',
    afterId: isResumed ? previous.afterId : null,
    modifiedAt: null,
    lastId: null,
    deletedSince: null,
    fillStartedAt: isResumed ? previous.fillStartedAt : startedAt,
    columnsHash: columns.hash,
  };
  const firstSync = previous === null || previous.state === 'filling';
  const context = rowContext(deps, input, columns, firstSync);
  const seen = new Set<RecordId>();
  await deps.store.cursors.set(connection.id, module, base);
  const method = await readByAny(deps, module, chosen, async (by) => {
    const isByIds = resumable && by === 'coql';
    for await (const rows of fullPages(deps, module, columns, by, isByIds ? base.afterId : null)) {
      const last = rows.at(-1)?.id ?? base.afterId;
      await savePage(deps, input, context, rows, isByIds ? { ...base, afterId: last } : base, tally);
      if (hadRows) for (const row of rows) seen.add(row.id);
    }
  });
  if (hadRows && !isResumed) await deleteUnseen(deps, input, seen, tally);
  const from = base.fillStartedAt ?? startedAt;
  await deps.store.cursors.set(connection.id, module, {
    ...base,
    state: 'following',
    afterId: null,
    modifiedAt: new Date(from.getTime() - OVERLAP_MS),
    deletedSince: new Date(from.getTime() - OVERLAP_MS),
  });
  return method;
}

async function deleteUnseen(
  deps: SyncDeps,
  input: ModuleInput,
  seen: ReadonlySet<RecordId>,
  tally: Tally,
): Promise<void> {
  for await (const ids of deps.store.records.ids(input.connection.id, input.module)) {
    await noteDeleted(
      deps,
      input,
      ids.filter((id) => !seen.has(id)),
      deps.clock.now(),
      tally,
    );
  }
}

async function noteDeleted(
  deps: SyncDeps,
  input: ModuleInput,
  ids: RecordId[],
  at: Date,
  tally: Tally,
): Promise<void> {
  if (ids.length === 0) return;
  const gone = await deps.store.records.markDeleted(input.connection.id, input.module, ids, at);
  tally.deleted += gone.length;
}

async function readChanged(
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
  const method = await readByAny(deps, module, module === 'Events' ? 'list' : 'coql', async (by) => {
    if (by === 'list') {
      for await (const rows of listAll(deps, module, columns, from)) {
        await savePage(deps, input, context, rows, null, tally);
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
    modifiedAt: followed > from ? followed : from,
    deletedSince: followed > deletedSince ? followed : deletedSince,
  });
  return method;
}

async function readDeletions(
  deps: SyncDeps,
  input: ModuleInput,
  since: Date,
  now: Date,
  tally: Tally,
): Promise<void> {
  try {
    for await (const page of listDeleted(deps.zoho, input.module, since)) {
      const ids = page.map((row) => row.id);
      await noteDeleted(deps, input, ids, now, tally);
    }
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module: input.module }, 'deletions could not be read');
    tally.notes.push(`${input.module}: Zoho does not tell its deletions; zcv sync --full finds them`);
  }
}

function rowContext(deps: SyncDeps, input: ModuleInput, columns: Columns, firstSync: boolean): RowContext {
  return {
    columns,
    outcomeOf: outcomeIndex(input.stages),
    today: dayOf(deps.clock.now(), input.connection.org.timeZone),
    firstSync,
  };
}

async function readColumns(deps: SyncDeps, input: ModuleInput, tally: Tally): Promise<Columns> {
  const { module, mapping, ours } = input;
  let meta: FieldMeta[] = [];
  try {
    meta = await fetchFields(deps.zoho, module);
  } catch (error) {
    // Without metadata the standard fields are taken to exist; a module that is not there says so when it is read.
    if (!isWorthAnotherWay(error)) throw error;
    tally.notes.push(`${module}: its fields cannot be listed, so the standard ones are read`);
  }
  const columns = columnsOf(module, meta, mapping, ours);
  tally.notes.push(...columns.missing.map((name) => `${module} has no field ${name}: it stays empty`));
  return columns;
}

/** Reads one module into the store. Throws what no later module could survive (credits, revoked token). */
export async function syncModule(deps: SyncDeps, input: ModuleInput): Promise<ModuleResult> {
  const { connection, module } = input;
  const tally = emptyTally();
  const columns = await readColumns(deps, input, tally);
  const cursor = await deps.store.cursors.get(connection.id, module);
  const now = deps.clock.now().getTime();
  const canFollow =
    !input.full &&
    cursor?.state === 'following' &&
    cursor.modifiedAt !== null &&
    cursor.columnsHash === columns.hash &&
    now - (cursor.deletedSince ?? cursor.modifiedAt).getTime() < DELETED_HORIZON_MS;
  await deps.store.quarantine.clear(connection.id, module);
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
  const columns = await readColumns(deps, input, tally);
  const rows = await read(input.module, input.ids, columns.fields);
  await savePage(deps, input, rowContext(deps, input, columns, false), rows, null, tally);
  const found = new Set(rows.map((row) => row.id));
  await noteDeleted(
    deps,
    input,
    input.ids.filter((id) => !found.has(id)),
    deps.clock.now(),
    tally,
  );
}

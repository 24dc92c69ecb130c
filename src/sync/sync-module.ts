import { type Clock, dayOf } from '../clock.ts';
import type { Connection, MappedField, ModuleName, RecordId, StageRow } from '../domain.ts';
import { ZohoAuthError, ZohoContractError, ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Cursor, Store } from '../store/store.ts';
import { bulkRead } from '../zoho/bulk-read.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { scanChanged, scanModule } from '../zoho/coql.ts';
import { fetchFields } from '../zoho/metadata.ts';
import { countRecords, listDeleted, listRecords, type ZohoRow } from '../zoho/records.ts';
import { type Columns, columnsOf, type DealMapping } from './columns.ts';
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
  /** Fields we were told to read and that the org does not have. */
  readonly missing: readonly string[];
}
export interface ModuleOutcome {
  readonly result: ModuleResult;
  /** Records whose inputs changed, and former parents of records that moved: their customers need a new score. */
  readonly changedIds: readonly RecordId[];
  readonly movedFrom: readonly RecordId[];
}

// COQL costs 1.5 credits per 1,000 rows, a bulk job 50 for up to 200,000 (zoho-api price list).
const BULK_BREAK_EVEN_ROWS = 33_000;
// Zoho's clock and ours differ, and a row may become visible after its Modified_Time: this much is read again.
const OVERLAP_MS = 5 * 60_000;
// Recycle-bin rows reach back 60 days; beyond that a deletion can be missed and only a full read tells.
const DELETED_HORIZON_MS = 55 * 86_400_000;
const MAX_QUARANTINE_ROWS = 1_000;

type Method = 'coql' | 'bulk' | 'list';
interface Tally {
  read: number;
  changed: number;
  deleted: number;
  quarantined: number;
  readonly changedIds: Set<RecordId>;
  readonly movedFrom: Set<RecordId>;
}

/** Errors that say "this org does not let us read this module": the others go on and the sync is not partial. */
export function isRefusal(error: unknown): error is ZohoRejectedError | ZohoAuthError {
  if (error instanceof ZohoAuthError) return error.scope;
  const refusals = [
    'INVALID_MODULE',
    'NO_PERMISSION',
    'NOT_SUPPORTED',
    'AUTHORIZATION_FAILED',
    'MODULE_NOT_AVAILABLE',
    'MODULE_NOT_SUPPORTED',
  ];
  return error instanceof ZohoRejectedError && refusals.includes(error.zohoCode ?? '');
}

// Converted leads may be hidden from a plain query, so both halves are asked for by name.
function wheresOf(module: ModuleName, columns: Columns): (string | undefined)[] {
  if (module !== 'Leads' || !columns.fields.includes('Converted__s')) return [undefined];
  return [`Converted__s = 'false'`, `Converted__s = 'true'`];
}

async function* listAll(
  deps: SyncDeps,
  module: ModuleName,
  columns: Columns,
  modifiedSince: Date | null,
): AsyncGenerator<ZohoRow[]> {
  let pageToken: string | null = null;
  do {
    const page: { rows: ZohoRow[]; nextPageToken: string | null } = await listRecords(deps.zoho, module, {
      fields: columns.fields,
      sortBy: modifiedSince ? 'Modified_Time' : 'id',
      sortOrder: 'asc',
      ...(pageToken === null ? {} : { pageToken }),
      ...(modifiedSince ? { modifiedSince } : {}),
      ...(module === 'Leads' ? { converted: 'both' as const } : {}),
    });
    yield page.rows;
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
}

/** Only the list tells whether a meeting was cancelled ($event_cancelled); above its 100,000 rows bulk read takes over. */
async function chooseMethod(deps: SyncDeps, module: ModuleName): Promise<Method> {
  const rows = await countRecords(deps.zoho, module);
  if (module === 'Events' && rows <= 100_000) return 'list';
  return rows > BULK_BREAK_EVEN_ROWS ? 'bulk' : 'coql';
}

async function* fullPages(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  method: Method,
  afterId: RecordId | null,
) {
  const { module } = input;
  const fields = [...columns.fields];
  if (method === 'list') return yield* listAll(deps, module, columns, null);
  if (method === 'bulk') return yield* bulkRead(deps.zoho, { module, fields }, deps);
  for (const where of wheresOf(module, columns)) {
    const rest = afterId === null ? where : `id > '${afterId}'`;
    yield* scanModule(deps.zoho, {
      module,
      fields,
      order: 'id',
      ...(rest === undefined ? {} : { where: rest }),
    });
  }
}

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
  const { changed, moved } = await deps.store.records.save(connection.id, module, good, cursor);
  if (bad.length > 0 && tally.quarantined < MAX_QUARANTINE_ROWS)
    await deps.store.quarantine.add(connection.id, bad);
  tally.read += rows.length;
  tally.quarantined += bad.length;
  tally.changed += changed.length;
  for (const id of changed) tally.changedIds.add(id);
  for (const id of moved) tally.movedFrom.add(id);
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
  let method = await chooseMethod(deps, module);
  const startedAt = deps.clock.now();
  // A fill that was cut short goes on after its last stored id; only an id-ordered scan of one piece can.
  const resumable = method === 'coql' && wheresOf(module, columns).length === 1;
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
  const readWith = async (chosen: Method) => {
    for await (const rows of fullPages(deps, input, columns, chosen, base.afterId)) {
      const last = rows.at(-1)?.id ?? base.afterId;
      await savePage(deps, input, context, rows, resumable ? { ...base, afterId: last } : base, tally);
      if (hadRows) for (const row of rows) seen.add(row.id);
    }
  };
  try {
    await readWith(method);
  } catch (error) {
    // Without the right to run bulk jobs the dearer way still works; what was read so far is only read again.
    const canFallBack = method !== 'coql' && (isRefusal(error) || error instanceof ZohoContractError);
    if (!canFallBack) throw error;
    deps.log.warn({ err: error, module, method }, 'reading with COQL instead');
    method = 'coql';
    await readWith(method);
  }
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
  for (const id of gone) tally.changedIds.add(id);
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
  const method: Method = module === 'Events' ? 'list' : 'coql';
  // Rows stamped a little ahead of our clock are taken along; the cursor itself stays behind by the overlap.
  const until = new Date(startedAt.getTime() + 24 * 3_600_000);
  if (method === 'list') {
    for await (const rows of listAll(deps, module, columns, from))
      await savePage(deps, input, context, rows, null, tally);
  } else {
    for (const where of wheresOf(module, columns)) {
      const scan = {
        module,
        fields: [...columns.fields],
        from,
        after: null,
        until,
        ...(where === undefined ? {} : { where }),
      };
      for await (const rows of scanChanged(deps.zoho, scan))
        await savePage(deps, input, context, rows, null, tally);
    }
  }
  const deletedSince = cursor.deletedSince ?? from;
  for await (const page of listDeleted(deps.zoho, module, deletedSince)) {
    await noteDeleted(
      deps,
      input,
      page.map((row) => row.id),
      startedAt,
      tally,
    );
  }
  const followed = new Date(startedAt.getTime() - OVERLAP_MS);
  await deps.store.cursors.set(connection.id, module, {
    ...cursor,
    modifiedAt: followed > from ? followed : from,
    deletedSince: followed > deletedSince ? followed : deletedSince,
  });
  return method;
}

function rowContext(deps: SyncDeps, input: ModuleInput, columns: Columns, firstSync: boolean): RowContext {
  return {
    columns,
    outcomeOf: outcomeIndex(input.stages),
    today: dayOf(deps.clock.now(), input.connection.org.timeZone),
    firstSync,
  };
}

/** Reads one module into the store. Throws what no later module could survive (credits, revoked token). */
export async function syncModule(deps: SyncDeps, input: ModuleInput): Promise<ModuleOutcome> {
  const { connection, module } = input;
  const tally: Tally = {
    read: 0,
    changed: 0,
    deleted: 0,
    quarantined: 0,
    changedIds: new Set(),
    movedFrom: new Set(),
  };
  const columns = columnsOf(module, await fetchFields(deps.zoho, module), input.mapping, input.ours);
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
    result: {
      module,
      mode: canFollow ? 'incremental' : 'full',
      method,
      read: tally.read,
      changed: tally.changed,
      deleted: tally.deleted,
      quarantined: tally.quarantined,
      error: null,
      refused: false,
      missing: columns.missing,
    },
    changedIds: [...tally.changedIds],
    movedFrom: [...tally.movedFrom],
  };
}

/** Re-reads single records by id; those that Zoho no longer shows are marked deleted. */
export async function syncRecords(
  deps: SyncDeps,
  input: ModuleInput & { readonly ids: readonly RecordId[] },
  read: (module: ModuleName, ids: readonly RecordId[], fields: readonly string[]) => Promise<ZohoRow[]>,
): Promise<ModuleOutcome> {
  const tally: Tally = {
    read: 0,
    changed: 0,
    deleted: 0,
    quarantined: 0,
    changedIds: new Set(),
    movedFrom: new Set(),
  };
  const columns = columnsOf(
    input.module,
    await fetchFields(deps.zoho, input.module),
    input.mapping,
    input.ours,
  );
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
  return {
    result: {
      module: input.module,
      mode: 'incremental',
      method: 'list',
      read: tally.read,
      changed: tally.changed,
      deleted: tally.deleted,
      quarantined: tally.quarantined,
      error: null,
      refused: false,
      missing: columns.missing,
    },
    changedIds: [...tally.changedIds],
    movedFrom: [...tally.movedFrom],
  };
}

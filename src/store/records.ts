import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Clock, systemClock } from '../clock.ts';
import type { Keys } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, FieldValues, ModuleName, RecordId } from '../domain.ts';
import type { ActivityRecord, RecordByModule } from '../records.ts';
import { setCursor } from './cursors.ts';
import { dropSecondaryIndexes, restoreIndexes } from './deferred-indexes.ts';
import { type BulkUpsert, bulkUpsert, forUpdate, isOneOf, selectArrays } from './dialect.ts';
import { forgetOurs } from './forget-ours.ts';
import { keptOut } from './kept-out.ts';
import { COMMON_COLUMNS, commonValues, oursOf, type RecordTable, readColumns } from './record-cells.ts';
import type { RecordsStore, RefTask } from './record-stores.ts';
import { isShared, RECORD_TABLES } from './record-tables.ts';
import { chunksOf, MAX_ROWS, toJson, uniqueBy } from './rows.ts';
import { type Suppressions, suppressionsOf } from './suppressions.ts';
import type { Tables } from './tables.ts';

const IDS_PER_PAGE = 10_000;

/** The copy of the CRM's records: only the columns that we use. */
export function recordsStore(db: Db, keys: Keys, clock: Clock = systemClock): RecordsStore {
  const { kysely } = db;
  return {
    async save(connection, module, rows, cursor, options = {}) {
      const how = {
        seenAt: options.seenAt ?? clock.now(),
        isFirst: options.isFirst ?? false,
        kept: options.kept ?? [],
      };
      const changed: RecordId[] = [];
      const moved = new Set<RecordId>();
      // In the order of ids, so that two writers never wait for each other's rows.
      const suppressions = await suppressionsOf(db, keys, connection);
      const storable = suppressions ? withoutErased(suppressions, module, rows) : rows;
      const ordered = uniqueBy(storable, (row) => row.record.id).sort((a, b) =>
        compare(a.record.id, b.record.id),
      );
      const pieces = [...chunksOf(ordered, MAX_ROWS)];
      if (pieces.length === 0 && cursor) await setCursor(kysely, connection, module, cursor);
      for (const [index, piece] of pieces.entries()) {
        const isLast = index === pieces.length - 1;
        await kysely.transaction().execute(async (trx) => {
          const told = await savePiece(db, trx, { connection, module, ...how }, piece);
          if (isLast && cursor) await setCursor(trx, connection, module, cursor);
          changed.push(...told.changed);
          for (const id of told.moved) moved.add(id);
        });
      }
      return { changed, moved: [...moved] };
    },

    async markDeleted(connection, module, ids, at) {
      const gone: RecordId[] = [];
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        const { rows } = await sql<{ id: string }>`
          update ${tableOf(module)} set deleted_at = ${at}
          where ${isOf(connection, module)} and ${isOneOf(db, 'id', piece)} and deleted_at is null
          returning id`.execute(kysely);
        gone.push(...rows.map((row) => row.id));
      }
      return gone;
    },

    async touch(connection, module, ids, seenAt) {
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        await sql`update ${tableOf(module)} set seen_at = ${seenAt}
          where ${isOf(connection, module)} and ${isOneOf(db, 'id', piece)}`.execute(kysely);
      }
    },

    async markUnseenDeleted(connection, module, seenBefore, at) {
      let gone = 0;
      for (let after = ''; ; ) {
        // A page of ids at a time, so that no read of the whole table holds anybody up.
        const { rows } = await sql<{ id: string; is_unseen: boolean }>`
          select id, (deleted_at is null and (seen_at is null or seen_at < ${seenBefore})) as is_unseen
          from ${tableOf(module)} where ${isOf(connection, module)} and id > ${after}
          order by id limit ${IDS_PER_PAGE}`.execute(kysely);
        const last = rows.at(-1);
        if (!last) return gone;
        const ids = rows.filter((row) => row.is_unseen).map((row) => row.id);
        for (const piece of chunksOf(ids, MAX_ROWS)) {
          // Asked again: it may have come from Zoho a moment ago.
          const { numAffectedRows } = await sql`
            update ${tableOf(module)} set deleted_at = ${at}
            where ${isOf(connection, module)} and ${isOneOf(db, 'id', piece)} and deleted_at is null
              and (seen_at is null or seen_at < ${seenBefore})`.execute(kysely);
          gone += Number(numAffectedRows ?? 0n);
        }
        after = last.id;
      }
    },

    async get(connection, module, ids) {
      const table = RECORD_TABLES[module];
      const found: RecordByModule[typeof module][] = [];
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        const rows = await selectArrays(
          db,
          sql`select ${columnsOf(table)} from ${tableOf(module)}
            where ${isOf(connection, module)} and ${isOneOf(db, 'id', piece)} and deleted_at is null
            order by id`,
        );
        for (const row of rows) found.push(table.record(row));
      }
      return found.sort((a, b) => compare(a.id, b.id));
    },

    async count(connection, module) {
      const { rows } = await sql<{ living: number }>`
        select count(*) as living from ${tableOf(module)}
        where ${isOf(connection, module)} and deleted_at is null`.execute(kysely);
      return rows[0]?.living ?? 0;
    },

    async *ids(connection, module) {
      for (let after = ''; ; ) {
        const { rows } = await sql<{ id: string }>`
          select id from ${tableOf(module)}
          where ${isOf(connection, module)} and id > ${after} and deleted_at is null
          order by id limit ${IDS_PER_PAGE}`.execute(kysely);
        const last = rows.at(-1);
        if (!last) return;
        yield rows.map((row) => row.id);
        after = last.id;
      }
    },

    async setOurs(connection, module, rows) {
      const wanted = new Map<RecordId, FieldValues>();
      for (const { id, ours } of rows) wanted.set(id, { ...wanted.get(id), ...ours });
      for (const piece of chunksOf([...wanted.keys()].sort(compare), MAX_ROWS)) {
        await kysely.transaction().execute((trx) => mergeOurs(db, trx, connection, module, piece, wanted));
      }
    },

    forgetOurs: (connection, module, keys) => forgetOurs(db, connection, module, keys),

    async hasAny(connection, module) {
      const { rows } = await sql`
        select 1 from ${tableOf(module)} where ${isOf(connection, module)} limit 1`.execute(kysely);
      return rows.length > 0;
    },

    async deferIndexes(connection, module) {
      const table = tableOf(module);
      const { rows } = await sql<{ is_shared: number | boolean }>`
        select exists (select 1 from ${table} where connection_id < ${connection})
          or exists (select 1 from ${table} where connection_id > ${connection}) as is_shared`.execute(
        kysely,
      );
      if (!rows[0]?.is_shared) await dropSecondaryIndexes(db, RECORD_TABLES[module].table);
    },

    restoreIndexes: () => restoreIndexes(db),

    withCvRef: (connection) => refTasks(db, connection),
  };
}

function withoutErased<M extends ModuleName>(
  suppressions: Suppressions,
  module: M,
  rows: readonly { readonly record: RecordByModule[M]; readonly inputHash: string }[],
) {
  return rows.flatMap((row) => {
    const record = keptOut(suppressions, module, row.record);
    return record === null ? [] : [{ ...row, record }];
  });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
function tableOf(module: ModuleName): RawBuilder<unknown> {
  return sql.table(RECORD_TABLES[module].table);
}
function columnsOf(table: Pick<RecordTable<never>, 'columns'>): RawBuilder<unknown> {
  return sql.join(readColumns(table).map((name) => sql.ref(name)));
}
function isOf(connection: ConnectionId, module: ModuleName): RawBuilder<boolean> {
  return isShared(RECORD_TABLES[module])
    ? sql<boolean>`connection_id = ${connection} and module = ${module}`
    : sql<boolean>`connection_id = ${connection}`;
}

// What the first sight of a won deal said stays, and so does what nobody has read since.
const KEPT: { readonly [column: string]: string } = {
  won_seen_on: 'coalesce(deals.won_seen_on, excluded.won_seen_on)',
  won_at_first_sync:
    'case when deals.won_seen_on is null then excluded.won_at_first_sync else deals.won_at_first_sync end',
};
function upsertOf(table: Pick<RecordTable<never>, 'table' | 'columns'>, kept: readonly string[]): BulkUpsert {
  const update = {
    ...Object.fromEntries(kept.map((column) => [column, `${table.table}."${column}"`])),
    ...(table.table === 'deals' ? KEPT : {}),
  };
  return {
    table: table.table,
    columns: [...COMMON_COLUMNS, ...table.columns],
    key: isShared(table) ? ['connection_id', 'module', 'id'] : ['connection_id', 'id'],
    update,
  };
}

async function savePiece<M extends ModuleName>(
  db: Db,
  trx: Kysely<Tables>,
  into: {
    readonly connection: ConnectionId;
    readonly module: M;
    readonly kept: readonly string[];
    readonly seenAt: Date;
    readonly isFirst: boolean;
  },
  rows: readonly { readonly record: RecordByModule[M]; readonly inputHash: string }[],
): Promise<{ changed: RecordId[]; moved: RecordId[] }> {
  const { connection, module, kept } = into;
  const table = RECORD_TABLES[module];
  const ids = rows.map((row) => row.record.id);
  const stored = into.isFirst
    ? new Map<RecordId, Before>()
    : await storedBefore(db, trx, connection, module, ids);
  const names = table.columns.map((column) => column.name);
  const places = table.parents.map((parent) => names.indexOf(parent));
  const changed: RecordId[] = [];
  const moved: RecordId[] = [];
  const values = rows.map(({ record, inputHash }) => {
    const own = table.values(record);
    const before = stored.get(record.id);
    if (before?.inputHash !== inputHash || before.isDeleted) changed.push(record.id);
    for (const [index, place] of places.entries()) {
      const parent = before?.parents[index];
      const isKept = kept.includes(table.parents[index] ?? '');
      if (parent && !isKept && parent !== own[place]) moved.push(parent);
    }
    return [...commonValues(connection, record, inputHash, into.seenAt), ...own];
  });
  await bulkUpsert(db, trx, upsertOf(table, kept), values);
  return { changed, moved };
}

interface Before {
  readonly inputHash: string;
  readonly isDeleted: boolean;
  readonly parents: readonly (string | null)[];
}
async function storedBefore(
  db: Db,
  trx: Kysely<Tables>,
  connection: ConnectionId,
  module: ModuleName,
  ids: readonly RecordId[],
): Promise<Map<RecordId, Before>> {
  const { parents } = RECORD_TABLES[module];
  const columns = sql.join(['id', 'input_hash', 'deleted_at', ...parents].map((name) => sql.ref(name)));
  const { rows } = await sql<Record<string, string | null> & { id: string; input_hash: string }>`
    select ${columns} from ${tableOf(module)}
    where ${isOf(connection, module)} and ${isOneOf(db, 'id', ids)} ${forUpdate(db)}`.execute(trx);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        inputHash: row.input_hash,
        isDeleted: row.deleted_at !== null,
        parents: parents.map((parent) => row[parent] ?? null),
      },
    ]),
  );
}

async function mergeOurs(
  db: Db,
  trx: Kysely<Tables>,
  connection: ConnectionId,
  module: ModuleName,
  ids: readonly RecordId[],
  wanted: ReadonlyMap<RecordId, FieldValues>,
): Promise<void> {
  const { rows } = await sql<{ id: string; ours: string }>`
    select id, ours from ${tableOf(module)}
    where ${isOf(connection, module)} and ${isOneOf(db, 'id', ids)} order by id ${forUpdate(db)}`.execute(
    trx,
  );
  for (const { id, ours } of rows) {
    const merged = toJson({ ...oursOf(ours), ...wanted.get(id) });
    if (merged === ours) continue;
    await sql`update ${tableOf(module)} set ours = ${merged}
      where ${isOf(connection, module)} and id = ${id}`.execute(trx);
  }
}

async function* refTasks(db: Db, connection: ConnectionId): AsyncGenerator<RefTask[]> {
  const table = RECORD_TABLES.Tasks;
  const own = sql.join(readColumns(table).map((name) => sql.ref(`a.${name}`)));
  for (let after = ''; ; ) {
    // What_Id names an account or a lead, Who_Id a contact; a task of an account may name a contact besides.
    const rows = await selectArrays(
      db,
      sql`select ${own}, a.deleted_at, x.id as account, l.id as lead, c.id as contact
        from activities a
        left join accounts x on x.connection_id = a.connection_id and x.id = a.what_id
        left join leads l on l.connection_id = a.connection_id and l.id = a.what_id
        left join contacts c on c.connection_id = a.connection_id and c.id = a.who_id
        where a.connection_id = ${connection} and a.module = 'Tasks' and a.cv_ref is not null and a.id > ${after}
        order by a.id limit ${MAX_ROWS}`,
    );
    if (rows.length === 0) return;
    const tasks = rows.map((row) => refTask(row, table));
    yield tasks;
    after = tasks.at(-1)?.task.id ?? '';
  }
}

function refTask(cells: readonly unknown[], table: RecordTable<ActivityRecord>): RefTask {
  const [deletedAt, account, lead, contact] = cells.slice(-4);
  let module: RefTask['module'] = null;
  if (account !== null) module = 'Accounts';
  else if (lead !== null) module = 'Leads';
  else if (contact !== null) module = 'Contacts';
  return { task: table.record(cells), deletedAt: deletedAt as Date | null, module }; // a timestamptz column
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CompiledQuery, type Dialect, type Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import { AS_ARRAYS, nodeSqliteDialect, RowBatch, whenFree } from './sqlite-driver.ts';
import type { Tables } from './tables.ts';

/** All that differs between SQLite and PostgreSQL. */

const DEFAULT_BUSY_TIMEOUT_MS = 10_000;
// What SQLite itself waits, holding the thread; the rest is waited for by the driver.
const OWN_BUSY_TIMEOUT_MS = 5;
// 64 MB of page cache: the upper levels of every index of a million records stay in memory.
const CACHE_KIB = 65_536;
// A checkpoint every 64 MB instead of every 4: a page of an index that a first fill touches again and again is then
// written back once (300,000 rows with two random indexes: 17 s against 8 s).
const CHECKPOINT_PAGES = 16_384;
const MAX_CONNECTIONS = 10;

// SQLite before these loses commits when a WAL is reset while another connection reads (sqlite.org/wal.html).
const FIRST_SAFE = [3, 51, 3];
const BACKPORTS = ['3.50.7', '3.44.6'];

export function isSafeSqlite(version: string): boolean {
  if (BACKPORTS.includes(version)) return true;
  const parts = version.split('.').map(Number);
  for (const [index, least] of FIRST_SAFE.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

export async function sqliteDialect(
  path: string,
  {
    busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS,
    cacheKib = CACHE_KIB,
  }: { busyTimeoutMs?: number; cacheKib?: number },
): Promise<Dialect> {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: OWN_BUSY_TIMEOUT_MS });
  try {
    // Processes that open a new file at once: while one switches it to WAL, SQLite refuses the others without waiting,
    // from the first statement on, which reads the schema.
    const version = await whenFree(
      () => String(database.prepare('select sqlite_version() as version').get()?.version),
      busyTimeoutMs,
    );
    if (!isSafeSqlite(version)) {
      throw new ConfigError(
        `this Node brings SQLite ${version}, which can lose commits; use a Node with SQLite ${FIRST_SAFE.join('.')} or later`,
      );
    }
    await whenFree(() => database.exec('pragma journal_mode = wal'), busyTimeoutMs);
    const settings = `pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -${cacheKib}; pragma temp_store = memory;
       pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}; pragma journal_size_limit = ${CHECKPOINT_PAGES * 4096}`;
    await whenFree(() => database.exec(settings), busyTimeoutMs);
  } catch (error) {
    database.close();
    throw error;
  }
  return nodeSqliteDialect(database, { busyTimeoutMs });
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`a stored number is too large: ${text}`);
  return value;
}
const INT8 = 20;
const DATE = 1082;
const NUMERIC = 1700;
const asText = (text: string): string => text;

export function postgresDialect(url: string): { dialect: Dialect; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    application_name: 'zoho-customer-value',
    // The default of 4 is a rotating disk's: with it a page of look-ups by index counts dearer than reading a table.
    onConnect: async (client) => {
      // One that breaks at work fails the work that has it; without a listener it would end the process as well.
      client.on('error', () => undefined);
      await client.query('set random_page_cost = 1.1');
    },
    types: {
      // The type of pg's own function is overloaded by format; we never ask for the binary one.
      getTypeParser: ((oid: number) => {
        if (oid === INT8) return safeInteger;
        if (oid === DATE || oid === NUMERIC) return asText;
        return pg.types.getTypeParser(oid);
      }) as typeof pg.types.getTypeParser,
    },
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return { dialect: new PostgresDialect({ pool }), pool };
}

/** `column` holds one of `ids`, any number of them, in one parameter. */
export function isOneOf(db: Db, column: string, ids: readonly string[]): RawBuilder<boolean> {
  return db.dialect === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(ids)}))`
    : sql<boolean>`${sql.ref(column)} = any(${ids}::text[])`;
}
/** A text within a column that holds JSON as text; null where there is none. Names of the path are ours, never a person's. */
export function jsonTextAt(db: Db, column: string, path: readonly string[]): RawBuilder<string | null> {
  return db.dialect === 'sqlite'
    ? sql`json_extract(${sql.ref(column)}, ${`$.${path.join('.')}`})`
    : sql`(${sql.ref(column)}::jsonb #>> ${`{${path.join(',')}}`})`;
}
export function isOneOfNumbers(db: Db, column: string, ids: readonly number[]): RawBuilder<boolean> {
  return db.dialect === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(ids)}))`
    : sql<boolean>`${sql.ref(column)} = any(${ids}::bigint[])`;
}

/**
 * PostgreSQL plans by statistics, which a first fill leaves empty until autovacuum comes round: then every page of
 * customers would read whole tables. Cheap when there is nothing to do; a second for a million rows.
 */
export async function refreshStatistics(db: Db): Promise<void> {
  if (db.dialect === 'sqlite') return;
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_stat_user_tables
    where schemaname = current_schema() and n_mod_since_analyze > 1000 + n_live_tup / 5`.execute(db.kysely);
  for (const { name } of rows) await sql`analyze ${sql.table(name)}`.execute(db.kysely);
}

/**
 * Rows of `alias` in which one of the columns holds one of its ids; each column has an index. Written so that both
 * databases use them: with "or" SQLite uses neither, and PostgreSQL reads the whole table when the ids are many.
 */
export function linkedBy(
  db: Db,
  table: keyof Tables,
  alias: string,
  connection: string,
  links: readonly { readonly column: string; readonly ids: readonly string[] }[],
): RawBuilder<boolean> {
  const from = sql.table(table);
  if (db.dialect === 'sqlite') {
    const rows = links.map(
      ({ column, ids }) =>
        sql`select rowid from ${from} where connection_id = ${connection} and ${isOneOf(db, column, ids)}`,
    );
    return sql<boolean>`${sql.ref(`${alias}.rowid`)} in (${sql.join(rows, sql` union `)})`;
  }
  // "offset 0" keeps the inner query a look-up by index for each id.
  const rows = links.map(
    ({ column, ids }) => sql`
      select found.ctid from unnest(${ids}::text[]) as wanted (id) cross join lateral (
        select l.ctid from ${from} l
        where l.connection_id = ${connection} and ${sql.ref(`l.${column}`)} = wanted.id offset 0) found`,
  );
  return sql<boolean>`${sql.ref(`${alias}.ctid`)} = any (array(${sql.join(rows, sql` union `)}))`;
}

/**
 * Joins to each row before it the rows of `table` that `on` finds by an index. In a recursive query PostgreSQL guesses
 * the number of rows, and would read the whole table at every step.
 */
export function joinByIndex(
  db: Db,
  table: keyof Tables,
  alias: string,
  on: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const from = sql`${sql.table(table)} ${sql.ref(alias)}`;
  // SQLite takes the tables of a cross join in the order in which they are written.
  return db.dialect === 'sqlite'
    ? sql`cross join ${from} on ${on}`
    : sql`cross join lateral (select * from ${from} where ${on} offset 0) ${sql.ref(alias)}`;
}

/** A column by which SQLite, which keeps no statistics, is not to look rows up: it would read a whole table by it. */
export function notLookedUp(db: Db, column: string): RawBuilder<unknown> {
  return db.dialect === 'sqlite' ? sql`+${sql.ref(column)}` : sql.ref(column);
}

/** Locks the rows a transaction has read; SQLite's transactions hold the whole database already. */
export function forUpdate(db: Db): RawBuilder<unknown> {
  return db.dialect === 'sqlite' ? sql`` : sql`for update`;
}

/** Admits one transaction at a time to a row, while rows that refer to it may still be written by others. */
export function forOneWriter(db: Db): RawBuilder<unknown> {
  return db.dialect === 'sqlite' ? sql`` : sql`for no key update`;
}

/** Until its end this transaction is the only one of its kind for the connection. */
export async function holdConnection(db: Db, trx: Db['kysely'], connection: ConnectionId): Promise<void> {
  await trx
    .selectFrom('connections')
    .select('id')
    .where('id', '=', connection)
    .modifyEnd(forOneWriter(db))
    .execute();
}

/** Rows of a wide select as arrays in the order of its columns. */
export async function selectArrays(db: Db, query: RawBuilder<unknown>): Promise<unknown[][]> {
  const { sql: text, parameters } = query.compile(db.kysely);
  if (db.pool) {
    const { rows } = await db.pool.query({ text, values: [...parameters], rowMode: 'array' });
    return rows;
  }
  const { rows } = await db.kysely.executeQuery<unknown[]>(
    CompiledQuery.raw(AS_ARRAYS + text, [...parameters]),
  );
  return rows;
}

export type ColumnType = 'text' | 'timestamptz' | 'boolean' | 'bigint';
export interface BulkUpsert {
  readonly table: keyof Tables;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly key: readonly string[];
  /** Right-hand sides that are not simply the new value; `excluded` is the new row. */
  readonly update?: { readonly [column: string]: string };
}

/** Inserts or updates many rows; each row holds values in the order of the columns. One statement text per table. */
export async function bulkUpsert(
  db: Db,
  trx: Kysely<Tables>,
  into: BulkUpsert,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = into.columns.map((column) => `"${column.name}"`);
  const sets = into.columns
    .filter((column) => !into.key.includes(column.name))
    .map(({ name }) => `"${name}" = ${into.update?.[name] ?? `excluded."${name}"`}`);
  const conflict = `on conflict (${into.key.map((name) => `"${name}"`).join(', ')}) do ${
    sets.length > 0 ? `update set ${sets.join(', ')}` : 'nothing'
  }`;
  const head = `insert into ${into.table} (${names.join(', ')})`;
  if (db.dialect === 'sqlite') {
    const text = `${head} values (${names.map(() => '?').join(', ')}) ${conflict}`;
    await trx.executeQuery(CompiledQuery.raw(text, [new RowBatch(rows)]));
    return;
  }
  // A column that says the same in every row (whose row, when seen, what the org does not fill) is sent once.
  const first = rows[0] ?? [];
  const isSame = into.columns.map((_, index) => rows.every((row) => row[index] === first[index]));
  const values = isSame.map((same, index) => (same ? first[index] : rows.map((row) => sent(row[index]))));
  const cells = into.columns.map(({ type }, index) =>
    isSame[index] ? `$${index + 1}::${type}` : `unnest($${index + 1}::${type}[])`,
  );
  const source = isSame.includes(false)
    ? cells.join(', ')
    : `${cells.join(', ')} from generate_series(1, ${rows.length})`;
  await trx.executeQuery(CompiledQuery.raw(`${head} select ${source} ${conflict}`, values));
}

/** pg writes an instant in the zone of this machine, three times as slowly. */
const sent = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

/** Indexes beside the primary key, with the statement that makes each. */
export async function secondaryIndexes(
  db: Db,
  table: keyof Tables,
): Promise<{ name: string; definition: string }[]> {
  const query =
    db.dialect === 'sqlite'
      ? sql<{ name: string; definition: string }>`select name, sql as definition from sqlite_master
          where type = 'index' and tbl_name = ${table} and sql is not null order by name`
      : sql<{
          name: string;
          definition: string;
        }>`select c.relname as name, pg_get_indexdef(c.oid) as definition
          from pg_index i join pg_class c on c.oid = i.indexrelid
          where i.indrelid = to_regclass(${table}) and not i.indisunique order by c.relname`;
  return (await query.execute(db.kysely)).rows;
}

// What SQLite sorts an index with, beside a page cache of the same size; the rest of it lies in temporary files.
const SORT_KIB = 16_384;
/** Work that sorts a whole table, without holding it in memory. PostgreSQL has its own limit (maintenance_work_mem). */
export async function inSpareMemory(db: Db, work: () => Promise<void>): Promise<void> {
  if (db.dialect === 'postgres') return work();
  const set = async (store: 'file' | 'memory', cacheKib: number) => {
    await sql.raw(`pragma temp_store = ${store}`).execute(db.kysely);
    await sql.raw(`pragma cache_size = -${cacheKib}`).execute(db.kysely);
  };
  await set('file', SORT_KIB);
  try {
    await work();
  } finally {
    await set('memory', CACHE_KIB);
  }
}

/** Deletes at most `limit` rows of a connection; returns how many. */
export function deleteSome(db: Db, table: keyof Tables, connection: string, limit: number): Promise<number> {
  return deleteWhere(db, table, sql`connection_id = ${connection}`, limit);
}

/** Deletes at most `limit` of the rows; returns how many. */
export async function deleteWhere(
  db: Db,
  table: keyof Tables,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<number> {
  const row = sql.ref(db.dialect === 'sqlite' ? 'rowid' : 'ctid');
  const piece = sql`select ${row} from ${sql.table(table)} where ${where} limit ${limit}`;
  const chosen = db.dialect === 'sqlite' ? sql`in (${piece})` : sql`= any (array(${piece}))`;
  const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ${row} ${chosen}`.execute(
    db.kysely,
  );
  return Number(numAffectedRows ?? 0n);
}

/**
 * What deleted and changed rows leave behind: SQLite's free pages and its log, PostgreSQL's dead rows. Its log, and the
 * backups of both, age out on their own. Null when it was done, else why not.
 */
export async function forgetBytes(db: Db, tables: readonly string[]): Promise<string | null> {
  if (db.dialect === 'postgres') {
    for (const table of tables) await sql`vacuum ${sql.table(table)}`.execute(db.kysely);
    return null;
  }
  await inSpareMemory(db, async () => {
    await sql`vacuum`.execute(db.kysely);
  });
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db.kysely);
  return rows[0]?.busy === 0 ? null : 'another process reads the database; run it again when it has ended';
}

/** Locks the rows that a claim has chosen and passes over those that another process is choosing. */
export function skipLocked(db: Db, table: string): RawBuilder<unknown> {
  return db.dialect === 'sqlite' ? sql`` : sql`for update of ${sql.ref(table)} skip locked`;
}

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { systemClock } from '../clock.ts';

/**
 * Kysely over node:sqlite. Against Kysely's own SqliteDriver it adds what a synchronous driver needs in a process
 * that also serves HTTP: waiting for another writer never blocks the thread, and long work lets timers run.
 */

/** First words of a query whose rows are wanted as arrays: a third cheaper than objects for wide rows. */
export const AS_ARRAYS = '/* arrays */ ';

/** As the only parameter of a query: it is run once per row, inside one call. */
export class RowBatch {
  readonly rows: readonly (readonly unknown[])[];
  constructor(rows: readonly (readonly unknown[])[]) {
    this.rows = rows;
  }
}

const MAX_STATEMENTS = 300;
// Work that has held the thread this long lets timers and sockets run before it takes the connection again.
const TURN_MS = 10;
const FIRST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 20;
const DDL = /^\s*(create|alter|drop)\b/i;

interface Statement {
  readonly raw: StatementSync;
  readonly isReader: boolean;
  /** Columns to convert, by position and by name; SQLite itself knows neither instants nor booleans. */
  readonly conversions: readonly {
    readonly index: number;
    readonly name: string;
    readonly convert: (value: unknown) => unknown;
  }[];
  readonly isArrays: boolean;
}

/** Fixed-width UTC text, 2026-03-01T10:00:00.000Z; twice as fast as parsing any date, and there are millions. */
function instantOf(text: string): Date {
  const two = (at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528; // 528 = 11 * '0'
  const ms = two(20) * 10 + text.charCodeAt(22) - 48;
  const year = two(0) * 100 + two(2);
  // Date.UTC takes the years 0 to 99 for those of the last century.
  if (year < 100) return new Date(text);
  return new Date(Date.UTC(year, two(5) - 1, two(8), two(11), two(14), two(17), ms));
}

const CONVERSIONS: { readonly [declared: string]: (value: unknown) => unknown } = {
  TIMESTAMPTZ: (value) => (typeof value === 'string' ? instantOf(value) : value),
  BOOLEAN: (value) => (typeof value === 'number' ? value !== 0 : value),
};

export function nodeSqliteDialect(database: DatabaseSync, options: { busyTimeoutMs: number }): Dialect {
  return {
    createDriver: () => new NodeSqliteDriver(database, options.busyTimeoutMs),
    createAdapter: () => new TransactionalDdlAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** SQLite does run DDL in transactions; Kysely is careful because some drivers of it do not. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #connection: NodeSqliteConnection;
  readonly #database: DatabaseSync;
  #turnStartedAt = performance.now();

  constructor(database: DatabaseSync, busyTimeoutMs: number) {
    this.#database = database;
    this.#connection = new NodeSqliteConnection(database, busyTimeoutMs);
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    // Awaiting a synchronous driver never leaves the microtask queue, so a loop of queries would starve timers.
    if (performance.now() - this.#turnStartedAt > TURN_MS) {
      await nextTurn();
      this.#turnStartedAt = performance.now();
    }
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {
    // A plain begin upgrades at its first write and then fails at once when another process wrote meanwhile.
    await this.#connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(): Promise<void> {
    // Some errors (disk full) have ended the transaction already.
    if (this.#database.isTransaction) await this.#connection.executeQuery(CompiledQuery.raw('rollback'));
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {
    this.#connection.forget();
    if (this.#database.isOpen) this.#database.close();
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #busyTimeoutMs: number;
  readonly #statements = new Map<string, Statement>();

  constructor(database: DatabaseSync, busyTimeoutMs: number) {
    this.#database = database;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // Inside a transaction the write lock is ours, so only what comes before it can find the database busy.
    if (this.#database.isTransaction) return this.#run(sql, parameters);
    return whenFree(() => this.#run<R>(sql, parameters), this.#busyTimeoutMs);
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator; a stream would hold the only connection
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('no streams: read in keyset chunks');
  }

  forget(): void {
    this.#statements.clear();
  }

  #run<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const statement = this.#statement(sql);
    const [only] = parameters;
    if (only instanceof RowBatch) {
      let changes = 0;
      for (const row of only.rows) changes += Number(statement.raw.run(...bound(row)).changes);
      return { numAffectedRows: BigInt(changes), rows: [] };
    }
    if (statement.isReader) {
      const rows = statement.raw.all(...bound(parameters));
      convertRows(rows, statement);
      return { rows: rows as R[] }; // Kysely's row type is a promise of the query, which no driver can check
    }
    const { changes, lastInsertRowid } = statement.raw.run(...bound(parameters));
    if (DDL.test(sql)) this.forget();
    return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const raw = this.#database.prepare(sql);
    const columns = raw.columns();
    const isArrays = sql.startsWith(AS_ARRAYS);
    if (isArrays) raw.setReturnArrays(true);
    const conversions = columns.flatMap(({ name, type }, index) => {
      const convert = type === null ? undefined : CONVERSIONS[type.toUpperCase()];
      return convert ? [{ index, name, convert }] : [];
    });
    const statement = { raw, isReader: columns.length > 0, conversions, isArrays };
    const [oldest] = this.#statements.keys();
    if (this.#statements.size >= MAX_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function convertRows(rows: readonly Record<string | number, unknown>[], statement: Statement): void {
  for (const { index, name, convert } of statement.conversions) {
    const column = statement.isArrays ? index : name;
    for (const row of rows) row[column] = convert(row[column]);
  }
}

function bound(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map(boundOne);
}

function boundOne(value: unknown): SQLInputValue {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  if (value === undefined) return null;
  return value as SQLInputValue; // the driver refuses everything else by name
}

/** Repeats work that finds another writer at the database, without holding the thread while it waits. */
export async function whenFree<T>(work: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await systemClock.sleep(waitMs);
    }
  }
}

export function isBusy(error: unknown): boolean {
  // SQLITE_BUSY is 5; extended codes carry it in the low byte.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}

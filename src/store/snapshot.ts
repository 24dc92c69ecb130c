import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import type { Db } from '../db.ts';
import {
  type Ask,
  type Cell,
  type CellType,
  isCarried,
  isEmptied,
  type WholeTable,
  wholeTables,
} from './whole-tables.ts';

/**
 * All rows as they stood at one moment, while others write on: SQLite's read transaction over its log, PostgreSQL's
 * repeatable read. Read on a connection of its own; memory is that of one page of rows.
 */

export interface Snapshot {
  readonly dialect: Db['dialect'];
  /** Those that a copy carries, parents first. */
  readonly tables: readonly WholeTable[];
  /** Names of those that have run, in order. */
  readonly migrations: readonly string[];
  /** By table: the last number that the database gave out. */
  readonly sequences: Readonly<Record<string, number>>;
  /** Cells in the order of the columns, rows in the order of the key. */
  rows(table: WholeTable): AsyncIterable<readonly (readonly Cell[])[]>;
  close(): Promise<void>;
}

// A page holds the thread for some milliseconds, then sockets and timers run.
const PAGE_ROWS = 500;

export async function openSnapshot(db: Db): Promise<Snapshot> {
  return db.pool ? postgresSnapshot(db, db.pool) : sqliteSnapshot(db);
}

interface Source {
  readonly ask: Ask;
  readonly pages: (text: string) => AsyncIterable<unknown[][]>;
  readonly close: () => Promise<void>;
}

async function sqliteSnapshot(db: Db): Promise<Snapshot> {
  const { rows } = await sql<{ file: string }>`
    select file from pragma_database_list where name = 'main'`.execute(db.kysely);
  const database = new DatabaseSync(rows[0]?.file ?? '', { readOnly: true, timeout: 5_000 });
  const prepared = (text: string) => {
    const statement = database.prepare(text);
    statement.setReturnArrays(true);
    return statement;
  };
  const source: Source = {
    // The rows of a statement that returns arrays, which its types do not say.
    ask: async (query) => prepared(query.compile(db.kysely).sql).all() as unknown as unknown[][],
    async *pages(text) {
      let page: unknown[][] = [];
      for (const row of prepared(text).iterate() as Iterable<unknown> as Iterable<unknown[]>) {
        page.push(row);
        if (page.length < PAGE_ROWS) continue;
        yield page;
        page = [];
        await nextTurn();
      }
      if (page.length > 0) yield page;
    },
    close: async () => database.close(),
  };
  return snapshotOf('sqlite', source, async () => database.exec('begin'));
}

async function postgresSnapshot(db: Db, pool: Pool): Promise<Snapshot> {
  const client = await pool.connect();
  const all = async (text: string, values: unknown[] = []) =>
    (await client.query<unknown[]>({ text, values, rowMode: 'array' })).rows;
  const source: Source = {
    ask: async (query) => {
      const { sql: text, parameters } = query.compile(db.kysely);
      return all(text, [...parameters]);
    },
    async *pages(text) {
      await client.query(`declare backup_rows no scroll cursor for ${text}`);
      for (;;) {
        const page = await all(`fetch ${PAGE_ROWS} from backup_rows`);
        if (page.length > 0) yield page;
        if (page.length < PAGE_ROWS) break;
      }
      await client.query('close backup_rows');
    },
    close: async () => {
      // A connection that broke is not given back.
      const broken = await client.query('rollback').then(
        () => false,
        () => true,
      );
      client.release(broken);
    },
  };
  return snapshotOf('postgres', source, async () => {
    await client.query('begin isolation level repeatable read read only');
  });
}

async function snapshotOf(
  dialect: Db['dialect'],
  { ask, pages, close }: Source,
  begin: () => Promise<void>,
): Promise<Snapshot> {
  try {
    await begin();
    // The first look is the moment of the snapshot.
    const done = await ask(sql`select name from kysely_migration order by name`);
    const tables = (await wholeTables(ask, dialect)).filter(({ name }) => isCarried(name));
    return {
      dialect,
      tables,
      migrations: done.map(([name]) => String(name)),
      sequences: await sequencesOf(ask, dialect, tables),
      async *rows(table) {
        const { columns } = table;
        for await (const page of pages(selectOf(dialect, table)))
          yield page.map((row) =>
            columns.map(({ name, type }, index) =>
              isEmptied(table.name, name) ? null : cellOf(type, row[index]),
            ),
          );
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Text is ordered by its bytes, whatever the collation of the column or the database. */
function selectOf(dialect: Db['dialect'], { name, columns, key }: WholeTable): string {
  const bytes = dialect === 'sqlite' ? 'binary' : '"C"';
  const isText = new Set(columns.filter(({ type }) => type === 'text').map((column) => column.name));
  const order = (key.length > 0 ? key : columns.map((column) => column.name)).map(
    (column) => `"${column}"${isText.has(column) ? ` collate ${bytes}` : ''} nulls first`,
  );
  // PostgreSQL reads a key by its index only without words on nulls, and a key holds none.
  const by = key.length > 0 ? order.map((each) => each.replace(' nulls first', '')) : order;
  return `select ${columns.map((column) => `"${column.name}"`).join(', ')} from "${name}" order by ${by.join(', ')}`;
}

async function sequencesOf(
  ask: Ask,
  dialect: Db['dialect'],
  tables: readonly WholeTable[],
): Promise<Record<string, number>> {
  const counted = tables.flatMap(({ name, identity }) => (identity === null ? [] : [{ name, identity }]));
  const last = new Map<string, number>();
  if (dialect === 'sqlite') {
    for (const [name, value] of await ask(sql`select name, seq from sqlite_sequence`))
      last.set(String(name), Number(value));
  } else {
    for (const { name, identity } of counted) {
      const [row] = await ask(
        sql`select pg_sequence_last_value(pg_get_serial_sequence(${name}, ${identity})::regclass)`,
      );
      last.set(name, Number(row?.[0] ?? 0));
    }
  }
  return Object.fromEntries(counted.map(({ name }) => [name, last.get(name) ?? 0]));
}

/** Alike from both databases, so that their checksums can be compared. Throws on what the column's type does not hold. */
function cellOf(type: CellType, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (type === 'timestamptz') return value instanceof Date ? value.toISOString() : instantOf(value);
  if (type === 'boolean') return value === true || value === 1;
  if (type === 'bytes' && value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`a cell of type ${type} holds ${typeof value}`);
}
const FIXED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
function instantOf(value: unknown): string {
  const text = String(value);
  return FIXED.test(text) ? text : new Date(text).toISOString();
}

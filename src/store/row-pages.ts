import { type Kysely, sql } from 'kysely';
import type { Db } from '../db.ts';
import { selectArrays } from './dialect.ts';
import type { Tables } from './tables.ts';

/** Every row of any table, by the place where it lies: what the dialects call a place differs, and so sits here. */

/** Columns that hold text, by table, of the tables whose rows belong to a connection. */
export async function textColumnsOf(db: Db): Promise<Map<string, string[]>> {
  const query =
    db.dialect === 'sqlite'
      ? sql`select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c
          where t.type = 'table' and lower(c.type) like 'text%' order by t.name, c.cid`
      : sql`select table_name, column_name from information_schema.columns
          where table_schema = current_schema() and data_type = 'text' order by table_name, ordinal_position`;
  const columns = new Map<string, string[]>();
  // Both columns are text.
  for (const [table, column] of (await selectArrays(db, query)) as [string, string][])
    columns.set(table, [...(columns.get(table) ?? []), column]);
  return new Map([...columns].filter(([, names]) => names.includes('connection_id')));
}

type TextCell = string | null;
interface TextRow {
  /** Where the row lies, within its transaction. */
  readonly at: string;
  readonly cells: readonly TextCell[];
}
type WriteRow = (at: string, change: 'delete' | { readonly [column: string]: TextCell }) => Promise<void>;
type RowPage = (work: (rows: readonly TextRow[], write: WriteRow) => Promise<void>) => Promise<void>;

/** Every row of a connection in any table, whatever its key: a page a transaction, in which rows may be changed. */
export async function* rowPages(
  db: Db,
  from: { table: string; columns: readonly string[]; connection: string; size: number },
): AsyncGenerator<RowPage> {
  const { columns, connection, size } = from;
  const table = sql.table(from.table);
  const isSqlite = db.dialect === 'sqlite';
  const place = sql.ref(isSqlite ? 'rowid' : 'ctid');
  const placed = (at: string) => (isSqlite ? sql`${Number(at)}` : sql`${at}::tid`);
  const write =
    (trx: Kysely<Tables>): WriteRow =>
    async (at, change) => {
      if (change === 'delete') {
        await sql`delete from ${table} where ${place} = ${placed(at)}`.execute(trx);
        return;
      }
      const sets = Object.entries(change).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
      await sql`update ${table} set ${sql.join(sets)} where ${place} = ${placed(at)}`.execute(trx);
    };
  const blocks = isSqlite ? 0 : await blocksOf(db, from.table);
  for (let after = 0; ; ) {
    let next: number | null = null;
    const range = isSqlite
      ? sql`rowid > ${after} order by rowid limit ${size}`
      : sql`ctid >= ${`(${after},0)`}::tid and ctid < ${`(${after + BLOCKS_PER_PAGE},0)`}::tid for update`;
    yield (work) =>
      db.kysely.transaction().execute(async (trx) => {
        const { rows } = await sql<{ at: number | string } & Record<string, TextCell>>`
          select ${isSqlite ? sql`rowid` : sql`ctid::text`} as at, ${sql.join(columns.map((name) => sql.ref(name)))}
          from ${table} where connection_id = ${connection} and ${range}`.execute(trx);
        next = isSqlite ? Number(rows.at(-1)?.at ?? Number.NaN) : after + BLOCKS_PER_PAGE;
        const read = rows.map((row) => ({
          at: String(row.at),
          cells: columns.map((name) => row[name] ?? null),
        }));
        await work(read, write(trx));
      });
    // What a page wrote anew lies behind the last block and was seen.
    if (next === null || Number.isNaN(next) || (!isSqlite && next >= blocks)) return;
    after = next;
  }
}

// 8 KB each: a page of rows of common size.
const BLOCKS_PER_PAGE = 64;
async function blocksOf(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ blocks: number }>`
    select (pg_relation_size(${table}::regclass) / current_setting('block_size')::bigint)::bigint as blocks`.execute(
    db.kysely,
  );
  return rows[0]?.blocks ?? 0;
}

import { sql } from 'kysely';
import type { Db } from '../../src/db.ts';

/** Rows in tables that a test need not know: whatever is added to the schema later is covered. */

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** The database fills it. */
  readonly own: boolean;
}

/** Columns of the tables that have a column of that name: with the usual one, those whose rows belong to a connection. */
export async function columnsByTable(db: Db, having = 'connection_id'): Promise<Map<string, Column[]>> {
  const query =
    db.dialect === 'sqlite'
      ? sql<Column>`select t.name as "table", c.name as name, lower(c.type) as type,
          (c.pk = 1 and lower(c.type) = 'integer') as own
          from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'`
      : sql<Column>`select table_name as "table", column_name as name, data_type as type,
          is_identity = 'YES' as own from information_schema.columns where table_schema = current_schema()`;
  const { rows } = await query.execute(db.kysely);
  const all = Map.groupBy(rows, (row) => row.table);
  return new Map([...all].filter(([, columns]) => columns.some(({ name }) => name === having)));
}

/** A row whose every text is `text`, but for ids; nothing where it would break a key. */
export async function addRow(
  db: Db,
  table: string,
  row: {
    readonly connection: string;
    readonly text: string;
    readonly at: Date;
    readonly number: number;
    /** By column: rows of other tables that are named. */
    readonly links?: Readonly<Record<string, number | string>>;
  },
): Promise<void> {
  const columns = ((await columnsByTable(db)).get(table) ?? []).filter(({ own }) => !own);
  const values = columns.map(({ name, type }) => {
    if (name === 'connection_id') return row.connection;
    if (row.links && name in row.links) return row.links[name];
    if (type.startsWith('text')) return /_id$|^id$/.test(name) ? String(row.number) : row.text;
    if (type.startsWith('timestamp')) return row.at;
    if (type.startsWith('bool')) return false;
    return type === 'blob' || type === 'bytea' ? Buffer.from(row.text) : row.number;
  });
  const names = columns.map(({ name }) => sql.ref(name));
  await sql`insert into ${sql.table(table)} (${sql.join(names)}) values (${sql.join(values)})
    on conflict do nothing`.execute(db.kysely);
}

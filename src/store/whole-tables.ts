import { type RawBuilder, sql } from 'kysely';

/** The schema as a backup sees it: every table with its columns in one order and few types, alike in both databases. */

export type CellType = 'text' | 'bigint' | 'double' | 'boolean' | 'timestamptz' | 'bytes';
/** As it stands in a backup: instants as ISO 8601, bytes as base64. */
export type Cell = string | number | boolean | null;
export interface WholeTable {
  readonly name: string;
  /** In the order of their names. */
  readonly columns: readonly { readonly name: string; readonly type: CellType }[];
  /** Rows are ordered by these, byte by byte. */
  readonly key: readonly string[];
  /** Column that the database counts up by itself. */
  readonly identity: string | null;
  /** Tables that must be filled before. */
  readonly refersTo: readonly string[];
}
/** Rows of a query as arrays, asked of one connection. */
export type Ask = (query: RawBuilder<unknown>) => Promise<unknown[][]>;

/**
 * They say who is at work at this moment, which is true of no copy; indexes that are missing here are made there. Tokens
 * that were used or ended since would come to life again, so what people allowed programs is left out.
 */
const LEFT_BEHIND = new Set([
  'leases',
  'jobs',
  'job_turns',
  'deferred_indexes',
  'service_facts',
  'sessions',
  'oauth_states',
  'oauth_grants',
  'oauth_tokens',
  'oauth_requests',
  'operator_links',
]);
/** Short-lived secrets and locks of a row that is carried: the copy gets new ones. */
const EMPTIED: { readonly [table: string]: readonly string[] } = {
  connections: ['access_token', 'access_expires_at', 'refresh_lease_by', 'refresh_lease_until'],
};

export function isCarried(table: string): boolean {
  return !LEFT_BEHIND.has(table);
}
export function isEmptied(table: string, column: string): boolean {
  return EMPTIED[table]?.includes(column) ?? false;
}

const TYPES: { readonly [declared: string]: CellType } = {
  text: 'text',
  'character varying': 'text',
  'varchar(255)': 'text',
  bigint: 'bigint',
  integer: 'bigint',
  'double precision': 'double',
  boolean: 'boolean',
  timestamptz: 'timestamptz',
  'timestamp with time zone': 'timestamptz',
  blob: 'bytes',
  bytea: 'bytes',
};

/** All tables of ours, those that others refer to first. Throws when a column has a type that no backup could hold. */
export async function wholeTables(ask: Ask, dialect: 'sqlite' | 'postgres'): Promise<WholeTable[]> {
  const columns = await ask(dialect === 'sqlite' ? SQLITE_COLUMNS : POSTGRES_COLUMNS);
  const links = await ask(dialect === 'sqlite' ? SQLITE_LINKS : POSTGRES_LINKS);
  // Text, text, text, a number that is 0 outside the key, and a flag that SQLite answers as a number.
  const rows = columns as [string, string, string, number, boolean | number][];
  const tables = [...Map.groupBy(rows, ([table]) => table)]
    .filter(([name]) => !name.startsWith('kysely_'))
    .map(([name, of]): WholeTable => {
      const key = of.filter(([, , , place]) => place > 0).sort((a, b) => a[3] - b[3]);
      return {
        name,
        columns: of
          .map(([, column, declared]) => ({ name: column, type: typeOf(name, column, declared) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
        key: key.map(([, column]) => column),
        identity: of.find(([, , , , counts]) => Boolean(counts))?.[1] ?? null,
        refersTo: links.flatMap(([from, to]) => (from === name && to !== name ? [String(to)] : [])),
      };
    });
  return parentsFirst(tables);
}

function typeOf(table: string, column: string, declared: string): CellType {
  const type = TYPES[declared.toLowerCase()];
  if (!type) throw new Error(`${table}.${column} has the type ${declared}, which no backup could hold`);
  return type;
}

function parentsFirst(tables: readonly WholeTable[]): WholeTable[] {
  const ordered: WholeTable[] = [];
  const placed = new Set<string>();
  let left = [...tables].sort((a, b) => (a.name < b.name ? -1 : 1));
  while (left.length > 0) {
    const free = left.filter(({ refersTo }) => refersTo.every((parent) => placed.has(parent)));
    if (free.length === 0) throw new Error(`tables refer to each other in a circle: ${left[0]?.name}`);
    for (const table of free) placed.add(table.name);
    ordered.push(...free);
    left = left.filter(({ name }) => !placed.has(name));
  }
  return ordered;
}

const SQLITE_COLUMNS = sql`
  select t.name as "table", c.name as "column", c.type, c.pk, (c.pk = 1 and t.sql like '%autoincrement%') as counts
  from sqlite_master t join pragma_table_info(t.name) c
  where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' order by t.name, c.cid`;
const SQLITE_LINKS = sql`
  select distinct t.name as "from", f."table" as "to" from sqlite_master t join pragma_foreign_key_list(t.name) f
  where t.type = 'table'`;
const POSTGRES_COLUMNS = sql`
  select c.table_name, c.column_name, c.data_type, coalesce(array_position(k.places, a.attnum), 0) as place,
    c.is_identity = 'YES' as counts
  from information_schema.columns c
  join pg_class t on t.relname = c.table_name and t.relnamespace = current_schema()::regnamespace and t.relkind = 'r'
  join pg_attribute a on a.attrelid = t.oid and a.attname = c.column_name
  left join lateral (select conkey as places from pg_constraint where conrelid = t.oid and contype = 'p') k on true
  where c.table_schema = current_schema() order by c.table_name, c.ordinal_position`;
const POSTGRES_LINKS = sql`
  select distinct f.relname as "from", t.relname as "to" from pg_constraint c
  join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
  where c.contype = 'f' and f.relnamespace = current_schema()::regnamespace`;

import { type Kysely, sql } from 'kysely';

const RECORD_TABLES = ['accounts', 'contacts', 'leads', 'deals', 'activities', 'cases', 'products'];

/** A fill goes on where it stopped, knows what it did not meet, and need not ask Zoho for what rarely changes. */
export async function addSyncCheckpoints(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    ...RECORD_TABLES.map((table) => `alter table ${table} add column seen_at timestamptz`),
    // after_id and last_id are no longer used; they go with the next release.
    'alter table cursors add column checkpoint text',
    'alter table cursors add column filled_at timestamptz',
    `update cursors set filled_at = coalesce(fill_started_at, modified_at) where state = 'following'`,
    `create table crm_metadata (${owned}, name text not null, read_at timestamptz not null, body text not null,
      primary key (connection_id, name))`,
    `create table bulk_hints (secret_hash text primary key, ${owned}, opened_at timestamptz not null,
      arrived_at timestamptz)`,
    'create index bulk_hints_by_connection on bulk_hints (connection_id)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What each mapped field was when it was last good, when a set-aside row was last seen, when all ids were compared. */
export async function createMappingStates(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    `create table mapping_states (${owned}, module text not null, input text not null, field_id ${id},
      api_name text not null, data_type text not null, reason text, repair text, paused_since timestamptz,
      primary key (connection_id, module, input))`,
    // A row is set aside once, however often it is read.
    'drop table quarantine',
    `create table quarantine (${owned}, module text not null, record_id ${id} not null, reason text not null,
      seen_at timestamptz not null, primary key (connection_id, module, record_id))`,
    'alter table cursors add column ids_checked_at timestamptz',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

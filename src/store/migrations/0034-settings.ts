import { type Kysely, sql } from 'kysely';

/** What an org's people set over the files, by versions; and what each connection was last run under. */
export async function createSettings(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    `create table settings (${owned}, version bigint not null, state text not null, document text not null,
      note text, who text not null, at timestamptz not null, base_hash text not null, based_on bigint not null,
      primary key (connection_id, version))`,
    `create table settings_in_use (${owned}, version bigint not null, base_hash text not null,
      overlay_hash text not null, at timestamptz not null, primary key (connection_id))`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

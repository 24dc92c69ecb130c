import { type Kysely, sql } from 'kysely';

/** Whom we were asked to forget, by keyed hashes alone, and the certificate of each erasure. */
export async function createErasures(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    `create table suppression_salts (${owned}, salt text not null, primary key (connection_id))`,
    `create table suppressions (${owned}, kind text not null, hash text not null, words bigint not null,
      account_id ${id}, erased_at timestamptz not null, primary key (connection_id, kind, hash))`,
    `create table erasures (id ${serial}, ${owned}, erased_at timestamptz not null, certificate text not null)`,
    'create index erasures_by_connection on erasures (connection_id, id)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

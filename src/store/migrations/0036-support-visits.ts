import { type Kysely, sql } from 'kysely';

/** When an operator looks at a connection to help its people: why, and for how long. */
export async function createSupportVisits(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const statements = [
    `create table support_visits (id text primary key,
      connection_id ${id} not null references connections (id) on delete cascade, operator text not null,
      reason text not null, begun_at timestamptz not null, until timestamptz not null, ended_at timestamptz,
      ended_by text)`,
    'create index support_visits_of on support_visits (connection_id, begun_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

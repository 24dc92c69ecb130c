import { type Kysely, sql } from 'kysely';

/** The calls of Zoho that a run made: how they went, never what they held. */
export async function createRunRequests(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const statements = [
    `create table run_requests (connection_id ${id} not null references connections (id) on delete cascade,
      run_id bigint not null, seq bigint not null, at timestamptz not null, method text not null, path text not null,
      module text, query text, status bigint, code text, failed boolean not null, credits bigint not null,
      duration_ms bigint not null, attempt bigint not null, primary key (connection_id, run_id, seq))`,
    'create index run_requests_at on run_requests (at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

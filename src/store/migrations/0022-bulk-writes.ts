import { type Kysely, sql } from 'kysely';

/** Bulk writes under way with the rows that each holds, and items of a plan that were not approved. */
export async function createBulkWrites(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const no = dialect === 'sqlite' ? '0' : 'false';
  const statements = [
    `create table bulk_writes (id ${serial},
      connection_id ${id} not null references connections (id) on delete cascade, run_id bigint not null,
      plan_id bigint not null, module text not null, row_count bigint not null, state text not null, job_id ${id},
      begun_at timestamptz not null)`,
    'create index bulk_writes_by_connection on bulk_writes (connection_id)',
    'alter table write_intents add column bulk_write bigint',
    'create index write_intents_by_bulk on write_intents (bulk_write, id) where bulk_write is not null',
    `alter table plan_items add column left_out boolean not null default ${no}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

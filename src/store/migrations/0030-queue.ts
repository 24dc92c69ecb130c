import { type Kysely, sql } from 'kysely';

/**
 * Free attempts and the time of death of a job, pauses, and the processes that work. On PostgreSQL the queue itself is
 * pg-boss in a schema of its own; jobs of the table before it are moved when the queue first starts.
 */
export async function extendQueue(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table jobs add column free_attempts bigint not null default 0',
    'alter table jobs add column died_at timestamptz',
    'alter table job_turns add column paused_at timestamptz',
    'alter table job_turns add column paused_why text',
    `create table workers (id text primary key, kind text not null, host text not null, pid bigint not null,
      slots bigint not null, started_at timestamptz not null, beat_at timestamptz not null)`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * Schedules that belong to no connection, their spread, and what was missed. The table is made anew: SQLite cannot
 * take "not null" away from a column.
 */
export async function widenSchedules(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const kept = 'id, connection_id, job, expr, time_zone, quiet_hours, enabled, next_run_at, last_run_at';
  const statements = [
    'alter table schedules rename to schedules_before',
    'drop index schedules_by_connection',
    `create table schedules (id text not null unique,
      connection_id ${id} references connections (id) on delete cascade, job text not null, expr text not null,
      time_zone text not null, quiet_hours text, spread_minutes bigint not null, enabled boolean not null,
      next_run_at timestamptz, last_run_at timestamptz, last_due_at timestamptz, missed bigint not null)`,
    `insert into schedules (${kept}, spread_minutes, missed) select ${kept}, 0, 0 from schedules_before`,
    'drop table schedules_before',
    'create index schedules_by_connection on schedules (connection_id)',
    'create index schedules_by_next_run on schedules (next_run_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

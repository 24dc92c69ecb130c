import { type Kysely, sql } from 'kysely';

/** What became of each reminder, and the weekly digests. */
export async function createOutcomesAndDigests(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const connection = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    `create table reminder_outcomes (${connection}, cv_ref text not null, reason text not null, created_on text not null,
      phase_then text, ended text, ended_on text, ignored_on text, touched_on text, bought_on text, improved_on text,
      settled_on text, primary key (connection_id, cv_ref))`,
    'create index reminder_outcomes_by_day on reminder_outcomes (connection_id, created_on)',
    `create table digests (${connection}, until_day text not null, owner_id ${id} not null, made_at timestamptz not null,
      body text not null, primary key (connection_id, until_day, owner_id))`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

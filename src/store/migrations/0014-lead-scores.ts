import { type Kysely, sql } from 'kysely';

/** The latest score of each lead that is no customer yet. */
export async function createLeadScores(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  await sql
    .raw(
      `create table lead_scores (connection_id ${id} not null references connections (id) on delete cascade,
      record_id ${id} not null, as_of text not null, written_at timestamptz not null, state text not null,
      follow_up text, follow_up_by text, expected_value bigint, score text not null,
      primary key (connection_id, record_id))`,
    )
    .execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What is true of the database as a whole: that it is a copy, where it was moved to, when it was last backed up. */
export async function createServiceFacts(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      'create table service_facts (name text primary key, body text not null, noted_at timestamptz not null)',
    )
    .execute(db);
}

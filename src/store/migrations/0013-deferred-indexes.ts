import { type Kysely, sql } from 'kysely';

/** Indexes that a first fill has taken away, with the statement that makes each again (docs/adr/0018). */
export async function createDeferredIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`create table deferred_indexes (name text not null primary key, definition text not null)`.execute(
    db,
  );
}

import { type Kysely, sql } from 'kysely';

/** Until when a connection is parked, and by which ceiling of ours; null: by Zoho. */
export async function addParking(db: Kysely<unknown>): Promise<void> {
  await sql`alter table connections add column parked_until timestamptz`.execute(db);
  await sql`alter table connections add column parked_ceiling double precision`.execute(db);
}

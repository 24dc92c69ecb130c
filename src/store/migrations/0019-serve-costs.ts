import { type Kysely, sql } from 'kysely';

/** What serving a customer really cost: freight, the way to a meeting, and when an invoice was due and paid. */
export async function addServeCosts(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table deals add column freight text',
    'alter table documents add column freight text',
    'alter table documents add column paid_day text',
    'alter table activities add column kilometres text',
    'alter table purchases add column due_day text',
    'alter table purchases add column paid_day text',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What tells that a new lead is somebody we know, and what a whole document was reduced by. */
export async function addLikenessAndDiscounts(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table leads add column company text',
    'alter table leads add column domain text',
    'alter table accounts add column domain text',
    'alter table contacts add column domain text',
    'alter table documents add column discount text',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

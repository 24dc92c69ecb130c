import { type Kysely, sql } from 'kysely';

/**
 * What a list of customers is searched, filtered and ordered by, out of the packed scores; empty until a customer is
 * scored again. And how the customers as a whole stood after each full scoring.
 */
export async function createCustomerList(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const columns = [
    'name text',
    `name_key ${id}`,
    `owner_id ${id}`,
    'contact_status text',
    `last_contact ${id}`,
    'profit12 bigint',
    'revenue12 bigint',
    'expected12 bigint',
    'relationship_months bigint',
  ];
  const statements = [
    ...columns.map((column) => `alter table scores add column ${column}`),
    'create index scores_by_profit on scores (connection_id, profit12, record_id)',
    'create index scores_by_name on scores (connection_id, name_key, record_id)',
    'create index reminders_by_due_day on reminders (connection_id, due_day, cv_ref)',
    "create index lead_scores_by_follow_up on lead_scores (connection_id, (coalesce(follow_up_by, '9999')), record_id)",
    `create table base_values (${owned}, as_of text not null, groups text not null, curve text not null,
      made_at timestamptz not null, primary key (connection_id, as_of))`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * What lists of customers and leads are shown, filtered and ordered by beside what they had; empty until a customer or
 * lead is scored again. And the views of a list that people save.
 */
export async function createListsAndViews(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const ofCustomers = ['contact_gap_days', 'referral_profit', 'expected_low', 'expected_high'];
  const ofLeads = [`name_key ${id}`, `owner_id ${id}`, `source ${id}`];
  const statements = [
    ...ofCustomers.map((column) => `alter table scores add column ${column} bigint`),
    ...[...ofLeads, 'chance_ppm bigint', 'unanswered bigint'].map(
      (column) => `alter table lead_scores add column ${column}`,
    ),
    `create table saved_views (id text primary key,
      connection_id ${id} not null references connections (id) on delete cascade, who text not null, name text not null,
      shared boolean not null, query text not null, changed_at timestamptz not null)`,
    'create index saved_views_of on saved_views (connection_id, who)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

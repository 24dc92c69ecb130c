import { type Kysely, sql } from 'kysely';

/** When a deal entered a stage, and where it went from there (null: it had not left when the row was read). */
export async function createDealStages(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const statements = [
    `create table deal_stages (connection_id ${id} not null references connections (id) on delete cascade,
      id ${id} not null, deal_id ${id} not null, stage text not null, left_to text,
      entered_at timestamptz not null, primary key (connection_id, id))`,
    'create index deal_stages_by_deal on deal_stages (connection_id, deal_id)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * What the org says of a relation (closed, contract, notice, kind of buyer, survey), when a case is due, and phases that
 * people set by hand. An override is never changed but to end it: the rows are their own history.
 */
export async function addRelation(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const statements = [
    ...['accounts', 'contacts'].flatMap((table) =>
      ['closed', 'contract_end', 'notice_day', 'buyer_type', 'survey'].map(
        (column) => `alter table ${table} add column ${column} text`,
      ),
    ),
    'alter table cases add column due_day text',
    // Few of many: who has gone is looked for with every page of customers.
    `create index contacts_gone on contacts (connection_id, account_id) where deleted_at is not null`,
    `create table overrides (id ${serial}, connection_id ${id} not null references connections (id) on delete cascade,
      module text not null, record_id ${id} not null, phase text not null, sub_phase text, reason text not null,
      set_by text not null, set_on text not null, until_day text not null, set_at timestamptz not null,
      ended_on text, ended_by text, ended_at timestamptz)`,
    'create index overrides_by_record on overrides (connection_id, record_id)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

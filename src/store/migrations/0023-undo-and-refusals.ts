import { type Kysely, sql } from 'kysely';

/** Alerts by state, what Zoho refused record by record, and the rules that a plan was made under. */
export async function addUndoAndRefusals(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    `create table alerts (id ${serial}, ${owned}, code text not null, severity text not null, message text not null,
      params text not null, opened_at timestamptz not null, closed_at timestamptz)`,
    'create unique index alerts_open on alerts (connection_id, code) where closed_at is null',
    // An empty field: the row as a whole.
    `create table refusals (${owned}, module text not null, record_id ${id} not null, field text not null,
      customer_module text not null, customer_id ${id} not null, run_id bigint not null, code text not null,
      message text not null, attempted text not null, attempts bigint not null, first_at timestamptz not null,
      last_at timestamptz not null, primary key (connection_id, module, record_id, field))`,
    'create index refusals_by_run on refusals (run_id)',
    'alter table plans add column rules text',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What Zoho does not hold: imported lines and what people note by hand. */
export async function createInputTables(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const line = `${owned}, import_id bigint not null references imports (id) on delete cascade, line bigint not null,
    day text not null`;
  // The account is the one that the line names, or the one that its number is found to be.
  const customer = `account_id ${id}, account_number ${id}, contact_id ${id}`;

  const statements = [
    `alter table accounts add column number ${id}`,
    // Leading zeros come and go between systems, so numbers are compared without them.
    `create index accounts_by_number on accounts (connection_id, ltrim(number, '0')) where number is not null`,

    // A file counts once its state is 'done': its lines are written in many small transactions before.
    `create table imports (id ${serial}, ${owned}, kind text not null, file_hash text not null,
      file_name text not null, state text not null, line_count bigint not null, imported_at timestamptz not null,
      unique (connection_id, kind, file_hash))`,
    `create table purchases (${line}, ${customer}, deal_id ${id}, through_deal boolean not null, number text,
      kind text, product text, product_group text, quantity text, amount text not null, list_price text,
      discount_percent text, cost text, currency text, rate text, primary key (import_id, line))`,
    'create index purchases_by_account on purchases (connection_id, account_id)',
    'create index purchases_by_contact on purchases (connection_id, contact_id, account_id)',
    'create index purchases_by_deal on purchases (connection_id, deal_id) where deal_id is not null',
    'create index purchases_by_number on purchases (connection_id, number) where number is not null',
    `create table costs (${line}, ${customer}, kind text not null, amount text, minutes text, note text,
      currency text, rate text, primary key (import_id, line))`,
    'create index costs_by_account on costs (connection_id, account_id)',
    'create index costs_by_contact on costs (connection_id, contact_id, account_id)',
    `create table contributions (${line}, ${customer}, kind text not null, amount text, note text,
      primary key (import_id, line))`,
    'create index contributions_by_account on contributions (connection_id, account_id)',
    'create index contributions_by_contact on contributions (connection_id, contact_id, account_id)',
    `create table referrals (${line}, ${customer}, referrer_id ${id}, referrer_number ${id},
      primary key (import_id, line))`,
    'create index referrals_by_account on referrals (connection_id, account_id)',
    'create index referrals_by_contact on referrals (connection_id, contact_id, account_id)',

    'alter table goodwill add column note text',
    `create table thanks (id ${serial}, ${owned}, module text not null, record_id ${id} not null,
      day text not null, how text not null, note text)`,
    'create index thanks_by_record on thanks (connection_id, record_id)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

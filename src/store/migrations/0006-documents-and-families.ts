import { type Kysely, sql } from 'kysely';

/**
 * Leads are found by what they became and accounts by their parent; quotes, orders and invoices with their lines, and
 * what a product costs. The order of an index says how it is asked: by the account, else by contact or deal.
 */
export async function addDocumentsAndFamilies(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    'create index accounts_by_parent on accounts (connection_id, parent_id) where parent_id is not null',
    `create index leads_by_account on leads (connection_id, converted_account_id)
      where converted_account_id is not null`,
    `create index leads_by_contact on leads (connection_id, converted_contact_id, converted_account_id)
      where converted_contact_id is not null`,
    `create index leads_by_deal on leads (connection_id, converted_deal_id) where converted_deal_id is not null`,

    // lines_read_at: the modified_at of the document whose lines were read last; null = never.
    `create table documents (${owned}, id ${id} not null, created_at timestamptz not null,
      modified_at timestamptz not null, owner_id ${id}, ours text not null, input_hash text not null,
      deleted_at timestamptz, seen_at timestamptz, module text not null, name text not null, number text, account_id ${id}, contact_id ${id},
      deal_id ${id}, status text, day text, until_day text, sub_total text, tax text, total text, cost text,
      profit text, currency text, exchange_rate text, lines_read_at timestamptz, primary key (connection_id, module, id))`,
    'create index documents_by_account on documents (connection_id, account_id)',
    'create index documents_by_contact on documents (connection_id, contact_id, account_id)',
    'create index documents_by_deal on documents (connection_id, deal_id) where deal_id is not null',
    `create table document_lines (${owned}, module text not null, document_id ${id} not null, id ${id} not null,
      product_id ${id}, quantity text, list_price text, discount text, tax text, net_total text,
      primary key (connection_id, module, document_id, id))`,
    'create index document_lines_by_product on document_lines (connection_id, product_id)',
    'alter table products add column cost text',
    'alter table products add column currency text',
    'alter table products add column exchange_rate text',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

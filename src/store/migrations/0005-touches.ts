import { type Kysely, sql } from 'kysely';

/** What people fill in, time as written down, and when the e-mails of a record were last read. */
export async function addTouches(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const statements = [
    `alter table accounts add column inputs text not null default '{}'`,
    `alter table contacts add column inputs text not null default '{}'`,
    'alter table accounts add column kept_contact_day text',
    'alter table contacts add column kept_contact_day text',
    'alter table activities add column minutes_spent bigint',
    'alter table cases add column minutes_spent bigint',
    `create table mail_reads (connection_id ${id} not null references connections (id) on delete cascade,
      customer_id ${id} not null, read_at timestamptz not null, credits bigint not null,
      primary key (connection_id, customer_id))`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/** What is told to people and programs: states of alerts, outgoing events with their endpoints, and mail. */
export async function createNotifications(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    'alter table alerts add column grade bigint not null default 0',
    'alter table alerts add column occurrences bigint not null default 1',
    'alter table alerts add column seen_at timestamptz',
    // When people were last told of it; empty: they were not, because it was muted.
    'alter table alerts add column notified_at timestamptz',
    // Since when its cause is gone; it closes when it stays so.
    'alter table alerts add column clear_since timestamptz',
    'alter table alerts add column acknowledged_at timestamptz',
    'alter table alerts add column acknowledged_by text',
    `create table alert_mutes (${owned}, code text not null, muted_until timestamptz not null, muted_by text not null,
      primary key (connection_id, code))`,

    `create table event_endpoints (id ${id} primary key, ${owned}, url text not null, types text not null,
      secret text not null, former_secret text, former_until timestamptz, state text not null, state_why text,
      created_at timestamptz not null, failures bigint not null, failing_since timestamptz,
      resume_at timestamptz not null, served_at timestamptz not null, lease_by text, lease_until timestamptz)`,
    'create index event_endpoints_by_connection on event_endpoints (connection_id)',
    `create table out_events (id ${serial}, ${owned}, event_id text not null unique, type text not null,
      record_id ${id}, at timestamptz not null, data text not null, mail_state text not null)`,
    'create index out_events_by_connection on out_events (connection_id, id)',
    "create index out_events_for_mail on out_events (connection_id) where mail_state = 'waiting'",
    `create table event_deliveries (id ${serial}, ${owned},
      event bigint not null references out_events (id) on delete cascade,
      endpoint_id ${id} not null references event_endpoints (id) on delete cascade, state text not null,
      attempts bigint not null, next_at timestamptz, status bigint, error text, duration_ms bigint,
      attempted_at timestamptz, unique (event, endpoint_id))`,
    "create index event_deliveries_due on event_deliveries (endpoint_id, next_at) where state = 'waiting'",
    'create index event_deliveries_by_connection on event_deliveries (connection_id, id)',
    `create table event_attempts (id ${serial}, ${owned},
      delivery bigint not null references event_deliveries (id) on delete cascade, at timestamptz not null,
      status bigint, error text, duration_ms bigint not null)`,
    'create index event_attempts_by_delivery on event_attempts (delivery)',

    `create table mail_recipients (${owned}, address_hash text not null, address text not null, language text not null,
      alerts boolean not null, digest boolean not null, primary key (connection_id, address_hash))`,
    `create table mail_optouts (${owned}, address_hash text not null, kind text not null, at timestamptz not null,
      primary key (connection_id, address_hash, kind))`,
    `create table out_mails (id ${serial}, ${owned}, mail_key text not null, kind text not null, address text not null,
      address_hash text not null, language text not null, about text not null, state text not null,
      attempts bigint not null, next_at timestamptz, made_at timestamptz not null, sent_at timestamptz, error text,
      lease_by text, lease_until timestamptz, unique (connection_id, mail_key, address_hash))`,
    "create index out_mails_due on out_mails (next_at) where state = 'waiting'",

    // As people and programs were last told, which a scoring of another day leaves as it is.
    'alter table scores add column told_tier text',
    'alter table scores add column told_gold boolean',
    'alter table scores add column told_phase text',
    `update scores set told_tier = tier, told_gold = gold,
      told_phase = case when sub_phase = 'win_back' then sub_phase else phase end`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

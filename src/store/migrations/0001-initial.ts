import { type Kysely, sql } from 'kysely';

/*
 * The same types in both databases. SQLite takes any type name; its driver converts timestamptz and boolean by it.
 * Ids are compared byte by byte: text collate "C" on PostgreSQL, as SQLite does anyway.
 */
export async function createInitialTables(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const record = `${owned}, id ${id} not null, created_at timestamptz not null, modified_at timestamptz not null,
    owner_id ${id}, ours text not null, input_hash text not null, deleted_at timestamptz`;

  const statements = [
    `create table connections (id ${id} primary key, name text not null unique, accounts_url text not null,
      api_domain text not null, location text not null, client_id text not null, client_secret text not null,
      refresh_token text not null, access_token text, access_expires_at timestamptz, refresh_lease_by text,
      refresh_lease_until timestamptz, org text not null, user_id ${id} not null, scopes text not null,
      mode text not null, state text not null, state_why text, credits_remaining double precision,
      credits_remaining_at timestamptz, created_at timestamptz not null)`,
    `create table credit_ledger (${owned}, minute timestamptz not null, credits double precision not null,
      primary key (connection_id, minute))`,
    `create table stages (${owned}, pipeline text not null, stage text not null, outcome text not null,
      position bigint not null, primary key (connection_id, pipeline, stage))`,
    `create table crm_users (${owned}, id ${id} not null, name text not null, active boolean not null,
      primary key (connection_id, id))`,
    `create table field_map (${owned}, module text not null, field_key text not null, api_name text not null,
      field_id ${id} not null, label text not null, state text not null,
      primary key (connection_id, module, field_key))`,
    `create table cursors (${owned}, module text not null, state text not null, after_id ${id},
      modified_at timestamptz, last_id ${id}, deleted_since timestamptz, fill_started_at timestamptz,
      columns_hash text not null, primary key (connection_id, module))`,
    `create table quarantine (id ${serial}, ${owned}, module text not null, record_id ${id},
      reason text not null)`,
    'create index quarantine_by_module on quarantine (connection_id, module)',

    `create table accounts (${record}, name text not null, parent_id ${id}, account_type text, source text,
      primary key (connection_id, id))`,
    `create table contacts (${record}, name text not null, account_id ${id}, source text,
      primary key (connection_id, id))`,
    'create index contacts_by_account on contacts (connection_id, account_id, id)',
    `create table leads (${record}, name text not null, source text, status text, rating text,
      converted boolean not null, converted_at timestamptz, converted_account_id ${id},
      converted_contact_id ${id}, converted_deal_id ${id}, primary key (connection_id, id))`,
    `create table deals (${record}, name text not null, account_id ${id}, contact_id ${id}, amount text, cost text,
      profit text, currency text, exchange_rate text, stage text, pipeline text, closing_day text, source text,
      loss_reason text, won_seen_on text, won_at_first_sync boolean not null, primary key (connection_id, id))`,
    'create index deals_by_account on deals (connection_id, account_id)',
    // The account stands in the index too: most deals of a contact have one and are left without reading the row.
    'create index deals_by_contact on deals (connection_id, contact_id, account_id)',
    `create table activities (${record}, module text not null, subject text not null, what_id ${id}, who_id ${id},
      status text, call_type text, start_at timestamptz, end_at timestamptz, duration_seconds bigint, due_day text,
      closed_at timestamptz, cancelled boolean not null, cv_ref text, primary key (connection_id, module, id))`,
    'create index activities_by_what on activities (connection_id, what_id)',
    'create index activities_by_who on activities (connection_id, who_id)',
    'create index activities_by_cv_ref on activities (connection_id, cv_ref) where cv_ref is not null',
    `create table cases (${record}, subject text not null, account_id ${id}, contact_id ${id}, deal_id ${id},
      status text, priority text, primary key (connection_id, id))`,
    'create index cases_by_account on cases (connection_id, account_id)',
    'create index cases_by_contact on cases (connection_id, contact_id, account_id)',
    `create table products (${record}, name text not null, code text, category text, active boolean not null,
      primary key (connection_id, id))`,
    `create table goodwill (id ${serial}, ${owned}, module text not null, record_id ${id} not null,
      day text not null, amount bigint not null)`,
    'create index goodwill_by_record on goodwill (connection_id, record_id)',

    `create table scores (${owned}, module text not null, record_id ${id} not null, as_of text not null,
      written_at timestamptz not null, tier text not null, phase text not null, sub_phase text,
      gold boolean not null, rank bigint, profit12 bigint not null, revenue12 bigint not null,
      first_purchase ${id}, score text not null, state text not null,
      primary key (connection_id, module, record_id))`,
    // The order of ranks in docs/scoring.md; ids of one length or not compare as numbers by length first.
    `create index scores_by_rank on scores
      (connection_id, profit12 desc, revenue12 desc, first_purchase, length(record_id), record_id)
      where rank is not null`,
    `create table score_history (${owned}, module text not null, record_id ${id} not null, as_of text not null,
      tier text not null, phase text not null, sub_phase text, gold boolean not null, profit12 bigint not null,
      primary key (connection_id, module, record_id, as_of))`,
    `create table baselines (${owned}, id ${id} not null, head text not null, primary key (connection_id))`,
    `create table baseline_parts (${owned}, baseline_id ${id} not null, part bigint not null,
      entries text not null, primary key (connection_id, baseline_id, part))`,

    `create table runs (id ${serial}, ${owned}, kind text not null, state text not null, input text not null,
      summary text not null, started_at timestamptz not null, finished_at timestamptz)`,
    'create index runs_by_kind on runs (connection_id, kind, id)',
    `create table plans (id ${serial}, ${owned}, run_id bigint not null, as_of text not null,
      is_narrow boolean not null, state text not null, summary text not null, created_at timestamptz not null)`,
    'create index plans_by_connection on plans (connection_id, id)',
    `create table plan_items (${owned}, plan_id bigint not null references plans (id) on delete cascade,
      seq bigint not null, done boolean not null, item text not null, primary key (plan_id, seq))`,
    'create index plan_items_by_connection on plan_items (connection_id)',
    `create table write_intents (id ${serial}, ${owned}, run_id bigint not null, plan_id bigint not null,
      seqs text not null, kind text not null, module text not null, record_id ${id}, cv_ref text,
      before_values text not null, sent text not null, field_values text not null, begun_at timestamptz not null,
      outcome text, code text, message text)`,
    'create index write_intents_unfinished on write_intents (connection_id, id) where outcome is null',
    'create index write_intents_by_run on write_intents (run_id, id)',
    'create index write_intents_by_connection on write_intents (connection_id)',
    `create table written_fields (${owned}, module text not null, record_id ${id} not null,
      field_values text not null, rank_written_in text, primary key (connection_id, module, record_id))`,
    `create table reminders (${owned}, cv_ref text not null, module text not null, record_id ${id} not null,
      reason text not null, episode bigint not null, task_id ${id}, state text not null, created_on text not null,
      closed_on text, owner_id ${id}, due_day text not null, subject text not null, priority text not null,
      primary key (connection_id, cv_ref))`,
    'create index reminders_by_record on reminders (connection_id, record_id)',
    'create index reminders_by_day on reminders (connection_id, created_on)',

    `create table channels (${owned}, channel_id ${id} not null, events text not null, token text not null,
      secret_hash text not null unique, notify_url text not null, expires_at timestamptz not null,
      created_at timestamptz not null, primary key (connection_id, channel_id))`,
    `create table deliveries (id ${serial}, ${owned}, delivery_key text not null unique, channel_id ${id} not null,
      received_at timestamptz not null, body text not null, done_at timestamptz)`,
    'create index deliveries_pending on deliveries (connection_id, id) where done_at is null',
    'create index deliveries_by_connection on deliveries (connection_id)',
    `create table schedules (id text primary key, ${owned}, job text not null, expr text not null,
      time_zone text not null, quiet_hours text, enabled boolean not null, next_run_at timestamptz,
      last_run_at timestamptz)`,
    'create index schedules_by_connection on schedules (connection_id)',
    // A turn is a connection, or '' for work that belongs to none: whose turn it is to be served.
    `create table job_turns (turn ${id} primary key,
      connection_id ${id} references connections (id) on delete cascade, served_at timestamptz)`,
    'create index job_turns_by_connection on job_turns (connection_id)',
    `create table jobs (id ${serial}, connection_id ${id} references connections (id) on delete cascade,
      turn ${id} not null, name text not null, payload text not null, singleton_key text,
      run_at timestamptz not null, state text not null, attempts bigint not null, worker text,
      lease_until timestamptz, last_error text)`,
    `create unique index jobs_singleton on jobs (singleton_key) where state = 'queued'`,
    `create unique index jobs_one_active on jobs (turn) where state = 'active'`,
    'create index jobs_due on jobs (state, turn, run_at, id)',
    'create index jobs_by_connection on jobs (connection_id)',
    'create table leases (name text primary key, holder text not null, lease_until timestamptz not null)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

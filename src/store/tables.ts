import type { Generated } from 'kysely';
import type { AccessTables } from './access-tables.ts';
import type { CrmTables, Json, Owned } from './crm-tables.ts';
import type { NotifyTables } from './notify-tables.ts';

/** Columns as the drivers hand them over: instants as Date, flags as boolean, JSON as text. */

/** A line of a file: whose it is, by the id, or by the number, that the line names. */
interface ImportedRow extends Owned {
  import_id: number;
  line: number;
  day: string;
  account_id: string | null;
  account_number: string | null;
  contact_id: string | null;
}

export interface Tables extends CrmTables, AccessTables, NotifyTables {
  connections: {
    id: string;
    name: string;
    accounts_url: string;
    api_domain: string;
    location: string;
    client_id: string;
    client_secret: string;
    refresh_token: string;
    access_token: string | null;
    access_expires_at: Date | null;
    refresh_lease_by: string | null;
    refresh_lease_until: Date | null;
    org: Json;
    user_id: string;
    scopes: Json;
    mode: string;
    state: string;
    state_why: string | null;
    credits_remaining: number | null;
    credits_remaining_at: Date | null;
    parked_until: Date | null;
    parked_ceiling: number | null;
    created_at: Date;
  };
  credit_ledger: Owned & { minute: Date; credits: number };
  stages: Owned & { pipeline: string; stage: string; outcome: string; position: number };
  crm_users: Owned & {
    id: string;
    name: string;
    active: boolean;
    email_digest: string | null;
    manager_id: string | null;
  };
  field_map: Owned & {
    module: string;
    field_key: string;
    api_name: string;
    field_id: string;
    label: string;
    state: string;
  };
  cursors: Owned & {
    module: string;
    state: string;
    modified_at: Date | null;
    deleted_since: Date | null;
    fill_started_at: Date | null;
    filled_at: Date | null;
    checkpoint: Json | null;
    columns_hash: string;
    ids_checked_at: Date | null;
  };
  quarantine: Owned & { module: string; record_id: string; reason: string; seen_at: Date };
  mapping_states: Owned & {
    module: string;
    input: string;
    field_id: string | null;
    api_name: string;
    data_type: string;
    reason: string | null;
    repair: string | null;
    paused_since: Date | null;
  };
  crm_metadata: Owned & { name: string; read_at: Date; body: Json };
  bulk_hints: Owned & { secret_hash: string; opened_at: Date; arrived_at: Date | null };

  goodwill: Owned & {
    id: Generated<number>;
    module: string;
    record_id: string;
    day: string;
    amount: number;
    note: string | null;
  };
  overrides: Owned & {
    id: Generated<number>;
    module: string;
    record_id: string;
    phase: string;
    sub_phase: string | null;
    reason: string;
    set_by: string;
    set_on: string;
    until_day: string;
    set_at: Date;
    ended_on: string | null;
    ended_by: string | null;
    ended_at: Date | null;
  };
  thanks: Owned & {
    id: Generated<number>;
    module: string;
    record_id: string;
    day: string;
    how: string;
    note: string | null;
  };
  imports: Owned & {
    id: Generated<number>;
    kind: string;
    file_hash: string;
    file_name: string;
    state: string;
    line_count: number;
    imported_at: Date;
  };
  purchases: ImportedRow & {
    deal_id: string | null;
    /** True when the line names nobody but the deal. */
    through_deal: boolean;
    number: string | null;
    kind: string | null;
    product: string | null;
    product_group: string | null;
    quantity: string | null;
    amount: string;
    list_price: string | null;
    discount_percent: string | null;
    cost: string | null;
    currency: string | null;
    rate: string | null;
    due_day: string | null;
    paid_day: string | null;
  };
  costs: ImportedRow & {
    kind: string;
    amount: string | null;
    minutes: string | null;
    note: string | null;
    currency: string | null;
    rate: string | null;
  };
  contributions: ImportedRow & { kind: string; amount: string | null; note: string | null };
  referrals: ImportedRow & { referrer_id: string | null; referrer_number: string | null };

  mail_reads: Owned & { customer_id: string; read_at: Date; credits: number };

  scores: Owned & {
    module: string;
    record_id: string;
    as_of: string;
    written_at: Date;
    tier: string;
    phase: string;
    sub_phase: string | null;
    gold: boolean;
    rank: number | null;
    state: Json;
    /** Null: it stands in the pack. */
    score: Json | null;
    pack: number | null;
    /** From here on what a list is ordered and filtered by; null: not scored since this was kept. */
    name: string | null;
    name_key: string | null;
    owner_id: string | null;
    contact_status: string | null;
    last_contact: string | null;
    profit12: number | null;
    revenue12: number | null;
    expected12: number | null;
    relationship_months: number | null;
    contact_gap_days: number | null;
    referral_profit: number | null;
    expected_low: number | null;
    expected_high: number | null;
    /** As told last; null: never scored for today. */
    told_tier: string | null;
    told_gold: boolean | null;
    told_phase: string | null;
  };
  base_values: Owned & { as_of: string; groups: Json; curve: Json; made_at: Date };
  score_packs: Owned & { id: Generated<number>; written_at: Date; body: Uint8Array };
  score_history: Owned & {
    module: string;
    record_id: string;
    as_of: string;
    tier: string;
    phase: string;
    sub_phase: string | null;
    gold: boolean;
    profit12: number;
  };
  lead_scores: Owned & {
    record_id: string;
    as_of: string;
    written_at: Date;
    state: string;
    follow_up: string | null;
    follow_up_by: string | null;
    expected_value: number | null;
    /** From here on what a list is filtered and ordered by; null: not known, or not scored since this was kept. */
    name_key: string | null;
    owner_id: string | null;
    source: string | null;
    /** Of becoming a customer, in millionths. */
    chance_ppm: number | null;
    unanswered: number | null;
    score: Json;
  };
  baselines: Owned & { id: string; head: Json };
  model_fits: Owned & {
    id: string;
    as_of: string;
    fitted_at: Date;
    /** Hash of the rules it was made under. */
    made_for: string;
    unit: string;
    model: string | null;
    status: string;
    parameters: Json;
    log_likelihood: number | null;
    data_from: string | null;
    data_until: string;
    backtest: Json;
    details: Json;
  };
  baseline_parts: Owned & { baseline_id: string; part: number; entries: Json };

  runs: Owned & {
    id: Generated<number>;
    kind: string;
    state: string;
    input: Json;
    summary: Json;
    started_at: Date;
    finished_at: Date | null;
  };
  run_requests: Owned & {
    run_id: number;
    seq: number;
    at: Date;
    method: string;
    path: string;
    module: string | null;
    query: string | null;
    status: number | null;
    code: string | null;
    failed: boolean;
    credits: number;
    duration_ms: number;
    attempt: number;
  };
  plans: Owned & {
    id: Generated<number>;
    run_id: number;
    as_of: string;
    /** Of some customers only. */
    is_narrow: boolean;
    state: string;
    summary: Json;
    created_at: Date;
    /** Scoring rules it was made under; null: made by an older version. */
    rules: Json | null;
  };
  plan_items: Owned & {
    plan_id: number;
    seq: number;
    done: boolean;
    /** Not approved: it is not written. */
    left_out: Generated<boolean>;
    item: Json;
  };
  bulk_writes: Owned & {
    id: Generated<number>;
    run_id: number;
    plan_id: number;
    module: string;
    row_count: number;
    state: string;
    job_id: string | null;
    begun_at: Date;
  };
  write_intents: Owned & {
    id: Generated<number>;
    run_id: number;
    plan_id: number;
    seqs: Json;
    kind: string;
    module: string;
    record_id: string | null;
    cv_ref: string | null;
    before_values: Json;
    sent: Json;
    field_values: Json;
    begun_at: Date;
    outcome: string | null;
    code: string | null;
    message: string | null;
    /** The bulk write that holds this row. */
    bulk_write: number | null;
  };
  written_fields: Owned & {
    module: string;
    record_id: string;
    field_values: Json;
    rank_written_in: string | null;
  };
  refusals: Owned & {
    module: string;
    record_id: string;
    /** Empty: the row as a whole. */
    field: string;
    customer_module: string;
    customer_id: string;
    run_id: number;
    code: string;
    message: string;
    attempted: Json;
    attempts: number;
    first_at: Date;
    last_at: Date;
  };
  reminders: Owned & {
    cv_ref: string;
    module: string;
    record_id: string;
    reason: string;
    episode: number;
    task_id: string | null;
    state: string;
    created_on: string;
    closed_on: string | null;
    owner_id: string | null;
    due_day: string;
    subject: string;
    priority: string;
    body: string | null;
    stable: string | null;
    escalated_on: string | null;
  };

  reminder_outcomes: Owned & {
    cv_ref: string;
    reason: string;
    created_on: string;
    phase_then: string | null;
    ended: string | null;
    ended_on: string | null;
    ignored_on: string | null;
    touched_on: string | null;
    bought_on: string | null;
    improved_on: string | null;
    settled_on: string | null;
  };
  /** owner_id '': for administrators. */
  digests: Owned & { until_day: string; owner_id: string; made_at: Date; body: Json };

  channels: Owned & {
    channel_id: string;
    events: Json;
    token: string;
    secret_hash: string;
    notify_url: string;
    expires_at: Date;
    created_at: Date;
    module: string | null;
    part: number;
    generation: number;
    fields: Json;
    conditioned: boolean;
    heard_at: Date | null;
    checked_at: Date | null;
    unheard: number;
  };
  refused_channels: Owned & {
    module: string;
    code: string | null;
    message: string;
    refused_at: Date;
  };
  workflow_hooks: Owned & {
    name: string;
    secret_hash: string;
    header_hash: string;
    created_at: Date;
    rotated_at: Date | null;
    heard_at: Date | null;
  };
  deliveries: Owned & {
    id: Generated<number>;
    delivery_key: string;
    channel_id: string;
    received_at: Date;
    body: Json;
    done_at: Date | null;
    slow: boolean;
    begun_at: Date | null;
    outcome: string | null;
  };
  schedules: {
    id: string;
    connection_id: string | null;
    job: string;
    expr: string;
    time_zone: string;
    quiet_hours: string | null;
    spread_minutes: number;
    enabled: boolean;
    next_run_at: Date | null;
    last_run_at: Date | null;
    last_due_at: Date | null;
    missed: number;
  };
  jobs: {
    id: Generated<number>;
    connection_id: string | null;
    turn: string;
    name: string;
    payload: Json;
    singleton_key: string | null;
    run_at: Date;
    state: string;
    attempts: number;
    worker: string | null;
    lease_until: Date | null;
    last_error: string | null;
    /** Of the attempts, those that do not count. */
    free_attempts: number;
    died_at: Date | null;
  };
  job_turns: {
    turn: string;
    connection_id: string | null;
    served_at: Date | null;
    paused_at: Date | null;
    paused_why: string | null;
  };
  workers: {
    id: string;
    kind: string;
    host: string;
    pid: number;
    slots: number;
    started_at: Date;
    beat_at: Date;
  };
  suppression_salts: Owned & { salt: string };
  suppressions: Owned & {
    kind: string;
    hash: string;
    words: number;
    account_id: string | null;
    erased_at: Date;
  };
  erasures: Owned & { id: Generated<number>; erased_at: Date; certificate: Json };
  settings: Owned & {
    version: number;
    state: string;
    document: string;
    note: string | null;
    who: string;
    at: Date;
    base_hash: string;
    based_on: number;
  };
  settings_in_use: Owned & { version: number; base_hash: string; overlay_hash: string; at: Date };
  leases: { name: string; holder: string; lease_until: Date };
  deferred_indexes: { name: string; definition: string };
  service_facts: { name: string; body: Json; noted_at: Date };
}

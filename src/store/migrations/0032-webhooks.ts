import { type Kysely, sql } from 'kysely';

/** One channel a module, how each is known to be alive, what became of a delivery, and workflow-rule webhooks. */
export async function addWebhooks(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const statements = [
    // Null: a channel of an older version, which told of several modules; it is replaced.
    'alter table channels add column module text',
    'alter table channels add column part bigint not null default 0',
    'alter table channels add column generation bigint not null default 0',
    `alter table channels add column fields text not null default '[]'`,
    'alter table channels add column conditioned boolean not null default true',
    'alter table channels add column heard_at timestamptz',
    'alter table channels add column checked_at timestamptz',
    'alter table channels add column unheard bigint not null default 0',
    `create table refused_channels (${owned}, module text not null, code text, message text not null,
      refused_at timestamptz not null, primary key (connection_id, module))`,
    `create table workflow_hooks (${owned}, name text not null, secret_hash text not null unique,
      header_hash text not null, created_at timestamptz not null, rotated_at timestamptz, heard_at timestamptz,
      primary key (connection_id, name))`,
    'alter table deliveries add column slow boolean not null default false',
    'alter table deliveries add column begun_at timestamptz',
    'alter table deliveries add column outcome text',
    'create index deliveries_waiting on deliveries (connection_id, slow, id) where done_at is null',
    `create index write_intents_tasks_made on write_intents (connection_id, record_id) where kind = 'task_create'`,
    'create index deliveries_done on deliveries (done_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from 'kysely';

/** Who may do what: people, their roles and sessions, tokens, links, and the log of what was done. */
export async function createAccess(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const cascade = 'references connections (id) on delete cascade';
  const owned = `connection_id ${id} not null ${cascade}`;
  const statements = [
    `create table people (id ${id} primary key, location text not null, org_id ${id} not null,
      user_id ${id} not null, name text not null, created_at timestamptz not null, seen_at timestamptz not null)`,
    'create unique index people_by_user on people (location, org_id, user_id)',
    `create table memberships (${owned}, person_id ${id} not null references people (id) on delete cascade,
      role text not null, origin text not null, created_at timestamptz not null,
      primary key (connection_id, person_id))`,
    'create index memberships_by_person on memberships (person_id)',
    `create table invitations (id ${id} primary key, ${owned}, address_hash text not null, hint text not null,
      role text not null, created_by text not null, created_at timestamptz not null,
      expires_at timestamptz not null)`,
    'create unique index invitations_by_address on invitations (connection_id, address_hash)',
    `create table sessions (id_hash text primary key, person_id ${id} references people (id) on delete cascade,
      operator text, data text not null, created_at timestamptz not null, seen_at timestamptz not null,
      ends_at timestamptz not null)`,
    'create index sessions_by_person on sessions (person_id)',
    'create index sessions_by_end on sessions (ends_at)',
    `create table api_tokens (id ${id} primary key, token_hash text not null unique, name text not null,
      scope text not null, is_fleet boolean not null, created_by text not null, created_at timestamptz not null,
      expires_at timestamptz not null, last_used_at timestamptz)`,
    `create table api_token_connections (token_id ${id} not null references api_tokens (id) on delete cascade,
      ${owned}, primary key (token_id, connection_id))`,
    'create index api_token_connections_by_connection on api_token_connections (connection_id)',
    `create table operator_links (secret_hash text primary key, operator text not null,
      created_at timestamptz not null, expires_at timestamptz not null, used_at timestamptz)`,
    `create table connect_links (id ${id} primary key, secret_hash text not null unique,
      connection_id ${id} ${cascade}, name text not null, accounts_url text, client_id text, client_secret text,
      created_by text not null, created_at timestamptz not null, expires_at timestamptz not null,
      used_at timestamptz)`,
    'create index connect_links_by_connection on connect_links (connection_id)',
    `create table oauth_states (state_hash text primary key, kind text not null, browser_hash text not null,
      details text not null, expires_at timestamptz not null)`,
    'create index oauth_states_by_expiry on oauth_states (expires_at)',
    `create table audit_log (id ${serial}, connection_id ${id} ${cascade}, who text not null, action text not null,
      target text not null, before_value text not null, after_value text not null, at timestamptz not null)`,
    'create index audit_log_by_connection on audit_log (connection_id, id)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

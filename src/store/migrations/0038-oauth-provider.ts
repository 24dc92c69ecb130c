import { type Kysely, sql } from 'kysely';

/** We as an OAuth provider: which programs may ask people for access, who allowed it, and what was handed out for that. */
export async function createOAuthProvider(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const ofClient = `client_id ${id} not null references oauth_clients (id) on delete cascade`;
  const statements = [
    `create table oauth_clients (id ${id} primary key, ${owned}, name text not null, secret_hash text not null,
      redirect_uris text not null, scopes text not null, created_by text not null, created_at timestamptz not null)`,
    'create index oauth_clients_of on oauth_clients (connection_id, created_at)',
    `create table oauth_grants (id ${id} primary key, ${owned}, ${ofClient},
      person_id ${id} not null references people (id) on delete cascade, data text not null,
      created_at timestamptz not null, expires_at timestamptz not null)`,
    'create index oauth_grants_of on oauth_grants (connection_id, person_id)',
    'create index oauth_grants_by_client on oauth_grants (client_id)',
    'create index oauth_grants_by_person on oauth_grants (person_id)',
    'create index oauth_grants_by_expiry on oauth_grants (expires_at)',
    `create table oauth_tokens (id_hash text primary key, ${owned}, kind text not null,
      grant_id ${id} not null references oauth_grants (id) on delete cascade, scope text not null, data text not null,
      expires_at timestamptz not null, consumed_at timestamptz)`,
    'create index oauth_tokens_by_connection on oauth_tokens (connection_id)',
    'create index oauth_tokens_by_grant on oauth_tokens (grant_id, kind)',
    'create index oauth_tokens_by_expiry on oauth_tokens (expires_at)',
    `create table oauth_requests (id_hash text primary key, ${owned}, ${ofClient}, data text not null,
      expires_at timestamptz not null)`,
    'create index oauth_requests_by_connection on oauth_requests (connection_id)',
    'create index oauth_requests_by_client on oauth_requests (client_id)',
    'create index oauth_requests_by_expiry on oauth_requests (expires_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

import type { Generated } from 'kysely';
import type { Json, Owned } from './crm-tables.ts';

/** Rows of people who use the service, and of what they did. */
export interface AccessTables {
  people: {
    id: string;
    location: string;
    org_id: string;
    user_id: string;
    name: string;
    created_at: Date;
    seen_at: Date;
  };
  memberships: Owned & { person_id: string; role: string; origin: string; created_at: Date };
  invitations: Owned & {
    id: string;
    address_hash: string;
    /** Enough of the address to know it again, too little to write to it. */
    hint: string;
    role: string;
    created_by: string;
    created_at: Date;
    expires_at: Date;
  };
  support_visits: Owned & {
    id: string;
    operator: string;
    reason: string;
    begun_at: Date;
    until: Date;
    ended_at: Date | null;
    ended_by: string | null;
  };
  saved_views: Owned & {
    id: string;
    /** As in the audit log. */
    who: string;
    name: string;
    shared: boolean;
    query: Json;
    changed_at: Date;
  };
  sessions: {
    id_hash: string;
    person_id: string | null;
    operator: string | null;
    data: Json;
    created_at: Date;
    seen_at: Date;
    ends_at: Date;
  };
  api_tokens: {
    id: string;
    token_hash: string;
    name: string;
    scope: string;
    is_fleet: boolean;
    created_by: string;
    created_at: Date;
    expires_at: Date;
    last_used_at: Date | null;
  };
  api_token_connections: Owned & { token_id: string };
  operator_links: {
    secret_hash: string;
    operator: string;
    created_at: Date;
    expires_at: Date;
    used_at: Date | null;
  };
  connect_links: {
    id: string;
    secret_hash: string;
    /** The connection that was made with it. */
    connection_id: string | null;
    name: string;
    accounts_url: string | null;
    client_id: string | null;
    client_secret: string | null;
    created_by: string;
    created_at: Date;
    expires_at: Date;
    used_at: Date | null;
  };
  oauth_states: { state_hash: string; kind: string; browser_hash: string; details: Json; expires_at: Date };
  oauth_clients: Owned & {
    id: string;
    name: string;
    secret_hash: string;
    redirect_uris: Json;
    /** With spaces between, as OAuth writes them. */
    scopes: string;
    created_by: string;
    created_at: Date;
  };
  oauth_grants: Owned & {
    id: string;
    client_id: string;
    person_id: string;
    data: Json;
    created_at: Date;
    expires_at: Date;
  };
  oauth_tokens: Owned & {
    id_hash: string;
    kind: string;
    grant_id: string;
    scope: string;
    data: Json;
    expires_at: Date;
    consumed_at: Date | null;
  };
  oauth_requests: Owned & { id_hash: string; client_id: string; data: Json; expires_at: Date };
  audit_log: {
    id: Generated<number>;
    connection_id: string | null;
    who: string;
    action: string;
    target: string;
    before_value: Json;
    after_value: Json;
    at: Date;
  };
}

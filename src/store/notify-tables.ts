import type { Generated } from 'kysely';
import type { Json, Owned } from './crm-tables.ts';

/** Tables of what is told to people and programs. */
export interface NotifyTables {
  alerts: Owned & {
    id: Generated<number>;
    code: string;
    severity: string;
    message: string;
    params: Json;
    opened_at: Date;
    closed_at: Date | null;
    grade: Generated<number>;
    occurrences: Generated<number>;
    seen_at: Date | null;
    notified_at: Date | null;
    clear_since: Date | null;
    acknowledged_at: Date | null;
    acknowledged_by: string | null;
  };
  alert_mutes: Owned & { code: string; muted_until: Date; muted_by: string };

  event_endpoints: Owned & {
    id: string;
    url: string;
    /** Event types, or "*". */
    types: Json;
    secret: string;
    former_secret: string | null;
    former_until: Date | null;
    state: string;
    state_why: string | null;
    created_at: Date;
    /** In a row. */
    failures: number;
    failing_since: Date | null;
    resume_at: Date;
    served_at: Date;
    lease_by: string | null;
    lease_until: Date | null;
  };
  out_events: Owned & {
    id: Generated<number>;
    event_id: string;
    type: string;
    record_id: string | null;
    at: Date;
    data: Json;
    mail_state: string;
  };
  event_deliveries: Owned & {
    id: Generated<number>;
    event: number;
    endpoint_id: string;
    state: string;
    attempts: number;
    next_at: Date | null;
    status: number | null;
    error: string | null;
    duration_ms: number | null;
    attempted_at: Date | null;
  };
  event_attempts: Owned & {
    id: Generated<number>;
    delivery: number;
    at: Date;
    status: number | null;
    error: string | null;
    duration_ms: number;
  };

  mail_recipients: Owned & {
    address_hash: string;
    address: string;
    language: string;
    alerts: boolean;
    digest: boolean;
  };
  mail_optouts: Owned & { address_hash: string; kind: string; at: Date };
  out_mails: Owned & {
    id: Generated<number>;
    /** One message of a kind to one address. */
    mail_key: string;
    kind: string;
    address: string;
    address_hash: string;
    language: string;
    about: Json;
    state: string;
    attempts: number;
    next_at: Date | null;
    made_at: Date;
    sent_at: Date | null;
    error: string | null;
    lease_by: string | null;
    lease_until: Date | null;
  };
}

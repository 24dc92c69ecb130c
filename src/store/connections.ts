import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clock } from '../clock.ts';
import { type Keys, seal } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { Connection, ConnectionId } from '../domain.ts';
import { ConflictError } from '../errors.ts';
import { deleteSome } from './dialect.ts';
import type { ConnectionsStore, Grant } from './record-stores.ts';
import { fromJson, isUniqueViolation, MAX_ROWS, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** Context of a sealed secret: it opens in no other row and no other column. */
export function secretContext(connection: ConnectionId, column: string): string {
  return `connections/${connection}/${column}`;
}

function sealedGrant(keys: Keys, id: ConnectionId, grant: Grant) {
  return {
    accounts_url: grant.accountsUrl,
    api_domain: grant.apiDomain,
    location: grant.location,
    client_id: grant.clientId,
    client_secret: seal(keys, grant.clientSecret, secretContext(id, 'client_secret')),
    refresh_token: seal(keys, grant.refreshToken, secretContext(id, 'refresh_token')),
    access_token:
      grant.accessToken === null ? null : seal(keys, grant.accessToken, secretContext(id, 'access_token')),
    access_expires_at: grant.expiresAt,
  };
}

/** Largest first; what is left goes with the connection itself. */
const OWNED_BY_CONNECTION = [
  'purchases',
  'costs',
  'contributions',
  'referrals',
  'deal_stages',
  'deals',
  'activities',
  'contacts',
  'accounts',
  'leads',
  'cases',
  'products',
  'document_lines',
  'documents',
  'scores',
  'score_packs',
  'score_history',
  'lead_scores',
  'base_values',
  'baselines',
  'baseline_parts',
  'model_fits',
  'plan_items',
  'write_intents',
  'bulk_writes',
  'written_fields',
  'reminders',
  'reminder_outcomes',
  'refusals',
  'alerts',
  'event_attempts',
  'event_deliveries',
  'out_events',
  'out_mails',
  'deliveries',
  'quarantine',
  'mapping_states',
  'credit_ledger',
  'audit_log',
  'run_requests',
  'runs',
] as const satisfies readonly (keyof Tables)[];

export function connectionsStore(db: Db, keys: Keys, clock: Clock): ConnectionsStore {
  const { kysely } = db;
  const one = async (column: 'id' | 'name', value: string): Promise<Connection | null> => {
    const row = await kysely
      .selectFrom('connections')
      .selectAll()
      .where(column, '=', value)
      .executeTakeFirst();
    return row ? connectionOf(row) : null;
  };
  const update = async (id: ConnectionId, values: Partial<Tables['connections']>): Promise<void> => {
    await kysely.updateTable('connections').set(values).where('id', '=', id).execute();
  };
  return {
    async create(input) {
      // Short, because it stands in every row and every index.
      const id = randomBytes(5).toString('hex');
      const row = {
        id,
        name: input.name,
        ...sealedGrant(keys, id, input),
        refresh_lease_by: null,
        refresh_lease_until: null,
        org: toJson(input.org),
        user_id: input.userId,
        scopes: toJson(input.scopes),
        mode: input.mode,
        state: 'ready',
        state_why: null,
        credits_remaining: null,
        credits_remaining_at: null,
        parked_until: null,
        parked_ceiling: null,
        created_at: clock.now(),
      };
      try {
        await kysely.insertInto('connections').values(row).execute();
      } catch (cause) {
        if (!isUniqueViolation(cause)) throw cause;
        throw new ConflictError(`there is a connection ${input.name} already`, { cause });
      }
      return connectionOf(row);
    },
    byName: (name) => one('name', name),
    byId: (id) => one('id', id),
    async list() {
      const rows = await kysely.selectFrom('connections').selectAll().orderBy('name').execute();
      return rows.map(connectionOf);
    },
    setMode: (id, mode) => update(id, { mode }),
    setState: (id, state, why) => update(id, { state, state_why: why }),
    updateGrant: (id, grant) => update(id, sealedGrant(keys, id, grant)),
    updateOrg: (id, { org, userId, scopes }) =>
      update(id, { org: toJson(org), user_id: userId, scopes: toJson(scopes) }),
    async remove(id) {
      // In pieces, because one delete of a million rows would keep every other writer waiting.
      for (const table of OWNED_BY_CONNECTION) {
        while ((await deleteSome(db, table, id, MAX_ROWS)) === MAX_ROWS);
      }
      await kysely.deleteFrom('connections').where('id', '=', id).execute();
    },
  };
}

export function connectionOf(row: Selectable<Tables['connections']>): Connection {
  return {
    id: row.id,
    name: row.name,
    accountsUrl: row.accounts_url,
    apiDomain: row.api_domain,
    location: row.location,
    clientId: row.client_id,
    org: fromJson(row.org),
    userId: row.user_id,
    scopes: fromJson(row.scopes),
    // Both columns are only ever written from these types.
    mode: row.mode as Connection['mode'],
    state: row.state as Connection['state'],
  };
}

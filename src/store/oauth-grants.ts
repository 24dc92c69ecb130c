import { type Selectable, sql } from 'kysely';
import type { Db } from '../db.ts';
import { hashOf } from './access-secrets.ts';
import { forUpdate } from './dialect.ts';
import type { OAuthGrantsStore, OAuthScope, StoredGrant } from './oauth-stores.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** Tokens and requests are found by the hash of what was handed out. Both belong to the connection of their client. */
export function oauthGrantsStore(db: Db): OAuthGrantsStore {
  const { kysely } = db;
  const tokens = (kind: string, secret: string) =>
    ({ kind, id_hash: hashOf(secret) }) as const satisfies Partial<Selectable<Tables['oauth_tokens']>>;
  return {
    async saveGrant({ id, client, personId, data, expiresAt }, at) {
      await sql`insert into oauth_grants (id, connection_id, client_id, person_id, data, created_at, expires_at)
        select ${id}, connection_id, id, ${personId}, ${toJson(data)}, ${at}, ${expiresAt}
        from oauth_clients where id = ${client}
        on conflict (id) do update set data = excluded.data, expires_at = excluded.expires_at`.execute(
        kysely,
      );
    },
    async grant(id, now) {
      const row = await kysely
        .selectFrom('oauth_grants')
        .selectAll()
        .where('id', '=', id)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row ? grantOf(row) : null;
    },
    async removeGrant(id) {
      await kysely.deleteFrom('oauth_grants').where('id', '=', id).execute();
    },
    async endOf(connection, personId) {
      const { numDeletedRows } = await kysely
        .deleteFrom('oauth_grants')
        .where('connection_id', '=', connection)
        .where('person_id', '=', personId)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
    async saveToken({ kind, secret, grant, scope, data, expiresAt }) {
      // A replay that ends the grant while this is on its way must leave nothing behind. PostgreSQL looks for the grant before
      // it holds it, and a grant that went in between would be an error rather than nothing.
      await sql`insert into oauth_tokens (id_hash, connection_id, kind, grant_id, scope, data, expires_at)
        select ${hashOf(secret)}, connection_id, ${kind}, id, ${scope}, ${toJson(data)}, ${expiresAt}
        from oauth_grants where id = ${grant} ${forUpdate(db)}`.execute(kysely);
    },
    async token(kind, secret) {
      const row = await kysely
        .selectFrom('oauth_tokens')
        .selectAll()
        .where((eb) => eb.and(tokens(kind, secret)))
        .executeTakeFirst();
      return row
        ? { data: fromJson(row.data), expiresAt: row.expires_at, consumedAt: row.consumed_at }
        : null;
    },
    async consumeToken(kind, secret, at) {
      const { numUpdatedRows } = await kysely
        .updateTable('oauth_tokens')
        // From now on it is kept only to know a replay by, for as long as what is over is kept.
        .set({ consumed_at: at, expires_at: at })
        .where((eb) => eb.and(tokens(kind, secret)))
        .where('consumed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async removeToken(kind, secret) {
      await kysely
        .deleteFrom('oauth_tokens')
        .where((eb) => eb.and(tokens(kind, secret)))
        .execute();
    },
    async removeTokens(kind, grant) {
      await kysely
        .deleteFrom('oauth_tokens')
        .where('kind', '=', kind)
        .where('grant_id', '=', grant)
        .execute();
    },
    async useAccessToken(secret, now) {
      const row = await kysely
        .selectFrom('oauth_tokens')
        .innerJoin('oauth_grants', 'oauth_grants.id', 'oauth_tokens.grant_id')
        .innerJoin('oauth_clients', 'oauth_clients.id', 'oauth_grants.client_id')
        .select(['oauth_tokens.scope', 'oauth_grants.person_id', 'oauth_grants.connection_id'])
        .select(['oauth_clients.id', 'oauth_clients.name'])
        .where('oauth_tokens.id_hash', '=', hashOf(secret))
        .where('oauth_tokens.kind', '=', 'AccessToken')
        .where('oauth_tokens.expires_at', '>', now)
        .where('oauth_grants.expires_at', '>', now)
        .executeTakeFirst();
      if (!row) return null;
      return {
        client: { id: row.id, name: row.name, connection: row.connection_id },
        personId: row.person_id,
        scopes: row.scope.split(' ') as OAuthScope[], // those of a client, which are of this type
      };
    },
    async saveRequest({ secret, client, data, expiresAt }) {
      await sql`insert into oauth_requests (id_hash, connection_id, client_id, data, expires_at)
        select ${hashOf(secret)}, connection_id, id, ${toJson(data)}, ${expiresAt}
        from oauth_clients where id = ${client}
        on conflict (id_hash) do update set data = excluded.data, expires_at = excluded.expires_at`.execute(
        kysely,
      );
    },
    async request(secret, now) {
      const row = await kysely
        .selectFrom('oauth_requests')
        .select('data')
        .where('id_hash', '=', hashOf(secret))
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row ? { data: fromJson(row.data) } : null;
    },
    async removeRequest(secret) {
      await kysely.deleteFrom('oauth_requests').where('id_hash', '=', hashOf(secret)).execute();
    },
  };
}

function grantOf(row: Selectable<Tables['oauth_grants']>): StoredGrant {
  return {
    id: row.id,
    client: row.client_id,
    personId: row.person_id,
    data: fromJson(row.data),
    expiresAt: row.expires_at,
  };
}

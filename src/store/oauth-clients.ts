import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { hashOf, newId, newSecret } from './access-secrets.ts';
import type { OAuthClient, OAuthClientsStore } from './oauth-stores.ts';
import { fromJson, storable, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** The beginning tells secret scanners whose it is. */
const PREFIX = 'zcvs_';

export function oauthClientsStore({ kysely }: Db): OAuthClientsStore {
  return {
    async add({ connection, name, redirectUris, scopes, createdBy, at }) {
      const [id, secret] = [newId(), `${PREFIX}${newSecret()}`];
      const row = await kysely
        .insertInto('oauth_clients')
        .values({
          id,
          connection_id: connection,
          name: storable(name),
          secret_hash: hashOf(secret),
          redirect_uris: toJson(redirectUris),
          scopes: scopes.join(' '),
          created_by: createdBy,
          created_at: at,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return { client: clientOf(row), secret };
    },
    async byId(id) {
      const row = await kysely
        .selectFrom('oauth_clients')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? { ...clientOf(row), secretHash: row.secret_hash } : null;
    },
    async list(filter, now) {
      let query = kysely
        .selectFrom('oauth_clients')
        .selectAll('oauth_clients')
        .select((eb) =>
          eb
            .selectFrom('oauth_grants')
            .select((inner) => inner.fn.count<number>('oauth_grants.person_id').distinct().as('people'))
            .whereRef('oauth_grants.client_id', '=', 'oauth_clients.id')
            .where('oauth_grants.expires_at', '>', now)
            .as('people'),
        );
      if (filter !== 'all') query = query.where('oauth_clients.connection_id', '=', filter.connection);
      const rows = await query.orderBy('oauth_clients.created_at').orderBy('oauth_clients.id').execute();
      return rows.map((row) => ({ ...clientOf(row), people: Number(row.people ?? 0) }));
    },
    async remove(connection, id) {
      const row = await kysely
        .deleteFrom('oauth_clients')
        .where('connection_id', '=', connection)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row ? clientOf(row) : null;
    },
  };
}

function clientOf(row: Selectable<Tables['oauth_clients']>): OAuthClient {
  return {
    id: row.id,
    connection: row.connection_id,
    name: row.name,
    redirectUris: fromJson(row.redirect_uris),
    scopes: row.scopes.split(' ') as OAuthClient['scopes'], // written from an OAuthClient only
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}

import type { Selectable } from 'kysely';
import { type Keys, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { NotFoundError, ZohoAuthError } from '../errors.ts';
import type { StoredGrant, TokenStore } from '../zoho/tokens.ts';
import { secretContext } from './connections.ts';
import type { Tables } from './tables.ts';

/** The grant of a connection and the lease that lets one process refresh it. Columns of `connections`. */
export function tokensStore(db: Db, keys: Keys): TokenStore {
  const { kysely } = db;
  return {
    async grant(connection) {
      const row = await kysely
        .selectFrom('connections')
        .selectAll()
        .where('id', '=', connection)
        .executeTakeFirst();
      if (!row) throw new NotFoundError(`there is no connection ${connection}`);
      return grantOf(keys, connection, row);
    },
    async acquireRefreshLease(connection, holder, until, now) {
      const { numUpdatedRows } = await kysely
        .updateTable('connections')
        .set({ refresh_lease_by: holder, refresh_lease_until: until })
        .where('id', '=', connection)
        .where((eb) =>
          eb.or([
            eb('refresh_lease_by', 'is', null),
            eb('refresh_lease_by', '=', holder),
            eb('refresh_lease_until', '<=', now),
          ]),
        )
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    async saveAccessToken(connection, token, holder) {
      await kysely
        .updateTable('connections')
        .set({
          access_token: seal(keys, token.accessToken, secretContext(connection, 'access_token')),
          access_expires_at: token.expiresAt,
          ...(token.apiDomain === null ? {} : { api_domain: token.apiDomain }),
        })
        .where('id', '=', connection)
        .execute();
      await release(db, connection, holder);
    },
    releaseRefreshLease: (connection, holder) => release(db, connection, holder),
    async markReconnectNeeded(connection, why) {
      await kysely
        .updateTable('connections')
        .set({ state: 'reconnect_needed', state_why: why })
        .where('id', '=', connection)
        .execute();
    },
  };
}

/** A lease that another holder took over meanwhile stays theirs. */
async function release(db: Db, connection: ConnectionId, holder: string): Promise<void> {
  await db.kysely
    .updateTable('connections')
    .set({ refresh_lease_by: null, refresh_lease_until: null })
    .where('id', '=', connection)
    .where('refresh_lease_by', '=', holder)
    .execute();
}

function grantOf(keys: Keys, connection: ConnectionId, row: Selectable<Tables['connections']>): StoredGrant {
  // As zcv keys forget and restore --without-keys leave it.
  if (row.client_secret === '' || row.refresh_token === '')
    throw new ZohoAuthError(`the key of its secrets was lost; link it again: zcv connect --name ${row.name}`);
  const open = (sealed: string, column: string) => unseal(keys, sealed, secretContext(connection, column));
  return {
    accountsUrl: row.accounts_url,
    apiDomain: row.api_domain,
    clientId: row.client_id,
    clientSecret: open(row.client_secret, 'client_secret'),
    refreshToken: open(row.refresh_token, 'refresh_token'),
    accessToken: row.access_token === null ? null : open(row.access_token, 'access_token'),
    expiresAt: row.access_expires_at,
  };
}

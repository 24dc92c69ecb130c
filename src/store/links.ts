import type { Selectable } from 'kysely';
import { type Keys, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import { hashOf, newId, newSecret } from './access-secrets.ts';
import type { ConnectLink, LinksStore } from './access-stores.ts';
import type { Tables } from './tables.ts';

/** Addresses that serve once: for operators, and for a client of an agency who links an org. */

/** Context of the sealed client secret of a link. */
function linkContext(id: string): string {
  return `connect_links/${id}/client_secret`;
}

export function linksStore(db: Db, keys: Keys): LinksStore {
  const { kysely } = db;
  const open = (now: Date) =>
    kysely.selectFrom('connect_links').selectAll().where('used_at', 'is', null).where('expires_at', '>', now);
  const linkOf = (row: Selectable<Tables['connect_links']>): ConnectLink => ({
    id: row.id,
    name: row.name,
    accountsUrl: row.accounts_url,
    client:
      row.client_id === null || row.client_secret === null
        ? null
        : { clientId: row.client_id, clientSecret: unseal(keys, row.client_secret, linkContext(row.id)) },
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  });
  const one = (row: Selectable<Tables['connect_links']> | undefined) => (row ? linkOf(row) : null);
  return {
    async addOperatorLink({ operator, at, expiresAt }) {
      const secret = newSecret();
      await kysely.deleteFrom('operator_links').where('expires_at', '<=', at).execute();
      await kysely
        .insertInto('operator_links')
        .values({
          secret_hash: hashOf(secret),
          operator,
          created_at: at,
          expires_at: expiresAt,
          used_at: null,
        })
        .execute();
      return secret;
    },
    async takeOperatorLink(secret, now) {
      const row = await kysely
        .updateTable('operator_links')
        .set({ used_at: now })
        .where('secret_hash', '=', hashOf(secret))
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .returning('operator')
        .executeTakeFirst();
      return row?.operator ?? null;
    },
    async revokeOperatorLinks() {
      const { numDeletedRows } = await kysely
        .deleteFrom('operator_links')
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
    async addConnectLink({ at, client, accountsUrl, name, createdBy, expiresAt }) {
      const [secret, id] = [newSecret(), newId()];
      await kysely
        .insertInto('connect_links')
        .values({
          id,
          secret_hash: hashOf(secret),
          connection_id: null,
          name,
          accounts_url: accountsUrl,
          client_id: client?.clientId ?? null,
          client_secret: client ? seal(keys, client.clientSecret, linkContext(id)) : null,
          created_by: createdBy,
          created_at: at,
          expires_at: expiresAt,
          used_at: null,
        })
        .execute();
      const link = { id, name, accountsUrl, client, createdBy, createdAt: at, expiresAt, usedAt: null };
      return { link, secret };
    },
    connectLink: async (secret, now) =>
      one(await open(now).where('secret_hash', '=', hashOf(secret)).executeTakeFirst()),
    connectLinkById: async (id, now) => one(await open(now).where('id', '=', id).executeTakeFirst()),
    async claimConnectLink(id, now) {
      const { numUpdatedRows } = await kysely
        .updateTable('connect_links')
        .set({ used_at: now })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async releaseConnectLink(id) {
      await kysely.updateTable('connect_links').set({ used_at: null }).where('id', '=', id).execute();
    },
    async connectLinkServed(id, connection) {
      // The connection has its own copy of the client secret.
      await kysely
        .updateTable('connect_links')
        .set({ connection_id: connection, client_secret: null })
        .where('id', '=', id)
        .execute();
    },
    listConnectLinks: async (now) =>
      (await open(now).orderBy('created_at').orderBy('id').execute()).map(linkOf),
    async revokeConnectLink(id) {
      const row = await kysely
        .deleteFrom('connect_links')
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      return one(row);
    },
  };
}

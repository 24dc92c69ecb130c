import type { Selectable } from 'kysely';
import { type Keys, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { Channel, ChannelsStore } from './job-stores.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

function tokenContext(row: { connection_id: string; channel_id: string }): string {
  return `channels/${row.connection_id}/${row.channel_id}/token`;
}

/** Where the CRM notifies us. */
export function channelsStore(db: Db, keys: Keys): ChannelsStore {
  const { kysely } = db;
  const channelOf = (row: Selectable<Tables['channels']>): Channel => ({
    connection: row.connection_id,
    channelId: row.channel_id,
    events: fromJson(row.events),
    token: unseal(keys, row.token, tokenContext(row)),
    secretHash: row.secret_hash,
    notifyUrl: row.notify_url,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  });
  return {
    async save(connection, row) {
      const id = { connection_id: connection, channel_id: row.channelId };
      const values = {
        events: toJson(row.events),
        token: seal(keys, row.token, tokenContext(id)),
        secret_hash: row.secretHash,
        notify_url: row.notifyUrl,
        expires_at: row.expiresAt,
        created_at: row.createdAt,
      };
      await kysely
        .insertInto('channels')
        .values({ ...id, ...values })
        .onConflict((conflict) => conflict.columns(['connection_id', 'channel_id']).doUpdateSet(values))
        .execute();
    },
    async of(connection) {
      const rows = await kysely
        .selectFrom('channels')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('created_at')
        .orderBy('channel_id')
        .execute();
      return rows.map(channelOf);
    },
    async bySecretHash(hash) {
      const row = await kysely
        .selectFrom('channels')
        .selectAll()
        .where('secret_hash', '=', hash)
        .executeTakeFirst();
      return row ? channelOf(row) : null;
    },
    async dueForRenewal(now) {
      const rows = await kysely.selectFrom('channels').selectAll().orderBy('expires_at').execute();
      const halfLife = (row: (typeof rows)[number]) =>
        (row.created_at.getTime() + row.expires_at.getTime()) / 2;
      return rows.filter((row) => halfLife(row) <= now.getTime()).map(channelOf);
    },
    async remove(connection, channelId) {
      await kysely
        .deleteFrom('channels')
        .where('connection_id', '=', connection)
        .where('channel_id', '=', channelId)
        .execute();
    },
  };
}

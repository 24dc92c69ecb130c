import { type Selectable, sql } from 'kysely';
import { type Keys, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ModuleName } from '../domain.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';
import type { Channel, ChannelsStore, RefusedChannel } from './webhook-stores.ts';

function tokenContext(row: { connection_id: string; channel_id: string }): string {
  return `channels/${row.connection_id}/${row.channel_id}/token`;
}

/** Where the CRM notifies us. */
export function channelsStore(db: Db, keys: Keys): ChannelsStore {
  const { kysely } = db;
  const channelOf = (row: Selectable<Tables['channels']>): Channel => ({
    connection: row.connection_id,
    channelId: row.channel_id,
    // The cast: it is written from a Channel only.
    module: row.module as ModuleName | null,
    part: row.part,
    generation: row.generation,
    events: fromJson(row.events),
    fields: fromJson(row.fields),
    conditioned: row.conditioned,
    token: unseal(keys, row.token, tokenContext(row)),
    secretHash: row.secret_hash,
    notifyUrl: row.notify_url,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    heardAt: row.heard_at,
    checkedAt: row.checked_at,
    unheard: row.unheard,
  });
  return {
    async save(connection, row) {
      const id = { connection_id: connection, channel_id: row.channelId };
      const values = {
        module: row.module,
        part: row.part,
        generation: row.generation,
        events: toJson(row.events),
        fields: toJson(row.fields),
        conditioned: row.conditioned,
        token: seal(keys, row.token, tokenContext(id)),
        secret_hash: row.secretHash,
        notify_url: row.notifyUrl,
        expires_at: row.expiresAt,
        created_at: row.createdAt,
        checked_at: row.checkedAt,
      };
      await kysely
        .insertInto('channels')
        .values({ ...id, ...values, heard_at: row.heardAt, unheard: row.unheard })
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
    async heard(rows) {
      for (const { connection, channelId, at } of rows) {
        await kysely
          .updateTable('channels')
          .set({ heard_at: at, unheard: 0 })
          .where('connection_id', '=', connection)
          .where('channel_id', '=', channelId)
          .execute();
      }
    },
    async addUnheard(connection, channelId, changes) {
      await kysely
        .updateTable('channels')
        .set({ unheard: sql`unheard + ${changes}` })
        .where('connection_id', '=', connection)
        .where('channel_id', '=', channelId)
        .execute();
    },
    async remove(connection, channelId) {
      await kysely
        .deleteFrom('channels')
        .where('connection_id', '=', connection)
        .where('channel_id', '=', channelId)
        .execute();
    },
    async refused(connection) {
      const rows = await kysely
        .selectFrom('refused_channels')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('module')
        .execute();
      return rows.map((row): RefusedChannel => {
        // The cast: it is written from a RefusedChannel only.
        const module = row.module as ModuleName;
        return { module, code: row.code, message: row.message, refusedAt: row.refused_at };
      });
    },
    async setRefused(connection, rows) {
      await kysely.transaction().execute(async (trx) => {
        await trx.deleteFrom('refused_channels').where('connection_id', '=', connection).execute();
        for (const { module, code, message, refusedAt } of rows) {
          const values = { connection_id: connection, module, code, message, refused_at: refusedAt };
          await trx.insertInto('refused_channels').values(values).execute();
        }
      });
    },
  };
}

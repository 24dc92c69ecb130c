import type { Db } from '../db.ts';
import type { MetadataStore } from './record-stores.ts';
import { fromJson, toJson } from './rows.ts';

const LONG_AGO = new Date(0);

/** What Zoho told of an org's modules, fields, stages and people, so that not every run asks again. */
export function metadataStore({ kysely }: Db): MetadataStore {
  return {
    async get(connection, name) {
      const row = await kysely
        .selectFrom('crm_metadata')
        .select(['body', 'read_at'])
        .where('connection_id', '=', connection)
        .where('name', '=', name)
        .executeTakeFirst();
      return row ? { body: fromJson(row.body), readAt: row.read_at } : null;
    },
    async set(connection, name, body, readAt) {
      const values = { body: toJson(body), read_at: readAt };
      await kysely
        .insertInto('crm_metadata')
        .values({ connection_id: connection, name, ...values })
        .onConflict((conflict) => conflict.columns(['connection_id', 'name']).doUpdateSet(values))
        .execute();
    },
    async expire(connection) {
      await kysely
        .updateTable('crm_metadata')
        .set({ read_at: LONG_AGO })
        .where('connection_id', '=', connection)
        .execute();
    },
  };
}

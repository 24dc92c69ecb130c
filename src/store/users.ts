import type { Db } from '../db.ts';
import { bulkUpsert } from './dialect.ts';
import type { UsersStore } from './record-stores.ts';
import { storable, uniqueBy } from './rows.ts';

const USERS = {
  table: 'crm_users',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'active', type: 'boolean' },
    { name: 'email', type: 'text' },
    { name: 'manager_id', type: 'text' },
  ],
  key: ['connection_id', 'id'],
} as const;

/** People of the CRM: owners of records. */
export function usersStore(db: Db): UsersStore {
  const { kysely } = db;
  return {
    async replace(connection, rows) {
      const values = uniqueBy(rows, (row) => row.id).map((row) => [
        connection,
        row.id,
        storable(row.name),
        row.active,
        row.email === null ? null : storable(row.email),
        row.managerId,
      ]);
      await kysely.transaction().execute(async (trx) => {
        await trx.deleteFrom('crm_users').where('connection_id', '=', connection).execute();
        await bulkUpsert(db, trx, USERS, values);
      });
    },
    all: (connection) =>
      kysely
        .selectFrom('crm_users')
        .select(['id', 'name', 'active', 'email', 'manager_id as managerId'])
        .where('connection_id', '=', connection)
        .orderBy('id')
        .execute(),
  };
}

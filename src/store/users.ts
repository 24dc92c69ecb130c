import { createHash } from 'node:crypto';
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
    { name: 'email_digest', type: 'text' },
    { name: 'manager_id', type: 'text' },
  ],
  key: ['connection_id', 'id'],
} as const;

const digestOf = (email: string): string =>
  createHash('sha256').update(email.trim().toLowerCase()).digest('hex');

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
        row.email === null ? null : digestOf(row.email),
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
        .select(['id', 'name', 'active', 'manager_id as managerId'])
        .where('connection_id', '=', connection)
        .orderBy('id')
        .execute(),
    async byEmail(connection, emails) {
      if (emails.length === 0) return new Map();
      const rows = await kysely
        .selectFrom('crm_users')
        .select(['id', 'email_digest'])
        .where('connection_id', '=', connection)
        .where('email_digest', 'is not', null)
        .execute();
      const byDigest = new Map(rows.map((row) => [row.email_digest, row.id]));
      return new Map(
        emails.flatMap((email) => {
          const id = byDigest.get(digestOf(email));
          return id === undefined ? [] : [[email, id] as const];
        }),
      );
    },
  };
}

import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { Tables } from './tables.ts';
import type { WorkflowHook, WorkflowHooksStore } from './webhook-stores.ts';

/** Webhooks of workflow rules, found by the hash of the secret in their path. */
export function workflowHooksStore(db: Db): WorkflowHooksStore {
  const { kysely } = db;
  return {
    async add(row) {
      const { numInsertedOrUpdatedRows } = await kysely
        .insertInto('workflow_hooks')
        .values({
          connection_id: row.connection,
          name: row.name,
          secret_hash: row.secretHash,
          header_hash: row.headerHash,
          created_at: row.createdAt,
          rotated_at: row.rotatedAt,
          heard_at: row.heardAt,
        })
        .onConflict((conflict) => conflict.columns(['connection_id', 'name']).doNothing())
        .executeTakeFirstOrThrow();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async rotate(connection, name, { secretHash, headerHash, at }) {
      const { numUpdatedRows } = await kysely
        .updateTable('workflow_hooks')
        .set({ secret_hash: secretHash, header_hash: headerHash, rotated_at: at })
        .where('connection_id', '=', connection)
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async of(connection) {
      const rows = await kysely
        .selectFrom('workflow_hooks')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('name')
        .execute();
      return rows.map(hookOf);
    },
    async bySecretHash(hash) {
      const row = await kysely
        .selectFrom('workflow_hooks')
        .selectAll()
        .where('secret_hash', '=', hash)
        .executeTakeFirst();
      return row ? hookOf(row) : null;
    },
    async heard(connection, name, at) {
      await kysely
        .updateTable('workflow_hooks')
        .set({ heard_at: at })
        .where('connection_id', '=', connection)
        .where('name', '=', name)
        .execute();
    },
    async remove(connection, name) {
      const { numDeletedRows } = await kysely
        .deleteFrom('workflow_hooks')
        .where('connection_id', '=', connection)
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function hookOf(row: Selectable<Tables['workflow_hooks']>): WorkflowHook {
  return {
    connection: row.connection_id,
    name: row.name,
    secretHash: row.secret_hash,
    headerHash: row.header_hash,
    createdAt: row.created_at,
    rotatedAt: row.rotated_at,
    heardAt: row.heard_at,
  };
}

import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { fromJson, toJson } from './rows.ts';
import type { Alert, AlertsStore } from './safety-stores.ts';
import type { Tables } from './tables.ts';

/** State, not events: an alert is open while its cause lasts, however often the cause is seen. */
export function alertsStore(db: Db): AlertsStore {
  const { kysely } = db;
  return {
    async raise(connection, { code, severity, message, params }, at) {
      const told = { severity, message, params: toJson(params) };
      await kysely.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('alerts')
          .set(told)
          .where('connection_id', '=', connection)
          .where('code', '=', code)
          .where('closed_at', 'is', null)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows > 0n) return;
        await trx
          .insertInto('alerts')
          .values({ connection_id: connection, code, ...told, opened_at: at, closed_at: null })
          .execute();
      });
    },
    async close(connection, code, at) {
      const { numUpdatedRows } = await kysely
        .updateTable('alerts')
        .set({ closed_at: at })
        .where('connection_id', '=', connection)
        .where('code', '=', code)
        .where('closed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async open(connection) {
      const rows = await kysely
        .selectFrom('alerts')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('closed_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(alertOf);
    },
  };
}

function alertOf(row: Selectable<Tables['alerts']>): Alert {
  return {
    // The casts: both are written from an Alert only.
    code: row.code as Alert['code'],
    severity: row.severity as Alert['severity'],
    message: row.message,
    params: fromJson(row.params),
    openedAt: row.opened_at,
    closedAt: row.closed_at,
  };
}

import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { newId } from './access-secrets.ts';
import type { SupportVisit, SupportVisitsStore } from './access-stores.ts';
import { storable } from './rows.ts';
import type { Tables } from './tables.ts';

export function supportVisitsStore({ kysely }: Db): SupportVisitsStore {
  return {
    async begin({ connection, operator, reason, at, until }) {
      const row = await kysely
        .insertInto('support_visits')
        .values({
          ...{
            id: newId(),
            connection_id: connection,
            operator: storable(operator),
            reason: storable(reason),
          },
          ...{ begun_at: at, until, ended_at: null, ended_by: null },
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return visitOf(row);
    },
    async byId(id) {
      const row = await kysely
        .selectFrom('support_visits')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? visitOf(row) : null;
    },
    async list(connection, limit) {
      const rows = await kysely
        .selectFrom('support_visits')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('begun_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(visitOf);
    },
    async end(connection, id, { by, at }) {
      const row = await kysely
        .updateTable('support_visits')
        .set({ ended_at: at, ended_by: by })
        .where('connection_id', '=', connection)
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .where('until', '>', at)
        .returningAll()
        .executeTakeFirst();
      return row ? visitOf(row) : null;
    },
  };
}

function visitOf(row: Selectable<Tables['support_visits']>): SupportVisit {
  return {
    id: row.id,
    connection: row.connection_id,
    operator: row.operator,
    reason: row.reason,
    begunAt: row.begun_at,
    until: row.until,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
  };
}

import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { fromJson, serialOf, toJson } from './rows.ts';
import type { Run, RunsStore } from './store.ts';
import type { Tables } from './tables.ts';

export function runsStore(db: Db): RunsStore {
  const { kysely } = db;
  return {
    async start(connection, kind, input, at) {
      const { id } = await kysely
        .insertInto('runs')
        .values({
          connection_id: connection,
          kind,
          state: 'running',
          input: toJson(input),
          summary: toJson(null),
          started_at: at,
          finished_at: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return String(id);
    },
    async finish(id, state, summary, at) {
      await kysely
        .updateTable('runs')
        .set({ state, summary: toJson(summary), finished_at: at })
        .where('id', '=', serialOf(id))
        .execute();
    },
    async closeInterrupted(connection, at) {
      const summary = toJson({ error: 'interrupted: its process ended before the run did' });
      const { numUpdatedRows } = await kysely
        .updateTable('runs')
        .set({ state: 'failed', summary, finished_at: at })
        .where('connection_id', '=', connection)
        .where('state', '=', 'running')
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },
    async get(id) {
      const row = await kysely
        .selectFrom('runs')
        .selectAll()
        .where('id', '=', serialOf(id))
        .executeTakeFirst();
      return row ? runOf(row) : null;
    },
    async latest(connection, kind) {
      const row = await kysely
        .selectFrom('runs')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('kind', '=', kind)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? runOf(row) : null;
    },
    async list(connection, limit) {
      const rows = await kysely
        .selectFrom('runs')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(runOf);
    },
  };
}

export function runOf(row: Selectable<Tables['runs']>): Run {
  return {
    id: String(row.id),
    connection: row.connection_id,
    kind: row.kind,
    state: row.state as Run['state'], // written from this type only
    input: fromJson(row.input),
    summary: fromJson(row.summary),
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

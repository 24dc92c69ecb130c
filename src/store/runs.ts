import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { NewEvent } from './notify-stores.ts';
import { appendEvents } from './out-events.ts';
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
      await kysely.transaction().execute(async (trx) => {
        const ended = await trx
          .updateTable('runs')
          .set({ state, summary: toJson(summary), finished_at: at })
          .where('id', '=', serialOf(id))
          .returning(['id', 'kind', 'connection_id'])
          .execute();
        for (const row of ended) await appendEvents(trx, row.connection_id, [endedEvent(row, state)], at);
      });
    },
    async closeInterrupted(connection, at) {
      const summary = toJson({ error: 'interrupted: its process ended before the run did' });
      return kysely.transaction().execute(async (trx) => {
        const ended = await trx
          .updateTable('runs')
          .set({ state: 'failed', summary, finished_at: at })
          .where('connection_id', '=', connection)
          .where('state', '=', 'running')
          .returning(['id', 'kind', 'connection_id'])
          .execute();
        const events = ended.map((row) => endedEvent(row, 'failed'));
        await appendEvents(trx, connection, events, at);
        return ended.length;
      });
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

function endedEvent(
  { id, kind, connection_id: connection }: Pick<Selectable<Tables['runs']>, 'id' | 'kind' | 'connection_id'>,
  state: 'done' | 'partial' | 'failed',
): NewEvent {
  return { type: 'run.finished', recordId: null, data: { connection, run: { id: String(id), kind, state } } };
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

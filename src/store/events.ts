import { sql } from 'kysely';
import type { Keys } from '../crypto.ts';
import type { Db } from '../db.ts';
import { endpointsStore } from './endpoints.ts';
import type { AttemptOutcome, EventsStore, LoggedDelivery } from './notify-stores.ts';
import { appendEvents, deliveryRow, eventOf, storeEvents } from './out-events.ts';

/** Outgoing events and what became of each delivery. */
export function eventsStore(db: Db, keys: Keys): EventsStore {
  const { kysely } = db;
  return {
    ...endpointsStore(db, keys),

    append: (connection, events, at) =>
      kysely.transaction().execute((trx) => appendEvents(trx, connection, events, at)),

    appendFor: (connection, endpoint, event, at) =>
      kysely.transaction().execute(async (trx) => {
        const known = await trx
          .selectFrom('event_endpoints')
          .select('id')
          .where('connection_id', '=', connection)
          .where('id', '=', endpoint)
          .executeTakeFirst();
        if (!known) return null;
        const [stored] = await storeEvents(trx, connection, [event], at);
        if (!stored) return null;
        await trx
          .insertInto('event_deliveries')
          .values(deliveryRow(connection, stored.id, endpoint, at))
          .execute();
        return eventOf(stored);
      }),

    async resend(connection, which, at) {
      const again = kysely
        .updateTable('event_deliveries')
        .set({ state: 'waiting', attempts: 0, next_at: at })
        .where('connection_id', '=', connection);
      const { numUpdatedRows } = await ('delivery' in which
        ? again.where('id', '=', which.delivery).where('state', 'in', ['delivered', 'failed'])
        : again.where('endpoint_id', '=', which.failedOf).where('state', '=', 'failed')
      ).executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },

    async log(connection, { limit, endpoint, state }) {
      let query = kysely
        .selectFrom('event_deliveries as d')
        .innerJoin('out_events as e', 'e.id', 'd.event')
        .select([
          'd.id',
          'e.event_id as eventId',
          'e.type',
          'd.endpoint_id as endpoint',
          'd.state',
          'd.attempts',
          'd.status',
          'd.error',
          'd.duration_ms as durationMs',
          'd.attempted_at as attemptedAt',
          'd.next_at as nextAt',
          'e.at',
        ])
        .where('d.connection_id', '=', connection);
      if (endpoint !== undefined) query = query.where('d.endpoint_id', '=', endpoint);
      if (state !== undefined) query = query.where('d.state', '=', state);
      const rows = await query.orderBy('d.id', 'desc').limit(limit).execute();
      // Written from one.
      return rows.map((row) => ({ ...row, state: row.state as LoggedDelivery['state'] }));
    },

    attempts: (connection, delivery) =>
      kysely
        .selectFrom('event_attempts')
        .select(['at', 'status', 'error', 'duration_ms as durationMs'])
        .where('connection_id', '=', connection)
        .where('delivery', '=', delivery)
        .orderBy('id')
        .execute(),

    async due(endpoint, now, limit) {
      const rows = await kysely
        .selectFrom('event_deliveries as d')
        .innerJoin('out_events as e', 'e.id', 'd.event')
        .selectAll('e')
        .select(['d.id as delivery', 'd.attempts'])
        .where('d.endpoint_id', '=', endpoint)
        .where('d.state', '=', 'waiting')
        .where('d.next_at', '<=', now)
        .orderBy('d.next_at')
        .orderBy('d.id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ id: row.delivery, attempts: row.attempts, event: eventOf(row) }));
    },

    noteAttempt: (endpoint, delivery, outcome) =>
      kysely.transaction().execute(async (trx) => {
        const { at, status, error, durationMs, next } = outcome;
        const tried = await trx
          .updateTable('event_deliveries')
          .set({
            state: next.state,
            attempts: sql`attempts + 1`,
            next_at: next.state === 'waiting' ? next.at : null,
            attempted_at: at,
            duration_ms: durationMs,
            status,
            error,
          })
          .where('id', '=', delivery)
          .returning('connection_id')
          .executeTakeFirst();
        // The endpoint was removed meanwhile, or its connection.
        if (!tried) return;
        await trx
          .insertInto('event_attempts')
          .values({
            connection_id: tried.connection_id,
            delivery,
            at,
            status,
            error,
            duration_ms: durationMs,
          })
          .execute();
        await trx
          .updateTable('event_endpoints')
          .set(healthAfter(outcome))
          .where('id', '=', endpoint)
          .execute();
      }),
  };
}

function healthAfter({ at, next, resumeAt }: AttemptOutcome) {
  if (next.state === 'delivered') return { failures: 0, failing_since: null };
  return {
    failures: sql<number>`failures + 1`,
    failing_since: sql<Date>`coalesce(failing_since, ${at})`,
    ...(resumeAt === null ? {} : { resume_at: resumeAt }),
  };
}

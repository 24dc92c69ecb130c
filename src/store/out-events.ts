import { randomBytes } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import type { ConnectionId } from '../domain.ts';
import type { NewEvent, OutEvent } from './notify-stores.ts';
import { chunksOf, fromJson, MAX_ROWS, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** The outbox: an event is stored in the transaction of what it tells, with a delivery for each endpoint that asks. */

/** What those who want mail are told of as well. */
const ALERT_EVENTS = ['alert.opened', 'alert.worsened', 'alert.recovered'] as const;
const FOR_MAIL: ReadonlySet<string> = new Set(ALERT_EVENTS);

/** One a customer when an org is scored for the first time: only whoever names it gets it. */
export const FIRST_SCORE_EVENT = 'customer.first_scored';

export function wants(types: readonly string[], type: string): boolean {
  return types.includes(type) || (types.includes('*') && type !== FIRST_SCORE_EVENT);
}

/** Enabled endpoints of a connection, with the event types they ask for. */
export async function listeners(
  trx: Pick<Transaction<Tables>, 'selectFrom'>,
  connection: ConnectionId,
): Promise<{ id: string; types: readonly string[] }[]> {
  const rows = await trx
    .selectFrom('event_endpoints')
    .select(['id', 'types'])
    .where('connection_id', '=', connection)
    .where('state', '=', 'enabled')
    .execute();
  return rows.map(({ id, types }) => ({ id, types: fromJson<string[]>(types) }));
}

/** Events that neither an endpoint nor mail asks for are not stored. */
export async function appendEvents(
  trx: Transaction<Tables>,
  connection: ConnectionId,
  events: readonly NewEvent[],
  at: Date,
): Promise<void> {
  if (events.length === 0) return;
  const endpoints = await listeners(trx, connection);
  const wanted = events.filter(
    ({ type }) => FOR_MAIL.has(type) || endpoints.some(({ types }) => wants(types, type)),
  );
  for (const piece of chunksOf(wanted, MAX_ROWS)) {
    const stored = await storeEvents(trx, connection, piece, at);
    const deliveries = stored.flatMap(({ id, type }) =>
      endpoints
        .filter(({ types }) => wants(types, type))
        .map((endpoint) => deliveryRow(connection, id, endpoint.id, at)),
    );
    for (const rows of chunksOf(deliveries, MAX_ROWS))
      await trx
        .insertInto('event_deliveries')
        .values([...rows])
        .execute();
  }
}

export async function storeEvents(
  trx: Transaction<Tables>,
  connection: ConnectionId,
  events: readonly NewEvent[],
  at: Date,
): Promise<Selectable<Tables['out_events']>[]> {
  return trx
    .insertInto('out_events')
    .values(
      events.map(({ type, recordId, data }) => ({
        connection_id: connection,
        event_id: `msg_${randomBytes(16).toString('hex')}`,
        type,
        record_id: recordId,
        at,
        data: toJson(data),
        mail_state: FOR_MAIL.has(type) ? 'waiting' : 'none',
      })),
    )
    .returningAll()
    .execute();
}

export function deliveryRow(connection: ConnectionId, event: number, endpoint: string, at: Date) {
  return {
    connection_id: connection,
    event,
    endpoint_id: endpoint,
    state: 'waiting',
    attempts: 0,
    next_at: at,
    status: null,
    error: null,
    duration_ms: null,
    attempted_at: null,
  };
}

export function eventOf(row: Selectable<Tables['out_events']>): OutEvent {
  return {
    sequence: row.id,
    eventId: row.event_id,
    connection: row.connection_id,
    type: row.type,
    recordId: row.record_id,
    at: row.at,
    data: fromJson<unknown>(row.data),
  };
}

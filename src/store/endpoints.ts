import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type Keys, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { skipLocked } from './dialect.ts';
import type { ClaimedEndpoint, Endpoint, EventsStore } from './notify-stores.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['event_endpoints']>;
type Part = Pick<
  EventsStore,
  | 'addEndpoint'
  | 'endpoints'
  | 'removeEndpoint'
  | 'setEndpoint'
  | 'rotate'
  | 'claim'
  | 'keepLease'
  | 'releaseEndpoint'
>;

const contextOf = (connection: ConnectionId, id: string) => `event_endpoints/${connection}/${id}/secret`;

/** Where events go, and who serves which of them now. */
export function endpointsStore(db: Db, keys: Keys): Part {
  const { kysely } = db;
  const update = async (connection: ConnectionId, id: string, values: Partial<Tables['event_endpoints']>) => {
    const { numUpdatedRows } = await kysely
      .updateTable('event_endpoints')
      .set(values)
      .where('connection_id', '=', connection)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  };
  return {
    async addEndpoint(connection, { url, types, secret }, at) {
      const id = `ep_${randomBytes(8).toString('hex')}`;
      const row = await kysely
        .insertInto('event_endpoints')
        .values({
          id,
          connection_id: connection,
          url,
          types: toJson(types),
          secret: seal(keys, secret, contextOf(connection, id)),
          former_secret: null,
          former_until: null,
          state: 'enabled',
          state_why: null,
          created_at: at,
          failures: 0,
          failing_since: null,
          resume_at: at,
          served_at: at,
          lease_by: null,
          lease_until: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return endpointOf(row);
    },
    async endpoints(connection) {
      const rows = await kysely
        .selectFrom('event_endpoints')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(endpointOf);
    },
    async removeEndpoint(connection, id) {
      const { numDeletedRows } = await kysely
        .deleteFrom('event_endpoints')
        .where('connection_id', '=', connection)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
    setEndpoint: (connection, id, state, why, at) =>
      update(connection, id, {
        state,
        state_why: why,
        ...(state === 'enabled' ? { failures: 0, failing_since: null, resume_at: at } : {}),
      }),
    rotate: (connection, id, secret, formerUntil) =>
      kysely.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('event_endpoints')
          .select('secret')
          .where('connection_id', '=', connection)
          .where('id', '=', id)
          .executeTakeFirst();
        if (!row) return false;
        await trx
          .updateTable('event_endpoints')
          .set({
            secret: seal(keys, secret, contextOf(connection, id)),
            former_secret: row.secret,
            former_until: formerUntil,
          })
          .where('id', '=', id)
          .execute();
        return true;
      }),
    claim: (now, lease) =>
      kysely.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('event_endpoints as p')
          .selectAll('p')
          .where('p.state', '=', 'enabled')
          .where('p.resume_at', '<=', now)
          .where((eb) => eb.or([eb('p.lease_until', 'is', null), eb('p.lease_until', '<=', now)]))
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('event_deliveries as d')
                .select('d.id')
                .whereRef('d.endpoint_id', '=', 'p.id')
                .where('d.state', '=', 'waiting')
                .where('d.next_at', '<=', now),
            ),
          )
          .orderBy('p.served_at')
          .limit(1)
          .modifyEnd(skipLocked(db, 'p'))
          .executeTakeFirst();
        if (!row) return null;
        await trx
          .updateTable('event_endpoints')
          .set({ lease_by: lease.holder, lease_until: lease.until, served_at: now })
          .where('id', '=', row.id)
          .execute();
        return { ...endpointOf(row), secrets: secretsOf(keys, row, now) };
      }),
    async keepLease(id, { holder, until }) {
      const { numUpdatedRows } = await kysely
        .updateTable('event_endpoints')
        .set({ lease_until: until })
        .where('id', '=', id)
        .where('lease_by', '=', holder)
        .where('state', '=', 'enabled')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async releaseEndpoint(id, holder, now) {
      await kysely
        .updateTable('event_endpoints')
        .set({ lease_by: null, lease_until: null, served_at: now })
        .where('id', '=', id)
        .where('lease_by', '=', holder)
        .execute();
    },
  };
}

function secretsOf(keys: Keys, row: Row, now: Date): ClaimedEndpoint['secrets'] {
  const context = contextOf(row.connection_id, row.id);
  const secret = unseal(keys, row.secret, context);
  const isFormerValid = row.former_until !== null && row.former_until > now;
  if (row.former_secret === null || !isFormerValid) return [secret];
  return [secret, unseal(keys, row.former_secret, context)];
}

function endpointOf(row: Row): Endpoint {
  return {
    id: row.id,
    connection: row.connection_id,
    url: row.url,
    types: fromJson(row.types),
    state: row.state as Endpoint['state'], // written from one
    why: row.state_why,
    createdAt: row.created_at,
    failures: row.failures,
    failingSince: row.failing_since,
  };
}

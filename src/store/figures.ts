import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { Connection, ConnectionId } from '../domain.ts';
import { fromJson } from './rows.ts';

/** What /metrics asks of the database, few statements whatever the number of connections. */

export interface ConnectionFigures {
  readonly id: ConnectionId;
  readonly name: string;
  readonly state: string;
  readonly org: Connection['org'];
  /** End of its latest good run; null before the first. */
  readonly lastGoodRunAt: Date | null;
  /** The last moment up to which Deals were read; null before the first sync. */
  readonly readUntil: Date | null;
  /** Booked in the last 24 hours. */
  readonly creditsUsed: number;
  readonly openAlerts: number;
}
export interface Figures {
  readonly connections: readonly ConnectionFigures[];
  readonly deliveriesWaiting: number;
  readonly oldestDeliveryAt: Date | null;
}
export interface FiguresStore {
  read(now: Date): Promise<Figures>;
}

const DAY_MS = 86_400_000;

export function figuresStore(db: Db): FiguresStore {
  const { kysely } = db;
  return {
    async read(now) {
      const since = new Date(now.getTime() - DAY_MS);
      const connections = await kysely
        .selectFrom('connections as c')
        .select((eb) => [
          'c.id',
          'c.name',
          'c.state',
          'c.org',
          eb
            .selectFrom('runs as r')
            .select('r.finished_at')
            .whereRef('r.connection_id', '=', 'c.id')
            .where('r.state', '=', 'done')
            .orderBy('r.id', 'desc')
            .limit(1)
            .as('lastGoodRunAt'),
          eb
            .selectFrom('cursors as k')
            .select('k.modified_at')
            .whereRef('k.connection_id', '=', 'c.id')
            .where('k.module', '=', 'Deals')
            .as('readUntil'),
          eb
            .selectFrom('credit_ledger as l')
            .select(sql<number>`coalesce(sum(l.credits), 0)`.as('used'))
            .whereRef('l.connection_id', '=', 'c.id')
            .where('l.minute', '>', since)
            .as('creditsUsed'),
          eb
            .selectFrom('alerts as a')
            .select((inner) => inner.fn.countAll<number>().as('open'))
            .whereRef('a.connection_id', '=', 'c.id')
            .where('a.closed_at', 'is', null)
            .as('openAlerts'),
        ])
        .orderBy('c.name')
        .execute();
      const waiting = await kysely
        .selectFrom('deliveries')
        .select((eb) => [eb.fn.countAll<number>().as('waiting'), eb.fn.min('received_at').as('oldest')])
        .where('done_at', 'is', null)
        .executeTakeFirstOrThrow();
      return {
        connections: connections.map((row) => ({
          id: row.id,
          name: row.name,
          state: row.state,
          org: fromJson<Connection['org']>(row.org),
          lastGoodRunAt: instant(row.lastGoodRunAt),
          readUntil: instant(row.readUntil),
          creditsUsed: row.creditsUsed ?? 0,
          openAlerts: row.openAlerts ?? 0,
        })),
        deliveriesWaiting: waiting.waiting,
        oldestDeliveryAt: instant(waiting.oldest),
      };
    },
  };
}

/** SQLite knows the type of a column, not that of what is computed from it. */
function instant(value: Date | string | null): Date | null {
  return value === null ? null : new Date(value);
}

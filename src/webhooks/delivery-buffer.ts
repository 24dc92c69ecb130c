import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { NewDelivery } from '../store/webhook-stores.ts';
import type { VerifiedDelivery } from './verify-delivery.ts';

/** Collects deliveries for a moment and stores them in one transaction: one fsync for many. */

export interface DeliveryBufferDeps {
  readonly store: {
    readonly deliveries: Pick<Store['deliveries'], 'add'>;
    readonly channels: Pick<Store['channels'], 'heard'>;
  };
  /** How long changed activities of a connection are gathered. */
  readonly activityMinutesOf: (connection: ConnectionId) => Promise<number>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
}
export interface DeliveryBuffer {
  /** Resolves when the delivery is stored, or refused: full, closing, or the database failed for too long. */
  add(
    delivery: VerifiedDelivery & { readonly connection: ConnectionId; readonly channelId: string },
  ): Promise<'stored' | 'refused'>;
  /** Deliveries that are accepted but not yet stored. */
  size(): number;
  /** Stores what is left and takes no more. */
  close(): Promise<void>;
}

const GATHER_MS = 20;
const MAX_BATCH = 500;
const MAX_WAITING = 10_000;
// With the delays below: about 13 s, longer than any writer may hold the database.
const MAX_ATTEMPTS = 8;
const BASE_DELAY_MS = 100;
// Notifications come in bursts: one job then reads many records in one call.
const WINDOW_MS = 2_000;
// There are many activities to a deal, and a score hardly moves with one: they can wait for company.
const ACTIVITIES: ReadonlySet<string> = new Set(['Tasks', 'Calls', 'Events']);
// That a channel lives is worth a row written now and then, not with each notification.
const HEARD_EVERY_MS = 30_000;

interface Waiting {
  readonly row: NewDelivery;
  readonly settle: (outcome: 'stored' | 'refused') => void;
}

export function createDeliveryBuffer(deps: DeliveryBufferDeps): DeliveryBuffer {
  const { clock, log } = deps;
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let flushing: Promise<void> | null = null;
  let isClosed = false;
  const gathering = new AbortController();
  const heardAt = new Map<string, number>();

  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (err) {
        if (attempt >= MAX_ATTEMPTS) throw err;
        log.warn({ err, attempt }, 'deliveries could not be stored yet');
        await clock.sleep(BASE_DELAY_MS * 2 ** (attempt - 1));
      }
    }
  }

  /** Were the process to end before this, the work loop finds the rows without a job. */
  async function askForWork(rows: readonly NewDelivery[], fresh: number): Promise<void> {
    await noteHeard(rows);
    if (fresh === 0) return;
    for (const slow of [false, true]) {
      for (const connection of new Set(rows.flatMap((row) => (row.slow === slow ? row.connection : [])))) {
        await patiently(async () => {
          const windowMs = slow ? (await deps.activityMinutesOf(connection)) * 60_000 : WINDOW_MS;
          await deps.queue.enqueue({
            connection,
            name: 'process-deliveries',
            payload: slow ? { slow } : {},
            singletonKey: `process-${slow ? 'activities' : 'deliveries'}:${connection}`,
            runAt: new Date(clock.now().getTime() + windowMs),
          });
        });
      }
    }
  }

  async function noteHeard(rows: readonly NewDelivery[]): Promise<void> {
    const news = new Map<string, { connection: ConnectionId; channelId: string; at: Date }>();
    for (const { connection, channelId, receivedAt: at } of rows) {
      const key = `${connection}/${channelId}`;
      if (at.getTime() - (heardAt.get(key) ?? 0) >= HEARD_EVERY_MS)
        news.set(key, { connection, channelId, at });
    }
    if (news.size === 0) return;
    if (heardAt.size > MAX_WAITING) heardAt.clear();
    for (const [key, { at }] of news) heardAt.set(key, at.getTime());
    // The deliveries themselves are stored: their answer does not hang on this.
    await deps.store.channels
      .heard([...news.values()])
      .catch((err: unknown) => log.warn({ err }, 'it could not be noted that channels live'));
  }

  async function flush(): Promise<void> {
    await clock.sleep(GATHER_MS, gathering.signal).catch(() => undefined);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH);
      waiting = waiting.slice(MAX_BATCH);
      inFlight = batch.length;
      let outcome: 'stored' | 'refused' = 'stored';
      const rows = batch.map(({ row }) => row);
      let fresh = 0;
      try {
        fresh = await patiently(() => deps.store.deliveries.add(rows));
      } catch (err) {
        outcome = 'refused';
        log.error({ err, deliveries: rows.length }, 'deliveries are lost; the next sync reads their records');
      }
      inFlight = 0;
      // Zoho's answer hangs on the rows alone, and goes out before the embedded database is written to again.
      for (const { settle } of batch) settle(outcome);
      if (outcome === 'refused') continue;
      await nextTurn();
      await askForWork(rows, fresh).catch((err: unknown) =>
        log.error({ err, deliveries: rows.length }, 'deliveries are stored, and wait to be found'),
      );
    }
    // In one step with the look at `waiting`: whoever adds next starts a new flush.
    flushing = null;
  }

  return {
    add({ key, body, connection, channelId }) {
      if (isClosed || waiting.length >= MAX_WAITING) return Promise.resolve('refused');
      return new Promise((settle) => {
        const slow = ACTIVITIES.has(body.module);
        const receivedAt = clock.now();
        waiting.push({ row: { key, connection, channelId, receivedAt, body, slow }, settle });
        flushing ??= flush();
      });
    },
    size: () => waiting.length + inFlight,
    async close() {
      isClosed = true;
      gathering.abort();
      await flushing;
    },
  };
}

import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { NewDelivery } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';
import type { VerifiedDelivery } from './verify-delivery.ts';

/** Collects deliveries for a moment and stores them in one transaction: one fsync for many. */

export interface DeliveryBufferDeps {
  readonly store: { readonly deliveries: Pick<Store['deliveries'], 'add'> };
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

  async function store(rows: NewDelivery[]): Promise<void> {
    const fresh = await patiently(() => deps.store.deliveries.add(rows));
    if (fresh === 0) return;
    for (const connection of new Set(rows.map((row) => row.connection))) {
      await patiently(() =>
        deps.queue.enqueue({
          connection,
          name: 'process-deliveries',
          payload: {},
          singletonKey: `process-deliveries:${connection}`,
          runAt: new Date(clock.now().getTime() + WINDOW_MS),
        }),
      );
    }
  }

  async function flush(): Promise<void> {
    await clock.sleep(GATHER_MS, gathering.signal).catch(() => undefined);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH);
      waiting = waiting.slice(MAX_BATCH);
      inFlight = batch.length;
      let outcome: 'stored' | 'refused' = 'stored';
      try {
        await store(batch.map(({ row }) => row));
      } catch (err) {
        outcome = 'refused';
        log.error(
          { err, deliveries: batch.length },
          'deliveries are lost; the next sync reads their records',
        );
      }
      inFlight = 0;
      for (const { settle } of batch) settle(outcome);
    }
    // In one step with the look at `waiting`: whoever adds next starts a new flush.
    flushing = null;
  }

  return {
    add({ key, body, connection, channelId }) {
      if (isClosed || waiting.length >= MAX_WAITING) return Promise.resolve('refused');
      return new Promise((settle) => {
        waiting.push({ row: { key, connection, channelId, receivedAt: clock.now(), body }, settle });
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

import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/log.ts';
import type { Store } from '../../../src/store/store.ts';
import type { NewDelivery } from '../../../src/store/webhook-stores.ts';
import { createDeliveryBuffer } from '../../../src/webhooks/delivery-buffer.ts';
import { createDeliveryReceiver } from '../../../src/webhooks/receive-delivery.ts';
import { aChannel } from '../../support/a-channel.ts';
import { FakeClock } from '../jobs/fake-clock.ts';
import { recordingQueue } from '../jobs/memory-store.ts';

const START = '2026-06-10T08:00:00Z';
const CHANNEL = aChannel();

function setUp(options: { storeMs?: number; enqueueMs?: number; failures?: number } = {}) {
  const clock = new FakeClock(START);
  const batches: (readonly NewDelivery[])[] = [];
  const stored = new Set<string>();
  let failuresLeft = options.failures ?? 0;
  const deliveries = {
    async add(rows: readonly NewDelivery[]) {
      if (options.storeMs) await clock.sleep(options.storeMs);
      if (failuresLeft > 0) {
        failuresLeft -= 1;
        throw new Error('database is locked');
      }
      batches.push(rows);
      const fresh = rows.filter(({ key }) => !stored.has(key));
      for (const { key } of fresh) stored.add(key);
      return fresh.length;
    },
  };
  const { queue, waiting } = recordingQueue();
  const heard: string[] = [];
  const channels: Pick<Store['channels'], 'heard'> = {
    heard: async (rows) => void heard.push(...rows.map(({ channelId }) => channelId)),
  };
  const buffer = createDeliveryBuffer({
    store: { deliveries, channels },
    queue: {
      async enqueue(job) {
        if (options.enqueueMs) await clock.sleep(options.enqueueMs);
        return queue.enqueue(job);
      },
    },
    clock,
    log: silentLog,
    activityMinutesOf: async () => 10,
  });
  const receiver = createDeliveryReceiver({
    store: { channels: { bySecretHash: async () => CHANNEL } },
    buffer,
    clock,
  });
  const receive = (id: number, module = 'Deals') =>
    receiver.receive(
      CHANNEL,
      Buffer.from(JSON.stringify({ module, ids: [String(id)], token: 'right-token' })),
    );
  return { clock, batches, stored, waiting, buffer, receive, heard };
}

describe('receiving deliveries', () => {
  test('writes those of one moment together, within 50 ms, and asks for one job two seconds later', async () => {
    const { clock, batches, waiting, receive } = setUp();

    const answers = Promise.all([1, 2, 3].map((id) => receive(id)));
    await clock.advance(50);

    expect(await answers).toEqual(['stored', 'stored', 'stored']);
    expect(batches.map((rows) => rows.length)).toEqual([3]);
    expect(waiting).toMatchObject([
      { name: 'process-deliveries', connection: 'c1', singletonKey: 'process-deliveries:c1' },
    ]);
    const delayMs = (waiting[0]?.runAt.getTime() ?? 0) - Date.parse(START);
    expect(delayMs).toBeGreaterThanOrEqual(2_000);
    expect(delayMs).toBeLessThan(2_100);
  });

  test('gathers activities for longer, and notes now and then that the channel lives', async () => {
    const { clock, batches, waiting, receive, heard } = setUp();

    const answers = Promise.all([receive(1, 'Calls'), receive(2, 'Tasks')]);
    await clock.advance(50);
    await answers;
    const next = receive(3, 'Events');
    await clock.advance(50);
    await next;

    expect(batches.flat().map(({ slow }) => slow)).toEqual([true, true, true]);
    expect(waiting).toMatchObject([{ payload: { slow: true }, singletonKey: 'process-activities:c1' }]);
    expect((waiting[0]?.runAt.getTime() ?? 0) - Date.parse(START)).toBeGreaterThanOrEqual(600_000);
    expect(heard).toEqual(['9']);
  });

  test('stores a repeated one once and asks for no job', async () => {
    const { clock, stored, waiting, receive } = setUp();
    const first = receive(1);
    await clock.advance(50);
    await first;
    waiting.length = 0;

    const second = receive(1);
    await clock.advance(50);

    expect(await second).toBe('stored');
    expect(stored.size).toBe(1);
    expect(waiting).toEqual([]);
  });

  test('answers within 100 ms while the database is slow, and still stores', async () => {
    const { clock, stored, receive } = setUp({ storeMs: 3_000 });
    let answer: string | null = null;

    const receiving = receive(1).then((outcome) => {
      answer = outcome;
    });
    await clock.advance(99);
    const within = answer;
    await clock.advance(5_000);
    await receiving;

    expect(within).toBe('accepted');
    expect(stored.size).toBe(1);
  });

  test('tries again when the database is locked, and asks for the job once it is stored', async () => {
    const { clock, stored, waiting, receive } = setUp({ failures: 3 });

    const receiving = receive(1);
    await clock.advance(5_000);

    expect(await receiving).toBe('accepted');
    expect(stored.size).toBe(1);
    expect(waiting).toHaveLength(1);
  });

  test('answers when it is stored, before the job is asked for, and asks for it all the same', async () => {
    const { clock, stored, waiting, receive } = setUp({ enqueueMs: 60 });
    let answer: string | null = null;

    const receiving = receive(1).then((outcome) => {
      answer = outcome;
    });
    await clock.advance(30);
    const before = { answer, stored: stored.size, jobs: waiting.length };
    await clock.advance(5_000);
    await receiving;

    expect(before).toEqual({ answer: 'stored', stored: 1, jobs: 0 });
    expect(waiting).toHaveLength(1);
  });

  test('refuses when more wait than memory should hold, instead of taking what it may lose', async () => {
    const { clock, buffer, receive } = setUp({ failures: 1_000 });
    void receive(0);
    await clock.advance(30); // the first batch is stuck at the database
    const many = Array.from({ length: 10_000 }, (_, id) => receive(id + 1));

    const outcome = await receive(99_999);

    expect(outcome).toBe('refused');
    await clock.advance(100);
    expect(new Set(await Promise.all(many))).toEqual(new Set(['accepted']));
    expect(buffer.size()).toBeLessThanOrEqual(10_001);
  });

  test('closing stores what is left', async () => {
    const { clock, stored, buffer, receive } = setUp({ storeMs: 500 });
    const receiving = receive(1);

    const closing = buffer.close();
    await clock.advance(1_000);
    await closing;

    expect(stored.size).toBe(1);
    expect(await receiving).toBe('accepted');
    expect(await receive(2)).toBe('refused');
  });
});

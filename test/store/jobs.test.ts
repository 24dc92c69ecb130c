import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import type { NewJob, Schedule } from '../../src/store/job-stores.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, connected, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const LEASE = later(45_000);

function aJob(over: Partial<NewJob> = {}): NewJob {
  return {
    connection: null,
    name: 'reconcile',
    payload: { ids: ['1'] },
    singletonKey: null,
    runAt: AT,
    ...over,
  };
}

describeOnBoth('jobs', ({ open, url }) => {
  test('two workers that claim at once take every job once, and never two of one connection', async () => {
    const address = await url();
    const dbs = [await openDb(address), await openDb(address)];
    const [db] = dbs;
    if (!db) throw new Error('no database');
    await migrate(db);
    const stores = dbs.map((one) => createStore(one, keys));
    const [store] = stores;
    if (!store) throw new Error('no store');
    const connections = [];
    for (let i = 0; i < 5; i++) connections.push(await connected(store, { name: `firm ${i}` }));
    for (let i = 0; i < 60; i++) {
      await store.jobs.enqueue(aJob({ connection: connections[i % 5] ?? null, payload: i }));
    }
    const active = new Set<string | null>();
    const ran: unknown[] = [];
    const clashes: unknown[] = [];

    const worker = async (own: typeof store, name: string) => {
      for (let idle = 0; idle < 20; ) {
        const job = await own.jobs.claim(AT, LEASE, name);
        if (!job) {
          idle += 1;
          await new Promise((resolve) => setTimeout(resolve, 2));
          continue;
        }
        if (active.has(job.connection)) clashes.push(job.payload);
        active.add(job.connection);
        ran.push(job.payload);
        await new Promise((resolve) => setTimeout(resolve, 1));
        active.delete(job.connection);
        await own.jobs.complete(job.id, name);
      }
    };
    await Promise.all(stores.flatMap((own, i) => [worker(own, `w${i}a`), worker(own, `w${i}b`)]));
    const counts = await store.jobs.counts();
    for (const one of dbs) await one.close();

    expect(clashes).toEqual([]);
    expect(ran.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(counts).toEqual({ queued: 0, active: 0, dead: 0 });
  });

  test('connections take turns: a hundred jobs of one do not keep the other waiting', async () => {
    const store = createStore(await open(), keys);
    const [busy, small] = [
      await connected(store, { name: 'busy' }),
      await connected(store, { name: 'small' }),
    ];
    for (let i = 0; i < 100; i++) await store.jobs.enqueue(aJob({ connection: busy, payload: `busy ${i}` }));
    for (let i = 0; i < 3; i++) await store.jobs.enqueue(aJob({ connection: small, payload: `small ${i}` }));
    const order: unknown[] = [];

    for (let i = 0; i < 8; i++) {
      const job = await store.jobs.claim(later(i), LEASE, 'w');
      order.push(job?.payload);
      if (job) await store.jobs.complete(job.id, 'w');
    }

    expect(order).toEqual([
      'busy 0',
      'small 0',
      'busy 1',
      'small 1',
      'busy 2',
      'small 2',
      'busy 3',
      'busy 4',
    ]);
  });

  test('a job comes back as it was enqueued, when it is due and not before', async () => {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    await store.jobs.enqueue(aJob({ connection, runAt: later(1_000), singletonKey: 'key' }));

    expect(await store.jobs.claim(later(999), LEASE, 'w')).toBeNull();

    expect(await store.jobs.claim(later(1_000), LEASE, 'w')).toMatchObject({
      connection,
      name: 'reconcile',
      payload: { ids: ['1'] },
      singletonKey: 'key',
      attempts: 1,
      lastError: null,
    });
  });

  test('a singleton key holds while its job waits, and is free once it is at work', async () => {
    const store = createStore(await open(), keys);
    const key = aJob({ singletonKey: 'once' });

    const first = await store.jobs.enqueue(key);
    const second = await store.jobs.enqueue(key);
    await store.jobs.claim(AT, LEASE, 'w');
    const third = await store.jobs.enqueue(key);

    expect(first.fresh).toBe(true);
    expect(second).toEqual({ id: first.id, fresh: false });
    expect(third.fresh).toBe(true);
    expect(third.id).not.toBe(first.id);
    expect(await store.jobs.counts()).toEqual({ queued: 1, active: 1, dead: 0 });
  });

  test('many that enqueue one key at once leave one job', async () => {
    const store = createStore(await open(), keys);

    const all = await Promise.all(
      Array.from({ length: 12 }, () => store.jobs.enqueue(aJob({ singletonKey: 'once' }))),
    );

    expect(all.filter((one) => one.fresh)).toHaveLength(1);
    expect(new Set(all.map((one) => one.id)).size).toBe(1);
  });

  test('a job whose worker died is claimed again when its lease has run out, and the dead worker cannot settle it', async () => {
    const store = createStore(await open(), keys);
    await store.jobs.enqueue(aJob());
    const job = await store.jobs.claim(AT, LEASE, 'dead');
    const id = job?.id ?? 0;
    expect(await store.jobs.heartbeat(id, 'dead', later(60_000))).toBe(true);
    expect(await store.jobs.claim(later(59_999), later(100_000), 'w')).toBeNull();

    const again = await store.jobs.claim(later(60_000), later(100_000), 'w');

    expect(again).toMatchObject({ id, attempts: 2 });
    expect(await store.jobs.heartbeat(id, 'dead', later(200_000))).toBe(false);
    await store.jobs.complete(id, 'dead');
    await store.jobs.fail(id, 'dead', 'late', null);
    expect(await store.jobs.counts()).toEqual({ queued: 0, active: 1, dead: 0 });
    await store.jobs.complete(id, 'w');
    expect(await store.jobs.counts()).toEqual({ queued: 0, active: 0, dead: 0 });
  });

  test('a failed job waits for its next time with its error, or is dead for good', async () => {
    const store = createStore(await open(), keys);
    await store.jobs.enqueue(aJob({ singletonKey: 'once' }));
    const first = await store.jobs.claim(AT, LEASE, 'w');
    // Asked for again while it was at work: of the two one may wait.
    await store.jobs.enqueue(aJob({ singletonKey: 'once' }));

    await store.jobs.fail(first?.id ?? 0, 'w', 'Zoho was away', later(5_000));
    expect(await store.jobs.counts()).toEqual({ queued: 1, active: 0, dead: 0 });
    expect(await store.jobs.claim(later(4_999), LEASE, 'w')).toBeNull();
    const second = await store.jobs.claim(later(5_000), LEASE, 'w');
    expect(second).toMatchObject({ id: first?.id, attempts: 2, lastError: 'Zoho was away' });

    await store.jobs.fail(second?.id ?? 0, 'w', 'a bug', null);
    expect(await store.jobs.claim(later(99_999), LEASE, 'w')).toBeNull();
    expect(await store.jobs.dead(10)).toMatchObject([{ id: first?.id, attempts: 2, lastError: 'a bug' }]);
    expect(await store.jobs.counts()).toEqual({ queued: 0, active: 0, dead: 1 });
  });

  test('a lease has one holder until it is released or runs out', async () => {
    const store = createStore(await open(), keys);
    const holders = ['a', 'b', 'c', 'd', 'e'];

    const got = await Promise.all(holders.map((one) => store.leases.acquire('line', one, later(100), AT)));
    const holder = holders[got.indexOf(true)] ?? '';

    expect(got.filter(Boolean)).toHaveLength(1);
    expect(await store.leases.holder('line')).toBe(holder);
    expect(await store.leases.acquire('line', holder, later(200), later(50))).toBe(true);
    expect(await store.leases.acquire('line', 'z', later(300), later(199))).toBe(false);
    await store.leases.release('line', 'z');
    expect(await store.leases.acquire('line', 'z', later(300), later(200))).toBe(true);
    await store.leases.release('line', 'z');
    expect(await store.leases.holder('line')).toBeNull();
  });

  test('a lease is renewed by its holder alone, even after it ran out, as long as nobody took it', async () => {
    const store = createStore(await open(), keys);
    const lease = { name: 'line', holder: 'a' };
    await store.leases.acquire('line', 'a', later(100), AT);

    expect(await store.leases.renew({ ...lease, holder: 'z' }, later(900))).toBe(false);
    expect(await store.leases.renew(lease, later(300))).toBe(true);
    expect(await store.leases.acquire('line', 'b', later(900), later(299))).toBe(false);
    expect(await store.leases.acquire('line', 'b', later(900), later(300))).toBe(true);
    expect(await store.leases.renew(lease, later(999))).toBe(false);
    await store.leases.release('line', 'b');
    expect(await store.leases.renew(lease, later(999))).toBe(false);
  });

  test('schedules are due when enabled and their time has come', async () => {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const row: Schedule = {
      id: 'a',
      connection,
      job: 'score-and-write',
      expr: '0 3 * * *',
      timeZone: 'Europe/Amsterdam',
      quietHours: '22:00-06:00',
      spreadMinutes: 20,
      enabled: true,
      nextRunAt: AT,
      lastRunAt: null,
      lastDueAt: null,
      missed: 0,
    };
    const off = { ...row, id: 'b', enabled: false };
    for (const one of [
      row,
      off,
      { ...row, id: 'c', nextRunAt: later(1) },
      { ...row, id: 'd', nextRunAt: null },
    ]) {
      await store.schedules.upsert(one);
    }

    expect(await store.schedules.due(AT)).toEqual([row]);
    const ran = { nextRunAt: later(5), lastRunAt: AT, lastDueAt: AT, missed: 3 };
    expect(await store.schedules.moveOn('a', AT, ran)).toBe(true);
    // Whoever read the row before comes too late.
    expect(await store.schedules.moveOn('a', AT, { ...ran, missed: 9 })).toBe(false);
    await store.schedules.upsert({ ...off, enabled: true, quietHours: null });

    expect((await store.schedules.due(AT)).map((one) => one.id)).toEqual(['b']);
    expect((await store.schedules.of(connection))[0]).toEqual({ ...row, ...ran });
    expect((await store.schedules.ranAfter(later(-1))).map((one) => one.id)).toEqual(['a']);
    expect(await store.schedules.ranAfter(AT)).toEqual([]);
    await store.schedules.upsert({ ...row, id: 'installation:backup', connection: null });
    expect((await store.schedules.of(null)).map((one) => one.id)).toEqual(['installation:backup']);
    expect(await store.schedules.all()).toHaveLength(5);
  });
});

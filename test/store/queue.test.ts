import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { ConnectionId } from '../../src/domain.ts';
import type { ClaimedJob, JobsStore, NewJob } from '../../src/store/queue-stores.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { type TwoProcesses, twoProcesses } from '../support/queues.ts';
import { connected } from './builders.ts';

/** The contract of the queue: the same tests on the table of the embedded store and on pg-boss. */

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
describeOnBoth('the queue', (database) => {
  let processes: TwoProcesses;
  beforeAll(async () => {
    processes = await twoProcesses(database, new Date('2026-06-10T08:00:00Z'));
  });
  afterAll(() => processes.close());
  beforeEach(() => processes.reset());

  async function start(names: readonly string[] = ['acme']) {
    const store = createStore(processes.db, keys);
    const connections: ConnectionId[] = [];
    for (const name of names) connections.push(await connected(store, { name }));
    const add = (over: Partial<NewJob> = {}) =>
      processes.one.enqueue({
        connection: connections[0] ?? null,
        name: 'reconcile',
        payload: {},
        singletonKey: null,
        runAt: processes.now(),
        ...over,
      });
    return { ...processes, store, connections, add };
  }
  const must = (job: ClaimedJob | null): ClaimedJob => {
    if (job === null) throw new Error('a job was expected');
    return job;
  };
  const claimed = async (queue: JobsStore, worker = 'w') => must(await queue.claim(worker));

  test('a job comes as it was enqueued, when it is due and not before, and is gone when done', async () => {
    const { one, two, add, pass, now, connections } = await start();
    const runAt = new Date(now().getTime() + 1_000);
    const { id } = await add({ payload: { ids: ['1'] }, singletonKey: 'key', runAt });

    await pass(999);
    expect(await two.claim('w')).toBeNull();
    await pass(1);
    const job = await claimed(two);

    expect(job).toMatchObject({ id, connection: connections[0], name: 'reconcile', payload: { ids: ['1'] } });
    expect(job).toMatchObject({ singletonKey: 'key', runAt, attempts: 1, lastError: null });
    expect(await one.counts()).toEqual({ queued: 0, active: 1, dead: 0 });
    expect(await two.complete(job)).toBe(true);
    expect(await one.counts()).toEqual({ queued: 0, active: 0, dead: 0 });
    expect(await one.list({ limit: 9 })).toEqual([]);
  });

  test('a key holds while its job waits, at first or for another attempt, and is free once it is at work', async () => {
    const { one, two, add, now } = await start();
    const later = new Date(now().getTime() + 60_000);

    const all = await Promise.all(
      Array.from({ length: 6 }, (_, i) => (i % 2 ? one : two)).map((queue) =>
        queue.enqueue({ connection: null, name: 'reconcile', payload: {}, singletonKey: 'k', runAt: now() }),
      ),
    );
    const job = await claimed(two);
    const again = await add({ connection: null, singletonKey: 'k' });
    await two.retry(job, { error: 'Zoho was away', at: later, isFree: false });
    const third = await add({ connection: null, singletonKey: 'k' });

    expect(all.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(again.fresh).toBe(true);
    // Of the two that wait for the same work, the one with the attempts stayed.
    expect(third).toEqual({ id: job.id, fresh: false });
    expect(await one.counts()).toEqual({ queued: 1, active: 0, dead: 0 });
  });

  test('a failed job waits for its time with its error, counts its attempts, and not those that are free', async () => {
    const { two, add, pass, now } = await start();
    await add({ payload: { full: true } });
    const seen: unknown[] = [];

    for (const isFree of [false, true, true, false]) {
      const job = await claimed(two);
      seen.push([job.attempts, job.lastError]);
      await two.retry(job, { error: `free ${isFree}`, at: new Date(now().getTime() + 5_000), isFree });
      await pass(4_999);
      expect(await two.claim('w')).toBeNull();
      await pass(1);
    }
    const last = await claimed(two);

    expect(seen).toEqual([
      [1, null],
      [2, 'free false'],
      [2, 'free true'],
      [2, 'free true'],
    ]);
    expect(last).toMatchObject({ attempts: 3, lastError: 'free false', payload: { full: true } });
  });

  test('dead jobs are listed with their reason, tried again from the start, or forgotten', async () => {
    const { one, two, add, pass, now, connections } = await start();
    await add({ singletonKey: 'a', payload: { n: 1 } });
    const first = await claimed(two);
    await two.retry(first, { error: 'once', at: now(), isFree: false });
    const second = await claimed(two);
    await pass(10);
    expect(await two.bury(second, 'a bug')).toBe(true);

    const [dead] = await one.list({ state: 'dead', limit: 9 });
    expect(dead).toMatchObject({ id: first.id, name: 'reconcile', connection: connections[0], attempts: 2 });
    expect(dead).toMatchObject({ lastError: 'a bug', payload: { n: 1 }, singletonKey: 'a', state: 'dead' });
    expect(dead?.diedAt).toEqual(now());
    expect(await one.counts()).toEqual({ queued: 0, active: 0, dead: 1 });
    expect(await two.claim('w')).toBeNull();

    expect(await one.revive(first.id)).toEqual({ id: first.id, fresh: true });
    expect(await one.revive(first.id)).toBeNull();
    const again = await claimed(two);
    expect(again).toMatchObject({ id: first.id, attempts: 1, payload: { n: 1 }, singletonKey: 'a' });
    await two.bury(again, 'still a bug');
    expect(await one.discard(first.id)).toBe(true);
    expect(await one.discard(first.id)).toBe(false);
    expect(await one.revive('no such id')).toBeNull();
    expect(await one.counts()).toEqual({ queued: 0, active: 0, dead: 0 });
  });

  test('the job of a worker that fell silent is taken over within 60 s, not while it beats, and only the new one settles it', async () => {
    const { one, two, add, pass, now } = await start();
    await add();
    const frozen = await claimed(one, 'frozen');
    for (let beats = 0; beats < 6; beats++) {
      await pass(10_000);
      expect(await one.heartbeat(frozen)).toBe(true);
    }
    const silentSince = now().getTime();

    let taken: ClaimedJob | null = null;
    while (taken === null && now().getTime() - silentSince <= 90_000) {
      await pass(1_000);
      taken = await two.claim('w');
    }

    const waitedMs = now().getTime() - silentSince;
    console.log(`taken over ${waitedMs / 1_000} s after the last heartbeat`);
    expect(waitedMs).toBeGreaterThan(20_000);
    expect(waitedMs).toBeLessThanOrEqual(60_000);
    const job = must(taken);
    expect(job).toMatchObject({ id: frozen.id, attempts: 2 });
    // It wakes: nothing of what it does counts.
    expect(await one.heartbeat(frozen)).toBe(false);
    expect(await one.complete(frozen)).toBe(false);
    expect(await one.retry(frozen, { error: 'late', at: now(), isFree: true })).toBe(false);
    expect(await one.bury(frozen, 'late')).toBe(false);
    expect(await two.counts()).toEqual({ queued: 0, active: 1, dead: 0 });
    expect(await two.complete(job)).toBe(true);
  });

  test('of a connection one job is at work, of whatever kind; workers that ask at once take every job once', async () => {
    const { one, two, add, connections } = await start(['a', 'b', 'c']);
    for (let i = 0; i < 24; i++) {
      await add({
        connection: connections[i % 3] ?? null,
        name: i % 2 ? 'reconcile' : 'digest',
        payload: { i },
      });
    }
    const active = new Set<string | null>();
    const clashes: unknown[] = [];
    const ran: unknown[] = [];

    const worker = async (queue: JobsStore, name: string) => {
      for (let idle = 0; idle < 15; ) {
        const job = await queue.claim(name);
        if (!job) {
          idle += 1;
          await new Promise((resolve) => setTimeout(resolve, 2));
          continue;
        }
        if (active.has(job.connection)) clashes.push(job.payload);
        active.add(job.connection);
        await new Promise((resolve) => setTimeout(resolve, 2));
        active.delete(job.connection);
        ran.push((job.payload as { i: number }).i);
        await queue.complete(job);
      }
    };
    await Promise.all([worker(one, '1a'), worker(one, '1b'), worker(two, '2a'), worker(two, '2b')]);

    expect(clashes).toEqual([]);
    expect(ran.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(await one.counts()).toEqual({ queued: 0, active: 0, dead: 0 });
  });

  test('ten connections with ten jobs each and a new one: it is served within one turn', async () => {
    const busy = Array.from({ length: 10 }, (_, i) => `busy ${i}`);
    const { two, add, pass, connections } = await start([...busy, 'new']);
    for (let n = 0; n < 10; n++) {
      for (const connection of connections.slice(0, 10)) {
        await add({ connection, name: n % 2 ? 'reconcile' : 'digest' });
      }
    }
    const order: number[] = [];
    const serve = async () => {
      const job = await claimed(two);
      order.push(connections.indexOf(job.connection ?? ''));
      await pass(1);
      await two.complete(job);
    };

    for (let n = 0; n < 13; n++) await serve();
    await add({ connection: connections[10] ?? null });
    for (let n = 0; n < 11; n++) await serve();

    expect(new Set(order.slice(0, 10)).size).toBe(10);
    expect(order.slice(13)).toContain(10);
    // Whoever else was served after it came had waited for longer: nobody twice before it.
    const before = order.slice(13, order.indexOf(10));
    expect(new Set(before).size).toBe(before.length);
  });

  test('a paused connection keeps what comes, others go on, and resuming lets it go on', async () => {
    const { one, two, add, now, connections } = await start(['held', 'free']);
    const [held = '', free = ''] = connections;
    await one.pause(held, 'the CRM is being migrated');
    await one.pause(held, 'a second word');
    await add({ connection: held, payload: { n: 1 } });
    await add({ connection: held, payload: { n: 2 } });
    await add({ connection: free });

    const other = await claimed(two);
    expect(other.connection).toBe(free);
    expect(await two.claim('w')).toBeNull();
    expect(await two.paused()).toEqual([
      { connection: held, since: now(), why: 'the CRM is being migrated' },
    ]);
    expect(await two.counts()).toEqual({ queued: 2, active: 1, dead: 0 });

    expect(await one.resume(held)).toBe(true);
    expect(await one.resume(held)).toBe(false);
    expect((await claimed(two)).connection).toBe(held);
    expect(await two.paused()).toEqual([]);
  });

  test('a worker may ask for some kinds only, and never beside another job of that connection', async () => {
    const { one, two, add, pass, connections } = await start(['a', 'b']);
    const [a = '', b = ''] = connections;
    await add({ connection: a, name: 'score-and-write' });
    await pass(1);
    await add({ connection: a, name: 'process-deliveries' });
    const long = await claimed(one);
    expect(long.name).toBe('score-and-write');

    expect(await two.claim('w', ['process-deliveries'])).toBeNull();
    await add({ connection: b, name: 'score-and-write' });
    expect(await two.claim('w', ['process-deliveries'])).toBeNull();
    await one.complete(long);

    expect(await two.claim('w', ['process-deliveries'])).toMatchObject({ connection: a });
  });

  test('jobs are listed by connection and state, and leave with their connection', async () => {
    const { one, two, store, add, pass, connections } = await start(['a', 'b']);
    const [a = '', b = ''] = connections;
    await add({ connection: a, name: 'digest' });
    await add({ connection: a, name: 'reconcile' });
    await pass(1);
    await add({ connection: b, name: 'digest' });
    await claimed(two);

    const ofA = await one.list({ connection: a, limit: 9 });
    expect(ofA.map(({ name }) => name).toSorted()).toEqual(['digest', 'reconcile']);
    expect(await one.list({ connection: b, limit: 9 })).toMatchObject([{ name: 'digest', state: 'queued' }]);
    expect(await one.list({ state: 'active', limit: 9 })).toHaveLength(1);
    expect(await one.list({ limit: 2 })).toHaveLength(2);

    await store.connections.remove(b);
    await pass(8_000);
    expect(await one.list({ connection: b, limit: 9 })).toEqual([]);
  });

  test('what waits is kept for years, a dead job for ninety days', async () => {
    const { one, two, add, leap, connections } = await start();
    const DAY_MS = 86_400_000;
    await add({ name: 'digest' });
    await two.bury(await claimed(two), 'a bug');
    await one.pause(connections[0] ?? '', 'for long');
    await add();

    await leap(85 * DAY_MS);
    expect(await one.counts()).toEqual({ queued: 1, active: 0, dead: 1 });
    await leap(10 * DAY_MS);
    expect(await one.counts()).toEqual({ queued: 1, active: 0, dead: 0 });
    await leap(700 * DAY_MS);

    expect(await one.counts()).toEqual({ queued: 1, active: 0, dead: 0 });
    await one.resume(connections[0] ?? '');
    expect(await claimed(two)).toMatchObject({ attempts: 1 });
  });
});

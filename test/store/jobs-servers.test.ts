import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { loadKeys } from '../../src/crypto.ts';
import { type Db, openDb } from '../../src/db.ts';
import type { Connection } from '../../src/domain.ts';
import { createQueue, type Queue } from '../../src/jobs/queue.ts';
import { fireDueSchedules } from '../../src/jobs/schedule.ts';
import { createDefaultSchedules, editSchedule } from '../../src/jobs/schedule-edit.ts';
import { startWorkLoop, type WorkLoop } from '../../src/jobs/work-loop.ts';
import { silentLog } from '../../src/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { ClaimedJob } from '../../src/store/queue-stores.ts';
import { createStore } from '../../src/store/store.ts';
import { createDeliveryBuffer } from '../../src/webhooks/delivery-buffer.ts';
import { describeOnBoth, type TestDatabase } from '../support/databases.ts';

const MINUTE = 60_000;
const SPEED = 20;

/** The system's time, twenty times as fast: what takes a minute takes three seconds. */
function fastClock(): Clock {
  const startedAt = Date.now();
  return {
    now: () => new Date(startedAt + (Date.now() - startedAt) * SPEED),
    sleep: (ms, signal) => setTimeout(ms / SPEED, undefined, { signal }).then(() => undefined),
    random: () => 0,
  };
}

/** A moment that stands still, so that no test depends on when it runs. */
function stillClock(): Clock {
  return {
    now: () => new Date('2026-06-10T08:00:30Z'),
    sleep: (ms, signal) => setTimeout(ms / SPEED, undefined, { signal }).then(() => undefined),
    random: () => 0,
  };
}

const keysText = randomBytes(32).toString('base64');
const opened: Db[] = [];
const loops: WorkLoop[] = [];
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop(0)));
  for (const db of opened.splice(0)) await db.close();
});

/** Processes with connections of their own to one database. */
async function servers(database: TestDatabase, count: number, clock: Clock) {
  const url = await database.url();
  const keys = await loadKeys({ keys: keysText, keyFile: null });
  const all = [];
  for (let index = 0; index < count; index++) {
    const db = await openDb(url);
    opened.push(db);
    await migrate(db);
    const store = createStore(db, keys, clock);
    const queue = createQueue({ jobs: store.jobs });
    const deps = { store, queue, clock, log: silentLog };
    const work = (runJob: (job: ClaimedJob) => Promise<void>) => {
      const loop = startWorkLoop({ ...deps, runJob }, { worker: `server-${index}` });
      loops.push(loop);
      return loop;
    };
    all.push({ ...deps, work });
  }
  return all;
}

async function aConnection(
  server: { store: ReturnType<typeof createStore> },
  name: string,
): Promise<Connection> {
  return server.store.connections.create({
    name,
    accountsUrl: 'https://accounts.zoho.eu',
    apiDomain: 'https://www.zohoapis.eu',
    location: 'eu',
    clientId: '1000.CLIENT',
    clientSecret: 'secret',
    refreshToken: '1000.refresh.token',
    accessToken: null,
    expiresAt: null,
    org: {
      id: `org-${name}`,
      zgid: '1',
      name,
      edition: 'Professional',
      users: 9,
      timeZone: 'Europe/Amsterdam',
      currency: 'EUR',
      multiCurrency: false,
      country: 'NL',
    },
    userId: '7',
    scopes: [],
    mode: 'auto',
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_500 && !isTrue(); tries++) await setTimeout(10);
  expect(isTrue()).toBe(true);
}

describeOnBoth('several servers on one database', (database) => {
  test('fire each schedule once, even when both tick at the same moment and jobs end at once', async () => {
    const [one, two] = await servers(database, 2, stillClock());
    if (!one || !two) throw new Error('two servers were asked for');
    const connection = await aConnection(one, 'acme');
    await createDefaultSchedules(one, connection);
    const edited = await editSchedule(one, connection, 'score-and-write', { expr: '* * * * *' });
    const start = edited.nextRunAt?.getTime() ?? 0;
    const ran: string[] = [];
    // Done at once, so that no waiting job's key hides a second one.
    const queue: Queue = {
      async enqueue({ name }) {
        ran.push(name);
        return { id: '1', fresh: true };
      },
    };

    for (let minute = 0; minute < 30; minute++) {
      const now = new Date(start + minute * MINUTE);
      await Promise.all([fireDueSchedules({ ...one, queue }, now), fireDueSchedules({ ...two, queue }, now)]);
    }

    expect(ran.filter((name) => name === 'score-and-write')).toHaveLength(30);
    expect(ran.filter((name) => name === 'renew-channels')).toHaveLength(1);
  });

  test('an edit by another process counts from the next tick on', async () => {
    const [server, cli] = await servers(database, 2, stillClock());
    if (!server || !cli) throw new Error('two servers were asked for');
    const connection = await aConnection(server, 'acme');
    await createDefaultSchedules(server, connection);

    const edited = await editSchedule(cli, connection, 'score-and-write', { expr: '17 * * * *' });
    const dueAt = edited.nextRunAt ?? new Date(0);
    await fireDueSchedules(server, new Date(dueAt.getTime() - MINUTE));
    const early = (await server.store.jobs.counts()).queued;
    await fireDueSchedules(server, dueAt);

    expect((await server.store.jobs.counts()).queued).toBe(early + 1);
    expect(dueAt.getUTCMinutes()).toBe(17);
  });

  test('run every job once, and never two of one connection at a time', async () => {
    const [one, two] = await servers(database, 2, fastClock());
    if (!one || !two) throw new Error('two servers were asked for');
    const connections = [await aConnection(one, 'acme'), await aConnection(one, 'bolt')];
    const ran: string[] = [];
    const atWork = new Set<string>();
    const overlaps: string[] = [];
    const run = async (job: ClaimedJob) => {
      const who = job.connection ?? '';
      if (atWork.has(who)) overlaps.push(who);
      atWork.add(who);
      await setTimeout(5);
      atWork.delete(who);
      ran.push(`${who} ${job.singletonKey}`);
    };
    for (const { id } of connections) {
      for (let index = 0; index < 15; index++) {
        const job = { connection: id, name: 'reconcile', payload: {}, runAt: new Date(0) } as const;
        await one.queue.enqueue({ ...job, singletonKey: `${id}-${index}` });
      }
    }

    one.work(run);
    two.work(run);
    await until(() => ran.length >= 30);
    await setTimeout(100);

    expect(new Set(ran).size).toBe(30);
    expect(ran).toHaveLength(30);
    expect(overlaps).toEqual([]);
  });

  test('store a notification that reaches both once and ask for one job', async () => {
    const [one, two] = await servers(database, 2, fastClock());
    if (!one || !two) throw new Error('two servers were asked for');
    const connection = await aConnection(one, 'acme');
    const body = { module: 'Deals', operation: 'update', ids: ['57'] };
    const delivery = { key: 'k1', connection: connection.id, channelId: '9', body };
    const buffers = [one, two].map((server) =>
      createDeliveryBuffer({ ...server, activityMinutesOf: async () => 10 }),
    );

    const outcomes = await Promise.all(buffers.map((buffer) => buffer.add(delivery)));
    await Promise.all(buffers.map((buffer) => buffer.close()));

    expect(outcomes).toEqual(['stored', 'stored']);
    expect(await one.store.deliveries.pending(connection.id, 10)).toHaveLength(1);
    expect((await one.store.jobs.counts()).queued).toBe(1);
  });
});

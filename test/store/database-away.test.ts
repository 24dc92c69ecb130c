import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { AppError, ConfigError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { isDatabaseAway, whenDatabaseIsUp } from '../../src/store/database-away.ts';
import type { JobsStore } from '../../src/store/queue-stores.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { type TwoProcesses, twoProcesses } from '../support/queues.ts';
import { aFreePort } from '../support/server.ts';
import { connected } from './builders.ts';

const START = new Date('2026-06-10T08:00:00Z');

describe('a start while the database is away', () => {
  test('waits for thirty seconds, then ends with what it waited for', async () => {
    const clock = fakeClock(START);
    const url = `postgres://zcv@127.0.0.1:${await aFreePort()}/postgres`;

    const failure = await whenDatabaseIsUp({ clock, log: silentLog }, () => openDb(url)).catch(
      (error: unknown) => error,
    );

    expect(clock.now().getTime() - START.getTime()).toBe(30_000);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).not.toBeInstanceOf(ConfigError);
    expect(failure).toMatchObject({
      code: 'database_away',
      message: expect.stringMatching(/waited 30 s for the database.*ECONNREFUSED/),
    });
  });

  test('goes on once it answers, and does not wait for a wrong password', async () => {
    const clock = fakeClock(START);
    const answers = [Object.assign(new Error('starting up'), { code: '57P03' }), null];
    const opened = await whenDatabaseIsUp({ clock, log: silentLog }, async () => {
      const failure = answers.shift();
      if (failure) throw new ConfigError('cannot be opened', { cause: failure });
      return 'open';
    });
    const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });

    expect(opened).toBe('open');
    expect(clock.sleeps).toEqual([500]);
    const wrong = whenDatabaseIsUp({ clock, log: silentLog }, () => Promise.reject(refused));
    await expect(wrong).rejects.toBe(refused);
    expect(clock.sleeps).toHaveLength(1);
  });
});

describeOnBoth('a queue and its database', (database) => {
  let processes: TwoProcesses;
  beforeAll(async () => {
    processes = await twoProcesses(database, START);
  });
  afterAll(() => processes.close());

  test('a connection that is cut at work fails that work alone, as something that passes', async (context) => {
    if (processes.db.dialect === 'sqlite') return context.skip('no connection can be cut');
    const { kysely } = processes.db;

    const failure = await kysely
      .transaction()
      .execute(async (trx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
        await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(kysely);
        // The client learns of it between two queries, when nobody waits for an answer.
        await new Promise((done) => setTimeout(done, 200));
        await sql`select 1`.execute(trx);
      })
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Error);
    expect(isDatabaseAway(failure)).toBe(true);
    expect((await sql<{ one: number }>`select 1 as one`.execute(kysely)).rows).toEqual([{ one: 1 }]);
  });

  test('jobs of the table of an older version go to pg-boss: none lost, dead ones dead, one at work when its lease is over', async (context) => {
    if (processes.db.dialect === 'sqlite') return context.skip('the table is the queue');
    const { db, one, two, now, leap } = processes;
    const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
    const acme = await connected(createStore(db, keys), { name: 'acme' });
    const old = (name: string, over: object = {}) => ({
      ...{ connection_id: acme, turn: acme, name, payload: JSON.stringify({ of: name }) },
      ...{ singleton_key: `${name}:${acme}`, run_at: START, state: 'queued', attempts: 2, free_attempts: 1 },
      ...{ worker: null, lease_until: null, last_error: null, died_at: null },
      ...over,
    });
    const active = { state: 'active', worker: 'old:1', lease_until: new Date(now().getTime() + 45_000) };
    const many = Array.from({ length: 510 }, (_, n) => old('digest', { singleton_key: `digest:${n}` }));
    const rows = [
      old('reconcile', { run_at: new Date(START.getTime() + 3_600_000) }),
      old('fit-models', { state: 'dead', last_error: 'a bug', died_at: START }),
      old('score-and-write', active),
      ...many,
    ];
    for (let at = 0; at < rows.length; at += 100) {
      await db.kysely
        .insertInto('jobs')
        .values(rows.slice(at, at + 100))
        .execute();
    }

    // Both processes at once, as after an upgrade.
    for (let round = 0; round < 2; round++) await Promise.all([one.maintain(), two.maintain()]);

    expect(await one.counts()).toEqual({ queued: 511, active: 0, dead: 1 });
    expect(await left(processes)).toEqual(['score-and-write']);
    expect(await named(one, 'reconcile')).toMatchObject([
      { payload: { of: 'reconcile' }, singletonKey: `reconcile:${acme}`, runAt: rows[0]?.run_at },
    ]);
    expect(await named(one, 'fit-models')).toMatchObject([{ state: 'dead', lastError: 'a bug' }]);

    await leap(46_000);

    expect(await left(processes)).toEqual([]);
    expect(await two.claim('w', ['score-and-write'])).toMatchObject({
      connection: acme,
      payload: { of: 'score-and-write' },
    });
  });
});

async function left({ db }: TwoProcesses): Promise<string[]> {
  return (await db.kysely.selectFrom('jobs').select('name').execute()).map(({ name }) => name);
}
async function named(queue: JobsStore, name: string) {
  return (await queue.list({ limit: 1_000 })).filter((job) => job.name === name);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import type { ConnectionId } from '../../src/domain.ts';
import { EVENT_DATA } from '../../src/notify/event-types.ts';
import type { Score } from '../../src/scores.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { FakeClock } from '../unit/jobs/fake-clock.ts';
import { aScore, aState, connected } from './builders.ts';

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const TODAY = '2026-03-01';

describeOnBoth('events of scores', (database) => {
  let db: Db;
  let store: Store;
  let connection: ConnectionId;
  beforeEach(async () => {
    db = await database.open();
    store = createStore(db, keys, new FakeClock(`${TODAY}T10:00:00Z`));
    connection = await connected(store);
  });
  const listen = (...types: string[]) =>
    store.events.addEndpoint(
      connection,
      { url: 'https://hooks.test/', types, secret: 'whsec_' },
      new Date('2026-01-01'),
    );
  const save = (over: Partial<Omit<Score, 'key'>> = {}, ids = ['100']) =>
    store.scores.save(
      connection,
      ids.map((id) => ({ score: aScore({ id, asOf: TODAY, ...over }), state: aState() })),
    );
  const told = async () => {
    const { rows } = await sql<{ type: string; data: string }>`
      select type, data from out_events where connection_id = ${connection} order by id`.execute(db.kysely);
    return rows.map(({ type, data }) => ({ type, ...JSON.parse(data) }));
  };

  test('a change of tier, gold or phase is told once, and a scoring that changes nothing tells nothing', async () => {
    await listen('*');
    await save();
    await save({ tier: 'top' });
    await save({ tier: 'top' });
    await save({ tier: 'top', gold: true, phase: 'lost', subPhase: 'win_back' });

    const events = await told();
    const about = { connection, customer: { module: 'Accounts', id: '100' }, asOf: TODAY };
    expect(events).toEqual([
      {
        ...about,
        type: 'customer.tier_changed',
        from: { tier: 'good', gold: false },
        to: { tier: 'top', gold: false },
      },
      {
        ...about,
        type: 'customer.tier_changed',
        from: { tier: 'top', gold: false },
        to: { tier: 'top', gold: true },
      },
      { ...about, type: 'customer.phase_changed', from: 'established', to: 'win_back' },
    ]);
    for (const { type, ...data } of events)
      expect(EVENT_DATA[type as keyof typeof EVENT_DATA].safeParse(data).error).toBeUndefined();
  });

  test('the first score is told only to whoever names that event, and nothing is stored where nobody listens', async () => {
    await save({}, ['1']);
    await save({ tier: 'top' }, ['1']);
    const nobody = await told();
    await listen('*');
    await save({}, ['2']);
    const everything = await told();
    await listen('customer.first_scored');
    await save({}, ['3']);

    expect(nobody).toEqual([]);
    expect(everything).toEqual([]);
    expect(await told()).toMatchObject([
      { type: 'customer.first_scored', tier: 'good', phase: 'established' },
    ]);
  });

  test('a look back tells nothing, and the scoring of today after it only what really changed', async () => {
    await listen('*');
    await save({ tier: 'top' });
    await save({ tier: 'good', asOf: '2025-06-01' });
    await save({ tier: 'top' });
    const unchanged = await told();
    await save({ tier: 'good', asOf: '2025-06-01' });
    await save({ tier: 'good' });

    expect(unchanged).toEqual([]);
    expect(await told()).toMatchObject([{ from: { tier: 'top' }, to: { tier: 'good' } }]);
  });

  test('where the event cannot be stored the score is not either, and the repetition tells it', async () => {
    await listen('*');
    await save();
    await sql`alter table event_deliveries rename to away`.execute(db.kysely);
    await expect(save({ tier: 'top' })).rejects.toThrow();
    await sql`alter table away rename to event_deliveries`.execute(db.kysely);
    const between = await store.scores.get(connection, '100');
    await save({ tier: 'top' });

    expect(between?.tier).toBe('good');
    expect(await told()).toHaveLength(1);
  });
});

describeOnBoth('a scoring that is killed again and again', (database) => {
  test('tells every change once', async () => {
    const url = await database.url();
    const loop = new URL('./score-loop.ts', import.meta.url).pathname;
    const run = (...args: string[]) =>
      spawn(process.execPath, [loop, url, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const prepared = run('prepare');
    await once(prepared, 'exit');

    for (let kill = 0; kill < 2; kill += 1) {
      const child = run('score');
      let pages = 0;
      child.stdout.on('data', (text: Buffer) => {
        pages += text.length;
        if (pages > 2 + kill) child.kill('SIGKILL');
      });
      await once(child, 'exit');
    }
    const last = run('score');
    let output = '';
    last.stdout.on('data', (text: Buffer) => {
      output += text.toString();
    });
    await once(last, 'exit');

    expect(output.split('\n').at(-1)).toBe(JSON.stringify({ events: 600, customers: 600, deliveries: 600 }));
  }, 120_000);
});

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { type Keys, loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { silentLog } from '../../src/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { Governor } from '../../src/zoho/governor.ts';
import { describeOnBoth } from '../support/databases.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { AT, connected, later } from './builders.ts';

let keys: Keys;
beforeAll(async () => {
  keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
});

const BOOKER = fileURLToPath(new URL('./ledger-booker.ts', import.meta.url));
const HOUR_MS = 3_600_000;

interface Booked {
  readonly calls: number;
  readonly credits: number;
  readonly refused: number;
  readonly strange: readonly string[];
}

describeOnBoth('the credit ledger', ({ open, url }) => {
  test('adds up in minutes, also halves and from several writers; what is a day old counts no more', async () => {
    const store = createStore(await open(), keys);
    const { ledger } = store;
    const id = await connected(store);
    const spend = (at: Date, credits: number) => ledger.change(id, at, () => ({ spend: credits }));

    await Promise.all(Array.from({ length: 20 }, (_, i) => spend(later(i * 1_000), 1.5)));
    await spend(later(60_000), 3);

    const account = await ledger.account(id, later(60_000));
    expect(account.spent).toBe(33);
    expect(await account.buckets()).toEqual([
      { at: AT, credits: 30 },
      { at: later(60_000), credits: 3 },
    ]);
    expect((await ledger.account(id, later(24 * HOUR_MS + 60_000))).spent).toBe(3);
    expect((await ledger.account(id, later(24 * HOUR_MS + 120_000))).spent).toBe(0);
  });

  test('a decision that fails stores nothing', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);

    const failing = store.ledger.change(id, AT, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await store.ledger.change(id, AT, () => ({}));

    const { spent, balance, parking } = await store.ledger.account(id, AT);
    expect({ spent, balance, parking }).toEqual({ spent: 0, balance: null, parking: null });
  });

  test('parking shows on the connection and goes with the first call after its time; others are untouched', async () => {
    const store = createStore(await open(), keys);
    const [id, other] = [await connected(store), await connected(store, { name: 'other' })];
    const clock = fakeClock(AT);
    const governorOf = (connection: string) =>
      new Governor({ ledger: store.ledger, clock, log: silentLog }, { connection, ceiling: 100 });
    const call = (connection: string) =>
      governorOf(connection).run({ credits: 1, sub: false }, async () => 'sent');

    await governorOf(id).park(later(HOUR_MS), 'Zoho has no credits');
    const parked = await store.connections.byId(id);
    await expect(call(id)).rejects.toMatchObject({ code: 'zoho_credits', availableAt: later(HOUR_MS) });

    expect(parked?.state).toBe('parked');
    expect(await call(other)).toBe('sent');
    expect((await store.connections.byId(other))?.state).toBe('ready');
    clock.advance(HOUR_MS);
    expect(await call(id)).toBe('sent');
    expect((await store.connections.byId(id))?.state).toBe('ready');
    expect((await store.ledger.account(id, clock.now())).parking).toBeNull();
  });

  test('a connection that must be linked again stays so, parked or not', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.connections.setState(id, 'reconnect_needed', 'link it again');
    const parking = { until: later(HOUR_MS), ceiling: 5, why: 'credits' };

    await store.ledger.change(id, AT, () => ({ parking }));
    const whileParked = await store.connections.byId(id);
    await store.ledger.change(id, AT, () => ({ parking: null }));

    expect(whileParked?.state).toBe('reconnect_needed');
    expect((await store.connections.byId(id))?.state).toBe('reconnect_needed');
  });

  test('the balance that one process heard is known to the others and falls with what they book', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    const clock = fakeClock(AT);
    const options = { connection: id, ceiling: 1_000 };
    const here = new Governor({ ledger: store.ledger, clock, log: silentLog }, options);
    const there = new Governor({ ledger: store.ledger, clock, log: silentLog }, options);
    const call = (governor: Governor) => governor.run({ credits: 4, sub: false }, async () => 'sent');

    here.noteRemaining(10);
    await call(here);
    await call(there);

    expect((await store.ledger.account(id, AT)).balance).toEqual({ credits: 2, at: AT });
    await expect(call(there)).rejects.toThrow('Zoho has 2 API credits left');
    await expect(call(here)).rejects.toMatchObject({ code: 'zoho_credits' });
  });

  test('of three processes that book at once none takes a credit beyond the ceiling', {
    timeout: 60_000,
  }, async () => {
    const address = await url();
    const db = await openDb(address);
    await migrate(db);
    const store = createStore(db, keys);
    const id = await connected(store);
    const [ceiling, calls] = ['97', '60'];

    const bookers = Array.from({ length: 3 }, () =>
      promisify(execFile)(process.execPath, [BOOKER, address, id, ceiling, calls, AT.toISOString()]),
    );
    const booked = (await Promise.all(bookers)).map(({ stdout }): Booked => JSON.parse(stdout));
    const { spent } = await store.ledger.account(id, AT);
    await db.close();

    expect(booked.flatMap(({ strange }) => strange)).toEqual([]);
    expect(booked.reduce((sum, { credits }) => sum + credits, 0)).toBe(spent);
    expect(booked.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(97);
    // The first refusal parks the connection, and it asked for three credits at most.
    expect(spent).toBeGreaterThanOrEqual(95);
  });
});

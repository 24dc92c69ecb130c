import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Schedule } from '../../src/store/job-stores.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, connected, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
describeOnBoth('what starts a run', ({ open }) => {
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

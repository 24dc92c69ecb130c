import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import {
  AT,
  aCase,
  aContact,
  aCursor,
  aCursorAt,
  aDeal,
  anAccount,
  aTask,
  collect,
  connected,
  hashed,
  idReached,
  later,
} from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const SAVE_LOOP = new URL('./save-loop.ts', import.meta.url).pathname;

describeOnBoth('records', ({ open, url }) => {
  async function aStore() {
    const store = createStore(await open(), keys);
    return { store, id: await connected(store) };
  }

  test('every kind of record comes back as it was saved', async () => {
    const { store, id } = await aStore();
    const account = anAccount({
      accountType: 'Customer',
      source: 'Web',
      ours: { value_tier: 'Top', churn_risk: 5 },
    });
    const contact = aContact({ accountId: '100', name: 'Zoë 😀' });
    const deal = aDeal({ amount: '-12.50', wonSeenOn: '2026-03-01', wonAtFirstSync: true, ownerId: null });
    const task = aTask({ cvRef: 'cv-1', closedAt: AT, dueDay: '2026-03-02' });
    const call = aTask({
      module: 'Calls',
      callType: 'Inbound',
      startAt: AT,
      endAt: later(1),
      durationSeconds: 61,
    });
    const one = aCase({ accountId: '100', priority: 'High' });
    const lead = {
      ...{ id: '600', createdAt: AT, modifiedAt: later(1), ownerId: null, ours: {} },
      ...{ name: 'Lee', source: null, status: 'New', rating: null, converted: true, convertedAt: AT },
      ...{ convertedAccountId: '100', convertedContactId: null, convertedDealId: '300' },
      company: null,
      domain: null,
    };
    const product = {
      ...{ id: '700', createdAt: AT, modifiedAt: AT, ownerId: null, ours: {} },
      ...{
        name: 'Chair',
        code: 'C1',
        category: null,
        active: false,
        cost: '1.25',
        currency: null,
        exchangeRate: null,
      },
    };

    await store.records.save(id, 'Accounts', [hashed(account)], null);
    await store.records.save(id, 'Contacts', [hashed(contact)], null);
    await store.records.save(id, 'Deals', [hashed(deal)], null);
    await store.records.save(id, 'Tasks', [hashed(task)], null);
    await store.records.save(id, 'Calls', [hashed(call)], null);
    await store.records.save(id, 'Cases', [hashed(one)], null);
    await store.records.save(id, 'Leads', [hashed(lead)], null);
    await store.records.save(id, 'Products', [hashed(product)], null);

    expect(await store.records.get(id, 'Accounts', ['100'])).toEqual([account]);
    expect(await store.records.get(id, 'Contacts', ['200'])).toEqual([contact]);
    expect(await store.records.get(id, 'Deals', ['300'])).toEqual([deal]);
    // A task and a call of one id are two records.
    expect(await store.records.get(id, 'Tasks', ['400'])).toEqual([task]);
    expect(await store.records.get(id, 'Calls', ['400'])).toEqual([call]);
    expect(await store.records.get(id, 'Cases', ['500', '501'])).toEqual([one]);
    expect(await store.records.get(id, 'Leads', ['600'])).toEqual([lead]);
    expect(await store.records.get(id, 'Products', ['700'])).toEqual([product]);
    expect(await store.records.get('another', 'Accounts', ['100'])).toEqual([]);
  });

  test('changed are new rows, rows with another hash and restored ones; nothing else', async () => {
    const { store, id } = await aStore();
    const rows = ['1', '2', '3'].map((one) => hashed(anAccount({ id: one })));

    const first = await store.records.save(id, 'Accounts', rows, null);
    const again = await store.records.save(id, 'Accounts', rows, null);
    const touched = anAccount({ id: '2', modifiedAt: later(5), ours: { value_tier: 'Top' } });
    const ours = await store.records.save(id, 'Accounts', [{ ...rows[1], record: touched } as never], null); // same hash
    const renamed = await store.records.save(
      id,
      'Accounts',
      [hashed(anAccount({ id: '3', name: 'B' }))],
      null,
    );
    await store.records.markDeleted(id, 'Accounts', ['1'], AT);
    const restored = await store.records.save(id, 'Accounts', rows.slice(0, 1), null);

    expect(first.changed).toEqual(['1', '2', '3']);
    expect(again.changed).toEqual([]);
    expect(ours.changed).toEqual([]);
    expect(await store.records.get(id, 'Accounts', ['2'])).toEqual([touched]);
    expect(renamed.changed).toEqual(['3']);
    expect(restored.changed).toEqual(['1']);
    expect(await store.records.count(id, 'Accounts')).toBe(3);
  });

  test('moved are the former accounts and contacts of rows that left them', async () => {
    const { store, id } = await aStore();
    await store.records.save(id, 'Contacts', [hashed(aContact({ accountId: '100' }))], null);
    await store.records.save(id, 'Deals', [hashed(aDeal({ accountId: '100', contactId: '200' }))], null);
    await store.records.save(id, 'Tasks', [hashed(aTask({ whatId: '100', whoId: '200' }))], null);

    const contact = await store.records.save(id, 'Contacts', [hashed(aContact({ accountId: '101' }))], null);
    const deal = await store.records.save(id, 'Deals', [hashed(aDeal({ contactId: '201' }))], null);
    const same = await store.records.save(
      id,
      'Deals',
      [hashed(aDeal({ contactId: '201', name: 'B' }))],
      null,
    );
    const task = await store.records.save(id, 'Tasks', [hashed(aTask({ whatId: '100' }))], null);

    expect(contact.moved).toEqual(['100']);
    expect(deal.moved.sort()).toEqual(['100', '200']);
    expect(same.moved).toEqual([]);
    expect(task.moved).toEqual(['200']);
  });

  test('what the first sight of a won deal said stays; a deal won later is dated then', async () => {
    const { store, id } = await aStore();
    const save = (over: Parameters<typeof aDeal>[0]) =>
      store.records.save(id, 'Deals', [hashed(aDeal(over))], null);
    await save({ id: '1', wonSeenOn: '2026-01-01', wonAtFirstSync: true });
    await save({ id: '2', wonSeenOn: null, wonAtFirstSync: false });

    await save({ id: '1', wonSeenOn: '2026-02-02', wonAtFirstSync: false });
    await save({ id: '2', wonSeenOn: '2026-02-02', wonAtFirstSync: false });
    await save({ id: '2', wonSeenOn: '2026-03-03', wonAtFirstSync: true });

    expect(await store.records.get(id, 'Deals', ['1', '2'])).toMatchObject([
      { id: '1', wonSeenOn: '2026-01-01', wonAtFirstSync: true },
      { id: '2', wonSeenOn: '2026-02-02', wonAtFirstSync: false },
    ]);
  });

  test('a cursor that cannot be stored takes its rows along', async () => {
    const { store, id } = await aStore();
    const broken = aCursor({ columnsHash: null as never }); // what the database refuses

    await expect(store.records.save(id, 'Accounts', [hashed(anAccount())], broken)).rejects.toThrow();

    expect(await store.records.count(id, 'Accounts')).toBe(0);
    expect(await store.cursors.get(id, 'Accounts')).toBeNull();
  });

  test('kill -9 between pages: the stored rows are exactly those the cursor has passed', async () => {
    const address = await url();
    const db = await openDb(address);
    await migrate(db);
    const store = createStore(db, keys);
    const id = await connected(store);
    let lastSeen = 100_000;

    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, [SAVE_LOOP, address, id]);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await sleep(Math.random() * 150);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      // PostgreSQL may still be at work on the statement that the dead process sent last.
      await sleep(100);

      const afterId = Number(idReached(await store.cursors.get(id, 'Accounts')));
      const ids = (await collect(store.records.ids(id, 'Accounts'))).map(Number);

      expect(afterId).toBeGreaterThan(lastSeen);
      expect(ids).toEqual(Array.from({ length: afterId - 100_000 }, (_, i) => 100_001 + i));
      lastSeen = afterId;
    }
    await db.close();
  });

  test('more rows than a transaction holds, with doubles: each stored once, the cursor with the last', async () => {
    const { store, id } = await aStore();
    const rows = Array.from({ length: 2_500 }, (_, i) => hashed(anAccount({ id: String(10_000 + i) })));
    const cursor = aCursor({
      state: 'following',
      modifiedAt: AT,
      deletedSince: AT,
    });

    const told = await store.records.save(id, 'Accounts', [...rows, ...rows.slice(0, 3)], cursor);

    expect(told.changed).toHaveLength(2_500);
    expect(await store.records.count(id, 'Accounts')).toBe(2_500);
    expect(await store.cursors.get(id, 'Accounts')).toEqual(cursor);
    await store.cursors.clear(id, 'Accounts');
    expect(await store.cursors.get(id, 'Accounts')).toBeNull();
  });

  test('a cursor moves also with an empty page', async () => {
    const { store, id } = await aStore();

    await store.records.save(id, 'Accounts', [], aCursorAt('5'));

    expect(idReached(await store.cursors.get(id, 'Accounts'))).toBe('5');
    expect(await store.records.hasAny(id, 'Accounts')).toBe(false);
  });

  test('deleted records are told once, left out of reading and counting, and remembered', async () => {
    const { store, id } = await aStore();
    await store.records.save(id, 'Tasks', [hashed(aTask()), hashed(aTask({ id: '401' }))], null);
    await store.records.save(id, 'Calls', [hashed(aTask({ module: 'Calls' }))], null);

    expect(await store.records.markDeleted(id, 'Tasks', ['400', '999'], AT)).toEqual(['400']);
    expect(await store.records.markDeleted(id, 'Tasks', ['400'], AT)).toEqual([]);

    expect(await store.records.get(id, 'Tasks', ['400', '401'])).toMatchObject([{ id: '401' }]);
    expect(await collect(store.records.ids(id, 'Tasks'))).toEqual(['401']);
    expect(await store.records.count(id, 'Calls')).toBe(1);
    await store.records.markDeleted(id, 'Tasks', ['401'], AT);
    expect(await store.records.count(id, 'Tasks')).toBe(0);
    expect(await store.records.hasAny(id, 'Tasks')).toBe(true);
  });

  test('our fields are merged, an empty value is kept as empty, unknown records are passed over', async () => {
    const { store, id } = await aStore();
    await store.records.save(
      id,
      'Accounts',
      [hashed(anAccount({ ours: { value_tier: 'Good', next_step: 'Call' } }))],
      null,
    );

    await store.records.setOurs(id, 'Accounts', [
      { id: '100', ours: { value_tier: 'Top' } },
      { id: '100', ours: { next_step: null } },
      { id: '999', ours: { value_tier: 'Top' } },
    ]);

    const [account] = await store.records.get(id, 'Accounts', ['100']);
    expect(account?.ours).toEqual({ value_tier: 'Top', next_step: null });
  });

  test('NUL and broken surrogates in a text cost those characters, not the page', async () => {
    const { store, id } = await aStore();

    await store.records.save(
      id,
      'Accounts',
      [hashed(anAccount({ name: 'A\0c\ud800me', source: '\0' }))],
      null,
    );

    expect(await store.records.get(id, 'Accounts', ['100'])).toMatchObject([
      { name: 'Ac\ufffdme', source: '' },
    ]);
  });

  test('reminder tasks tell whose they are, also the deleted ones', async () => {
    const { store, id } = await aStore();
    await store.records.save(id, 'Accounts', [hashed(anAccount())], null);
    await store.records.save(id, 'Contacts', [hashed(aContact())], null);
    const tasks = [
      aTask({ id: '1', cvRef: 'cv-a', whatId: '100', whoId: '200' }),
      aTask({ id: '2', cvRef: 'cv-b', whoId: '200' }),
      aTask({ id: '3', cvRef: 'cv-c', whatId: '999' }),
      aTask({ id: '4' }),
    ];
    await store.records.save(id, 'Tasks', tasks.map(hashed), null);
    await store.records.markDeleted(id, 'Tasks', ['2'], later(9));

    const found = await collect(store.records.withCvRef(id));

    expect(found).toEqual([
      { task: tasks[0], deletedAt: null, module: 'Accounts' },
      { task: tasks[1], deletedAt: later(9), module: 'Contacts' },
      { task: tasks[2], deletedAt: null, module: null },
    ]);
  });

  test('a row is set aside once, leaves when it can be read, and when a whole read does not meet it', async () => {
    const { store, id } = await aStore();
    const row = (recordId: string, reason = 'bad date') => ({ module: 'Deals' as const, recordId, reason });
    const calls = { ...row('2'), module: 'Calls' as const };

    await store.quarantine.add(id, [row('1', 'no id\0'), row('2'), row('3'), calls], later(1));
    await store.quarantine.add(id, [row('3', 'worse')], later(2));

    expect(await store.quarantine.count(id)).toEqual({ Calls: 1, Deals: 3 });
    await store.quarantine.remove(id, 'Deals', ['1', '9']);
    expect(await store.quarantine.ids(id, 'Deals')).toEqual(['2', '3']);
    await store.quarantine.removeUnseen(id, 'Deals', later(2));
    expect(await store.quarantine.ids(id, 'Deals')).toEqual(['3']);
    expect(await store.quarantine.count(id)).toEqual({ Calls: 1, Deals: 1 });
  });

  test('instants of the years 1 and 9999, and text with NUL and half characters, come back', async () => {
    const { store, id } = await aStore();
    const early = anAccount({
      id: '900',
      createdAt: new Date('0001-01-02T00:00:00Z'),
      modifiedAt: new Date('9999-12-30T23:59:59Z'),
      name: 'A\0B\ud800C',
    });

    await store.records.save(id, 'Accounts', [hashed(early)], null);

    expect(await store.records.get(id, 'Accounts', ['900'])).toEqual([{ ...early, name: 'AB\ufffdC' }]);
  });

  test('a kept column of a known record stays, and a new record has it empty', async () => {
    const { store, id } = await aStore();
    const [known, fresh] = [aDeal({ id: '900', amount: '12.5' }), aDeal({ id: '901', amount: null })];
    await store.records.save(id, 'Deals', [hashed(known)], null);

    await store.records.save(
      id,
      'Deals',
      [hashed({ ...known, amount: null, name: 'Renamed', accountId: null }), hashed(fresh)],
      null,
      { kept: ['amount', 'account_id'] },
    );

    const [left, added] = await store.records.get(id, 'Deals', ['900', '901']);
    expect(left).toMatchObject({ name: 'Renamed', amount: '12.5', accountId: known.accountId });
    expect(added).toMatchObject({ amount: null });
  });
});

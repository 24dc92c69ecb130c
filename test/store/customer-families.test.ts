import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { minor } from '../../src/money.ts';
import type { AccountRecord, CustomerRows, DealRecord } from '../../src/records.ts';
import { factsOf } from '../../src/scoring/facts.ts';
import type { CustomerOptions } from '../../src/store/record-stores.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { aContext } from '../unit/scoring/builders.ts';
import { AT, aContact, aDeal, aLead, anAccount, aTask, collect, connected, hashed } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ROLLED: CustomerOptions = { basis: 'both', excludeAccountTypes: [], rollUp: 'parent' };
const APART: CustomerOptions = { ...ROLLED, rollUp: 'none' };
const CONTEXT = aContext();

const ACCOUNTS = Array.from({ length: 12 }, (_, i) => String(1001 + i));
const anyFirm = fc
  .record({
    parents: fc.array(fc.option(fc.constantFrom(...ACCOUNTS, '9001'), { freq: 2 }), {
      minLength: ACCOUNTS.length,
      maxLength: ACCOUNTS.length,
    }),
    deals: fc.array(
      fc.record({ account: fc.constantFrom(...ACCOUNTS), cents: fc.integer({ min: -9_999, max: 99_999 }) }),
      { maxLength: 30 },
    ),
    excluded: fc.subarray(ACCOUNTS, { maxLength: 3 }),
  })
  .map(({ parents, deals, excluded }) => ({
    accounts: ACCOUNTS.map((id, i) =>
      anAccount({
        id,
        parentId: parents[i] ?? null,
        accountType: excluded.includes(id) ? 'Vendor' : 'Customer',
      }),
    ),
    deals: deals.map(({ account, cents }, i) =>
      aDeal({ id: String(3001 + i), accountId: account, amount: (cents / 100).toFixed(2), cost: '1.11' }),
    ),
  }));

async function load(
  store: Store,
  name: string,
  accounts: readonly AccountRecord[],
  deals: readonly DealRecord[],
) {
  const id = await connected(store, { name });
  await store.records.save(id, 'Accounts', accounts.map(hashed), null);
  await store.records.save(id, 'Deals', deals.map(hashed), null);
  return id;
}

function sumsOf(customers: readonly CustomerRows[]) {
  const purchases = customers.flatMap((rows) => factsOf(rows, CONTEXT, '2026-11-24').purchases);
  const sum = (of: (one: (typeof purchases)[number]) => number) =>
    purchases.reduce((total, one) => total + of(one), 0);
  return { count: purchases.length, revenue: sum((one) => one.revenue), cost: sum((one) => one.directCost) };
}

describeOnBoth('families of accounts', ({ open }) => {
  test('rolling up moves money to the top and neither makes nor loses any, whatever is whose parent', async () => {
    const store = createStore(await open(), keys);
    let orgs = 0;

    await fc.assert(
      fc.asyncProperty(anyFirm, fc.boolean(), async ({ accounts, deals }, isExcluding) => {
        orgs += 1;
        const id = await load(store, `firm ${orgs}`, accounts, deals);
        const excludeAccountTypes = isExcluding ? ['Vendor'] : [];

        const apart = await collect(store.customers.inKeyOrder(id, { ...APART, excludeAccountTypes }, 100));
        const rolled = await collect(store.customers.inKeyOrder(id, { ...ROLLED, excludeAccountTypes }, 3));

        expect(sumsOf(rolled)).toEqual(sumsOf(apart));
        const members = rolled.flatMap((one) => [one.key.id, ...one.family.map((member) => member.id)]);
        expect(members.sort()).toEqual(apart.map((one) => one.key.id).sort());
        await store.connections.remove(id);
      }),
      { numRuns: 30 },
    );
  });

  test('the order in which records arrive does not matter', async () => {
    const store = createStore(await open(), keys);
    const accounts = ACCOUNTS.map((id, i) => anAccount({ id, parentId: ACCOUNTS[i - 3] ?? null }));
    const deals = ACCOUNTS.map((id, i) => aDeal({ id: String(3001 + i), accountId: id }));
    const one = await load(store, 'one', accounts, deals);
    const other = await load(store, 'other', accounts.toReversed(), deals.toReversed());

    const [first, second] = await Promise.all(
      [one, other].map((id) => collect(store.customers.inKeyOrder(id, ROLLED, 50))),
    );

    expect(first).toHaveLength(3);
    expect(second).toEqual(first);
  });

  test('a circle goes by its smallest id and says so, and a parent that is not there is no parent', async () => {
    const store = createStore(await open(), keys);
    const parents = { 1001: null, 1002: '1004', 1003: '1002', 1004: '1003', 1005: '1003', 1006: '9001' };
    const accounts = Object.entries(parents).map(([id, parentId]) => anAccount({ id, parentId }));
    const id = await load(store, 'circle', accounts, []);

    const customers = await collect(store.customers.inKeyOrder(id, ROLLED, 50));

    expect(customers.map((one) => [one.key.id, one.family.map((member) => member.id)])).toEqual([
      ['1001', []],
      ['1002', ['1003', '1004', '1005']],
      ['1006', []],
    ]);
    const issues = customers.map((one) => factsOf(one, CONTEXT, '2026-11-24').issues);
    expect(issues).toEqual([[], [{ issue: 'parent_circle', recordId: '1002' }], []]);
  });

  test('contacts, leads, activities and goodwill of a child count at the top; the child is no customer', async () => {
    const db = await open();
    const store = createStore(db, keys);
    const id = await load(
      store,
      'group',
      [anAccount({ id: '1001' }), anAccount({ id: '1002', parentId: '1001', name: 'Daughter' })],
      [],
    );
    await store.records.save(id, 'Contacts', [hashed(aContact({ accountId: '1002' }))], null);
    await store.records.save(
      id,
      'Leads',
      [hashed(aLead({ id: '600', convertedAccountId: '1002' })), hashed(aLead({ id: '601' }))],
      null,
    );
    await store.records.save(
      id,
      'Tasks',
      [hashed(aTask({ id: '400', whatId: '1002' })), hashed(aTask({ id: '401', whoId: '600' }))],
      null,
    );
    await db.kysely
      .insertInto('goodwill')
      .values({ connection_id: id, module: 'Accounts', record_id: '1002', day: '2026-01-01', amount: 500 })
      .execute();
    const everyKey = ['1001', '1002'].map((one) => ({ module: 'Accounts' as const, id: one }));

    const [top, ...others] = await store.customers.byKeys(id, ROLLED, everyKey);

    expect(others).toEqual([]);
    expect(top).toMatchObject({
      key: { module: 'Accounts', id: '1001' },
      contacts: [{ id: '200' }],
      leads: [{ id: '600' }],
      activities: [{ id: '400' }, { id: '401' }],
      goodwill: [{ day: '2026-01-01', amount: minor(500) }],
      family: [{ id: '1002', name: 'Daughter' }],
    });
    const [known] = await store.customers.known(id, [{ module: 'Accounts', id: '1001' }], ROLLED);
    expect(known?.contacts.map((one) => one.id)).toEqual(['200']);
  });

  test('an account that changes its parent names both tops, and one that is deleted those left beneath it', async () => {
    const store = createStore(await open(), keys);
    const id = await load(
      store,
      'moves',
      [
        anAccount({ id: '1001' }),
        anAccount({ id: '1002' }),
        anAccount({ id: '1003', parentId: '1001' }),
        anAccount({ id: '1004', parentId: '1003' }),
      ],
      [aDeal({ accountId: '1004' })],
    );
    const ids = async (module: 'Accounts' | 'Deals', record: string) =>
      (await store.customers.of(id, ROLLED, module, [record])).map((key) => key.id);
    expect(await ids('Deals', '300')).toEqual(['1001']);
    expect(await ids('Accounts', '1003')).toEqual(['1001']);

    const moved = hashed(anAccount({ id: '1003', parentId: '1002' }));
    const { moved: left } = await store.records.save(id, 'Accounts', [moved], null);

    expect(left).toEqual(['1001']);
    expect(await ids('Accounts', '1003')).toEqual(['1002']);
    expect(await ids('Deals', '300')).toEqual(['1002']);
    await store.records.markDeleted(id, 'Accounts', ['1003'], AT);
    expect(await ids('Accounts', '1003')).toEqual(['1004']);
    expect(await ids('Deals', '300')).toEqual(['1004']);
  });

  test('a chain of 1,500 accounts and a family of 2,500 are one customer each', async () => {
    const store = createStore(await open(), keys);
    const chain = Array.from({ length: 1_500 }, (_, i) =>
      anAccount({ id: String(10_000 + i), parentId: i === 0 ? null : String(9_999 + i) }),
    );
    const wide = Array.from({ length: 2_500 }, (_, i) =>
      anAccount({ id: String(20_000 + i), parentId: i === 1_700 ? null : '21700' }),
    );
    const deals = [...chain, ...wide].map(({ id }) => aDeal({ id: `3${id}`, accountId: id }));
    const id = await load(store, 'deep', [...chain, ...wide], deals);

    const customers = await collect(store.customers.inKeyOrder(id, ROLLED, 500));

    expect(customers.map((one) => [one.key.id, one.family.length, one.deals.length])).toEqual([
      ['10000', 1_499, 1_500],
      ['21700', 2_499, 2_500],
    ]);
    const [key] = await store.customers.of(id, ROLLED, 'Deals', ['311499']);
    expect(key).toEqual({ module: 'Accounts', id: '10000' });
  });
});

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { minor } from '../../src/money.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import type { CustomerFilter, CustomerOrder, ListPlace } from '../../src/store/view-stores.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aScore, aState, connected, money } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('the list of customers', ({ open }) => {
  async function aBase() {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const scores = [
      aScore({
        id: '1',
        name: 'Bäckerei Łódź',
        tier: 'top',
        gold: true,
        window12: money(500, 900),
        lastContact: '2026-02-01',
        contactGapDays: 28,
        referralProfit: minor(70),
        expectedProfitRange: { low: minor(-5), high: minor(80) },
      }),
      aScore({
        id: '2',
        name: 'acme',
        tier: 'good',
        window12: money(500, 700),
        ownerId: '7',
        contactStatus: 'overdue',
      }),
      aScore({
        id: '3',
        name: 'Zenith',
        tier: 'none',
        phase: 'prospect',
        window12: money(0),
        lastContact: '2026-01-01',
      }),
      aScore({
        id: '4',
        name: 'Acme South',
        tier: 'loss_making',
        window12: money(-20, 5),
        expectedProfit12: minor(3),
      }),
      aScore({
        id: '5',
        name: 'Ann',
        module: 'Contacts',
        tier: 'good',
        window12: money(100, 100),
        subPhase: 'win_back',
        phase: 'lost',
      }),
    ];
    await store.scores.save(
      connection,
      scores.map((score) => ({ score, state: aState() })),
      { inPacks: true },
    );
    // Another org has the same ids: none of them may come up.
    const other = await connected(store, { name: 'other' });
    await store.scores.save(other, [{ score: aScore({ id: '2', name: 'acme' }), state: aState() }]);
    return { store, connection };
  }
  async function walk(
    store: Store,
    connection: string,
    input: { filter?: CustomerFilter; order?: CustomerOrder; descending?: boolean; limit?: number },
  ) {
    const ids: string[] = [];
    let after: ListPlace | null = null;
    do {
      const page = await store.customerList.page(connection, {
        filter: {},
        order: 'value',
        descending: true,
        limit: 2,
        ...input,
        after,
      });
      ids.push(...page.items.map(({ key }) => key.id));
      after = page.next;
    } while (after !== null);
    return ids.join('');
  }

  test('is walked page by page in either direction, equals by id, those without a value last', async () => {
    const { store, connection } = await aBase();

    expect(await walk(store, connection, {})).toBe('21534');
    expect(await walk(store, connection, { descending: false, limit: 1 })).toBe('43512');
    expect(await walk(store, connection, { order: 'name', descending: false })).toBe('24513');
    expect(await walk(store, connection, { order: 'last_contact' })).toBe('13542');
    expect(await walk(store, connection, { order: 'last_contact', descending: false })).toBe('31245');
    expect(await walk(store, connection, { order: 'expected', limit: 3 })).toBe('45321');
  });

  test('is searched without regard to case and accents, and filtered', async () => {
    const { store, connection } = await aBase();
    const found = (filter: CustomerFilter) => walk(store, connection, { filter });

    expect(await found({ search: 'ACME' })).toBe('24');
    expect(await found({ search: ' backerei lodz ' })).toBe('1');
    expect(await found({ search: '5' })).toBe('5');
    expect(await found({ search: '%' })).toBe('');
    expect(await found({ tiers: ['good', 'top'] })).toBe('215');
    expect(await found({ tiers: ['good'], phases: ['lost'], subPhases: ['win_back'] })).toBe('5');
    expect(await found({ gold: true })).toBe('1');
    expect(await found({ owners: ['7'], contactStatuses: ['overdue'] })).toBe('2');
    // A contact on the very day is none before it; whoever was never met is quiet as well.
    expect(await found({ quietSince: '2026-02-01' })).toBe('2534');
    expect(await found({ quietSince: '2026-01-01', tiers: ['none', 'good'] })).toBe('25');
    expect(await store.customerList.count(connection, { quietSince: '2026-01-01' })).toBe(3);
    expect(await store.customerList.ofOwners(connection)).toEqual(new Map([['7', 1]]));
    expect(await store.customerList.count(connection, { search: 'acme' })).toBe(2);
    expect(await store.customerList.count(connection, {})).toBe(5);
  });

  test('shows what a customer was scored as last', async () => {
    const { store, connection } = await aBase();
    await store.scores.save(connection, [
      {
        score: aScore({ id: '2', name: 'Acme North', tier: 'top', window12: money(900, 901) }),
        state: aState(),
      },
    ]);

    const { items } = await store.customerList.page(connection, {
      filter: { search: 'acme north' },
      order: 'value',
      descending: true,
      after: null,
      limit: 5,
    });

    expect(items).toEqual([
      expect.objectContaining({
        key: { module: 'Accounts', id: '2' },
        tier: 'top',
        profit12: 900,
        revenue12: 901,
        ownerId: null,
      }),
    ]);
  });

  test('shows gap, profit of referrals and the range of what is expected', async () => {
    const { store, connection } = await aBase();

    const { items } = await store.customerList.page(connection, {
      ...{ filter: { gold: true }, order: 'value', descending: true, after: null, limit: 5 },
    });

    expect(items).toMatchObject([
      { contactGapDays: 28, referralProfit: 70, expectedLow: -5, expectedHigh: 80 },
    ]);
  });

  test('is summed up for the day of a full scoring, with its curve', async () => {
    const { store, connection } = await aBase();
    await store.baseValues.keep(connection, '2026-02-01', AT);
    await store.scores.save(connection, [
      { score: aScore({ id: '4', tier: 'good', window12: money(80) }), state: aState() },
    ]);
    await store.baseValues.keep(connection, '2026-03-01', AT);
    await store.baseValues.keep(connection, '2026-03-01', AT);

    const latest = await store.baseValues.latest(connection);
    const before = await store.baseValues.before(connection, '2026-02-28');

    expect(latest?.asOf).toBe('2026-03-01');
    expect(latest?.groups.reduce((sum, group) => sum + group.profit12, 0)).toBe(1_180);
    expect(latest?.groups.find((group) => group.winBack)).toEqual({
      ...{
        tier: 'good',
        phase: 'lost',
        gold: false,
        winBack: true,
        customers: 1,
        profit12: 100,
        revenue12: 100,
      },
      ...{ months: 25, withMonths: 1 },
    });
    expect(latest?.curve.map(({ profit12 }) => profit12)).toEqual([500, 1_000, 1_100, 1_180]);
    expect(before?.curve.at(-1)).toEqual({ customers: 4, profit12: 1_080 });
    expect((await store.baseValues.since(connection, '2026-02-15')).map(({ asOf }) => asOf)).toEqual([
      '2026-03-01',
    ]);
  });
});

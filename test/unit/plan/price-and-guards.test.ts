import { describe, expect, test } from 'vitest';
import { type GuardInput, holdReasonOf } from '../../../src/plan/guards.ts';
import { instalmentsOf } from '../../../src/plan/instalments.ts';
import { CLEARS_NOTHING, planPrice, type RowGroups, rowGroup } from '../../../src/plan/price.ts';
import { DEFAULT_PRICES } from '../../../src/zoho/prices.ts';
import { RULES } from './builders.ts';

const NO_TASKS = { create: 0, update: 0, close: 0 };
const prices = DEFAULT_PRICES;
const rows = (count: number, group = CLEARS_NOTHING) => ({ [group]: count });
const priceOf = (accounts: RowGroups, mayBulk = false) =>
  planPrice({ rows: { Accounts: accounts }, tasks: NO_TASKS, prices, mayBulk });

describe('the price of a plan', () => {
  test('nothing to write costs nothing', () => {
    expect(priceOf(rows(0))).toEqual({ method: 'records', calls: 0, credits: 0, modules: {} });
  });

  test.each([
    [1, 1, 1],
    [10, 1, 1],
    [11, 1, 2],
    [100, 1, 10],
    [101, 2, 11],
    [793, 8, 80],
  ])('%i records take %i calls and %i credits', (records, calls, credits) => {
    expect(priceOf(rows(records))).toMatchObject({ calls, credits });
  });

  test('each module and each kind of task write is its own calls; a change and a close are read before', () => {
    const price = planPrice({
      rows: { Accounts: rows(5), Contacts: rows(5), Deals: rows(5) },
      tasks: { create: 5, update: 5, close: 51 },
      prices,
      mayBulk: false,
    });

    // 3 module calls + create + update + close + 1 and 2 reads of at most 50; credits 3 + 1 + 1 + 6 + 1 + 2.
    expect(price).toMatchObject({ calls: 9, credits: 14 });
  });
});

describe('the price of bulk writes', () => {
  // A file costs an upload, a job, a look and a download: 503 credits.
  test.each([
    [5_030, 'records', 51, 503],
    [5_031, 'bulk', 4, 503],
    [25_000, 'bulk', 4, 503],
    [30_030, 'bulk', 4 + 51, 503 + 503],
    [30_031, 'bulk', 8, 1_006],
    [100_000, 'bulk', 16, 2_012],
  ] as const)('%i records go by %s in %i calls for %i credits', (records, method, calls, credits) => {
    expect(priceOf(rows(records), true)).toMatchObject({ method, calls, credits });
  });

  test('the admin decides: not allowed, every record goes through the record API', () => {
    expect(priceOf(rows(100_000), false)).toMatchObject({ method: 'records', calls: 1_000, credits: 10_000 });
  });

  test('the method is chosen by module', () => {
    const price = planPrice({
      rows: { Accounts: rows(25_000), Deals: rows(100) },
      tasks: NO_TASKS,
      prices,
      mayBulk: true,
    });

    expect(price).toMatchObject({
      method: 'bulk',
      credits: 513,
      modules: {
        Accounts: { method: 'bulk', records: 25_000, calls: 4, credits: 503 },
        Deals: { method: 'records', records: 100, calls: 1, credits: 10 },
      },
    });
  });

  test('rows that clear fields share no file with others, and share calls where files are dearer', () => {
    const clearing = rowGroup([
      { key: 'next_step', value: null },
      { key: 'last_contact', value: '2026-01-01' },
    ]);

    expect(clearing).toBe('last_contact,next_step');
    expect(rowGroup([{ key: 'next_step', value: 'Call' }])).toBe(CLEARS_NOTHING);
    expect(priceOf({ ...rows(25_000), ...rows(60, clearing) }, true)).toMatchObject({
      calls: 5,
      credits: 509,
    });
    expect(priceOf({ ...rows(25_000), ...rows(25_000, clearing) }, true)).toMatchObject({
      calls: 8,
      credits: 1_006,
    });
  });
});

describe('instalments', () => {
  test('a plan that fits today has none', () => {
    expect(instalmentsOf(1_000, { left: 1_000, ceiling: 15_000 }, '2026-03-01')).toBeNull();
  });

  test('a plan above what is left today leaves a reserve each day and ends on the named day', () => {
    // 5 % of 10,000 stay for the syncs: 3,500 today, then 9,500 a day.
    expect(instalmentsOf(30_000, { left: 4_000, ceiling: 10_000 }, '2026-02-27')).toEqual({
      today: 3_500,
      perDay: 9_500,
      days: 4,
      lastDay: '2026-03-02',
    });
  });

  test('with nothing left today the first credits are those of tomorrow', () => {
    expect(instalmentsOf(100, { left: 0, ceiling: 1_000 }, '2026-03-01')).toMatchObject({
      today: 0,
      days: 2,
      lastDay: '2026-03-02',
    });
  });
});

const moved = (customers: number, leaps: readonly number[] = []): GuardInput['effects'] => ({
  tierMoves: new Map(customers > 0 ? [['Top → Good', customers]] : []),
  firstTiers: new Map(),
  leaps: [...leaps],
});

describe('the guards', () => {
  const calm: GuardInput = {
    effects: moved(0),
    customers: 100,
    appliedPlans: 3,
    newTasks: 0,
    isPartialSync: false,
    isUndone: false,
    credits: 10,
    allowance: { left: 1000, ceiling: 1000 },
    approvedCredits: null,
    today: '2026-03-01',
    rules: RULES,
  };
  const held = (change: Partial<GuardInput>) => holdReasonOf({ ...calm, ...change })?.reason ?? null;

  test('an ordinary plan is not held', () => {
    expect(holdReasonOf(calm)).toBeNull();
  });

  test('more than 10 % of customers changing tier hold it; exactly 10 % do not', () => {
    expect(held({ effects: moved(10) })).toBeNull();
    expect(held({ effects: moved(11) })).toBe('tier_changes');
  });

  test('tier changes count from the second applied plan on and from 20 customers on', () => {
    expect(held({ effects: moved(90), appliedPlans: 0 })).toBeNull();
    expect(held({ effects: moved(90), appliedPlans: 1 })).toBe('tier_changes');
    expect(held({ effects: moved(19), customers: 19 })).toBeNull();
    expect(held({ effects: moved(3), customers: 20 })).toBe('tier_changes');
  });

  test('a quarter of the customers may see their profit leap, no more: a wrong margin moves no rank', () => {
    const leaps = (count: number) => ({ effects: moved(0, Array<number>(count).fill(0.1)) });

    expect(held(leaps(25))).toBeNull();
    expect(holdReasonOf({ ...calm, ...leaps(26) })).toMatchObject({
      reason: 'profit_leaps',
      params: { leaps: 26, customers: 100, typicalFactor: 0.1 },
    });
    expect(held({ ...leaps(26), appliedPlans: 0 })).toBeNull();
  });

  test('what was undone is held before anything else', () => {
    expect(held({ isUndone: true, isPartialSync: true })).toBe('undone');
  });

  test('more than 200 new tasks, a partial sync or a price above the ceiling of a day hold it', () => {
    expect(held({ newTasks: 200 })).toBeNull();
    expect(held({ newTasks: 201 })).toBe('new_tasks');
    expect(held({ isPartialSync: true })).toBe('partial_sync');
    expect(held({ credits: 1000 })).toBeNull();
    expect(held({ credits: 1001 })).toBe('credits');
  });

  test('a price above what is left today is no reason to ask: the rest is written tomorrow', () => {
    expect(held({ credits: 900, allowance: { left: 100, ceiling: 1000 } })).toBeNull();
  });

  test('a price that was approved is not asked about again while it does not rise', () => {
    expect(held({ credits: 5000, approvedCredits: 5000 })).toBeNull();
    expect(held({ credits: 5001, approvedCredits: 5000 })).toBe('credits');
  });

  test('half-read data comes before everything that follows from it', () => {
    expect(held({ isPartialSync: true, effects: moved(90), newTasks: 500, credits: 9999 })).toBe(
      'partial_sync',
    );
  });
});

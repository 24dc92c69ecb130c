import { describe, expect, test } from 'vitest';
import { type GuardInput, holdReasonOf } from '../../../src/plan/guards.ts';
import { planPrice } from '../../../src/plan/price.ts';
import { RULES } from './builders.ts';

const NO_TASKS = { create: 0, update: 0, close: 0 };
const recordsPerCredit = 10;

describe('the price of a plan', () => {
  test('nothing to write costs nothing', () => {
    expect(planPrice({ records: { Accounts: 0 }, tasks: NO_TASKS, recordsPerCredit })).toEqual({
      method: 'records',
      calls: 0,
      credits: 0,
    });
  });

  test.each([
    [1, 1, 1],
    [10, 1, 1],
    [11, 1, 2],
    [100, 1, 10],
    [101, 2, 11],
    [793, 8, 80],
  ])('%i records take %i calls and %i credits', (records, calls, credits) => {
    expect(planPrice({ records: { Accounts: records }, tasks: NO_TASKS, recordsPerCredit })).toMatchObject({
      calls,
      credits,
    });
  });

  test('each module and each kind of task write is its own calls; a change and a close are read before', () => {
    const price = planPrice({
      records: { Accounts: 5, Contacts: 5, Deals: 5 },
      tasks: { create: 5, update: 5, close: 51 },
      recordsPerCredit,
    });

    // 3 module calls + create + update + close + 1 and 2 reads of at most 50; credits 3 + 1 + 1 + 6 + 1 + 2.
    expect(price).toMatchObject({ calls: 9, credits: 14 });
  });
});

const moved = (customers: number, leaps: readonly number[] = []): GuardInput['effects'] => ({
  tierMoves: new Map(customers > 0 ? [['Top → Good', customers]] : []),
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
    creditsLeft: 1000,
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

  test('more than 200 new tasks, a partial sync or a price above the allowance hold it', () => {
    expect(held({ newTasks: 200 })).toBeNull();
    expect(held({ newTasks: 201 })).toBe('new_tasks');
    expect(held({ isPartialSync: true })).toBe('partial_sync');
    expect(held({ credits: 1000 })).toBeNull();
    expect(held({ credits: 1001 })).toBe('credits');
  });

  test('half-read data comes before everything that follows from it', () => {
    expect(held({ isPartialSync: true, effects: moved(90), newTasks: 500, credits: 9999 })).toBe(
      'partial_sync',
    );
  });
});

import { describe, expect, test } from 'vitest';
import type { Day } from '../../../src/domain.ts';
import { periodRows } from '../../../src/scoring/periods.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ledgerOf, yearUpTo } from '../../../src/scoring/sums.ts';
import { aBaseline, euros, type PurchaseRow, RULES, rulesWith, someFacts } from './builders.ts';

/** Which window a booking belongs to, to the day: each amount is a power of ten, so every sum tells its parts. */

const ASOF: Day = '2026-03-31';
const BOUGHT: readonly PurchaseRow[] = [
  ['2024-03-31', 1, 0],
  ['2024-04-01', 10, 0],
  ['2024-12-31', 100, 0],
  ['2025-01-01', 1_000, 0],
  ['2025-03-31', 10_000, 0],
  ['2025-04-01', 100_000, 0],
  ['2025-12-31', 1_000_000, 0],
  ['2026-01-01', 10_000_000, 0],
  ['2026-03-31', 100_000_000, 0],
  ['2026-04-01', 1_000_000_000, 0],
];
const facts = someFacts({ bought: BOUGHT });
const revenueTold = (code: string) => {
  const { reasons } = scoreCustomer(facts, null, aBaseline({ asOf: ASOF }), RULES, ASOF).score;
  return reasons.find((reason) => reason.code === code)?.params;
};

describe('yearly figures', () => {
  test('the trailing 12 months begin the day after the same day a year ago, and end with the day itself', () => {
    expect(ledgerOf(facts, RULES, yearUpTo(ASOF)).revenue).toBe(euros(111_100_000));
    expect(revenueTold('money.window')).toMatchObject({
      from: '2025-04-01',
      to: ASOF,
      revenue: euros(111_100_000),
    });
  });

  test.each([
    ['the same 12 months a year before', 'money.year_before', 11_110, undefined],
    ['the last full calendar year', 'money.last_year', 1_111_000, '2025'],
    ['the year to date', 'money.year_to_date', 110_000_000, '2026'],
  ])('%s', (_name, code, revenue, year) => {
    const told = revenueTold(code);

    expect(told).toMatchObject({ revenue: euros(revenue), profit: euros(revenue) });
    expect(told?.year).toBe(year);
  });

  test('all years end with the day itself', () => {
    const { total } = scoreCustomer(facts, null, aBaseline({ asOf: ASOF }), RULES, ASOF).score;

    expect(total.revenue).toBe(euros(111_111_111));
  });

  test('a year up to 29 February begins after 28 February', () => {
    expect(yearUpTo('2024-02-29')).toEqual({ after: '2023-02-28', upTo: '2024-02-29' });
  });
});

describe('periods', () => {
  test('a month and a year hold what was booked in them, and what is booked after the day is not there', () => {
    const months = periodRows(facts, RULES, ASOF, 'month').map((row) => [row.period, row.revenue]);
    const years = periodRows(facts, RULES, ASOF, 'year').map((row) => [row.period, row.revenue]);

    expect(months).toEqual([
      ['2024-03', euros(1)],
      ['2024-04', euros(10)],
      ['2024-12', euros(100)],
      ['2025-01', euros(1_000)],
      ['2025-03', euros(10_000)],
      ['2025-04', euros(100_000)],
      ['2025-12', euros(1_000_000)],
      ['2026-01', euros(10_000_000)],
      ['2026-03', euros(100_000_000)],
    ]);
    expect(years).toEqual([
      ['2024', euros(111)],
      ['2025', euros(1_111_000)],
      ['2026', euros(110_000_000)],
    ]);
  });

  test('a refund is booked when it is given, not when the order was', () => {
    const given = someFacts({
      bought: [
        ['2025-12-30', 500, 300],
        ['2026-01-02', -500, -300],
      ],
    });
    const rules = rulesWith({ unitCosts: { perOrder: 4, perReturn: 25 } });

    expect(periodRows(given, rules, ASOF, 'year')).toMatchObject([
      { period: '2025', revenue: 50_000, directCost: 30_000, costToServe: 400, profit: 19_600 },
      { period: '2026', revenue: -50_000, directCost: -30_000, costToServe: 2500, profit: -22_500 },
    ]);
  });

  test('a period in which nothing but a cost arose is told, one in which nothing did is not', () => {
    const costs = [{ day: '2026-02-10', kind: 'freight' as const, amount: euros(9), seconds: 0 }];
    const quiet = someFacts({ bought: [['2025-12-30', 500, 300]], costs });

    expect(periodRows(quiet, RULES, ASOF, 'month').map(({ period, profit }) => [period, profit])).toEqual([
      ['2025-12', 20_000],
      ['2026-02', -900],
    ]);
  });

  test('what it cost to win a customer stands in no period, unless it is meant to', () => {
    const costs = [{ day: '2026-02-10', kind: 'acquisition' as const, amount: euros(90), seconds: 0 }];
    const won = someFacts({ bought: [['2026-02-10', 500, 300]], costs });
    const profitWith = (includeAcquisition: boolean) =>
      periodRows(won, rulesWith({ money: { includeAcquisition } }), ASOF, 'year').map(({ profit }) => profit);

    expect(profitWith(false)).toEqual([20_000]);
    expect(profitWith(true)).toEqual([11_000]);
  });
});

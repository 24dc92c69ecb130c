import { expect, test } from 'vitest';
import type { Day, Phase } from '../../../src/domain.ts';
import type { Score } from '../../../src/scores.ts';
import { BaseTally, CohortTally, splitChange } from '../../../src/scoring/base.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, euros, RULES, someFacts } from './builders.ts';

const of = (customers: number, mean: number, years: number) => ({ customers, yield: mean, years });

test('a base that grows in number alone owes the whole change to the number', () => {
  const change = splitChange(of(10, 5_000, 2), of(15, 5_000, 2));

  expect(change).toEqual({
    total: euros(500),
    number: euros(500),
    yield: euros(0),
    length: euros(0),
    method: 'lmdi',
  });
});

test('the three effects follow the logarithms of their factors', () => {
  // 100 × 2 × 1 = 200 becomes 200 × 3 × 1 = 600; L = 400 / ln 3.
  const change = splitChange(of(100, 2, 1), of(200, 3, 1));

  const weight = 400 / Math.log(3);
  expect(change.number).toBe(Math.round(weight * Math.log(2)));
  expect(change.yield).toBe(Math.round(weight * Math.log(1.5)));
  expect(change.length).toBe(0);
});

test('a mean loss has no logarithm: the change is split over all orders and still adds up', () => {
  const change = splitChange(of(10, 4_000, 2), of(12, -1_000, 3));

  expect(change.method).toBe('shapley');
  expect(change.number + change.yield + change.length).toBe(change.total);
  expect(change.total).toBe(-36_000 - 80_000);
  expect(change.yield).toBeLessThan(0);
});

test('a base that begins from nothing owes all of it to the number', () => {
  const change = splitChange(of(0, 0, 0), of(3, 2_000, 1.5));

  expect(change).toMatchObject({ total: 9_000, number: 9_000, yield: 0, length: 0 });
});

function aScore(change: Partial<Score>): Score {
  const facts = someFacts({ bought: [['2025-11-25', 100, 60]] });
  return { ...scoreCustomer(facts, null, aBaseline(), RULES, ASOF).score, rank: 1, ...change };
}

test('the base holds who did business, by tier, phase and source', () => {
  const tally = new BaseTally(ASOF);

  tally.add(aScore({ tier: 'top', phase: 'loyal', firstPurchase: '2025-11-24' }), 'Fair');
  tally.add(aScore({ tier: 'good', phase: 'loyal', firstPurchase: '2024-11-24' }), null);
  tally.add(aScore({ tier: 'none', rank: null }), 'Fair');

  const base = tally.base();
  expect(base).toMatchObject({ customers: 2, profit: euros(80), meanProfit: euros(40), meanYears: 1.5 });
  // 2 × 40.00 × (366 + 731) / 2 / 365.25 days
  expect(base.value).toBe(Math.round((8_000 * 1_097) / 2 / 365.25));
  // Of one customer: 40.00 × 366 days.
  expect(base.byTier.top?.value).toBe(Math.round((4_000 * 366) / 365.25));
  expect(Object.keys(base.byTier)).toEqual(['good', 'top']);
  expect(base.byPhase.loyal?.customers).toBe(2);
  expect(base.bySource).toMatchObject({ '': { customers: 1 }, Fair: { customers: 1 } });
});

test('who left counts as kept until then, who is still there for as long as we know', () => {
  const cohorts = new CohortTally();
  const add = (firstPurchase: Day, phase: Phase, phaseSince: Day) =>
    cohorts.add(aScore({ firstPurchase, phase, phaseSince }));

  add('2023-01-10', 'established', '2023-05-01');
  add('2023-01-10', 'established', '2023-05-01');
  add('2023-01-10', 'lost', '2024-07-01');
  // Came late in the year and is watched for less than three years: leaves the third year's estimate to the others.
  add('2023-12-20', 'loyal', '2025-12-20');
  add('2025-03-01', 'lost', '2025-09-01');

  const [first, second] = cohorts.result();
  expect(first).toMatchObject({ year: '2023', customers: 4, lost: 1, kept: [1, 0.75, 0.75] });
  expect(second).toMatchObject({ year: '2025', customers: 1, lost: 1, kept: [] });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minor } from '../../../src/money.ts';
import type { Score } from '../../../src/scores.ts';
import { FutureTierTally, futureTierOf, isFalling } from '../../../src/scoring/future-tier.ts';
import { isLeftTruncated } from '../../../src/scoring/left-truncation.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, aFitWithoutDropout, euros, RULES, rulesWith, someFacts } from './builders.ts';

const expected = (units: number) => ({ profit: euros(units), isBusiness: true });

describe('the tier of tomorrow', () => {
  // Top from 81.00, good from 40.50.
  test.each([
    [500, 'top'],
    [81, 'top'],
    [80.99, 'good'],
    [40.5, 'good'],
    [40.49, 'marginal'],
    [0, 'marginal'],
    [-0.01, 'loss_making'],
  ])('an expected profit of %s is %s by the cuts of today', (units, tier) => {
    expect(futureTierOf(expected(units), minor(0), aBaseline())).toBe(tier);
  });

  test('nobody expected to buy is no business, however small a loss would be', () => {
    expect(futureTierOf({ profit: euros(0), isBusiness: false }, minor(0), aBaseline())).toBe('none');
  });

  test('too few customers for a top have none tomorrow either', () => {
    const few = aBaseline({ topAvailable: false, goodCut: null });

    expect(futureTierOf(expected(1000), minor(0), few)).toBe('marginal');
  });

  test('what adds to the ranking today adds tomorrow, but makes no loss good', () => {
    expect(futureTierOf(expected(70), euros(11), aBaseline())).toBe('top');
    expect(futureTierOf(expected(-1), euros(500), aBaseline())).toBe('loss_making');
  });

  test('the profit of today, expected again, has the tier of today', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500_000, max: 500_000 }), (cents) => {
        const facts = someFacts({ bought: [['2026-10-01', 10_000, 10_000 - cents / 100]] });
        const { score } = scoreCustomer(facts, null, aBaseline(), RULES, ASOF);
        const profit = score.window12.profit;
        // A tie at the cut of top goes by revenue: more than one customer has that profit, and not all are top.
        fc.pre(!aBaseline().ranked.some(({ profit12 }) => profit12 === profit));

        expect(futureTierOf({ profit, isBusiness: true }, minor(0), aBaseline())).toBe(score.rawTier);
      }),
    );
  });
});

describe('of a customer', () => {
  const withFit = aBaseline({ fit: aFitWithoutDropout(26), lastPurchaseDay: ASOF });
  const once = (profit: number, change = {}) =>
    scoreCustomer(
      someFacts({ bought: [['2026-10-01', 1000, 1000 - profit]], ...change }),
      null,
      withFit,
      rulesWith({}),
      ASOF,
    ).score;

  test('gold today, marginal tomorrow: stored, told, and counted among those that fall', () => {
    const score = once(95);

    expect(score).toMatchObject({ tier: 'top', gold: true, futureTier: 'marginal' });
    expect(score.reasons).toContainEqual({
      code: 'outlook.tier.falls',
      params: { tier: 'top', future: 'marginal' },
    });
    expect(isFalling(score)).toBe(true);
  });

  test('without a model nothing is foretold, and nobody falls', () => {
    const { score } = scoreCustomer(
      someFacts({ bought: [['2026-10-01', 1000, 905]] }),
      null,
      aBaseline(),
      RULES,
      ASOF,
    );

    expect(score).toMatchObject({ tier: 'top', expectedProfit12: null, futureTier: null });
    expect(score.reasons.some(({ code }) => code.startsWith('outlook.tier'))).toBe(false);
    expect(isFalling(score)).toBe(false);
  });

  test('who is lost by rhythm has no business tomorrow', () => {
    const { score } = scoreCustomer(
      someFacts({ bought: [['2023-01-01', 1000, 905]] }),
      null,
      withFit,
      RULES,
      ASOF,
    );

    expect(score).toMatchObject({ phase: 'lost', expectedProfit12: 0, futureTier: 'none' });
  });

  test('an expected profit shows what it is made of', () => {
    const score = once(95);
    const { orders, value, margin, serve } =
      score.reasons.find(({ code }) => code === 'outlook.profit')?.params ?? {};

    // Rounded to what is shown: 2 decimals of orders, 1 of the margin.
    const product = (Number(orders) * Number(value) * Number(margin)) / 100 - Number(serve ?? 0);
    expect(Math.abs(product / Number(score.expectedProfit12) - 1)).toBeLessThan(0.02);
  });
});

describe('the list of those that fall', () => {
  const falls = (name: string, profit: number, change: Partial<Score>): Score => ({
    ...scoreCustomer(
      someFacts({ name, bought: [['2026-10-01', 1000, 1000 - profit]] }),
      null,
      aBaseline(),
      RULES,
      ASOF,
    ).score,
    futureTier: 'marginal',
    expectedProfit12: euros(1),
    ...change,
  });

  test('names gold ones first, then those that lose most; good is worth keeping too, marginal is not', () => {
    const tally = new FutureTierTally();

    for (const score of [
      falls('good', 50, {}),
      falls('marginal', 20, { futureTier: 'loss_making' }),
      falls('top', 85, {}),
      falls('gold', 95, {}),
      falls('steady', 94, { futureTier: 'top' }),
      falls('unknown', 93, { futureTier: null, expectedProfit12: null }),
    ]) {
      tally.add(score);
    }

    const { tiers, gold, falling, goldFalling, first } = tally.result();
    expect(gold).toEqual({ top: 1, good: 0, marginal: 1, loss_making: 0, none: 0 });
    expect(tiers).toEqual({ top: 1, good: 0, marginal: 3, loss_making: 1, none: 0 });
    expect({ falling, goldFalling }).toEqual({ falling: 3, goldFalling: 1 });
    expect(first.map(({ name }) => name)).toEqual(['gold', 'top', 'good']);
  });

  test('is the same whatever the order of customers, and no longer than twenty', () => {
    const scores = Array.from({ length: 500 }, (_, index) => falls(`c${index}`, 41 + (index % 59), {}));
    const of = (list: readonly Score[]) => {
      const tally = new FutureTierTally();
      for (const score of list) tally.add(score);
      return tally.result();
    };

    expect(of(scores).first).toHaveLength(20);
    expect(of(scores.toReversed())).toEqual(of(scores));
  });
});

describe('where the data begin', () => {
  // Median gap of all: 60 days; first purchase of anybody: 1 January 2022.
  test.each([
    ['2022-01-01', true],
    ['2022-03-02', true],
    ['2022-03-03', false],
    [null, false],
  ])('a first purchase on %s may not have been the first: %s', (first, isFlagged) => {
    expect(isLeftTruncated(first, aBaseline())).toBe(isFlagged);
  });

  test('the customer says so, and not where no gap is known', () => {
    const facts = someFacts({ bought: [['2022-02-01', 100, 50]] });
    const told = (medianGapDays: number | null) =>
      scoreCustomer(facts, null, aBaseline({ medianGapDays }), RULES, ASOF).score;

    expect(told(60).isLeftTruncated).toBe(true);
    expect(told(60).reasons).toContainEqual({
      code: 'relationship.truncated',
      params: { from: '2022-01-01' },
    });
    expect(told(null).isLeftTruncated).toBe(false);
  });
});

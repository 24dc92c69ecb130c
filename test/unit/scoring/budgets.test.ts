import { describe, expect, test } from 'vitest';
import { effortBudgetOf } from '../../../src/scoring/effort-budget.ts';
import { goodwillOf } from '../../../src/scoring/goodwill.ts';
import { ASOF, euros, rulesWith, someFacts } from './builders.ts';

describe('goodwill', () => {
  const rules = rulesWith({ goodwillPercent: { gold: 2, top: 1, good: 0.5 } });
  const given = someFacts({ goodwill: [{ day: '2026-05-01', amount: euros(4) }] });
  const budget = (
    profit: number,
    tier: Parameters<typeof goodwillOf>[1]['shown']['tier'],
    gold = false,
    facts = someFacts(),
  ) =>
    goodwillOf(facts, {
      shown: { tier, gold },
      profit12: euros(profit),
      isPriceOnly: false,
      rules,
      asOf: ASOF,
    });

  test.each([
    ['gold, whatever the tier', 'good', true, 20],
    ['top', 'top', false, 10],
    ['good', 'good', false, 5],
    ['marginal', 'marginal', false, 0],
    ['loss-making', 'loss_making', false, 0],
  ] as const)('the share is that of %s', (_, tier, gold, units) => {
    expect(budget(1000, tier, gold).goodwill.left).toBe(euros(units));
  });

  test('is told with its share, what was given, and what is left', () => {
    expect(budget(1000, 'top', false, given)).toEqual({
      goodwill: { granted: 1000, used: 400, left: 600 },
      reasons: [
        {
          code: 'goodwill.share',
          params: { percent: 1, profit: 100_000, share: 1000, used: 400, budget: 600 },
        },
      ],
    });
  });

  test('given beyond the share leaves nothing, never a debt', () => {
    expect(budget(300, 'top', false, given)).toMatchObject({
      goodwill: { granted: 300, used: 400, left: 0 },
      reasons: [
        { params: { share: 300, used: 400, budget: 0 } },
        { code: 'goodwill.over', params: { share: 300, used: 400 } },
      ],
    });
  });

  test.each([
    ['no profit', 0, 'top'],
    ['a loss', -1, 'top'],
    ['a tier without a share', 1000, 'marginal'],
  ] as const)('there is none with %s, and the answer says what was given all the same', (_, profit, tier) => {
    expect(budget(profit, tier, false, given)).toEqual({
      goodwill: { granted: 0, used: 400, left: 0 },
      reasons: [
        { code: 'goodwill.none', params: { tier, used: 400 } },
        { code: 'goodwill.over', params: { share: 0, used: 400 } },
      ],
    });
  });
});

describe('effort budget', () => {
  /** 10.00 an hour; 5 % of the profit may go into it. */
  const rules = rulesWith({ unitCosts: { perHour: 10 } });
  const judged = (profit: number, hours: number) =>
    effortBudgetOf(
      someFacts({ efforts: [{ day: '2026-05-01', seconds: hours * 3600 }] }),
      euros(profit),
      rules,
      ASOF,
    );

  test('as many hours as the profit pays for are within it, a tenth more is over', () => {
    // 5 % of 4,800.00 buys 24 hours a year, two a month.
    expect(judged(4800, 24)).toEqual({
      effort: { budgetHours: 2, spentHours: 2, leftHours: 0 },
      reasons: [{ code: 'effort.within', params: { spent: 2, budget: 2, left: 0, percent: 5 } }],
    });
    expect(judged(4800, 25.2).reasons).toMatchObject([{ code: 'effort.over', params: { spent: 2.1 } }]);
    expect(judged(4800, 12).reasons).toMatchObject([
      { code: 'effort.within', params: { spent: 1, left: 1 } },
    ]);
  });

  test('without profit and without time there is nothing to tell', () => {
    expect(judged(0, 0)).toEqual({ effort: { budgetHours: 0, spentHours: 0, leftHours: 0 }, reasons: [] });
  });

  test('hours that came with imported costs count too, and an hour without a price has no budget', () => {
    const costs = [{ day: '2026-05-01', kind: 'service', amount: null, seconds: 43_200 }] as const;

    expect(effortBudgetOf(someFacts({ costs }), euros(0), rules, ASOF).effort).toEqual({
      budgetHours: 0,
      spentHours: 1,
      leftHours: 0,
    });
    expect(effortBudgetOf(someFacts({ costs }), euros(1), rulesWith({}), ASOF)).toEqual({
      effort: null,
      reasons: [],
    });
  });
});

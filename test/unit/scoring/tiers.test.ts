import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { Day } from '../../../src/domain.ts';
import type { ScoringRules } from '../../../src/rules.ts';
import type { Baseline, ScoreState } from '../../../src/scores.ts';
import { BaselineBuilder, compareEntries, rankOf } from '../../../src/scoring/baseline.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { lastMonthEnd } from '../../../src/scoring/tiers.ts';
import { ASOF, aBaseline, euros, RULES, rulesWith, someFacts } from './builders.ts';

/** One purchase in the window, at a cost that leaves this profit. */
const withProfit = (profit: number) => someFacts({ bought: [['2026-10-01', 1000, 1000 - profit]] });
const score = (profit: number, baseline: Baseline = aBaseline(), rules: ScoringRules = RULES) =>
  scoreCustomer(withProfit(profit), null, baseline, rules, ASOF).score;
const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code);

describe('a first score is shown as computed', () => {
  test.each([
    [100.01, 'top', true, 1],
    [91, 'top', true, 10],
    [90.5, 'top', false, 11],
    [81.01, 'top', false, 20],
    [80.99, 'good', false, 21],
    [40.5, 'good', false, 61],
    [40.49, 'marginal', false, 61],
    [0, 'marginal', false, 101],
    [-0.01, 'loss_making', false, 101],
  ])('a profit of %s is %s', (profit, tier, gold, rank) => {
    expect(score(profit)).toMatchObject({ tier, rawTier: tier, gold, rank });
  });

  test('however large the revenue, a loss comes before all else', () => {
    const facts = someFacts({ bought: [['2026-10-01', 900_000, 900_001]] });
    expect(scoreCustomer(facts, null, aBaseline(), RULES, ASOF).score.tier).toBe('loss_making');
  });

  test('a set limit for good takes the place of the median', () => {
    const builder = new BaselineBuilder(rulesWith({ tiers: { goodMinProfit: euros(30) } }), ASOF);
    expect(builder.finish().goodCut).toBe(3000);
  });

  test('who has no booking in the window has no business, whatever came before', () => {
    const facts = someFacts({ bought: [['2025-11-24', 1000, 0]] });
    const { score: scored } = scoreCustomer(facts, null, aBaseline(), RULES, ASOF);
    expect(scored).toMatchObject({ tier: 'none', rank: null, gold: false });
    expect(codes(scored.reasons)).toContain('tier.none.no_business');
  });

  test('a cost without a booking makes an earlier buyer loss-making, and a prospect nothing', () => {
    const rules = rulesWith({ unitCosts: { perServiceCase: 30 } });
    const cases = [{ id: '1', subject: 'Help', openedDay: '2026-10-01', open: false, high: false }];
    const buyer = someFacts({ bought: [['2025-01-01', 1000, 0]], cases });

    expect(scoreCustomer(buyer, null, aBaseline(), rules, ASOF).score.tier).toBe('loss_making');
    expect(scoreCustomer(someFacts({ cases }), null, aBaseline(), rules, ASOF).score.tier).toBe('none');
  });

  test('a refund alone, without any purchase ever, is no business', () => {
    const facts = someFacts({ bought: [['2026-10-01', -50, -30]] });
    expect(scoreCustomer(facts, null, aBaseline(), RULES, ASOF).score.tier).toBe('none');
  });
});

describe('who is compared with whom', () => {
  const finish = (customers: number, first: Day, rules = RULES) => {
    const builder = new BaselineBuilder(rules, ASOF);
    for (let index = 0; index < customers; index++)
      builder.add(someFacts({ bought: [[first, 100, 50 + index]] }));
    return builder.finish();
  };

  test('with fewer than 20 customers, or 90 days, there is no top and no gold', () => {
    expect(finish(20, addDays(ASOF, -90))).toMatchObject({ topAvailable: true, goldAvailable: true });
    expect(finish(19, addDays(ASOF, -90))).toMatchObject({ topAvailable: false, goldAvailable: false });
    expect(finish(20, addDays(ASOF, -89))).toMatchObject({ topAvailable: false, goldAvailable: false });
  });

  test('then good needs a set limit, and the reason says why', () => {
    const few = finish(5, '2026-01-01');
    expect(few.goodCut).toBeNull();
    expect(score(49, few)).toMatchObject({ tier: 'marginal', gold: false });
    expect(codes(score(49, few).reasons)).toContain('tier.too_few');

    const rules = rulesWith({ tiers: { goodMinProfit: euros(40) } });
    expect(score(49, finish(5, '2026-01-01', rules), rules).tier).toBe('good');
  });

  test('medians of gaps are those of all customers, and second purchases need enough of them', () => {
    const builder = new BaselineBuilder(RULES, ASOF);
    for (let gap = 1; gap <= 19; gap++) {
      builder.add(
        someFacts({
          bought: [
            ['2026-01-01', 9, 1],
            [addDays('2026-01-01', gap), 9, 1],
          ],
        }),
      );
    }
    expect(builder.finish()).toMatchObject({ medianGapDays: 10, gapCount: 19, secondPurchaseP90Days: null });

    builder.add(
      someFacts({
        bought: [
          ['2026-01-01', 9, 1],
          ['2026-01-21', 9, 1],
          ['2026-02-20', 9, 1],
        ],
      }),
    );
    expect(builder.finish()).toMatchObject({ medianGapDays: 11, gapCount: 21, secondPurchaseP90Days: 18 });
  });

  test('ties are broken by revenue, then the older first purchase, then the smaller id as a number', () => {
    const entry = { profit12: euros(1), revenue12: euros(2), firstPurchase: '2025-01-01', id: '1000' };
    const better = [
      { ...entry, profit12: euros(1.01) },
      { ...entry, revenue12: euros(2.01) },
      { ...entry, firstPurchase: '2024-12-31' },
      { ...entry, id: '999' },
    ];
    for (const other of better) expect(compareEntries(other, entry)).toBeLessThan(0);
  });

  test('the own entry of a customer that changed is not counted against it', () => {
    const baseline = aBaseline();
    const [, own] = baseline.ranked;
    if (!own) throw new Error('the baseline has entries');
    expect(rankOf(baseline, { ...own, profit12: euros(50.5) })).toBe(50);
    expect(rankOf(baseline, { ...own, profit12: euros(50.5), id: '1' })).toBe(51);
  });
});

describe('the shown tier is steady', () => {
  const start = (profit: number, asOf: Day): ScoreState =>
    scoreCustomer(withProfit(profit), null, aBaseline(), RULES, asOf).state;
  const then = (profit: number, state: ScoreState, asOf: Day) =>
    scoreCustomer(withProfit(profit), state, aBaseline(), RULES, asOf);

  test('up at once', () => {
    const state = start(10, '2026-11-01');
    expect(then(95, state, '2026-11-02').score).toMatchObject({ tier: 'top', gold: true });
  });

  test('down from top only after two dates seven days apart, however often it is computed between', () => {
    let { score: shown, state } = then(80.99, start(85, '2026-11-01'), '2026-11-02');
    for (const asOf of ['2026-11-02', '2026-11-05', '2026-11-08']) {
      expect(shown).toMatchObject({ tier: 'top', rawTier: 'good' });
      expect(codes(shown.reasons)).toContain('tier.kept');
      ({ score: shown, state } = then(80.99, state, asOf));
    }
    expect(shown.tier).toBe('top');

    ({ score: shown, state } = then(80.99, state, '2026-11-09'));
    expect(shown.tier).toBe('good');
    expect(state.lowerSince).toEqual([]);
  });

  test('a day back at the top starts the evidence anew', () => {
    let { state } = then(80.99, start(85, '2026-11-01'), '2026-11-02');
    ({ state } = then(85, state, '2026-11-05'));
    expect(then(80.99, state, '2026-11-09').score.tier).toBe('top');
  });

  test('at once when the rank is beyond the cut by more than a tenth of the group', () => {
    // 20 are top; the buffer is 2: rank 22 still waits, rank 23 does not.
    const state = start(85, '2026-11-01');
    expect(then(79.5, state, '2026-11-02').score).toMatchObject({ rank: 22, tier: 'top' });
    expect(then(78.5, state, '2026-11-02').score).toMatchObject({ rank: 23, tier: 'good' });
  });

  test('gold is kept in the same way, and falls without taking top along', () => {
    const state = start(95, '2026-11-01');
    expect(then(90.5, state, '2026-11-02').score).toMatchObject({ rank: 11, tier: 'top', gold: true });
    expect(then(89.5, state, '2026-11-02').score).toMatchObject({ rank: 12, tier: 'top', gold: false });

    const kept = then(90.5, state, '2026-11-02').state;
    expect(then(90.5, kept, '2026-11-09').score).toMatchObject({ tier: 'top', gold: false });
  });

  test('from gold past its buffer but not past that of top, evidence against top begins that day', () => {
    const { score: shown, state } = then(79.5, start(95, '2026-11-01'), '2026-11-02');
    expect(shown).toMatchObject({ tier: 'top', gold: false, rawTier: 'good' });
    expect(state.lowerSince).toEqual(['2026-11-02']);
  });

  test('good and marginal follow at once', () => {
    expect(then(10, start(60, '2026-11-01'), '2026-11-02').score.tier).toBe('marginal');
  });

  test('into loss only after two month-ends in a row', () => {
    const dates = ['2026-11-15', '2026-11-30', '2026-12-15', '2026-12-30', '2026-12-31'];
    let state = start(10, '2026-11-01');
    const tiers = dates.map((asOf) => {
      const next = then(-5, state, asOf);
      state = next.state;
      return next.score.tier;
    });
    // The loss was booked on 1 October: 31 October is the first month-end, seen on 15 November.
    expect(tiers).toEqual(['marginal', 'loss_making', 'loss_making', 'loss_making', 'loss_making']);
  });

  test('month-ends that nobody looked at break the row', () => {
    const october = then(-5, start(10, '2026-10-15'), '2026-10-31');
    const december = then(-5, october.state, '2026-12-31');
    expect(december.score).toMatchObject({ tier: 'marginal', rawTier: 'loss_making' });
    expect(december.state.lossMonthEnds).toEqual(['2026-12-31']);
  });

  test('a refund that comes in late makes no loss before the month-ends after it', () => {
    const good = (asOf: Day) => someFacts({ bought: [[addDays(asOf, -200), 1000, 990]] });
    const bad = (asOf: Day) =>
      someFacts({
        bought: [
          [addDays(asOf, -200), 1000, 990],
          ['2026-11-10', -100, 0],
        ],
      });
    let { state } = scoreCustomer(good('2026-11-09'), null, aBaseline(), RULES, '2026-11-09');
    const tierOn = (asOf: Day) => {
      const next = scoreCustomer(bad('2026-11-09'), state, aBaseline(), RULES, asOf);
      state = next.state;
      return next.score.tier;
    };

    expect(tierOn('2026-11-10')).toBe('marginal');
    expect(tierOn('2026-11-30')).toBe('marginal');
    expect(tierOn('2026-12-30')).toBe('marginal');
    expect(tierOn('2026-12-31')).toBe('loss_making');
  });

  test('a loss within the tolerance stays marginal; out of loss it goes at once', () => {
    const rules = rulesWith({ tiers: { lossTolerance: euros(10) } });
    let { state } = scoreCustomer(withProfit(5), null, aBaseline(), rules, '2026-10-15');
    for (const asOf of ['2026-10-31', '2026-11-30', '2026-12-31']) {
      const next = scoreCustomer(withProfit(-10), state, aBaseline(), rules, asOf);
      expect(next.score).toMatchObject({ tier: 'marginal', rawTier: 'loss_making' });
      ({ state } = next);
    }

    const lossMaking = start(-5, '2026-10-15');
    expect(then(5, lossMaking, '2026-10-16').score.tier).toBe('marginal');
  });

  test('to and from no business at once', () => {
    const none = scoreCustomer(someFacts(), null, aBaseline(), RULES, '2026-11-01').state;
    expect(then(-5, none, '2026-11-02').score.tier).toBe('loss_making');

    const top = start(85, '2026-11-01');
    expect(scoreCustomer(someFacts(), top, aBaseline(), RULES, '2026-11-02').score.tier).toBe('none');
  });
});

test('the last month-end is the day itself when it ends a month', () => {
  expect(lastMonthEnd('2026-02-28')).toBe('2026-02-28');
  expect(lastMonthEnd('2028-02-28')).toBe('2028-01-31');
  expect(lastMonthEnd('2026-01-01')).toBe('2025-12-31');
});

describe('why a customer makes a loss', () => {
  const lossReasons = (facts: ReturnType<typeof someFacts>, rules: ScoringRules) =>
    scoreCustomer(facts, null, aBaseline(), rules, ASOF).score.reasons.filter(({ code }) =>
      code.startsWith('tier.'),
    );

  test('names the largest cost to serve and how many fewer of it would do', () => {
    const rules = rulesWith({ unitCosts: { perReturn: 25, perOrder: 1 } });
    const refund = ['2026-10-02', -1, -1] as const;
    const facts = someFacts({ bought: [['2026-10-01', 200, 150], refund, refund, refund] });
    // 50 margin - 1 order - 3 refunds of 25 = -26: two refunds fewer.
    expect(lossReasons(facts, rules)).toMatchObject([
      { code: 'tier.loss_making', params: { profit: -2600, item: 'returns', amount: 7500 } },
      { code: 'tier.break_even.fewer', params: { item: 'returns', fewer: 2 } },
    ]);
  });

  test('names goods sold below cost, or the money given back', () => {
    const below = someFacts({ bought: [['2026-10-01', 200, 230]] });
    const givenBack = someFacts({
      bought: [
        ['2026-10-01', 200, 130],
        ['2026-10-02', -100, 0],
      ],
    });

    expect(lossReasons(below, RULES)).toMatchObject([
      { params: { item: 'direct', amount: 23000 } },
      { code: 'tier.break_even.orders', params: { fewer: 1, lost: 3000 } },
    ]);
    expect(lossReasons(givenBack, RULES)).toMatchObject([
      { params: { item: 'refunds', amount: 10000 } },
      { code: 'tier.break_even.returns', params: { fewer: 1, lost: 10000 } },
    ]);
  });

  test('counts the largest returns first, each with what handling it cost', () => {
    const facts = someFacts({
      bought: [
        ['2026-10-01', 500, 400],
        ['2026-10-02', -40, 0],
        ['2026-10-03', -90, -20],
        ['2026-10-04', -60, 0],
        // Outside the 12 months: it explains nothing of this loss.
        ['2025-10-01', -900, 0],
      ],
    });
    // 100 earned - 40 - 70 - 60 - 3 x 5 for handling = -85: 75 and 65 are needed, the 45 is not.
    expect(lossReasons(facts, rulesWith({ unitCosts: { perReturn: 5 } }))[1]).toEqual({
      code: 'tier.break_even.returns',
      params: { fewer: 2, lost: 14000 },
    });
  });

  test('names the money where no number of orders or returns would do', () => {
    const freight = { day: ASOF, kind: 'freight', amount: euros(30), seconds: 0 } as const;
    const facts = someFacts({ bought: [['2026-10-01', 100, 100]], costs: [freight] });

    expect(lossReasons(facts, RULES)[1]).toEqual({
      code: 'tier.break_even.amount',
      params: { item: 'cost_freight', amount: 3000, loss: 3000 },
    });
  });
});

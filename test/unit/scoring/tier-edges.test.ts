import { describe, expect, test } from 'vitest';
import type { Day } from '../../../src/domain.ts';
import type { ScoringRules } from '../../../src/rules.ts';
import type { Baseline, ScoreState } from '../../../src/scores.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, euros, type PurchaseRow, RULES, rulesWith, someFacts } from './builders.ts';

/** What a profit of so much, booked on 1 October, is on a day, after a state. */
function scored(
  profit: number | readonly PurchaseRow[],
  {
    baseline = aBaseline(),
    rules = RULES,
    asOf = ASOF,
    state = null,
  }: Partial<{
    baseline: Baseline;
    rules: ScoringRules;
    asOf: Day;
    state: ScoreState | null;
  }> = {},
) {
  const bought = typeof profit === 'number' ? [['2026-10-01', 1000, 1000 - profit] as const] : profit;
  return scoreCustomer(someFacts({ bought }), state, baseline, rules, asOf);
}

describe('being among the first is not enough', () => {
  const nobodyEarns = aBaseline({ ranked: [], goodCut: null });

  test('for top and gold where nothing is earned', () => {
    expect(scored(0, { baseline: nobodyEarns }).score).toMatchObject({
      rank: 1,
      tier: 'marginal',
      gold: false,
    });
    expect(scored(0.01, { baseline: nobodyEarns }).score).toMatchObject({ rank: 1, tier: 'top', gold: true });
  });

  test('where there are too few to compare with', () => {
    const baseline = aBaseline({ topAvailable: false, goldAvailable: false });

    expect(scored(100.01, { baseline }).score).toMatchObject({ rank: 1, tier: 'good', gold: false });
  });

  test('to stay gold once the profit is nothing, however near the cut', () => {
    const { state } = scored(95, { asOf: '2026-11-01' });

    const { score } = scored(0, { baseline: nobodyEarns, state, asOf: '2026-11-02' });

    expect(score).toMatchObject({ tier: 'top', gold: false, rawTier: 'marginal' });
  });
});

describe('gold that reaches further than top', () => {
  /** Top to rank 10, gold to rank 20, good down to a profit of 81.00: of the first 20 ten are good and gold. */
  const baseline = aBaseline({ topSize: 10, goldSize: 20, goodCut: euros(81) });
  const start = () => scored(85, { baseline, asOf: '2026-11-01' }).state;

  test('is kept together with its tier', () => {
    const state = start();

    expect(state).toMatchObject({ tier: 'good', gold: true });
    expect(scored(80.99, { baseline, state, asOf: '2026-11-02' }).score).toMatchObject({
      rank: 21,
      rawTier: 'marginal',
      tier: 'good',
      gold: true,
    });
  });

  test('falls with it beyond the buffer of two', () => {
    const { score } = scored(78.5, { baseline, state: start(), asOf: '2026-11-02' });
    expect(score).toMatchObject({ rank: 23, tier: 'marginal', gold: false });
  });

  test('stays when top is lost', () => {
    const first = scored(95, { baseline, asOf: '2026-11-01' }).state;
    expect(first).toMatchObject({ tier: 'top', gold: true });

    const { score } = scored(85, { baseline, state: first, asOf: '2026-11-02' });
    expect(score).toMatchObject({ rank: 16, tier: 'good', gold: true });
  });

  test('is not given by the buffer to who had none', () => {
    const without = aBaseline({ topSize: 10, goldSize: 10, goldAvailable: false });
    const plain = scored(95, { baseline: without, asOf: '2026-11-01' }).state;

    const { score } = scored(90.5, { baseline: without, state: plain, asOf: '2026-11-02' });

    expect(score).toMatchObject({ rank: 11, tier: 'top', gold: false });
  });
});

test('good and marginal follow at once, however near the top', () => {
  const ranks = { topSize: 10, goldSize: 5 };
  const { state } = scored(90.5, { baseline: aBaseline(ranks), asOf: '2026-11-01' });
  expect(state.tier).toBe('good');

  const { score } = scored(90.5, {
    baseline: aBaseline({ ...ranks, goodCut: euros(95) }),
    state,
    asOf: '2026-11-02',
  });
  expect(score).toMatchObject({ rank: 11, tier: 'marginal' });
});

describe('what is remembered', () => {
  const start = () => scored(95, { asOf: '2026-11-01' }).state;
  const remembered = (profit: number, state: ScoreState | null, asOf: Day) =>
    scored(profit, { state, asOf }).state;

  test('nothing of a first score, of one that does not fall, or of one that fell', () => {
    expect(remembered(-5, null, '2026-11-01')).toMatchObject({ lowerSince: [], lossMonthEnds: [] });
    expect(remembered(96, start(), '2026-11-02')).toMatchObject({ lowerSince: [], lossMonthEnds: [] });
    expect(remembered(10, start(), '2026-11-02')).toMatchObject({ tier: 'marginal', lowerSince: [] });
  });

  test('days seen against gold do not count against top', () => {
    const nearGold = remembered(90.5, start(), '2026-11-02');
    const pastGold = remembered(79.5, nearGold, '2026-11-05');

    expect(nearGold).toMatchObject({ tier: 'top', gold: true, lowerSince: ['2026-11-02'] });
    expect(pastGold).toMatchObject({ tier: 'top', gold: false, lowerSince: ['2026-11-05'] });
  });

  test('two dates are needed even where no days must lie between them', () => {
    const rules = rulesWith({ tiers: { lowerAfterDays: 0 } });
    const on = (asOf: Day, state: ScoreState) => scored(90.5, { rules, state, asOf });
    const once = on('2026-11-02', start());

    expect(once.score.gold).toBe(true);
    expect(on('2026-11-02', once.state).score.gold).toBe(true);
    expect(on('2026-11-03', once.state).score.gold).toBe(false);
  });
});

describe('evidence of a loss', () => {
  /** A loss of 5.00 since October; 20.00 more on 10 November, which go back on the 20th. */
  const upAndDown: readonly PurchaseRow[] = [
    ['2026-10-01', 1000, 1005],
    ['2026-11-10', 100, 80],
    ['2026-11-20', -100, -80],
  ];
  const october = () => scored(10, { asOf: '2026-10-15' }).state;
  const onDay = (bought: readonly PurchaseRow[], state: ScoreState, asOf: Day) =>
    scored(bought, { state, asOf });

  test('is of month-ends: a better day between them does not break the row', () => {
    const { state: first } = onDay(upAndDown.slice(0, 1), october(), '2026-10-31');
    const between = onDay(upAndDown.slice(0, 2), first, '2026-11-15');
    const second = onDay(upAndDown, between.state, '2026-11-30');

    expect(first.lossMonthEnds).toEqual(['2026-10-31']);
    expect(between.score).toMatchObject({ tier: 'marginal', rawTier: 'marginal' });
    expect(between.state.lossMonthEnds).toEqual(['2026-10-31']);
    expect(second.score.tier).toBe('loss_making');
    expect(second.state.lossMonthEnds).toEqual([]);
  });

  test('begins with a day on which the year makes a loss, not with an old month-end', () => {
    const { state } = onDay(upAndDown.slice(0, 2), october(), '2026-11-15');
    expect(state).toMatchObject({ tier: 'marginal', lossMonthEnds: [] });
  });

  test('is gone after a month-end without one, and with the last business of the year', () => {
    const { state } = onDay(upAndDown.slice(0, 1), october(), '2026-10-31');

    expect(onDay(upAndDown.slice(0, 2), state, '2026-11-30').state.lossMonthEnds).toEqual([]);
    const old: PurchaseRow[] = [['2025-11-15', 1000, 1005]];
    const seen = onDay(old, scored(10, { asOf: '2026-10-15' }).state, '2026-11-10');
    expect(seen.state.lossMonthEnds).toEqual(['2026-10-31']);
    expect(onDay(old, seen.state, '2026-11-15').state).toMatchObject({ tier: 'none', lossMonthEnds: [] });
  });

  test('is kept while a patient firm keeps the tier, however often a month-end is looked at', () => {
    const rules = rulesWith({ tiers: { lowerAfterDays: 60, bufferPercent: 1000 } });
    let { state } = scored(85, { rules, asOf: '2026-10-15' });
    const seen = ['2026-10-31', '2026-11-30', '2026-12-05', '2026-12-30'].map((asOf) => {
      const next = scored(-5, { rules, state, asOf });
      ({ state } = next);
      return [next.score.tier, state.lossMonthEnds.length];
    });

    expect(seen).toEqual([
      ['top', 1],
      ['top', 2],
      ['top', 2],
      ['loss_making', 0],
    ]);
  });
});

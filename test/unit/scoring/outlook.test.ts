import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { CustomerFacts, Day } from '../../../src/domain.ts';
import type { Baseline, ModelFit, Score } from '../../../src/scores.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { renderExplainPage } from '../../../src/texts/explain-page.ts';
import {
  ASOF,
  aBaseline,
  aFit,
  aFitOfTooFew,
  aFitWithoutDropout,
  aPoorFit,
  RULES,
  rulesWith,
  someFacts,
} from './builders.ts';

/** 100.00 an order at 60.00 cost, so many days before the analysis date. */
const buyer = (...days: number[]) =>
  someFacts({ bought: days.map((ago) => [addDays(ASOF, -ago), 100, 60] as const) });
const scoreOf = (
  facts: CustomerFacts,
  fit: ModelFit | null,
  change: Partial<Baseline> = {},
  rules = RULES,
): Score =>
  scoreCustomer(facts, null, aBaseline({ fit, lastPurchaseDay: ASOF, ...change }), rules, ASOF).score;
const codes = (score: Score) => score.reasons.map(({ code }) => code);
const steady = [84, 77, 63, 49, 42, 28, 14, 7];
const english = { language: 'en', currency: 'EUR' } as const;

describe('with a model that is believed', () => {
  test('a steady buyer has an expected profit with its range, and little risk', () => {
    const score = scoreOf(buyer(...steady), aFit());

    expect(score.model).toEqual({ name: 'MBG/NBD', status: 'ok', fitId: '2026-11-22-0a1b2c3d' });
    expect(score.churnRiskPercent).toBeGreaterThan(5);
    expect(score.churnRiskPercent).toBeLessThan(30);
    const { expectedProfit12, expectedProfitRange: range } = score;
    expect(range?.low).toBeLessThanOrEqual(expectedProfit12 ?? 0);
    expect(range?.high).toBeGreaterThan(expectedProfit12 ?? 0);
    expect(score.unfilled).not.toHaveProperty('expected_profit_12_months');
    expect(score.unfilled).not.toHaveProperty('churn_risk');
    expect(codes(score)).toEqual(
      expect.arrayContaining(['outlook.profit', 'outlook.chance', 'outlook.alive', 'model.fit']),
    );
  });

  test('expected profit is purchases times margin, less what an order and the relation cost', () => {
    const plain = scoreOf(buyer(...steady), aFit());
    const rules = rulesWith({ unitCosts: { perOrder: 10 } });
    const dear = scoreOf(buyer(...steady), aFit(), {}, rules);
    const orders = Number(plain.reasons.find(({ code }) => code === 'outlook.profit')?.params.orders);

    // Eight orders of 100.00 at a margin of 40 %, drawn by three orders towards 30 %; 7 repeats of 100.00 and 3 of 20.00.
    const value = (7 * 100 + 3 * 20) / 10;
    const margin = (800 * 0.4 + 3 * value * 0.3) / (800 + 3 * value);
    expect((plain.expectedProfit12 ?? 0) / 100 / (value * margin)).toBeCloseTo(orders, 1);
    expect(((plain.expectedProfit12 ?? 0) - (dear.expectedProfit12 ?? 0)) / 1000).toBeCloseTo(orders, 1);
  });

  test('long silent for one who bought often: below one half alive is leaving, below one fifth and overdue is lost', () => {
    const silent = scoreOf(buyer(...steady.map((ago) => ago + 49)), aFit());
    const gone = scoreOf(buyer(...steady.map((ago) => ago + 300)), aFit());

    expect(silent.phase).toBe('leaving');
    expect(codes(silent)).toContain('signal.alive');
    expect(gone.phase).toBe('lost');
    expect(gone.churnRiskPercent).toBeGreaterThan(99);
  });

  test('overdue, but alive by the model: leaving, and the reason says why it is not lost', () => {
    const rarely = aFit({ parameters: { r: 0.5, alpha: 100, a: 0.02, b: 4 } });
    const facts = buyer(300, 290, 280, 270);

    expect(scoreOf(facts, null).phase).toBe('lost');
    const score = scoreOf(facts, rarely);
    expect(score.phase).toBe('leaving');
    expect(codes(score)).toContain('phase.alive_blocks_lost');
  });

  test('loyal needs to be alive with 80 %', () => {
    const facts = buyer(900, 300, 240, 180, 120, 60, 1);
    const doubtful = aFit({ parameters: { r: 0.5, alpha: 6, a: 4, b: 4 } });

    expect(scoreOf(facts, null).phase).toBe('loyal');
    expect(scoreOf(facts, doubtful).phase).not.toBe('loyal');
    expect(scoreOf(facts, aFit({ ...doubtful, status: 'low confidence' })).phase).toBe('loyal');
  });

  test('a purchase today never makes anybody leave', () => {
    const doubtful = aFit({ parameters: { r: 0.5, alpha: 6, a: 8, b: 2 } });

    expect(scoreOf(buyer(0), doubtful).phase).toBe('new');
  });

  test('nobody grows silent beyond the last purchase of anybody: the data may not be in yet', () => {
    const facts = buyer(...steady.map((ago) => ago + 100));
    const complete = scoreOf(facts, aFit());
    const lagging = scoreOf(facts, aFit(), { lastPurchaseDay: addDays(ASOF, -100) });

    expect(lagging.churnRiskPercent).toBeLessThan(complete.churnRiskPercent ?? 0);
  });

  test('an analysis of the past ignores what came later', () => {
    const facts = buyer(...steady);
    const asOf = addDays(ASOF, -1);
    const baseline = aBaseline({ fit: aFit(), lastPurchaseDay: addDays(ASOF, 30) });

    expect(scoreCustomer(facts, null, baseline, RULES, asOf).score.churnRiskPercent).not.toBeNull();
  });
});

describe('where leaving cannot be told', () => {
  test('levels come from NBD, no chance of being alive is shown, and phases follow the rhythm', () => {
    const score = scoreOf(buyer(...steady), aFitWithoutDropout());

    expect(score.model).toMatchObject({ name: 'NBD', status: 'no-dropout' });
    expect(score.expectedProfit12).toBeGreaterThan(0);
    expect(score.churnRiskPercent).toBeGreaterThan(0);
    expect(codes(score)).toContain('model.no_dropout');
    expect(codes(score)).not.toContain('outlook.alive');
    expect(renderExplainPage(score, english)).toContain(
      'cannot tell customers who left from those who pause',
    );
    expect(score.phase).toBe(scoreOf(buyer(...steady), null).phase);
  });

  test('who is lost by rhythm earns nothing, and the risk is left empty with its reason', () => {
    const score = scoreOf(buyer(900, 890, 880), aFitWithoutDropout());

    expect(score).toMatchObject({ phase: 'lost', expectedProfit12: 0, churnRiskPercent: null });
    expect(score.unfilled.churn_risk).toBe('lost_by_rhythm');
    expect(codes(score)).toContain('outlook.lost_by_rhythm');
  });
});

test('low confidence shows numbers with their range, and phases ignore the chance of being alive', () => {
  const facts = buyer(...steady.map((ago) => ago + 49));
  const score = scoreOf(facts, aPoorFit());

  expect(score.expectedProfitRange).not.toBeNull();
  expect(codes(score)).toContain('model.low_confidence');
  expect(codes(score)).not.toContain('signal.alive');
  expect(score.rawPhase).toBe(scoreOf(facts, null).rawPhase);
});

test('not enough data: fields stay empty, and the answer names the limit that was missed', () => {
  const score = scoreOf(buyer(...steady), aFitOfTooFew());

  expect(score).toMatchObject({ expectedProfit12: null, churnRiskPercent: null });
  expect(score.model).toMatchObject({ name: null, status: 'not enough data' });
  expect(score.unfilled).toMatchObject({
    expected_profit_12_months: 'model_not_enough_data',
    churn_risk: 'model_not_enough_data',
  });
  expect(renderExplainPage(score, english)).toContain(
    'Too few data for a purchase model (customers who bought: 89 of 200); judged by rhythm and facts only.',
  );
});

test('what cannot be counted is not foretold: withheld amounts, nobody who ever bought', () => {
  const withheld = scoreOf(
    someFacts({
      valueIncomplete: true,
      bought: [[ASOF, 10, 5]],
      issues: [{ issue: 'foreign_currency_withheld', recordId: '1' }],
    }),
    aFit(),
  );
  const prospect = scoreOf(someFacts(), aFit());

  expect(withheld.unfilled.expected_profit_12_months).toBe('foreign_currency_withheld');
  expect(prospect.unfilled.churn_risk).toBe('no_purchase');
});

test('who gave back all that was bought is expected to bring nothing', () => {
  const facts = someFacts({
    bought: [
      [addDays(ASOF, -60), 100, 60],
      [addDays(ASOF, -30), 100, 60],
      [addDays(ASOF, -20), -100, -60],
    ],
  });

  const score = scoreOf(facts, aFit());
  expect(score.expectedProfit12).toBe(0);
  expect(score.reasons.map(({ code }) => code)).toContain('outlook.given_back');
});

describe('under contract', () => {
  const bought = [
    [addDays(ASOF, -300), 1000, 600],
    [addDays(ASOF, -200), 1000, 600],
  ] as const;
  const under = (endDay: Day | null, change = {}) =>
    scoreOf(someFacts({ bought, contract: { endDay, noticeDay: null }, ...change }), aFit());

  test('dates tell what comes, not a model: the profit of the year while it runs, all of it if renewed', () => {
    // 365 days from 24 November to 24 November; 73 of them are a fifth.
    const score = under(addDays(ASOF, 73));

    expect(score).toMatchObject({
      expectedProfit12: 16_000,
      expectedProfitRange: { low: 16_000, high: 80_000 },
      churnRiskPercent: null,
      unfilled: { churn_risk: 'under_contract' },
    });
    expect(score.reasons.filter(({ code }) => /^(outlook|model)\.(?!tier)/.test(code))).toEqual([
      {
        code: 'outlook.contract',
        params: { profit: 16_000, end: addDays(ASOF, 73), renewed: 80_000 },
      },
    ]);
  });

  test('without an end, or with one beyond the year, all of it', () => {
    for (const end of [null, addDays(ASOF, 400)]) {
      const score = under(end);
      expect(score).toMatchObject({ expectedProfit12: 80_000 });
      expect(score.expectedProfitRange).toEqual({ low: 80_000, high: 80_000 });
    }
  });

  test('once it has ended nothing comes, and who buys on without one is a free buyer', () => {
    expect(under(addDays(ASOF, -1))).toMatchObject({
      phase: 'lost',
      expectedProfit12: 0,
      futureTier: 'none',
    });
    expect(under(addDays(ASOF, -250)).reasons.map(({ code }) => code)).toContain('outlook.profit');
  });

  test('a closed customer brings nothing, whatever its contract says', () => {
    const closed = under(null, { closed: { word: 'Dissolved' } });

    expect(closed).toMatchObject({ expectedProfit12: 0, futureTier: 'none' });
  });

  test('customers under contract are not counted among those that a model speaks of', () => {
    const builder = new BaselineBuilder(rulesWith({}), ASOF);
    builder.add(buyer(10, 20));
    builder.add(someFacts({ bought, contract: { endDay: null, noticeDay: null } }));

    expect(builder.finish().buyers).toBe(1);
  });
});

test('the baseline knows the margin, what an order costs, and the last day of anybody', () => {
  const builder = new BaselineBuilder(rulesWith({ unitCosts: { perOrder: 10, perVisit: 50 } }), ASOF);
  builder.add(buyer(10, 20));
  builder.add(buyer(30));
  builder.add(someFacts());

  expect(builder.finish()).toMatchObject({
    buyers: 2,
    lastPurchaseDay: addDays(ASOF, -10),
    averages: { margin: 0.4, servePerOrder: 1000 },
    fit: null,
  });
});

describe('a risk that rose by 0.3 within 90 days', () => {
  /** Every fortnight for a year, until the analysis date. */
  const fortnights = Array.from({ length: 26 }, (_, index) => index * 14);
  const scoredOn = (silentDays: number, fit: ModelFit) => {
    const asOf = addDays(ASOF, silentDays);
    const facts = buyer(...fortnights.filter((ago) => ago + silentDays >= 0));
    return scoreCustomer(facts, null, aBaseline({ fit, lastPurchaseDay: asOf }), RULES, asOf).score;
  };
  const signal = (score: Score) => score.reasons.find(({ code }) => code === 'signal.churn_up');
  const DAYS = Array.from({ length: 40 }, (_, index) => index * 2);

  test('is a hard sign while that holds, with both risks and the day since when', () => {
    let [seen, passed] = [0, 0];
    for (const days of DAYS) {
      const [now, before] = [scoredOn(days, aFit()), scoredOn(days - 90, aFit())];
      const rise = (now.churnRiskPercent ?? 0) - (before.churnRiskPercent ?? 0);
      // Both are rounded to two decimals of a per cent; of who is lost no sign is told.
      if (Math.abs(rise - 30) < 0.02 || now.phase === 'lost') continue;
      const found = signal(now);
      expect(found !== undefined, `${days} days: ${rise}`).toBe(rise > 30);
      if (found === undefined) {
        passed += 1;
        continue;
      }
      seen += 1;
      expect(now.phase).toBe('leaving');
      const { since, ...risks } = found.params;
      expect(Math.abs(Number(risks.now) - (now.churnRiskPercent ?? 0))).toBeLessThan(0.51);
      expect(Math.abs(Number(risks.before) - (before.churnRiskPercent ?? 0))).toBeLessThan(0.51);
      expect(String(since) > ASOF && String(since) <= addDays(ASOF, days)).toBe(true);
    }
    expect(Math.min(seen, passed)).toBeGreaterThan(0);
  });

  test('tells the first day on which it held, and goes on telling that day', () => {
    const days = Array.from({ length: 60 }, (_, index) => index);
    const first = days.find((day) => signal(scoredOn(day, aFit())) !== undefined) ?? 0;

    const told = [0, 1, 5].map((later) => signal(scoredOn(first + later, aFit()))?.params.since);

    expect(first).toBeGreaterThan(0);
    expect(told).toEqual(Array.from({ length: 3 }, () => addDays(ASOF, first)));
  });

  test('is none where the model is not believed', () => {
    for (const fit of [aPoorFit(), aFitWithoutDropout()]) {
      expect(DAYS.flatMap((days) => signal(scoredOn(days, fit)) ?? [])).toEqual([]);
    }
  });
});

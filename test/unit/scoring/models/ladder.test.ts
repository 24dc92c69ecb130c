import { describe, expect, test } from 'vitest';
import type { ModelRules } from '../../../../src/rules.ts';
import type { ModelFit } from '../../../../src/scores.ts';
import type { Bookings } from '../../../../src/scoring/models/fit-data.ts';
import { fitLadder } from '../../../../src/scoring/models/ladder.ts';
import {
  CDNOW_END,
  cdnow,
  fitDataOf,
  hasShared,
  lastDayOf,
  MODEL_RULES,
  medianGapOf,
  northwind,
  superstore,
} from './shared-data.ts';
import { simulate } from './simulate.ts';

/** Which model speaks, with which status, and what is published with it. */
const SEED = 41;

function ladder(
  customers: readonly Bookings[],
  options: { until?: number; rules?: Partial<ModelRules> } = {},
): ModelFit {
  const rules = { ...MODEL_RULES, ...options.rules };
  const until = options.until ?? lastDayOf(customers);
  const data = fitDataOf(customers, until, rules);
  const steps = fitLadder({
    id: 'fit-1',
    asOf: '2026-11-24',
    data,
    medianGapDays: medianGapOf(customers),
    rules,
  });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
const failed = (fit: ModelFit) => fit.gates.filter(({ isMet }) => !isMet).map(({ gate }) => gate);
const candidate = (fit: ModelFit, model: string) => fit.candidates.find((one) => one.model === model);

describe.skipIf(!hasShared('cdnow'))('CDNOW', () => {
  const fit = ladder(cdnow(), { until: CDNOW_END });

  test('MBG/NBD speaks, with status ok and Gamma-Gamma for the value', () => {
    expect(fit).toMatchObject({ status: 'ok', model: 'MBG/NBD', value: { model: 'gamma-gamma' } });
    expect(failed(fit)).toEqual([]);
    expect(fit.candidates.map(({ model }) => model)).toEqual(['NBD', 'MBG/NBD', 'MBG/CNBD-2', 'BG/NBD']);
  });

  test('its backtest is better than both guesses, near in total, and calibrated tenth by tenth', () => {
    const { backtest } = fit;

    expect(backtest).toMatchObject({ cut: '1997-07-02', until: '1997-09-30', isBetterThanBaselines: true });
    expect(Math.abs(backtest?.totalErrorPercent ?? 100)).toBeLessThan(10);
    expect(backtest?.brier).toBeLessThan(backtest?.baseRateBrier ?? 0);
    expect(backtest?.rangeCoverage).toBeGreaterThan(0.8);
    expect(backtest?.calibration).toHaveLength(10);
    for (const { chance, share } of backtest?.calibration ?? [])
      expect(Math.abs(chance - share)).toBeLessThan(0.06);
  });

  test('a backtest that misses the total by more than is allowed costs the trust', () => {
    const strict = ladder(cdnow(), { until: CDNOW_END, rules: { maxTotalErrorPercent: 1 } });

    expect(strict).toMatchObject({ status: 'low confidence', model: 'MBG/NBD' });
  });
});

describe('Superstore', () => {
  const customers = superstore();
  const fit = ladder(customers);

  test('leaving cannot be told: no-dropout, NBD speaks and says nothing about who is alive', () => {
    expect(fit).toMatchObject({ status: 'no-dropout', model: 'NBD' });
    expect(fit.parameters).toMatchObject({ a: null, b: null });
    expect(failed(fit)).toEqual(['dropout_gain', 'dropout_mean', 'dropout_weight']);
  });

  test('the dropout model is as good as the one without, to 0.05 of log-likelihood', () => {
    const [without, withDropout] = [candidate(fit, 'NBD'), candidate(fit, 'MBG/NBD')];

    expect(Math.abs((without?.logLikelihood ?? 0) - (withDropout?.logLikelihood ?? 1))).toBeLessThan(0.05);
    expect(withDropout?.atBound).toContain('a');
  });

  test('buyers of the first weeks may be older than the data: they are counted', () => {
    const { truncated, buyers } = fit.data;
    const firstDays = customers.map(({ days }) => days[0] ?? 0);
    const begin = Math.min(...firstDays) + (medianGapOf(customers) ?? 0);

    expect(truncated).toBe(firstDays.filter((day) => day <= begin).length);
    expect(truncated).toBeGreaterThan(0);
    expect(truncated).toBeLessThan(buyers);
  });

  test('until 2016 the rates hardly differ among customers: r of 367, as others found', () => {
    const earlier = ladder(customers, { until: Date.UTC(2016, 11, 31) / 86_400_000 });

    expect(earlier.parameters?.r).toBeCloseTo(366.5, 0);
    expect(earlier.data.buyers).toBe(782);
  });

  test('its poor backtest is published', () => {
    expect(fit.backtest?.totalErrorPercent).toBeLessThan(-30);
    expect(fit.backtest?.model).toBe('NBD');
  });
});

describe.skipIf(!hasShared('data/northwind'))('Northwind', () => {
  test('89 companies are too few for any model: not enough data, no parameter, the limit named', () => {
    const fit = ladder(northwind());

    expect(fit).toMatchObject({ status: 'not enough data', model: null, parameters: null, backtest: null });
    expect(fit.gates[0]).toEqual({ gate: 'buyers', value: 89, limit: 200, isMet: false });
  });

  test('with the limits lowered its dropout cannot be told, and its value depends on the number of orders', () => {
    const fit = ladder(northwind(), { rules: { minBuyers: 10, minRepeaters: 10 } });

    expect(fit).toMatchObject({ status: 'no-dropout', model: 'NBD', value: { model: 'shrunken mean' } });
    expect(failed(fit)).toContain('value_independence');
    // A growing company: no stationary model sees it, and the answer says how far it is off.
    expect(fit.backtest?.totalErrorPercent).toBeCloseTo(-48, 0);
  });
});

describe(`imagined customers, seed ${SEED}`, () => {
  const world = { customers: 1500, r: 1.4, alpha: 60, entryDays: 300, until: 1200, seed: SEED } as const;

  test('regular buyers who leave: MBG/CNBD-2', () => {
    const fit = ladder(simulate({ ...world, dropout: { a: 0.8, b: 4 }, stages: 2 }), { until: 1200 });

    expect(fit).toMatchObject({ status: 'ok', model: 'MBG/CNBD-2' });
  });

  test('regular buyers who never leave: regularity alone is not taken for leaving', () => {
    const fit = ladder(simulate({ ...world, dropout: null, stages: 2 }), { until: 1200 });

    expect(fit).toMatchObject({ status: 'no-dropout', model: 'NBD' });
  });

  test('customers who are all alike: one average for all', () => {
    const fit = ladder(simulate({ ...world, r: 1e5, alpha: 5e6, dropout: null, stages: 1 }), { until: 1200 });

    expect(fit.status).toBe('no-dropout');
    expect(1 / ((fit.parameters?.alpha ?? 0) / (fit.parameters?.r ?? 1))).toBeCloseTo(7 / 50, 2);
  });

  test('the same data give the same fit', () => {
    const again = () => ladder(simulate({ ...world, dropout: { a: 0.8, b: 4 }, stages: 1 }), { until: 1200 });

    expect(again()).toEqual(again());
  });
});

test.each([
  ['nobody', []],
  ['one buyer', [{ days: [3], amounts: [10], refunds: [] }]],
  ['everybody on one day', Array.from({ length: 300 }, () => ({ days: [1], amounts: [5], refunds: [] }))],
])('%s: not enough data, and no failure', (_, customers) => {
  const fit = ladder(customers as Bookings[]);

  expect(fit.status).toBe('not enough data');
});

test('who gave back all that was bought is worth nothing and teaches nothing about value', () => {
  const customers = simulate({
    customers: 400,
    r: 1,
    alpha: 40,
    dropout: { a: 1, b: 4 },
    stages: 1,
    entryDays: 200,
    until: 900,
    seed: SEED,
  }).map((one) => ({ ...one, refunds: [{ day: 900, amount: 1e6 }] }));

  expect(ladder(customers, { until: 900 }).value).toBeNull();
});

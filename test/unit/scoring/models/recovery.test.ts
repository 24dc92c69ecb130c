import { describe, expect, test } from 'vitest';
import { fitPurchases } from '../../../../src/scoring/models/fit.ts';
import { chanceOfPurchase, expectedPurchases, futureOf } from '../../../../src/scoring/models/future.ts';
import { newPurchases, rangeOf } from '../../../../src/scoring/models/future-counts.ts';
import { mbgCnbd2 } from '../../../../src/scoring/models/mbg-cnbd.ts';
import { mbgNbd } from '../../../../src/scoring/models/mbg-nbd.ts';
import { nbd } from '../../../../src/scoring/models/nbd.ts';
import { time } from '../../../../src/scoring/models/time.ts';
import { historiesOf } from './shared-data.ts';
import { type Imagined, simulate } from './simulate.ts';

/** Customers drawn from a model whose parameters are known: the fit must find them, and foretell what was hidden. */
const SEED = 20_261_129;
const CASES: {
  model: typeof mbgNbd;
  imagined: Omit<Imagined, 'seed' | 'customers' | 'until' | 'entryDays'>;
}[] = [
  { model: mbgNbd, imagined: { r: 0.9, alpha: 200, dropout: { a: 0.8, b: 2.5 }, stages: 1 } },
  { model: mbgCnbd2, imagined: { r: 1.4, alpha: 150, dropout: { a: 0.7, b: 3 }, stages: 2 } },
  { model: nbd(1), imagined: { r: 1.2, alpha: 300, dropout: null, stages: 1 } },
];

describe.each(CASES)('$model.name with seed 20261129', ({ model, imagined }) => {
  const customers = simulate({ ...imagined, customers: 20_000, entryDays: 365, until: 1460, seed: SEED });
  const { histories, each } = historiesOf(customers, 1095, 'days');
  const fit = fitPurchases(model, histories);

  test('parameters are found', () => {
    const { r, alpha, dropout } = imagined;
    // Three standard errors at this size; purchases of one day that became one cost a little.
    expect(Math.abs(fit.r / r - 1)).toBeLessThan(0.08);
    expect(Math.abs(fit.alpha / alpha - 1)).toBeLessThan(0.08);
    if (dropout) {
      expect(Math.abs((fit.a ?? 0) / dropout.a - 1)).toBeLessThan(0.12);
      expect(Math.abs((fit.b ?? 0) / dropout.b - 1)).toBeLessThan(0.15);
    }
    expect(fit.converged).toBe(true);
  });

  test('the hidden year is foretold: total, chances and ranges', () => {
    const horizon = time(365, 'days');
    let [expected, chances, inRange, actual, buyers] = [0, 0, 0, 0, 0];
    each.forEach((history, index) => {
      const followed = customers[index]?.days.filter((day) => day > 1095).length ?? 0;
      const future = futureOf(fit, history);
      expected += expectedPurchases(future, horizon);
      chances += chanceOfPurchase(future, horizon);
      actual += followed;
      if (followed > 0) buyers += 1;
      const { low, high } = rangeOf(newPurchases(future, horizon), 80);
      if (followed >= low && followed <= high) inRange += 1;
    });

    expect(Math.abs(expected / actual - 1)).toBeLessThan(0.03);
    expect(Math.abs(chances / buyers - 1)).toBeLessThan(0.03);
    // Counts are whole, so a range of at least 80 % holds more.
    expect(inRange / each.length).toBeGreaterThan(0.8);
    expect(inRange / each.length).toBeLessThan(0.97);
  });
});

test('the order of customers changes nothing', () => {
  const customers = simulate({
    customers: 500,
    r: 0.9,
    alpha: 200,
    dropout: { a: 0.8, b: 2.5 },
    stages: 1,
    entryDays: 100,
    until: 900,
    seed: SEED,
  });

  const fits = [customers, customers.toReversed()].map((order) => {
    return fitPurchases(mbgNbd, historiesOf(order, 900, 'weeks').histories);
  });

  expect(fits[1]).toEqual(fits[0]);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bgNbd } from '../../../../src/scoring/models/bg-nbd.ts';
import {
  chanceOfPurchase,
  expectedByIntegral,
  expectedPurchases,
  futureOf,
  silenceChance,
} from '../../../../src/scoring/models/future.ts';
import { newPurchases } from '../../../../src/scoring/models/future-counts.ts';
import { expectedValue } from '../../../../src/scoring/models/gamma-gamma.ts';
import type { Histories } from '../../../../src/scoring/models/histories.ts';
import { discountedPurchases } from '../../../../src/scoring/models/lifetime-value.ts';
import { mbgCnbd2 } from '../../../../src/scoring/models/mbg-cnbd.ts';
import { mbgNbd } from '../../../../src/scoring/models/mbg-nbd.ts';
import type { ModelName, PurchaseFit } from '../../../../src/scoring/models/model.ts';
import { nbd } from '../../../../src/scoring/models/nbd.ts';
import { time } from '../../../../src/scoring/models/time.ts';
import { digamma, digammaRising, logGamma, logRising } from '../../../../src/scoring/numeric/gamma.ts';
import { integrate } from '../../../../src/scoring/numeric/gauss-legendre.ts';
import { hypergeometric2F1 } from '../../../../src/scoring/numeric/hypergeometric.ts';

/** Against values in 40 digits from the definitions of the models: scripts/golden/purchase-models.py. */
interface Vector {
  readonly model: 'BG/NBD' | 'MBG/NBD' | 'MBG/CNBD-2';
  readonly parameters: [number, number, number, number];
  readonly history: [number, number, number];
  readonly logLikelihood: number;
  readonly alive: number;
  readonly expected: [number, number][];
}
interface Golden {
  readonly gamma: [number, number, number][];
  readonly hypergeometric: [number, number, number, number, number][];
  readonly vectors: Vector[];
}
const file = path.join(import.meta.dirname, '../../../fixtures/purchase-models.json');
const golden: Golden = JSON.parse(readFileSync(file, 'utf8'));
const MODELS = { 'BG/NBD': bgNbd, 'MBG/NBD': mbgNbd, 'MBG/CNBD-2': mbgCnbd2 } as const;

const fitWith = (
  model: ModelName,
  [r, alpha, a, b]: readonly [number, number, number | null, number | null],
): PurchaseFit<'weeks'> => ({
  model,
  unit: 'weeks',
  r,
  alpha,
  a,
  b,
  logLikelihood: 0,
  converged: true,
  atBound: [],
  slope: 0,
});
const history = ([repeats, recency, age]: readonly [number, number, number]) => ({
  repeats,
  recency: time(recency, 'weeks'),
  age: time(age, 'weeks'),
});
const alone = ([repeats, recency, age]: readonly [number, number, number]): Histories<'weeks'> => ({
  unit: 'weeks',
  repeats: Int32Array.of(repeats),
  recency: Float64Array.of(recency),
  age: Float64Array.of(age),
  weight: Float64Array.of(1),
  customers: 1,
  totalRepeats: repeats,
  // Gaps of equal length, as in the reference.
  totalLogGaps: repeats > 0 ? repeats * Math.log(recency / repeats) : 0,
  mostRepeats: repeats,
});
const relative = (value: number, reference: number) =>
  Math.abs(value - reference) / Math.max(Math.abs(reference), 1e-280);
const named = ({ model, parameters, history: of }: Vector) => `${model} ${parameters} ${of}`;

describe('special functions', () => {
  test('log-gamma and digamma are right to 14 digits from 1e-8 to 1e12', () => {
    for (const [x, log, slope] of golden.gamma) {
      expect(Math.abs(logGamma(x) - log) / Math.max(1, Math.abs(log)), `log-gamma ${x}`).toBeLessThan(1e-14);
      expect(Math.abs(digamma(x) - slope) / Math.max(1, Math.abs(slope)), `digamma ${x}`).toBeLessThan(1e-14);
    }
  });

  test('steps by whole numbers are the differences of the functions', () => {
    const [logs, slopes] = [logRising(0.37, 500), digammaRising(0.37, 500)];

    for (const n of [0, 1, 7, 500]) {
      expect(logs[n]).toBeCloseTo(logGamma(0.37 + n) - logGamma(0.37), 9);
      expect(slopes[n]).toBeCloseTo(digamma(0.37 + n) - digamma(0.37), 11);
    }
  });

  test('2F1 agrees with 40-digit values, and quadrature with known integrals', () => {
    for (const [a, b, c, z, value] of golden.hypergeometric) {
      expect(relative(hypergeometric2F1(a, b, c, z), value)).toBeLessThan(1e-13);
    }
    expect(integrate(0, Math.PI, Math.sin)).toBeCloseTo(2, 13);
    expect(integrate(1, 5, (x) => 1 / x)).toBeCloseTo(Math.log(5), 13);
  });
});

describe('models against 40-digit values', () => {
  test('log-likelihoods agree to 1e-10, up to 5,000 purchases, at a = 1 and at a + b below 1', () => {
    for (const vector of golden.vectors) {
      const gradient = new Float64Array(4);

      const value = MODELS[vector.model].logLikelihood(vector.parameters, alone(vector.history), gradient);

      const error = Math.abs(value - vector.logLikelihood);
      expect(error / Math.max(1, Math.abs(vector.logLikelihood)), named(vector)).toBeLessThan(1e-10);
      expect(gradient.every(Number.isFinite), named(vector)).toBe(true);
    }
  });

  test('P(alive) agrees to 1e-9', () => {
    for (const vector of golden.vectors) {
      const { alive } = futureOf(fitWith(vector.model, vector.parameters), history(vector.history));

      expect(Math.abs((alive ?? Number.NaN) - vector.alive), named(vector)).toBeLessThan(1e-9);
    }
  });

  test('expected purchases agree to 1e-8 by every route: closed form, integral, distribution', () => {
    for (const vector of golden.vectors) {
      const future = futureOf(fitWith(vector.model, vector.parameters), history(vector.history));
      for (const [t, value] of vector.expected) {
        const horizon = time(t, 'weeks');
        const routes = [expectedPurchases(future, horizon), newPurchases(future, horizon).mean];
        if (vector.model !== 'MBG/CNBD-2') routes.push(expectedByIntegral(future, horizon));
        for (const [route, got] of routes.entries()) {
          // Where next to nothing is expected, an exponent of hundreds amplifies the last digit.
          const isNegligible = value < 1e-100;
          expect(
            isNegligible ? Math.abs(got) : relative(got, value),
            `${named(vector)} ${t} ${route}`,
          ).toBeLessThan(isNegligible ? 1e-99 : 1e-8);
        }
      }
    }
  });

  test('the distribution of purchases starts at the chance of one, falls, and has the mean', () => {
    for (const vector of golden.vectors) {
      const future = futureOf(fitWith(vector.model, vector.parameters), history(vector.history));
      const horizon = time(52, 'weeks');

      const { atLeast, mean } = newPurchases(future, horizon);

      expect(Math.abs((atLeast[1] ?? 0) - chanceOfPurchase(future, horizon)), named(vector)).toBeLessThan(
        1e-9,
      );
      expect(atLeast.every((chance, m) => m === 0 || chance <= (atLeast[m - 1] ?? 0) + 1e-12)).toBe(true);
      expect(mean).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('12 months of worth', () => {
  test('the discounted purchases are those of the integral form, month by month, to 1e-8', () => {
    const month = 30.4375 / 7;
    const monthly = 1.1 ** (1 / 12);
    for (const vector of golden.vectors) {
      if (vector.model === 'MBG/CNBD-2') continue;
      const future = futureOf(fitWith(vector.model, vector.parameters), history(vector.history));
      const until = (i: number) => (i === 0 ? 0 : expectedByIntegral(future, time(i * month, 'weeks')));
      let worth = 0;
      for (let i = 1; i <= 12; i++) worth += (until(i) - until(i - 1)) / monthly ** i;

      const got = discountedPurchases(future, 0.1);

      // Below that nobody is expected to buy anything.
      expect(worth < 1e-100 ? Math.abs(got - worth) : relative(got, worth), named(vector)).toBeLessThan(1e-8);
    }
  });

  test('the value of a purchase is the own mean drawn towards that of all, to 1e-9; one of nobody is that of all', () => {
    const fit = { p: 6.25, q: 3.74, v: 15.44 };
    const ofAll = (fit.p * fit.v) / (fit.q - 1);

    expect(relative(expectedValue(fit, 0, 0), ofAll)).toBeLessThan(1e-9);
    for (const [x, mean] of [
      [1, 20],
      [7, 3.5],
      [5000, 12_000],
    ] as const) {
      // Shrinkage: weight of the own mean grows with the number of purchases (Fader and Hardie, note 025, eq. 5).
      const weight = (fit.p * x) / (fit.p * x + fit.q - 1);
      expect(relative(expectedValue(fit, x, mean), weight * mean + (1 - weight) * ofAll)).toBeLessThan(1e-9);
    }
  });
});

describe('what once gave NaN elsewhere', () => {
  // Rows on which CLVTools' tests watch for NaN; lifetimes 302; 5,000 purchases; a = 1; a + b <= 1.
  const traps: [number, number, number][] = [
    [221, 103.42857, 103.57143],
    [254, 97.14286, 97.28571],
    [161, 94.71429, 98],
    [204, 98.57143, 99.42857],
    [0, 0, 1],
    [5000, 521, 521],
    [5000, 5000, 9000],
  ];
  const parameters: [number, number, number, number][] = [
    [0.5143, 2.8845, 0.2856, 14.1087],
    [0.11, 2.24, 0.31, 0.5],
    [0.5, 2, 1, 3],
    [0.5, 2, 1 + 1e-9, 3],
    [1, 5, 0.5, 0.5],
    [1e-3, 1e-3, 1e-5, 1e5],
  ];

  test('every number is finite and a chance is between 0 and 1', () => {
    for (const model of ['BG/NBD', 'MBG/NBD', 'MBG/CNBD-2', 'NBD', 'CNBD-2'] as const) {
      for (const [r, alpha, a, b] of parameters) {
        const isAlone = model === 'NBD' || model === 'CNBD-2';
        const fit = fitWith(model, isAlone ? [r, alpha, null, null] : [r, alpha, a, b]);
        for (const row of traps) {
          const future = futureOf(fit, history(row));
          const horizon = time(30, 'weeks');
          const chances = [
            future.alive ?? 0,
            chanceOfPurchase(future, horizon),
            silenceChance(fit, history(row)),
          ];
          const told = `${model} ${[r, alpha, a, b]} ${row}`;
          for (const chance of chances) {
            expect(chance, told).toBeGreaterThanOrEqual(0);
            expect(chance, told).toBeLessThanOrEqual(1 + 1e-12);
          }
          const expected = expectedPurchases(future, horizon);
          expect(Number.isFinite(expected), told).toBe(true);
          const other = newPurchases(future, horizon).mean;
          expect(relative(expected, other) < 1e-6 || Math.abs(expected - other) < 1e-12, told).toBe(true);
        }
      }
    }
  });

  test('a model without dropout says nothing about who is alive', () => {
    const { alive } = futureOf(fitWith('NBD', [1, 5, null, null]), history([3, 10, 20]));

    expect(alive).toBeNull();
  });
});

test('the chance of a silence is that of the formula, and grows shorter with it', () => {
  const fit = fitWith('MBG/NBD', [0.5, 6, 0.9, 1.6]);

  expect(silenceChance(fit, history([4, 20, 30]))).toBeCloseTo(((6 + 20) / (6 + 30)) ** 4.5, 12);
  expect(silenceChance(fit, history([4, 20, 20]))).toBe(1);
  // Odds of being gone = prior odds / S, prior odds a / (b + x).
  const { alive } = futureOf(fit, history([4, 20, 30]));
  expect((1 - (alive ?? 0)) / (alive ?? 1)).toBeCloseTo(
    0.9 / 5.6 / silenceChance(fit, history([4, 20, 30])),
    10,
  );
});

test('slopes of the log-likelihoods are those of finite differences', () => {
  const rows = golden.vectors.filter(({ history: [x] }) => x < 300).map((vector) => alone(vector.history));
  const point = [0.7, 5, 0.4, 1.3];

  for (const model of [bgNbd, mbgNbd, mbgCnbd2, nbd(1), nbd(2)]) {
    const size = model.hasDropout ? 4 : 2;
    for (const row of rows) {
      const gradient = new Float64Array(size);
      model.logLikelihood(point.slice(0, size), row, gradient);
      for (let i = 0; i < size; i++) {
        const at = (step: number) =>
          model.logLikelihood(
            point.slice(0, size).map((value, j) => (i === j ? value + step : value)),
            row,
            new Float64Array(size),
          );
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(
          Math.abs((gradient[i] ?? 0) - slope) / (1 + Math.abs(slope)),
          `${model.name} ${i}`,
        ).toBeLessThan(1e-6);
      }
    }
  }
});

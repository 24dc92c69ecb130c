// Whether a weak prior on the chance to leave helps small firms (docs/adr/0023): MBG/NBD by maximum likelihood, and with
// -2 log(a + b) added, on imagined customers whose last fifth of the time is hidden. Prints a table; nothing is written.
import { fitPurchases } from '../src/scoring/models/fit.ts';
import { type FitData, FitDataBuilder, spanOf } from '../src/scoring/models/fit-data.ts';
import { expectedPurchases, futureOf } from '../src/scoring/models/future.ts';
import { mbgNbd } from '../src/scoring/models/mbg-nbd.ts';
import type { PurchaseFit, PurchaseModel } from '../src/scoring/models/model.ts';
import { daysIn } from '../src/scoring/models/time.ts';
import { simulate } from '../test/unit/scoring/models/simulate.ts';

const SEEDS = 12;
const UNTIL = 1095;
const WORLD = {
  r: 0.8,
  alpha: 40,
  dropout: { a: 0.8, b: 2.5 },
  stages: 1,
  entryDays: 300,
  until: UNTIL,
} as const;

const withPrior: PurchaseModel = {
  ...mbgNbd,
  logLikelihood(parameters, histories, gradient) {
    const sum = mbgNbd.logLikelihood(parameters, histories, gradient);
    const weight = (parameters[2] ?? 0) + (parameters[3] ?? 0);
    gradient.set([(gradient[2] ?? 0) - 2 / weight, (gradient[3] ?? 0) - 2 / weight], 2);
    return sum - 2 * Math.log(weight);
  },
};

function imagined(customers: number, seed: number): FitData {
  const builder = new FitDataBuilder(
    spanOf({ first: 0, until: UNTIL }, { backtestPercent: 20, backtestMinDays: 90 }),
  );
  for (const one of simulate({ ...WORLD, customers, seed })) builder.add(one);
  return builder.finish();
}

function errorsOf(fit: PurchaseFit<'weeks'>, { earlier, followed, span }: FitData) {
  const weeks = (days: number) => daysIn(days, 'weeks');
  let [absolute, expected, actual] = [0, 0, 0];
  earlier.repeats.forEach((repeats, at) => {
    const history = {
      repeats,
      recency: weeks(earlier.recencyDays[at] ?? 0),
      age: weeks(earlier.ageDays[at] ?? 0),
    };
    const foretold = expectedPurchases(futureOf(fit, history), weeks(span.until - span.cut));
    absolute += Math.abs(foretold - (followed.purchases[at] ?? 0));
    expected += foretold;
    actual += followed.purchases[at] ?? 0;
  });
  return { mean: absolute / earlier.repeats.length, totalPercent: Math.abs(expected / actual - 1) * 100 };
}

for (const customers of [200, 400, 1000]) {
  for (const [name, model] of [
    ['maximum likelihood', mbgNbd],
    ['with the prior', withPrior],
  ] as const) {
    let [atBound, mean, totalPercent] = [0, 0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const data = imagined(customers, seed);
      const fit = fitPurchases(model, data.histories('earlier', 'weeks'));
      if (fit.atBound.length > 0) atBound += 1;
      const errors = errorsOf(fit, data);
      mean += errors.mean / SEEDS;
      totalPercent += errors.totalPercent / SEEDS;
    }
    console.log(
      `${customers} customers, ${name}: mean error ${mean.toFixed(4)}, total off by ${totalPercent.toFixed(1)} %, at a bound ${atBound} of ${SEEDS}`,
    );
  }
}

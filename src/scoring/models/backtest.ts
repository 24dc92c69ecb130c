import type { ModelRules } from '../../rules.ts';
import type { Backtest, ModelFit } from '../../scores.ts';
import { dayFromNumber } from '../calendar.ts';
import type { FitData } from './fit-data.ts';
import { chanceOfPurchase, expectedPurchases, futureOf } from './future.ts';
import { newPurchases, rangeOf } from './future-counts.ts';
import type { PurchaseFit } from './model.ts';
import { daysIn, HORIZON_DAYS, type TimeUnit } from './time.ts';
import { purchaseValue } from './value.ts';

/** What a fit of the time before the cut foretells of the time after it, beside two guesses that need no model. */

const TENTHS = 10;

export function backtest<U extends TimeUnit>(
  fit: PurchaseFit<U>,
  value: ModelFit['value'],
  data: FitData,
  rules: Pick<ModelRules, 'maxTotalErrorPercent' | 'rangePercent'>,
): Backtest {
  const { earlier, followed, span } = data;
  const customers = earlier.repeats.length;
  const period = daysIn(span.until - span.cut, fit.unit);
  const horizon = daysIn(Math.min(HORIZON_DAYS, span.until - span.cut), fit.unit);
  const rateOfAll = sumOf(earlier.repeats) / Math.max(1, sumOf(earlier.ageDays));
  const periodDays = span.until - span.cut;
  const chances = new Float64Array(customers);
  let [predicted, predictedValue, inRange] = [0, 0, 0];
  const errors = { model: 0, runRate: 0, cohort: 0, brier: 0 };
  for (let i = 0; i < customers; i++) {
    const [repeats, ageDays] = [earlier.repeats[i] ?? 0, earlier.ageDays[i] ?? 0];
    const actual = followed.purchases[i] ?? 0;
    const history = {
      repeats,
      recency: daysIn(earlier.recencyDays[i] ?? 0, fit.unit),
      age: daysIn(ageDays, fit.unit),
    };
    const future = futureOf(fit, history);
    const expected = expectedPurchases(future, period);
    const chance = chanceOfPurchase(future, horizon);
    predicted += expected;
    if (value)
      predictedValue +=
        expected *
        purchaseValue(
          value,
          repeats,
          repeats > 0 ? (earlier.value[i] ?? 0) : null,
          data.segments[earlier.segment[i] ?? 0] ?? '',
        );
    errors.model += Math.abs(expected - actual);
    errors.runRate += Math.abs((ageDays > 0 ? (repeats / ageDays) * periodDays : 0) - actual);
    errors.cohort += Math.abs(rateOfAll * periodDays - actual);
    errors.brier += (chance - ((followed.inHorizon[i] ?? 0) > 0 ? 1 : 0)) ** 2;
    chances[i] = chance;
    const { low, high } = rangeOf(newPurchases(future, period), rules.rangePercent);
    if (actual >= low && actual <= high) inRange += 1;
  }
  const perCustomer = (sum: number) => (customers === 0 ? 0 : sum / customers);
  const baseRate = perCustomer(followed.inHorizon.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0));
  const actual = sumOf(followed.purchases);
  const meanAbsoluteError = perCustomer(errors.model);
  const [runRateError, cohortMeanError] = [perCustomer(errors.runRate), perCustomer(errors.cohort)];
  return {
    cut: dayFromNumber(span.cut),
    until: dayFromNumber(span.until),
    model: fit.model,
    customers,
    actual,
    predicted,
    totalErrorPercent: errorPercent(predicted, actual),
    valueErrorPercent: value ? errorPercent(predictedValue, sumOf(followed.value)) : null,
    meanAbsoluteError,
    runRateError,
    cohortMeanError,
    brier: perCustomer(errors.brier),
    baseRateBrier: baseRate * (1 - baseRate),
    calibration: calibrationOf(chances, followed.inHorizon),
    rangeCoverage: perCustomer(inRange),
    isBetterThanBaselines: meanAbsoluteError <= Math.min(runRateError, cohortMeanError),
  };
}

/** Worse than simple guesses, or too far off in total. */
export function isPoorly(tested: Backtest, rules: Pick<ModelRules, 'maxTotalErrorPercent'>): boolean {
  const { totalErrorPercent, isBetterThanBaselines } = tested;
  return (
    !isBetterThanBaselines ||
    totalErrorPercent === null ||
    Math.abs(totalErrorPercent) > rules.maxTotalErrorPercent
  );
}

function sumOf(values: Int32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function errorPercent(predicted: number, actual: number): number | null {
  return actual > 0 ? (100 * (predicted - actual)) / actual : null;
}

function calibrationOf(chances: Float64Array, bought: Int32Array): Backtest['calibration'] {
  const order = Uint32Array.from(chances, (_, index) => index).sort(
    (left, right) => (chances[left] ?? 0) - (chances[right] ?? 0) || left - right,
  );
  const tenths: Backtest['calibration'][number][] = [];
  for (let tenth = 0; tenth < TENTHS; tenth++) {
    const from = Math.floor((order.length * tenth) / TENTHS);
    const to = Math.floor((order.length * (tenth + 1)) / TENTHS);
    const part = order.subarray(from, to);
    if (part.length === 0) continue;
    let [chance, buyers] = [0, 0];
    for (const index of part) {
      chance += chances[index] ?? 0;
      if ((bought[index] ?? 0) > 0) buyers += 1;
    }
    tenths.push({ chance: chance / part.length, share: buyers / part.length, customers: part.length });
  }
  return tenths;
}

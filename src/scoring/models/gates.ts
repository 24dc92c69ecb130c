import type { ModelRules } from '../../rules.ts';
import type { ModelFit } from '../../scores.ts';
import type { FitData } from './fit-data.ts';
import type { PurchaseFit } from './model.ts';
import type { TimeUnit } from './time.ts';

/** When a fit means something. Each gate is kept with its number and limit, and published with the fit. */

export type Gate = ModelFit['gates'][number];
export type Gates = readonly Gate[];

/** `isMet` null: the value must lie below the limit on either side of zero. */
export function gate(name: string, value: number, limit: number, isMet: boolean | null): Gate {
  return { gate: name, value, limit, isMet: isMet ?? Math.abs(value) < limit };
}

const atLeast = (name: string, value: number, limit: number) => gate(name, value, limit, value >= limit);

/** `medianGapDays`: of all customers; null while nobody bought twice. */
export function dataGates(data: FitData, medianGapDays: number | null, rules: ModelRules): Gates {
  const historyDays = data.firstDay === null ? 0 : data.span.until - data.firstDay;
  return [
    atLeast('buyers', data.buyers, rules.minBuyers),
    atLeast('repeaters', data.repeaters, rules.minRepeaters),
    atLeast('repeats', data.repeats, rules.minRepeats),
    atLeast('history_days', historyDays, Math.max(rules.minHistoryDays, 2 * (medianGapDays ?? 0))),
  ];
}

// Fewer than 2 of 1,000 leaving after a purchase, or a chance that is the same for all: "nobody ever leaves".
const MIN_DROPOUT = 0.002;
const MAX_DROPOUT_WEIGHT = 1000;

/** Whether data tell leaving from pausing: against the same model in which nobody leaves. */
export function dropoutGates(
  fit: PurchaseFit<TimeUnit>,
  withoutDropout: PurchaseFit<TimeUnit>,
  rules: ModelRules,
): Gates {
  const [a, b] = [fit.a ?? 0, fit.b ?? 0];
  const weight = a + b;
  const mean = weight > 0 ? a / weight : 0;
  return [
    atLeast('dropout_gain', fit.logLikelihood - withoutDropout.logLikelihood, rules.minDropoutGain),
    gate('dropout_mean', mean, MIN_DROPOUT, mean > MIN_DROPOUT),
    gate('dropout_weight', weight, MAX_DROPOUT_WEIGHT, weight < MAX_DROPOUT_WEIGHT),
  ];
}

export function convergedGates(fit: PurchaseFit<TimeUnit>, maxSlope: number): Gates {
  return [
    gate('slope', fit.slope, maxSlope, fit.converged),
    gate('at_bound', fit.atBound.length, 0, fit.atBound.length === 0),
  ];
}

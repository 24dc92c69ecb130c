import type { ModelRules } from '../../rules.ts';
import type { ModelFit } from '../../scores.ts';
import { chanceOfPurchase, futureOf, silenceChance } from './future.ts';
import { newPurchases, rangeOf } from './future-counts.ts';
import { type DayHistory, dayHistory, historyIn } from './histories.ts';
import { discountedPurchases, MONTHS } from './lifetime-value.ts';
import type { FittedModel } from './model.ts';
import { daysIn, HORIZON_DAYS, MONTH_DAYS } from './time.ts';
import { purchaseValue } from './value.ts';

/** What a fit says of one customer's next 12 months. */
export interface Outlook {
  /** P(alive); null where leaving cannot be told from pausing. */
  readonly alive: number | null;
  /** P(at least one purchase within the horizon), and within 12 months. */
  readonly chance: number;
  readonly chance12: number;
  /** Chance of so long a silence for somebody who is still a customer. */
  readonly silence: number;
  /** Expected purchases of 12 months, discounted; the number of purchases lies in low..high with `rangePercent`. */
  readonly purchases12: number;
  readonly low: number;
  readonly high: number;
  /** Expected value of a purchase, in the home currency. */
  readonly value: number;
}

const YEAR_DAYS = MONTHS * MONTH_DAYS;

function fittedModel({ model, unit, parameters }: ModelFit): FittedModel<'weeks'> | null {
  if (model === null || parameters === null) return null;
  return { model: model === 'segment average' ? 'NBD' : model, unit, ...parameters };
}

/** Null: the fit says nothing about anybody. `mean`: of the repeats; null without one. */
export function outlookOf(
  modelFit: ModelFit,
  history: DayHistory,
  { mean, segment }: { readonly mean: number | null; readonly segment: string },
  rules: Pick<ModelRules, 'annualDiscountPercent' | 'rangePercent'>,
): Outlook | null {
  const { unit, value } = modelFit;
  const fit = fittedModel(modelFit);
  if (fit === null || value === null) return null;
  const own = historyIn(history, unit);
  const future = futureOf(fit, own);
  const year = daysIn(YEAR_DAYS, unit);
  const { low, high } = rangeOf(newPurchases(future, year), rules.rangePercent);
  return {
    alive: future.alive,
    chance: chanceOfPurchase(future, daysIn(HORIZON_DAYS, unit)),
    chance12: chanceOfPurchase(future, year),
    silence: silenceChance(fit, own),
    purchases12: discountedPurchases(future, rules.annualDiscountPercent / 100),
    low,
    high,
    value: purchaseValue(value, history.repeats, mean, segment),
  };
}

/** P(at least one purchase within the horizon) as of an earlier day; null: no customer then. */
export function chanceOn(modelFit: ModelFit, days: readonly number[], day: number): number | null {
  const fit = fittedModel(modelFit);
  const history = dayHistory(days, day);
  if (fit === null || history === null) return null;
  return chanceOfPurchase(futureOf(fit, historyIn(history, fit.unit)), daysIn(HORIZON_DAYS, fit.unit));
}

/** P(alive) as of an earlier day; null where the model says nothing about it. */
export function aliveOn(modelFit: ModelFit, days: readonly number[], day: number): number | null {
  const fit = fittedModel(modelFit);
  const history = dayHistory(days, day);
  return fit && history && futureOf(fit, historyIn(history, fit.unit)).alive;
}

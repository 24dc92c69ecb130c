import type { ModelRules } from '../../rules.ts';
import type { Backtest, ModelFit, ModelStatus, PurchaseModelName } from '../../scores.ts';
import { dayFromNumber } from '../calendar.ts';
import { backtest, isPoorly } from './backtest.ts';
import { bgNbd } from './bg-nbd.ts';
import { fitPurchases, MAX_SLOPE } from './fit.ts';
import type { FitData } from './fit-data.ts';
import { convergedGates, dataGates, dropoutGates, type Gates, gate } from './gates.ts';
import { mbgCnbd2 } from './mbg-cnbd.ts';
import { mbgNbd } from './mbg-nbd.ts';
import type { PurchaseFit, PurchaseModel } from './model.ts';
import { nbd } from './nbd.ts';
import { fitValue } from './value.ts';

/**
 * Which model speaks for these customers, from the richest that the data bear down to saying that they bear none:
 * MBG/CNBD-2, MBG/NBD, NBD beside the rules of cadence, one average for all, not enough data. A generator, so that whoever
 * runs it can let other work through between two fits.
 */

type Fit = PurchaseFit<'weeks'>;
export interface LadderInput {
  readonly id: string;
  readonly asOf: string;
  readonly data: FitData;
  readonly medianGapDays: number | null;
  readonly rules: ModelRules;
}

export function* fitLadder(input: LadderInput): Generator<string, ModelFit> {
  const { data, rules } = input;
  const enough = dataGates(data, input.medianGapDays, rules);
  if (enough.some(({ isMet }) => !isMet)) {
    return fitOf(input, { status: 'not enough data', fit: null, name: null, candidates: [], gates: enough });
  }
  const histories = data.histories('now', 'weeks');
  const tried: Fit[] = [];
  function* attempt(model: PurchaseModel): Generator<string, Fit> {
    yield model.name;
    const fit = fitPurchases(model, histories);
    tried.push(fit);
    return fit;
  }
  const random = yield* attempt(nbd(1));
  const mbg = yield* attempt(mbgNbd);
  const regular = yield* attempt(mbgCnbd2);
  yield* attempt(bgNbd);
  const gain = regular.logLikelihood - mbg.logLikelihood;
  const isRegular = gain > rules.minRegularityGain;
  const rungs: Rung[] = [];
  if (isRegular) {
    const without = yield* attempt(nbd(2));
    rungs.push({ name: 'MBG/CNBD-2', model: mbgCnbd2, fit: regular, without });
  }
  rungs.push({ name: 'MBG/NBD', model: mbgNbd, fit: mbg, without: random });
  const regularity = gate('regularity_gain', gain, rules.minRegularityGain, true);
  const chosen = choose(rungs, random, data, rules);
  const { value, gates: valueGates } = fitValue(data.now, rules, data.segments);
  yield 'backtest';
  const tested = testChosen(chosen, data, rules);
  const isPoor = tested !== null && isPoorly(tested, rules);
  return fitOf(input, {
    ...chosen,
    status: chosen.status === 'ok' && isPoor ? 'low confidence' : chosen.status,
    candidates: tried,
    gates: [...enough, regularity, ...chosen.gates, ...valueGates],
    value,
    backtest: tested,
  });
}

interface Rung {
  readonly name: PurchaseModelName;
  readonly model: PurchaseModel;
  readonly fit: Fit;
  /** The same model in which nobody leaves. */
  readonly without: Fit;
}
interface Chosen {
  readonly name: PurchaseModelName;
  readonly status: ModelStatus;
  readonly fit: Fit;
  /** What the backtest fits to the earlier time; null = the average of all. */
  readonly model: PurchaseModel | null;
  readonly gates: Gates;
}

/** First whether leaving can be told at all, then whether the fit came to rest; else the next rung. */
function choose(rungs: readonly Rung[], random: Fit, data: FitData, rules: ModelRules): Chosen {
  const gates: Gates[number][] = [];
  let status: ModelStatus = 'low confidence';
  for (const { name, model, fit, without } of rungs) {
    const dropout = dropoutGates(fit, without, rules);
    gates.push(...dropout);
    if (dropout.some(({ isMet }) => !isMet)) {
      status = 'no-dropout';
      break;
    }
    const converged = convergedGates(fit, MAX_SLOPE);
    gates.push(...converged);
    if (converged.every(({ isMet }) => isMet)) return { name, status: 'ok', fit, model, gates };
  }
  const converged = convergedGates(random, MAX_SLOPE);
  gates.push(...converged);
  if (converged.every(({ isMet }) => isMet)) {
    return { name: 'NBD', status, fit: random, model: nbd(1), gates };
  }
  return { name: 'segment average', status, fit: averageOf(data, 'now'), model: null, gates };
}

// One rate for all is an NBD whose rates hardly differ.
const SAME_FOR_ALL = 1e6;
function averageOf(data: FitData, at: 'now' | 'earlier'): Fit {
  const { repeats, age, weight, totalRepeats } = data.histories(at, 'weeks');
  let weeks = 0;
  for (let i = 0; i < repeats.length; i++) weeks += (age[i] ?? 0) * (weight[i] ?? 0);
  const alpha = (SAME_FOR_ALL * Math.max(weeks, 1)) / Math.max(totalRepeats, 1);
  return {
    model: 'NBD',
    unit: 'weeks',
    r: SAME_FOR_ALL,
    alpha,
    a: null,
    b: null,
    logLikelihood: totalRepeats * Math.log(SAME_FOR_ALL / alpha) - totalRepeats,
    converged: true,
    atBound: [],
    slope: 0,
  };
}

/** Null: nobody was known at the cut. */
function testChosen({ model }: Chosen, data: FitData, rules: ModelRules): Backtest | null {
  if (data.earlier.repeats.length === 0) return null;
  const fit = model ? fitPurchases(model, data.histories('earlier', 'weeks')) : averageOf(data, 'earlier');
  return backtest(fit, fitValue(data.earlier, rules, data.segments).value, data, rules);
}

interface Outcome {
  readonly status: ModelStatus;
  readonly name: PurchaseModelName | null;
  readonly fit: Fit | null;
  readonly candidates: readonly Fit[];
  readonly gates: Gates;
  readonly value?: ModelFit['value'];
  readonly backtest?: Backtest | null;
}
/** First seen so soon after the first of all that an earlier purchase may lie before the data. */
function truncatedBuyers({ firstDay, span, now }: FitData, medianGapDays: number | null): number {
  if (firstDay === null || medianGapDays === null) return 0;
  const youngest = span.until - firstDay - medianGapDays;
  return now.ageDays.reduce((count, age) => count + (age >= youngest ? 1 : 0), 0);
}

function fitOf({ id, asOf, data, medianGapDays }: LadderInput, outcome: Outcome): ModelFit {
  const { fit, name, status, gates, candidates } = outcome;
  const { firstDay, span, buyers, repeaters, repeats } = data;
  return {
    id,
    asOf,
    unit: 'weeks',
    status,
    model: name,
    parameters: fit && { r: fit.r, alpha: fit.alpha, a: fit.a, b: fit.b },
    logLikelihood: fit?.logLikelihood ?? null,
    value: outcome.value ?? null,
    candidates: candidates.map((one) => ({
      model: one.model,
      logLikelihood: one.logLikelihood,
      aic: 2 * (one.a === null ? 2 : 4) - 2 * one.logLikelihood,
      converged: one.converged,
      atBound: one.atBound,
      parameters: [one.r, one.alpha, one.a, one.b].filter((value) => value !== null),
    })),
    gates,
    data: {
      firstDay: firstDay === null ? null : dayFromNumber(firstDay),
      until: dayFromNumber(span.until),
      buyers,
      truncated: truncatedBuyers(data, medianGapDays),
      repeaters,
      repeats,
    },
    backtest: outcome.backtest ?? null,
  };
}

import { integrate } from '../numeric/gauss-legendre.ts';
import { hypergeometric2F1 } from '../numeric/hypergeometric.ts';
import { newPurchases } from './future-counts.ts';
import type { PurchaseHistory } from './histories.ts';
import type { FittedModel, ModelName } from './model.ts';
import type { Time, TimeUnit } from './time.ts';

/**
 * What a fitted model says of one customer: the chance of still being one, and from it everything about the purchases to
 * come. A customer who is still there cannot leave before the next purchase; after each, with the customer's own chance.
 */
export interface Future<U extends TimeUnit> {
  readonly unit: U;
  /** P(alive); null where the model knows no dropout: then nobody can say, and 1 would be a lie. */
  readonly alive: number | null;
  /** Stages of the running gap that may have passed, each with its chance and the shape of the rate that goes with it. */
  readonly stages: readonly { readonly weight: number; readonly shape: number }[];
  /** Scale of the rate: alpha + age. */
  readonly scale: number;
  /** What is believed of the chance to stay after a purchase: Beta(a, stayed); null = everybody stays. */
  readonly dropout: { readonly a: number; readonly stayed: number; readonly excess: number } | null;
}

const STAGES: { readonly [N in ModelName]: 1 | 2 } = {
  NBD: 1,
  'BG/NBD': 1,
  'MBG/NBD': 1,
  'CNBD-2': 2,
  'MBG/CNBD-2': 2,
};

/** P(alive) of docs/scoring.md, "Outlook": odds of being gone against having been silent by chance. */
export function futureOf<U extends TimeUnit>(
  fit: FittedModel<U>,
  history: PurchaseHistory<NoInfer<U>>,
): Future<U> {
  const { r, alpha, a, b, model, unit } = fit;
  const { repeats, recency, age } = history;
  const count = STAGES[model];
  const shape = r + count * repeats;
  const scale = alpha + age;
  const odds = count === 2 ? (shape * (age - recency)) / scale : 0;
  const stages = [{ weight: 1 / (1 + odds), shape }];
  if (count === 2) stages.push({ weight: odds / (1 + odds), shape: shape + 1 });
  if (a === null || b === null) return { unit, alive: null, stages, scale, dropout: null };
  const isBg = model === 'BG/NBD';
  const stayed = isBg ? b + repeats : b + repeats + 1;
  const dropout = { a, stayed, excess: isBg ? a + b - 1 - r : a + b - r };
  if (isBg && repeats === 0) return { unit, alive: 1, stages, scale, dropout };
  const silence = shape * (Math.log(scale) - Math.log(alpha + recency)) - Math.log1p(odds);
  const logOdds = silence + Math.log(a) - Math.log(stayed - 1);
  return { unit, alive: 1 / (1 + Math.exp(logOdds)), stages, scale, dropout };
}

/** P(at least one purchase in the next `horizon`): the number behind churn risk. */
export function chanceOfPurchase<U extends TimeUnit>(future: Future<U>, horizon: Time<NoInfer<U>>): number {
  const logStay = Math.log(future.scale / (future.scale + horizon));
  const passed = horizon / (future.scale + horizon);
  const none = future.stages.reduce((sum, { weight, shape }, stage) => {
    // With two stages to go, one of them may pass without a purchase.
    const missing = future.stages.length - stage === 2 ? 1 + shape * passed : 1;
    return sum + weight * Math.exp(shape * logStay) * missing;
  }, 0);
  return (future.alive ?? 1) * (1 - none);
}

/** S: the chance of so long a silence for somebody who is still a customer. Odds of being gone = prior odds / S. */
export function silenceChance<U extends TimeUnit>(
  fit: FittedModel<U>,
  history: PurchaseHistory<NoInfer<U>>,
): number {
  const count = STAGES[fit.model];
  const shape = fit.r + count * history.repeats;
  const scale = fit.alpha + history.age;
  const silent = history.age - history.recency;
  const odds = count === 2 ? (shape * silent) / scale : 0;
  return Math.exp(shape * Math.log((fit.alpha + history.recency) / scale) + Math.log1p(odds));
}

// The closed form loses digits as a nears 1, where it is 0/0.
const NEAR_ONE = 1e-4;

/** Expected number of purchases in the next `horizon`. */
export function expectedPurchases<U extends TimeUnit>(future: Future<U>, horizon: Time<NoInfer<U>>): number {
  const { dropout, stages, scale, alive } = future;
  if (horizon <= 0) return 0;
  if (stages.length > 1) return newPurchases(future, horizon).mean;
  const shape = stages[0]?.shape ?? 0;
  if (dropout === null) return (shape * horizon) / scale;
  const bounded = dropout.a + dropout.stayed - 1;
  const isHole = Math.abs(dropout.a - 1) < NEAR_ONE || bounded <= 0;
  const expected = isHole
    ? expectedByIntegral(future, horizon)
    : (alive ?? 1) * closedForm(dropout, bounded, horizon / (scale + horizon));
  // Rates that hardly differ among customers (a large r), or a large a: terms of both signs, or beyond a double.
  return Number.isFinite(expected) ? expected : newPurchases(future, horizon).mean;
}

function closedForm({ a, excess }: { a: number; excess: number }, bounded: number, z: number): number {
  const kept = Math.exp((a - 1) * Math.log1p(-z)) * hypergeometric2F1(excess, a - 1, bounded, z);
  return (bounded / (a - 1)) * (1 - kept);
}

/**
 * The same without a hole at a = 1, by quadrature: E = P(alive) shape * integral over 0..Z of (1-z)^(a-2) 2F1(.; z) dz,
 * Z = t / (scale + t), with u = -log(1-z) as variable, which takes the singularity at z = 1 away.
 */
export function expectedByIntegral<U extends TimeUnit>(future: Future<U>, horizon: Time<NoInfer<U>>): number {
  const { dropout, stages, scale, alive } = future;
  const shape = stages[0]?.shape ?? 0;
  if (dropout === null) return (shape * horizon) / scale;
  const { a, stayed, excess } = dropout;
  const area = integrate(0, Math.log1p(horizon / scale), (u) => {
    return Math.exp(-(a - 1) * u) * hypergeometric2F1(excess, a, a + stayed, -Math.expm1(-u));
  });
  return (alive ?? 1) * shape * area;
}

/** Expected repeat purchases of somebody who buys for the first time now. */
export function expectedOfNewCustomer<U extends TimeUnit>(
  fit: FittedModel<U>,
  horizon: Time<NoInfer<U>>,
): number {
  const zero = 0 as Time<U>; // nothing in any unit
  return expectedPurchases(futureOf(fit, { repeats: 0, recency: zero, age: zero }), horizon);
}

import type { Histories } from './histories.ts';
import type { TimeUnit } from './time.ts';

/** What the purchase models have in common. Parameters are named as in the papers: r, alpha, a, b. */

export type ModelName = 'BG/NBD' | 'MBG/NBD' | 'MBG/CNBD-2' | 'NBD' | 'CNBD-2';

/** r, alpha: how purchase rates differ among customers. a, b: how chances of dropping out do; absent = nobody drops out. */
interface Parameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number | null;
  readonly b: number | null;
}

export interface PurchaseModel {
  readonly name: ModelName;
  /** Stages of a gap between purchases (Erlang): 1 = purchases at random, 2 = more regular. */
  readonly stages: number;
  /** True: alpha comes with a and b. */
  readonly hasDropout: boolean;
  /**
   * Log-likelihood of all customers together, at the natural parameters [r, alpha] or [r, alpha, a, b]; its slope by
   * each of them is written into `gradient`.
   */
  logLikelihood(
    parameters: ArrayLike<number>,
    histories: Histories<TimeUnit>,
    gradient: Float64Array,
  ): number;
}

/** What is needed to foretell: a model, its parameters, and the unit in which they count time. */
export interface FittedModel<U extends TimeUnit> extends Parameters {
  readonly model: ModelName;
  readonly unit: U;
}

export interface PurchaseFit<U extends TimeUnit> extends FittedModel<U> {
  readonly logLikelihood: number;
  /** The largest slope of the mean log-likelihood is small enough and the curvature finite. */
  readonly converged: boolean;
  /** Names of parameters at a bound. */
  readonly atBound: readonly string[];
  readonly slope: number;
}

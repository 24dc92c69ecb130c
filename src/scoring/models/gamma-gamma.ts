import { digamma, logGamma } from '../numeric/gamma.ts';
import { minimise } from '../numeric/minimise.ts';

/**
 * Value per purchase: Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (note 025, 2013). A customer's purchases
 * vary around an own mean, and these means vary among customers; few purchases are drawn towards the mean of all.
 */
export interface GammaGammaFit {
  readonly p: number;
  readonly q: number;
  readonly v: number;
  readonly logLikelihood: number;
  readonly customers: number;
  readonly converged: boolean;
}

/** Customers with at least one repeat and a positive mean value of their repeats, column by column. */
export interface Spending {
  readonly repeats: Int32Array;
  readonly value: Float64Array;
}

// Of p, q - 1 and v (in mean values). q > 1, or the mean of all would not exist.
const LOWER = [1e-2, 1e-3, 1e-4].map(Math.log);
const UPPER = [1e5, 1e5, 1e7].map(Math.log);
const STARTS = [
  [5, 3, 2],
  [1, 2, 3],
  [20, 10, 1],
].map((start) => start.map(Math.log));
const SAMPLE_ROWS = 5_000;
const MAX_SLOPE = 1e-5;

interface Columns {
  readonly repeats: Int32Array;
  readonly value: Float64Array;
  readonly logValue: Float64Array;
  /** Which repeats occur at all: the gamma functions are needed at these alone. */
  readonly occurring: readonly number[];
  /** Sum of log(x m), and of the logarithms of m. */
  readonly most: number;
}

function columnsOf(repeats: Int32Array, value: Float64Array): Columns {
  const occurring = [...new Set(repeats)].sort((left, right) => left - right);
  return { repeats, value, logValue: value.map(Math.log), occurring, most: occurring.at(-1) ?? 0 };
}

/** Null: nobody to learn from. */
export function fitGammaGamma({ repeats, value }: Spending): GammaGammaFit | null {
  const customers = repeats.length;
  if (customers === 0) return null;
  const scale = value.reduce((sum, one) => sum + one, 0) / customers;
  const scaled = value.map((one) => one / scale);
  const all = columnsOf(repeats, scaled);
  const step = Math.ceil(customers / SAMPLE_ROWS);
  const isSampled = (_: number, index: number) => index % step === 0;
  const sample = step === 1 ? all : columnsOf(repeats.filter(isSampled), scaled.filter(isSampled));
  const box = { lower: LOWER, upper: UPPER };
  const ends = STARTS.map((start) => minimise(objectiveOf(sample), start, box));
  const best = ends.reduce((one, other) => (other.value < one.value ? other : one));
  const found = minimise(objectiveOf(all), Array.from(best.point), box);
  const [p = 0, above = 0, v = 0] = Array.from(found.point, Math.exp);
  return {
    p,
    q: above + 1,
    v: v * scale,
    // A mean value's density is per unit of money.
    logLikelihood: -found.value * customers - customers * Math.log(scale),
    customers,
    converged: found.slope < MAX_SLOPE,
  };
}

/** Equation 5 of the note, minus its mean over customers, by log p, log (q - 1), log v. */
function objectiveOf({ repeats, value, logValue, occurring, most }: Columns) {
  const constant = new Float64Array(most + 1);
  const slopeP = new Float64Array(most + 1);
  const slopeQ = new Float64Array(most + 1);
  return (point: Float64Array, gradient: Float64Array): number => {
    const [p = 0, above = 0, v = 0] = Array.from(point, Math.exp);
    const q = above + 1;
    const logV = Math.log(v);
    for (const x of occurring) {
      const [both, own] = [digamma(p * x + q), digamma(p * x)];
      constant[x] = logGamma(p * x + q) - logGamma(p * x) - logGamma(q) + q * logV + p * x * Math.log(x);
      slopeP[x] = x * (both - own + Math.log(x));
      slopeQ[x] = both - digamma(q) + logV;
    }
    let [sum, byP, byQ, byV] = [0, 0, 0, 0];
    for (let i = 0; i < repeats.length; i++) {
      // The columns have the same length, and the tables reach to the most repeats there are.
      const x = repeats[i] as number;
      const log = logValue[i] as number;
      const spent = x * (value[i] as number) + v;
      const logSpent = Math.log(spent);
      const shape = p * x + q;
      sum += (constant[x] as number) + (p * x - 1) * log - shape * logSpent;
      byP += (slopeP[x] as number) + x * (log - logSpent);
      byQ += (slopeQ[x] as number) - logSpent;
      byV += q / v - shape / spent;
    }
    const customers = repeats.length;
    gradient.set([(-byP * p) / customers, (-byQ * above) / customers, (-byV * v) / customers]);
    return -sum / customers;
  };
}

/** Expected value of a purchase to come (equation 5a): the own mean, drawn towards that of all. */
export function expectedValue(
  { p, q, v }: Pick<GammaGammaFit, 'p' | 'q' | 'v'>,
  repeats: number,
  value: number,
): number {
  return (p * (v + repeats * value)) / (p * repeats + q - 1);
}

/** Pearson's correlation of the number of repeats with their mean value: Gamma-Gamma takes it to be none. */
export function correlation({ repeats, value }: Spending): number {
  const count = repeats.length;
  const meanX = repeats.reduce((sum, x) => sum + x, 0) / count;
  const meanM = value.reduce((sum, m) => sum + m, 0) / count;
  let [both, ownX, ownM] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [dx, dm] = [(repeats[i] ?? 0) - meanX, (value[i] ?? 0) - meanM];
    both += dx * dm;
    ownX += dx * dx;
    ownM += dm * dm;
  }
  return ownX > 0 && ownM > 0 ? both / Math.sqrt(ownX * ownM) : 0;
}

import { type Box, type Minimum, minimise, type Objective } from '../numeric/minimise.ts';
import { type Histories, sampleOf } from './histories.ts';
import type { PurchaseFit, PurchaseModel } from './model.ts';
import type { TimeUnit } from './time.ts';

/**
 * Maximum likelihood in the logarithms of the parameters, from several starts, within bounds. Times are divided by the mean
 * age first, so that starts and bounds mean the same in every unit and the fit is the same customers' fit in each.
 */

const NAMES = ['r', 'alpha', 'a', 'b'] as const;
/** Of r, alpha (in mean ages), a, b. At a + b in the thousands nobody can be told from a customer who never leaves. */
const BOUNDS: readonly (readonly [number, number])[] = [
  [1e-3, 1e4],
  [1e-5, 1e5],
  [1e-5, 1e3],
  [1e-5, 1e5],
];
/** r, a, b; alpha follows from r and the overall rate. */
const STARTS = [
  [0.5, 0.6, 1.5],
  [1, 0.1, 2],
  [0.2, 1, 5],
  [5, 0.02, 2],
] as const;

// Starts are compared on this many rows, evenly taken; the best of them is then fitted to all.
const SAMPLE_ROWS = 5_000;
/** Largest slope of the mean log-likelihood that counts as a maximum. */
export const MAX_SLOPE = 1e-5;
// A parameter is at its bound when it is within this share of the span between the bounds, in logarithms.
const BOUND_SHARE = 0.01;

export function fitPurchases<U extends TimeUnit>(
  model: PurchaseModel,
  histories: Histories<U>,
): PurchaseFit<U> {
  const size = model.hasDropout ? 4 : 2;
  const scale = meanAge(histories);
  const scaled = scaledBy(histories, scale);
  const box = {
    lower: BOUNDS.slice(0, size).map(([low]) => Math.log(low)),
    upper: BOUNDS.slice(0, size).map(([, high]) => Math.log(high)),
  };
  const best = bestStart(model, sampleOf(scaled, SAMPLE_ROWS), box, size);
  const objective = objectiveOf(model, scaled);
  const found = refined(objective, minimise(objective, best, box), box);
  const [r = 0, alpha = 0, a = null, b = null] = Array.from(found.point, Math.exp);
  return {
    model: model.name,
    unit: histories.unit,
    r,
    alpha: alpha * scale,
    a,
    b,
    // A gap's density is per unit of time.
    logLikelihood: -found.value * histories.customers - histories.totalRepeats * Math.log(scale),
    converged: found.slope < MAX_SLOPE && hessian(objective, found.point) !== null,
    slope: found.slope,
    atBound: NAMES.slice(0, size).filter((_, i) => isAtBound(found.point[i] ?? 0, i, box)),
  };
}

function meanAge({ age, weight, customers }: Histories<TimeUnit>): number {
  let sum = 0;
  for (let i = 0; i < age.length; i++) sum += (age[i] ?? 0) * (weight[i] ?? 0);
  return sum > 0 ? sum / customers : 1;
}

function scaledBy<U extends TimeUnit>(histories: Histories<U>, scale: number): Histories<U> {
  return {
    ...histories,
    recency: histories.recency.map((value) => value / scale),
    age: histories.age.map((value) => value / scale),
    totalLogGaps: histories.totalLogGaps - histories.totalRepeats * Math.log(scale),
  };
}

/** Minus the mean log-likelihood, by the logarithms of the parameters. */
function objectiveOf(model: PurchaseModel, histories: Histories<TimeUnit>): Objective {
  const customers = Math.max(1, histories.customers);
  return (point, gradient) => {
    const parameters = point.map(Math.exp);
    const sum = model.logLikelihood(parameters, histories, gradient);
    for (let i = 0; i < gradient.length; i++) {
      gradient[i] = (-(gradient[i] ?? 0) * (parameters[i] ?? 0)) / customers;
    }
    return -sum / customers;
  };
}

function bestStart(
  model: PurchaseModel,
  sample: Histories<TimeUnit>,
  box: Box,
  size: number,
): readonly number[] {
  const objective = objectiveOf(model, sample);
  const rate = Math.max(1e-4, sample.totalRepeats / Math.max(1, sample.customers * meanAge(sample)));
  const ends = STARTS.map(([r, a, b]) => {
    const start = [r, r / (rate * model.stages), a, b].slice(0, size).map(Math.log);
    return minimise(objective, start, box);
  });
  const best = ends.reduce((one, other) => (other.value < one.value ? other : one));
  return Array.from(best.point);
}

/** Newton's steps where the value no longer tells one place from another: the slope still does. */
function refined(objective: Objective, from: Minimum, box: Box): Minimum {
  let at = from;
  for (let step = 0; step < 3 && at.slope > 1e-12; step++) {
    const curvature = hessian(objective, at.point);
    const gradient = new Float64Array(at.point.length);
    objective(at.point, gradient);
    const move = curvature && solved(curvature, gradient);
    if (!move?.every((value) => Math.abs(value) < 0.1)) return at;
    const point = at.point.map((value, i) => value - (move[i] ?? 0));
    if (point.some((value, i) => value < (box.lower[i] ?? 0) || value > (box.upper[i] ?? 0))) return at;
    const slopes = new Float64Array(point.length);
    const value = objective(point, slopes);
    const slope = Math.max(...slopes.map(Math.abs));
    if (!(slope < at.slope)) return at;
    at = { point, value, slope, evaluations: at.evaluations + 2 };
  }
  return at;
}

const HESSIAN_STEP = 1e-4;
/** Second derivatives by central differences of the slope; null where one is not finite. */
function hessian(objective: Objective, point: Float64Array): number[][] | null {
  const columns = Array.from(point, (_, i) => {
    const slopes = [HESSIAN_STEP, -HESSIAN_STEP].map((step) => {
      const gradient = new Float64Array(point.length);
      objective(
        point.map((value, j) => (i === j ? value + step : value)),
        gradient,
      );
      return gradient;
    });
    return Array.from(point, (__, j) => ((slopes[0]?.[j] ?? 0) - (slopes[1]?.[j] ?? 0)) / (2 * HESSIAN_STEP));
  });
  return columns.flat().every(Number.isFinite) ? columns : null;
}

/** The solution of matrix * x = right by elimination; null where the matrix is as good as singular. */
function solved(matrix: number[][], right: ArrayLike<number>): number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows.slice(column).reduce((best, row) => {
      return Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best;
    });
    if (Math.abs(pivot[column] ?? 0) < 1e-14) return null;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const row of rows.filter((one) => one !== pivot)) {
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let at = column; at <= size; at++) row[at] = (row[at] ?? 0) - factor * (pivot[at] ?? 0);
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}

function isAtBound(value: number, index: number, { lower, upper }: Box): boolean {
  const [low = 0, high = 0] = [lower[index], upper[index]];
  const margin = BOUND_SHARE * (high - low);
  return value < low + margin || value > high - margin;
}

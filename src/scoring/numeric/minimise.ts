/**
 * Minimum of a smooth function in a box: BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., 6.1) on the variables
 * that are free, with projected backtracking (Bertsekas, SIAM J. Control Optim. 20, 1982). Own code, by docs/adr/0020: no
 * kept library has bounds, gradients and a convergence test at once.
 */

/** The value at `point`; writes the slope into `gradient`. Anything not finite counts as infinitely bad. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;
export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  /** Largest slope among the variables that a bound does not hold. */
  readonly slope: number;
  readonly evaluations: number;
}

const TOLERANCE = 1e-9;
const MAX_STEPS = 200;
const MAX_HALVINGS = 40;
const SUFFICIENT_DECREASE = 1e-4;
// Parameters are logarithms: a step of 3 is a factor of 20.
const LONGEST_STEP = 3;

interface Place {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

export function minimise(objective: Objective, start: readonly number[], box: Box): Minimum {
  const size = start.length;
  let evaluations = 0;
  const look = (point: Float64Array): Place => {
    const gradient = new Float64Array(size);
    const value = objective(point, gradient);
    evaluations += 1;
    const isUsable = Number.isFinite(value) && gradient.every(Number.isFinite);
    return { point, gradient, value: isUsable ? value : Number.POSITIVE_INFINITY };
  };
  let at = look(Float64Array.from(start, (value, i) => clamp(value, i, box)));
  let inverse = identity(size);
  for (let step = 0; step < MAX_STEPS; step++) {
    const free = freeVariables(at, box);
    if (slopeOf(at, free) < TOLERANCE) break;
    const next =
      search(look, at, directionOf(inverse, at, free), box) ??
      search(look, at, directionOf(identity(size), at, free), box);
    if (next === null) break;
    inverse = updated(inverse, at, next, free);
    at = next;
  }
  return { point: at.point, value: at.value, slope: slopeOf(at, freeVariables(at, box)), evaluations };
}

function clamp(value: number, index: number, { lower, upper }: Box): number {
  return Math.min(upper[index] ?? value, Math.max(lower[index] ?? value, value));
}

/** A variable at its bound is held there while the function falls towards the outside. */
function freeVariables({ point, gradient }: Place, { lower, upper }: Box): boolean[] {
  return Array.from(point, (value, i) => {
    const slope = gradient[i] ?? 0;
    return !((value <= (lower[i] ?? 0) && slope > 0) || (value >= (upper[i] ?? 0) && slope < 0));
  });
}

function slopeOf({ gradient, value }: Place, free: readonly boolean[]): number {
  if (!Number.isFinite(value)) return Number.POSITIVE_INFINITY;
  return gradient.reduce((most, slope, i) => (free[i] ? Math.max(most, Math.abs(slope)) : most), 0);
}

type Matrix = number[][];
function identity(size: number): Matrix {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => (i === j ? 1 : 0)));
}
function product(matrix: Matrix, vector: ArrayLike<number>): number[] {
  return matrix.map((row) => row.reduce((sum, cell, j) => sum + cell * (vector[j] ?? 0), 0));
}
function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] ?? 0) * (right[i] ?? 0);
  return sum;
}

function directionOf(inverse: Matrix, { gradient }: Place, free: readonly boolean[]): number[] {
  const slopes = Array.from(gradient, (slope, i) => (free[i] ? slope : 0));
  const direction = product(inverse, slopes).map((value, i) => (free[i] ? -value : 0));
  const longest = Math.max(...direction.map(Math.abs));
  return longest > LONGEST_STEP ? direction.map((value) => (value * LONGEST_STEP) / longest) : direction;
}

/** Shortens the step until the value falls enough; null: it does not, along this direction. */
function search(
  look: (point: Float64Array) => Place,
  from: Place,
  direction: readonly number[],
  box: Box,
): Place | null {
  if (!(dot(direction, from.gradient) < 0)) return null;
  let length = 1;
  for (let halving = 0; halving < MAX_HALVINGS; halving++) {
    const point = Float64Array.from(from.point, (value, i) =>
      clamp(value + length * (direction[i] ?? 0), i, box),
    );
    const moved = Array.from(point, (value, i) => value - (from.point[i] ?? 0));
    const fall = dot(moved, from.gradient);
    const place = look(point);
    if (place.value <= from.value + SUFFICIENT_DECREASE * fall && place.value < from.value) return place;
    // The minimum of the parabola through what is known, kept within reason.
    const best = (-fall * length) / (2 * (place.value - from.value - fall));
    length = Number.isFinite(best) ? Math.min(length / 2, Math.max(length / 10, best)) : length / 10;
  }
  return null;
}

/** The BFGS update of the inverse Hessian (6.17), on the free variables; skipped where the curvature is not positive. */
function updated(inverse: Matrix, from: Place, to: Place, free: readonly boolean[]): Matrix {
  const size = inverse.length;
  const step = Array.from(to.point, (value, i) => (free[i] ? value - (from.point[i] ?? 0) : 0));
  const change = Array.from(to.gradient, (value, i) => (free[i] ? value - (from.gradient[i] ?? 0) : 0));
  const curvature = dot(step, change);
  if (!(curvature > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change)))) return identity(size);
  const scaled = product(inverse, change);
  const factor = (1 + dot(change, scaled) / curvature) / curvature;
  return inverse.map((row, i) =>
    row.map((cell, j) => {
      const [si = 0, sj = 0] = [step[i], step[j]];
      const [hi = 0, hj = 0] = [scaled[i], scaled[j]];
      return cell + factor * si * sj - (si * hj + hi * sj) / curvature;
    }),
  );
}

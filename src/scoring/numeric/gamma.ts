/**
 * The gamma function's logarithm and its slope, for positive arguments: Stirling's series (Abramowitz and Stegun, Handbook
 * of Mathematical Functions, 6.1.41 and 6.3.18) above SHIFT, reached from below by the recurrences 6.1.15 and 6.3.5.
 * Own code, by docs/adr/0020: no kept library gives both without an asynchronous start or some 160 packages.
 */

// Above 10 the seventh term of either series is below 1e-16 of the value.
const SHIFT = 10;
const HALF_LOG_2_PI = 0.9189385332046727;
// Bernoulli numbers B(2n) / (2n (2n-1)) and B(2n) / (2n), n = 1..8.
const LOG_GAMMA_TERMS = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
  -3617 / 122_400,
];
const DIGAMMA_TERMS = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32_760, 1 / 12, -3617 / 8160];

function series(terms: readonly number[], inverseSquare: number): number {
  return terms.reduceRight((sum, term) => sum * inverseSquare + term, 0);
}

export function logGamma(value: number): number {
  let argument = value;
  let product = 1;
  while (argument < SHIFT) {
    product *= argument;
    argument += 1;
  }
  const tail = series(LOG_GAMMA_TERMS, 1 / (argument * argument)) / argument;
  return (argument - 0.5) * Math.log(argument) - argument + HALF_LOG_2_PI + tail - Math.log(product);
}

export function digamma(value: number): number {
  let argument = value;
  let shifted = 0;
  while (argument < SHIFT) {
    shifted += 1 / argument;
    argument += 1;
  }
  const square = 1 / (argument * argument);
  return Math.log(argument) - 0.5 / argument - series(DIGAMMA_TERMS, square) * square - shifted;
}

/** log Γ(start + n) - log Γ(start) for n = 0..count: exact by the recurrence, however large `start` is. */
export function logRising(start: number, count: number): Float64Array {
  const table = new Float64Array(count + 1);
  for (let n = 0; n < count; n++) table[n + 1] = (table[n] as number) + Math.log(start + n); // within the table
  return table;
}

/** digamma(start + n) - digamma(start) for n = 0..count. */
export function digammaRising(start: number, count: number): Float64Array {
  const table = new Float64Array(count + 1);
  for (let n = 0; n < count; n++) table[n + 1] = (table[n] as number) + 1 / (start + n); // within the table
  return table;
}

/** Gauss's 2F1 by its power series, for 0 <= z < 1 (DLMF 15.2.1). Callers pass forms whose terms stay small. */

const PRECISION = 1e-16;
// At z = 0.9999 the series needs some 370,000 terms; beyond that the caller's integral form serves.
const MAX_TERMS = 500_000;
// Terms of both signs that are so much larger than their sum have used up too many of a double's 16 digits.
const MOST_CANCELLED = 1e5;

/** NaN where the series does not settle, or settles on what cancellation has left over. */
export function hypergeometric2F1(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  let largest = 1;
  for (let n = 0; n < MAX_TERMS; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    if (Math.abs(term) > largest) largest = Math.abs(term);
    // Small terms may still grow while the ratio is above 1.
    if (Math.abs(term) <= PRECISION * Math.abs(sum) && Math.abs(ratio) < 1) {
      return largest <= MOST_CANCELLED * Math.abs(sum) ? sum : Number.NaN;
    }
    if (largest === Number.POSITIVE_INFINITY) break;
  }
  return Number.NaN;
}

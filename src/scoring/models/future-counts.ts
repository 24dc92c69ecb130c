import { logGamma } from '../numeric/gamma.ts';
import type { Future } from './future.ts';
import type { Time, TimeUnit } from './time.ts';

/**
 * The distribution of the number of purchases to come. Stages of gaps that pass in the horizon are negative binomial
 * (a Poisson process whose rate is Gamma); the m-th purchase happens if enough stages pass and the customer stayed after
 * each of the m - 1 before it, which under Beta(a, stayed) has the chance of a ratio of rising factorials:
 *     P(purchases >= m) = P(alive) * sum over stages of weight * P(stages passed >= needed) * chance to stay m - 1 times
 * All terms are positive. Derived from the model's definition; agrees with the closed form of MBG/NBD (see tests).
 */

const NEGLIGIBLE = 1e-17;
// Only a rate that hardly anything is known of (a first purchase today, a tiny alpha) has a tail as long as this.
const MOST_ABOVE_PEAK = 100_000;
// Nobody buys so often; a rate that says so is one of a fit that came to nothing, and must not cost the memory.
const MOST_STAGES = 100_000;

/** Adds weight * P(N = n) for all n that matter into `sums[purchases]`. */
function addCounts(
  sums: number[],
  stage: { readonly weight: number; readonly shape: number },
  input: { readonly z: number; readonly alreadyPassed: number; readonly perPurchase: number },
): void {
  const { shape, weight } = stage;
  const { z, alreadyPassed, perPurchase } = input;
  const add = (n: number, chance: number) => {
    const purchases = Math.floor((alreadyPassed + n) / perPurchase);
    sums[purchases] = (sums[purchases] ?? 0) + weight * chance;
  };
  // From the likeliest count outwards, so that nothing is lost where the chance of none is too small for a double.
  const peak = Math.max(0, Math.floor(((shape - 1) * z) / (1 - z)));
  if (peak > MOST_STAGES) {
    add(MOST_STAGES, 1);
    return;
  }
  const logPeak =
    logGamma(shape + peak) -
    logGamma(shape) -
    logGamma(peak + 1) +
    shape * Math.log1p(-z) +
    peak * Math.log(z);
  const top = Math.exp(logPeak);
  let chance = top;
  for (let n = peak; n <= peak + MOST_ABOVE_PEAK && (chance > NEGLIGIBLE * top || n === peak); n++) {
    add(n, chance);
    chance *= ((shape + n) / (n + 1)) * z;
  }
  chance = top;
  for (let n = peak; n > 0 && chance > NEGLIGIBLE * top; n--) {
    chance *= n / ((shape + n - 1) * z);
    add(n - 1, chance);
  }
}

export interface PurchaseCounts {
  readonly mean: number;
  /** P(at least m purchases), m = 0, 1, … */
  readonly atLeast: readonly number[];
}

export function newPurchases<U extends TimeUnit>(
  future: Future<U>,
  horizon: Time<NoInfer<U>>,
): PurchaseCounts {
  const { stages, scale, dropout, alive } = future;
  const z = horizon / (scale + horizon);
  const counts: number[] = [];
  stages.forEach((stage, alreadyPassed) => {
    addCounts(counts, stage, { z, alreadyPassed, perPurchase: stages.length });
  });
  const atLeast = new Array<number>(counts.length).fill(0);
  let tail = 0;
  for (let m = counts.length - 1; m >= 0; m--) {
    tail += counts[m] ?? 0;
    atLeast[m] = tail;
  }
  let stays = alive ?? 1;
  let mean = 0;
  for (let m = 1; m < atLeast.length; m++) {
    atLeast[m] = (atLeast[m] ?? 0) * stays;
    mean += atLeast[m] ?? 0;
    if (dropout) stays *= (dropout.stayed + m - 1) / (dropout.a + dropout.stayed + m - 1);
  }
  atLeast[0] = 1;
  return { mean, atLeast };
}

/** The smallest number of purchases that is not exceeded with this chance. */
function purchaseQuantile({ atLeast }: PurchaseCounts, chance: number): number {
  let count = 0;
  while ((atLeast[count + 1] ?? 0) > 1 - chance) count += 1;
  return count;
}

/** The range that holds the number of purchases with at least this chance, as much left out below as above. */
export function rangeOf(counts: PurchaseCounts, percent: number): { low: number; high: number } {
  const outside = (1 - percent / 100) / 2;
  return { low: purchaseQuantile(counts, outside), high: purchaseQuantile(counts, 1 - outside) };
}

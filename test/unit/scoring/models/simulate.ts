import type { Bookings } from '../../../../src/scoring/models/fit-data.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

/** Customers as the models imagine them, from a seed: Gamma rates, gaps in stages, a Beta chance to leave after each purchase. */
export interface Imagined {
  readonly customers: number;
  readonly r: number;
  /** In days. */
  readonly alpha: number;
  /** Null: nobody leaves. */
  readonly dropout: { readonly a: number; readonly b: number } | null;
  readonly stages: 1 | 2;
  /** First purchases are spread evenly over these days; everybody is seen until `until`. */
  readonly entryDays: number;
  readonly until: number;
  readonly seed: number;
}

export function simulate(imagined: Imagined): Bookings[] {
  const random = seededRandom(imagined.seed);
  return Array.from({ length: imagined.customers }, () => {
    const rate = gammaOf(random, imagined.r) / imagined.alpha;
    const leave = imagined.dropout ? betaOf(random, imagined.dropout) : 0;
    const mean = 50 * (0.5 + random());
    const days = [Math.floor(random() * imagined.entryDays)];
    let at = days[0] ?? 0;
    while (random() >= leave) {
      let gap = 0;
      for (let stage = 0; stage < imagined.stages; stage++) gap -= Math.log(1 - random()) / rate;
      at += gap;
      if (at > imagined.until) break;
      // Purchases of one day are one.
      if (Math.floor(at) > (days.at(-1) ?? 0)) days.push(Math.floor(at));
    }
    return { days, amounts: days.map(() => mean * (0.5 + random())), refunds: [] };
  });
}

/** Marsaglia and Tsang, ACM Trans. Math. Software 26, 2000. */
function gammaOf(random: () => number, shape: number): number {
  if (shape < 1) return gammaOf(random, shape + 1) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function betaOf(random: () => number, { a, b }: { a: number; b: number }): number {
  const [left, right] = [gammaOf(random, a), gammaOf(random, b)];
  return left / (left + right);
}

import { digammaRising, logRising } from '../numeric/gamma.ts';
import type { PurchaseModel } from './model.ts';

/**
 * MBG/CNBD-2: Platzer and Reutterer, "Ticking Away the Moments", Marketing Science 35(5), 2016, with k = 2: a gap between
 * purchases has two stages, so purchases are more regular than at random. In logs; table entries by repeats.
 */
const STAGES = 2;
export const mbgCnbd2: PurchaseModel = {
  name: 'MBG/CNBD-2',
  stages: STAGES,
  hasDropout: true,
  logLikelihood(parameters, histories, gradient) {
    const { repeats, recency, age, weight, mostRepeats, totalLogGaps } = histories;
    const [r = 0, alpha = 0, a = 0, b = 0] = Array.from(parameters);
    const most = mostRepeats + 1;
    const [logA, logAlpha] = [Math.log(a), Math.log(alpha)];
    const rates = logRising(r, STAGES * most);
    const rateSlopes = digammaRising(r, STAGES * most);
    const [stays, staySlopes] = [logRising(b, most), digammaRising(b, most)];
    const [coins, coinSlopes] = [logRising(a + b, most), digammaRising(a + b, most)];
    let [sum, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0];
    for (let i = 0; i < repeats.length; i++) {
      // All columns have the same length, and the tables reach to one more than the most repeats there are.
      const x = repeats[i] as number;
      const w = weight[i] as number;
      const shape = r + STAGES * x;
      const untilNow = alpha + (age[i] as number);
      const untilLast = alpha + (recency[i] as number);
      const logNow = Math.log(untilNow);
      const logLast = Math.log(untilLast);
      // Alive with one stage of the next gap passed, against alive with none.
      const odds = (shape * ((age[i] as number) - (recency[i] as number))) / untilNow;
      const alive = Math.log1p(odds) - shape * logNow;
      const dead = logA - Math.log(b + x) - shape * logLast;
      const gone = 1 / (1 + Math.exp(alive - dead));
      const here = 1 - gone;
      const passed = (here * odds) / (1 + odds);
      const rest = alive > dead ? alive - Math.log1p(-gone) : dead - Math.log(gone);
      const stay = (stays[x + 1] as number) - (coins[x + 1] as number);
      sum += w * ((rates[STAGES * x] as number) + stay + rest);
      byR += w * ((rateSlopes[STAGES * x] as number) + passed / shape - here * logNow - gone * logLast);
      byAlpha -= w * ((shape * here + passed) / untilNow + (shape * gone) / untilLast);
      byA += w * (gone / a - (coinSlopes[x + 1] as number));
      byB += w * ((staySlopes[x + 1] as number) - (coinSlopes[x + 1] as number) - gone / (b + x));
    }
    const customers = weight.reduce((total, one) => total + one, 0);
    gradient.set([byR + customers * logAlpha, byAlpha + (customers * r) / alpha, byA, byB]);
    // lgamma(2) = 0, so only the gaps themselves are left of the Erlang density's constant.
    return sum + customers * r * logAlpha + (STAGES - 1) * totalLogGaps;
  },
};

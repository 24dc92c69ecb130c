import { digammaRising, logRising } from '../numeric/gamma.ts';
import type { PurchaseModel } from './model.ts';

/**
 * MBG/NBD: Batislam, Denizel and Filiztekin, Int. J. Research in Marketing 24, 2007; Hoppe and Wagner, Marketing JRM 3,
 * 2007. As BG/NBD, but a customer may drop out after the first purchase too. In logs; table entries by repeats.
 */
export const mbgNbd: PurchaseModel = {
  name: 'MBG/NBD',
  stages: 1,
  hasDropout: true,
  logLikelihood(parameters, { repeats, recency, age, weight, mostRepeats }, gradient) {
    const [r = 0, alpha = 0, a = 0, b = 0] = Array.from(parameters);
    const most = mostRepeats + 1;
    const [logA, logAlpha] = [Math.log(a), Math.log(alpha)];
    const [rates, rateSlopes] = [logRising(r, most), digammaRising(r, most)];
    const [stays, staySlopes] = [logRising(b, most), digammaRising(b, most)];
    const [coins, coinSlopes] = [logRising(a + b, most), digammaRising(a + b, most)];
    let [sum, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0];
    for (let i = 0; i < repeats.length; i++) {
      // All columns have the same length, and the tables reach to one more than the most repeats there are.
      const x = repeats[i] as number;
      const w = weight[i] as number;
      const shape = r + x;
      const untilNow = alpha + (age[i] as number);
      const untilLast = alpha + (recency[i] as number);
      const logNow = Math.log(untilNow);
      const logLast = Math.log(untilLast);
      const alive = -shape * logNow;
      const dead = logA - Math.log(b + x) - shape * logLast;
      const gone = 1 / (1 + Math.exp(alive - dead));
      const here = 1 - gone;
      const rest = alive > dead ? alive - Math.log1p(-gone) : dead - Math.log(gone);
      const stay = (stays[x + 1] as number) - (coins[x + 1] as number);
      sum += w * ((rates[x] as number) + stay + rest);
      byR += w * ((rateSlopes[x] as number) - here * logNow - gone * logLast);
      byAlpha -= w * shape * (here / untilNow + gone / untilLast);
      byA += w * (gone / a - (coinSlopes[x + 1] as number));
      byB += w * ((staySlopes[x + 1] as number) - (coinSlopes[x + 1] as number) - gone / (b + x));
    }
    const customers = weight.reduce((total, one) => total + one, 0);
    gradient.set([byR + customers * logAlpha, byAlpha + (customers * r) / alpha, byA, byB]);
    return sum + customers * r * logAlpha;
  },
};

import { digammaRising, logRising } from '../numeric/gamma.ts';
import type { PurchaseModel } from './model.ts';

/**
 * BG/NBD: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005, equation 6. After
 * each repeat purchase a customer may drop out; so who bought once only never has. In logs; table entries by repeats.
 */
export const bgNbd: PurchaseModel = {
  name: 'BG/NBD',
  stages: 1,
  hasDropout: true,
  logLikelihood(parameters, { repeats, recency, age, weight, mostRepeats }, gradient) {
    const [r = 0, alpha = 0, a = 0, b = 0] = Array.from(parameters);
    const [logA, logAlpha] = [Math.log(a), Math.log(alpha)];
    const [rates, rateSlopes] = [logRising(r, mostRepeats), digammaRising(r, mostRepeats)];
    const [stays, staySlopes] = [logRising(b, mostRepeats), digammaRising(b, mostRepeats)];
    const [coins, coinSlopes] = [logRising(a + b, mostRepeats), digammaRising(a + b, mostRepeats)];
    let [sum, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0];
    for (let i = 0; i < repeats.length; i++) {
      // All columns have the same length, and the tables reach to the most repeats there are.
      const x = repeats[i] as number;
      const w = weight[i] as number;
      const shape = r + x;
      const untilNow = alpha + (age[i] as number);
      const logNow = Math.log(untilNow);
      const alive = -shape * logNow;
      let rest = alive;
      let gone = 0;
      let logLast = 0;
      const untilLast = alpha + (recency[i] as number);
      if (x > 0) {
        logLast = Math.log(untilLast);
        const dead = logA - Math.log(b + x - 1) - shape * logLast;
        gone = 1 / (1 + Math.exp(alive - dead));
        rest = alive > dead ? alive - Math.log1p(-gone) : dead - Math.log(gone);
      }
      const here = 1 - gone;
      sum += w * ((rates[x] as number) + (stays[x] as number) - (coins[x] as number) + rest);
      byR += w * ((rateSlopes[x] as number) - here * logNow - gone * logLast);
      byAlpha -= w * shape * (here / untilNow + gone / untilLast);
      byA += w * (gone / a - (coinSlopes[x] as number));
      byB += w * ((staySlopes[x] as number) - (coinSlopes[x] as number) - (gone && gone / (b + x - 1)));
    }
    const customers = weight.reduce((total, one) => total + one, 0);
    gradient.set([byR + customers * logAlpha, byAlpha + (customers * r) / alpha, byA, byB]);
    return sum + customers * r * logAlpha;
  },
};

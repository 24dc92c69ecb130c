import { digammaRising, logRising } from '../numeric/gamma.ts';
import type { ModelName, PurchaseModel } from './model.ts';

/**
 * NBD, and its form with regular gaps (Chatfield and Goodhardt, Applied Statistics 22, 1973): rates differ among customers
 * and nobody ever drops out. What a dropout model must beat before its dropout is believed.
 */
export function nbd(stages: 1 | 2): PurchaseModel {
  const name: ModelName = stages === 1 ? 'NBD' : 'CNBD-2';
  return {
    name,
    stages,
    hasDropout: false,
    logLikelihood(parameters, histories, gradient) {
      const { repeats, recency, age, weight, mostRepeats } = histories;
      const most = stages * mostRepeats;
      const [r = 0, alpha = 0] = Array.from(parameters);
      const [rates, slopes] = [logRising(r, most), digammaRising(r, most)];
      const logAlpha = Math.log(alpha);
      let [sum, byR, byAlpha] = [0, 0, 0];
      for (let i = 0; i < repeats.length; i++) {
        // All columns have the same length, and the tables reach to the stages of the most repeats there are.
        const done = stages * (repeats[i] as number);
        const w = weight[i] as number;
        const untilNow = alpha + (age[i] as number);
        const logNow = Math.log(untilNow);
        const none = (rates[done] as number) - (r + done) * logNow;
        let one = 0;
        let shareOne = 0;
        if (stages === 2) {
          // One stage of the next gap may have passed: its odds against none.
          const odds = ((r + done) * ((age[i] as number) - (recency[i] as number))) / untilNow;
          one = Math.log1p(odds);
          shareOne = odds / (1 + odds);
        }
        sum += w * (none + one);
        byR += w * ((slopes[done] as number) + shareOne / (r + done) - logNow);
        byAlpha -= (w * (r + done + shareOne)) / untilNow;
      }
      const customers = weight.reduce((total, value) => total + value, 0);
      gradient.set([byR + customers * logAlpha, byAlpha + (customers * r) / alpha]);
      return sum + customers * r * logAlpha + (stages - 1) * histories.totalLogGaps;
    },
  };
}

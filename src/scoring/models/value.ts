import type { ModelRules } from '../../rules.ts';
import type { ModelFit } from '../../scores.ts';
import type { CustomerColumns } from './fit-data.ts';
import { correlation, expectedValue, fitGammaGamma, type Spending } from './gamma-gamma.ts';
import { type Gate, type Gates, gate } from './gates.ts';

/** Value of a purchase to come: Gamma-Gamma where its assumptions hold, else a mean drawn towards that of its account type, or of all. */

const SHRINK_WEIGHT = 3;

// Fewer customers of an account type say less about each other than all customers do.
const MIN_SPENDERS = 20;

/** Customers whose repeats earned something. */
function spendingOf({ repeats, value, segment }: CustomerColumns): Spending & { segment: Int32Array } {
  const earns = (_: number, index: number) => (repeats[index] ?? 0) > 0 && (value[index] ?? 0) > 0;
  return { repeats: repeats.filter(earns), value: value.filter(earns), segment: segment.filter(earns) };
}

type SegmentMeans = NonNullable<Extract<ModelFit['value'], { model: 'shrunken mean' }>['segments']>;

function segmentMeans(
  { value, segment }: ReturnType<typeof spendingOf>,
  segments: readonly string[],
): SegmentMeans {
  const sums = segments.map(() => ({ sum: 0, count: 0 }));
  value.forEach((one, index) => {
    const known = sums[segment[index] ?? 0];
    if (!known) return;
    known.sum += one;
    known.count += 1;
  });
  return sums
    .flatMap(({ sum, count }, place) => {
      const name = segments[place] ?? '';
      return name === '' || count < MIN_SPENDERS ? [] : [{ segment: name, mean: sum / count }];
    })
    .sort((left, right) => (left.segment < right.segment ? -1 : 1));
}

export function fitValue(
  columns: CustomerColumns,
  rules: Pick<ModelRules, 'maxValueShape' | 'maxValueCorrelation'>,
  segments: readonly string[],
): { value: ModelFit['value']; gates: Gates } {
  const spending = spendingOf(columns);
  const count = spending.value.length;
  if (count === 0) return { value: null, gates: [] };
  const mean = spending.value.reduce((sum, one) => sum + one, 0) / count;
  const fit = fitGammaGamma(spending);
  const { p = 0, q = 1, v = 0, converged = false } = fit ?? {};
  const gates: Gate[] = [
    gate('value_converged', converged ? 1 : 0, 1, converged),
    // At its lower bound q says that no mean of all exists.
    gate('value_mean', q, 1, q > 1.01),
    gate('value_shape', p, rules.maxValueShape, p < rules.maxValueShape),
    gate('value_independence', correlation(spending), rules.maxValueCorrelation, null),
  ];
  const isBelieved = gates.every(({ isMet }) => isMet);
  return {
    value: isBelieved
      ? { model: 'gamma-gamma', p, q, v }
      : {
          model: 'shrunken mean',
          mean,
          weight: SHRINK_WEIGHT,
          segments: segmentMeans(spending, segments),
        },
    gates,
  };
}

/** Expected money of a customer's next purchase. Who gave all of it back by refunds is worth 0. */
export function purchaseValue(
  fit: NonNullable<ModelFit['value']>,
  repeats: number,
  mean: number | null,
  segment: string,
): number {
  if (mean !== null && mean <= 0) return 0;
  if (fit.model === 'gamma-gamma') return expectedValue(fit, repeats, mean ?? 0);
  const towards = fit.segments?.find((one) => one.segment === segment)?.mean ?? fit.mean;
  return (repeats * (mean ?? 0) + fit.weight * towards) / (repeats + fit.weight);
}

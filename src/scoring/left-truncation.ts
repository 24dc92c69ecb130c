import type { Day } from '../domain.ts';
import type { Baseline, Reason } from '../scores.ts';
import { daysBetween } from './calendar.ts';
import { reason } from './reasons.ts';

/**
 * Data that begin in the middle of customers' lives: whoever bought within one usual gap of the first purchase of anybody
 * may have bought before, in years that were not imported (docs/scoring.md, "Where the data begin").
 */
export function isLeftTruncated(
  firstPurchase: Day | null,
  { firstPurchaseDay, medianGapDays }: Pick<Baseline, 'firstPurchaseDay' | 'medianGapDays'>,
): boolean {
  if (firstPurchase === null || firstPurchaseDay === null || medianGapDays === null) return false;
  return daysBetween(firstPurchaseDay, firstPurchase) <= medianGapDays;
}

export function truncatedReasons(firstPurchase: Day | null, baseline: Baseline): Reason[] {
  if (!isLeftTruncated(firstPurchase, baseline)) return [];
  return [reason('relationship.truncated', { from: baseline.firstPurchaseDay })];
}

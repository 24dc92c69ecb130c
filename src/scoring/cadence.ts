import { dayNumber } from '../days.ts';
import type { Baseline, CustomerFacts, Day, ScoringRules } from '../domain.ts';
import { DayCounts } from './day-counts.ts';

/** The customer's own rhythm of buying (scoring.md section 4). Days as numbers since 1970-01-01. */

/** Distinct days with a purchase, ascending; a refund is no purchase. */
export function purchaseDays(facts: CustomerFacts): number[] {
  const days: number[] = [];
  let last: Day | null = null;
  for (const { day, revenue } of facts.purchases) {
    if (revenue <= 0 || day === last) continue;
    days.push(dayNumber(day));
    last = day;
  }
  return days;
}

export function gapsOf(days: readonly number[]): number[] {
  return days.slice(1).map((day, index) => day - (days[index] ?? day));
}

export interface Cadence {
  /** Distinct purchase days; never empty. */
  readonly days: readonly number[];
  readonly gaps: readonly number[];
  readonly baseDays: number;
  /** I: the usual days between purchases, drawn towards the base while there are few gaps. */
  readonly intervalDays: number;
  readonly sinceFirstDays: number;
  readonly sinceLastDays: number;
  /** D: days since the last purchase over I. */
  readonly ratio: number;
  /** From here on the next purchase is late. */
  readonly lateAfterDays: number;
  /** Spread of gaps above 1: project business, all ratios count double. */
  readonly isIrregular: boolean;
}

export function baseInterval(baseline: Baseline, rules: ScoringRules): number {
  return Math.max(1, baseline.medianGapDays ?? rules.cadence.fallbackDays);
}

/** (n * median of own gaps + 2 * base) / (n + 2) */
export function usualInterval(gaps: readonly number[], baseDays: number): number {
  if (gaps.length === 0) return baseDays;
  return (gaps.length * medianOf(gaps) + 2 * baseDays) / (gaps.length + 2);
}

function medianOf(gaps: readonly number[]): number {
  const sorted = [...gaps].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}

/** Null: never bought. */
export function cadenceOf(
  facts: CustomerFacts,
  baseline: Baseline,
  rules: ScoringRules,
  asOf: Day,
): Cadence | null {
  const days = purchaseDays(facts);
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  const gaps = gapsOf(days);
  const baseDays = baseInterval(baseline, rules);
  const intervalDays = usualInterval(gaps, baseDays);
  const today = dayNumber(asOf);
  return {
    days,
    gaps,
    baseDays,
    intervalDays,
    sinceFirstDays: today - first,
    sinceLastDays: today - last,
    ratio: (today - last) / intervalDays,
    lateAfterDays: lateAfter(gaps, intervalDays),
    isIrregular: isIrregular(gaps),
  };
}

const OWN_SPREAD_GAPS = 4;
/** With enough gaps of their own, customers are late only beyond what is usual for them. */
function lateAfter(gaps: readonly number[], intervalDays: number): number {
  const usual = 1.5 * intervalDays;
  if (gaps.length < OWN_SPREAD_GAPS) return usual;
  const own = new DayCounts();
  for (const gap of gaps) own.add(gap);
  return Math.max(usual, own.percentile(90) ?? usual);
}

/** Standard deviation over mean above 1, in whole numbers: n * sum of squares > 2 * (sum)^2. */
function isIrregular(gaps: readonly number[]): boolean {
  let sum = 0;
  let squares = 0;
  for (const gap of gaps) {
    sum += gap;
    squares += gap * gap;
  }
  return gaps.length * squares > 2 * sum * sum;
}

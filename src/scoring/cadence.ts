import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline } from '../scores.ts';
import { dayNumber } from './calendar.ts';

/** The customer's own rhythm of buying (docs/scoring.md, "Rhythm"). Days as numbers since 1970-01-01. */

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
  /** Project buyers pause for long by nature: every ratio counts double. */
  readonly ratioFactor: 1 | 2;
  /** Day of the last purchase that ended a silence long enough to have been lost; null: never lost. */
  readonly returnedOn: number | null;
}

function baseInterval(baseline: Baseline, rules: ScoringRules): number {
  return Math.max(1, baseline.medianGapDays ?? rules.cadence.fallbackDays);
}

/** (n * median of own gaps + 2 * base) / (n + 2) */
function usualInterval(sortedGaps: readonly number[], baseDays: number): number {
  const count = sortedGaps.length;
  return count === 0 ? baseDays : (count * medianOf(sortedGaps) + 2 * baseDays) / (count + 2);
}

function medianOf(sorted: readonly number[]): number {
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
  const sortedGaps = [...gaps].sort((a, b) => a - b);
  const intervalDays = usualInterval(sortedGaps, baseDays);
  const ratioFactor = isIrregular(gaps) ? 2 : 1;
  const today = dayNumber(asOf);
  return {
    days,
    gaps,
    baseDays,
    intervalDays,
    sinceFirstDays: today - first,
    sinceLastDays: today - last,
    ratio: (today - last) / intervalDays,
    lateAfterDays: lateAfter(sortedGaps, intervalDays),
    ratioFactor,
    returnedOn: returnedOn(days, gaps, baseDays, { ...rules.phases, ratioFactor }),
  };
}

const OWN_SPREAD_GAPS = 4;
/** With enough gaps of their own, customers are late only beyond what 90 % of these were. */
function lateAfter(sortedGaps: readonly number[], intervalDays: number): number {
  const usual = 1.5 * intervalDays;
  if (sortedGaps.length < OWN_SPREAD_GAPS) return usual;
  return Math.max(usual, sortedGaps[Math.ceil(sortedGaps.length * 0.9) - 1] ?? usual);
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

/** Judged by what was usual until then, so that the purchases since do not change what happened. */
function returnedOn(
  days: readonly number[],
  gaps: readonly number[],
  baseDays: number,
  { lostDays, lostRatio, ratioFactor }: { lostDays: number; lostRatio: number; ratioFactor: number },
): number | null {
  const sorted: number[] = [];
  let found: number | null = null;
  gaps.forEach((gap, index) => {
    const wasLost = gap > lostDays || gap >= lostRatio * ratioFactor * usualInterval(sorted, baseDays);
    if (wasLost) found = days[index + 1] ?? null;
    const place = sorted.findIndex((other) => other > gap);
    sorted.splice(place < 0 ? sorted.length : place, 0, gap);
  });
  return found;
}

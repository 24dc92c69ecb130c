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
  /** The account type whose rhythm the base is; null: that of all customers. */
  readonly baseSegment: string | null;
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

interface Base {
  readonly days: number;
  /** The account type whose rhythm it is; null: that of all customers. */
  readonly segment: string | null;
}

/** What is usual among customers of the same account type where their gaps are enough, else among all. */
function baseInterval(segment: string, baseline: Baseline, rules: ScoringRules): Base {
  const own = baseline.segmentGaps?.find((one) => one.segment === segment);
  const days = own?.medianDays ?? baseline.medianGapDays ?? rules.cadence.fallbackDays;
  return { days: Math.max(1, days), segment: own ? segment : null };
}

/** (n * median of own gaps + 2 * base) / (n + 2): without gaps the base itself. */
function usualInterval(sortedGaps: readonly number[], baseDays: number): number {
  const count = sortedGaps.length;
  return (count * medianOf(sortedGaps) + 2 * baseDays) / (count + 2);
}

/** 0 of nothing. */
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
  if (first === undefined) return null;
  const last = days.at(-1) ?? first;
  const gaps = gapsOf(days);
  const { days: baseDays, segment: baseSegment } = baseInterval(facts.segment, baseline, rules);
  const sortedGaps = [...gaps].sort((a, b) => a - b);
  const intervalDays = usualInterval(sortedGaps, baseDays);
  const spread = new Spread();
  for (const gap of gaps) spread.add(gap);
  const today = dayNumber(asOf);
  return {
    days,
    gaps,
    baseDays,
    baseSegment,
    intervalDays,
    sinceFirstDays: today - first,
    sinceLastDays: today - last,
    ratio: (today - last) / intervalDays,
    lateAfterDays: lateAfter(sortedGaps, intervalDays),
    ratioFactor: facts.isProjectBuyer ? 2 : spread.ratioFactor,
    returnedOn: returnedOn(facts, days, baseDays, rules.phases),
  };
}

const OWN_SPREAD_GAPS = 4;
/** With enough gaps of their own, customers are late only beyond what 90 % of these were. */
function lateAfter(sortedGaps: readonly number[], intervalDays: number): number {
  const usual = 1.5 * intervalDays;
  if (sortedGaps.length < OWN_SPREAD_GAPS) return usual;
  return Math.max(usual, sortedGaps[Math.ceil(sortedGaps.length * 0.9) - 1] ?? usual);
}

/** How much the gaps so far differ. */
class Spread {
  private count = 0;
  private sum = 0;
  private squares = 0;

  add(gap: number): void {
    this.count += 1;
    this.sum += gap;
    this.squares += gap * gap;
  }
  /** Standard deviation over mean above 1, in whole numbers: n * sum of squares > 2 * (sum)^2. */
  get ratioFactor(): 1 | 2 {
    return this.count * this.squares > 2 * this.sum * this.sum ? 2 : 1;
  }
}

/**
 * Judged by what was usual until then, so that the gap itself and what came since do not change what happened. Under contract
 * no silence was a loss, however long; who bought after its end came back, unless that was at once.
 */
function returnedOn(
  { contract, isProjectBuyer }: CustomerFacts,
  days: readonly number[],
  baseDays: number,
  { lostDays, lostRatio }: { lostDays: number; lostRatio: number },
): number | null {
  const endedOn = contract?.endDay ? dayNumber(contract.endDay) : Number.NEGATIVE_INFINITY;
  const sorted: number[] = [];
  const spread = new Spread();
  let found: number | null = null;
  gapsOf(days).forEach((gap, index) => {
    const [last = 0, next = 0] = days.slice(index, index + 2);
    const lostAfter = lostRatio * (isProjectBuyer ? 2 : spread.ratioFactor) * usualInterval(sorted, baseDays);
    const wasLost = last <= endedOn ? next > endedOn + 1 : gap > lostDays || gap >= lostAfter;
    if (wasLost) found = next;
    const place = sorted.findIndex((other) => other > gap);
    sorted.splice(place < 0 ? sorted.length : place, 0, gap);
    spread.add(gap);
  });
  return found;
}

import type { FactIssue, FieldKey, Phase, Tier } from '../domain.ts';
import type { Score } from '../scores.ts';
import { type FutureTiers, FutureTierTally } from '../scoring/future-tier.ts';

/** What a scoring tells of the customers that it scored: counts only, whatever their number. */

export interface ScoreCounts {
  readonly customers: number;
  readonly tiers: Record<Tier, number>;
  readonly gold: number;
  readonly phases: Record<Phase, number>;
  readonly winBack: number;
  readonly contactDue: number;
  /** Fields that stay empty, counted by the code of the reason. */
  readonly unfilled: { [K in FieldKey]?: Record<string, number> };
  /** Oddities of the input, counted: refunds, unknown stages, amounts withheld … */
  readonly issues: { [I in FactIssue]?: number };
  readonly costBasis: Record<string, number>;
  /** Of the activities and cases of 12 months, those whose working time is known. */
  readonly timeCoverage: { known: number; activities: number };
}
type Counts = { -readonly [K in keyof ScoreCounts]: ScoreCounts[K] };

export class ScoreTally {
  private readonly counts: Counts = {
    customers: 0,
    tiers: { top: 0, good: 0, marginal: 0, loss_making: 0, none: 0 },
    gold: 0,
    phases: { prospect: 0, new: 0, established: 0, loyal: 0, leaving: 0, lost: 0 },
    winBack: 0,
    contactDue: 0,
    unfilled: {},
    issues: {},
    costBasis: {},
    timeCoverage: { known: 0, activities: 0 },
  };
  private readonly future = new FutureTierTally();

  add(score: Score, issues: readonly { readonly issue: FactIssue }[]): void {
    const { counts } = this;
    counts.customers += 1;
    this.future.add(score);
    counts.tiers[score.tier] += 1;
    counts.phases[score.phase] += 1;
    if (score.gold) counts.gold += 1;
    if (score.subPhase === 'win_back' || score.subPhase === 'win_back_running') counts.winBack += 1;
    if (score.contactDue) counts.contactDue += 1;
    counts.timeCoverage.known += score.timeCoverage.known;
    counts.timeCoverage.activities += score.timeCoverage.activities;
    for (const basis of score.costBasis) addTo(counts.costBasis, basis, 1);
    for (const { issue } of issues) addTo(counts.issues, issue, 1);
    for (const field in score.unfilled) {
      // `in` forgets the key type of `unfilled`.
      const key = field as FieldKey;
      const why = score.unfilled[key];
      if (why === undefined) continue;
      addTo(reasonsOf(counts, key), why, 1);
    }
  }

  /** What `merge` takes, of another thread too. */
  parts() {
    return { ...this.counts, future: this.future.parts() };
  }

  merge(parts: ScoreParts): void {
    const { counts } = this;
    for (const count of ['customers', 'gold', 'winBack', 'contactDue'] as const)
      counts[count] += parts[count];
    counts.timeCoverage.known += parts.timeCoverage.known;
    counts.timeCoverage.activities += parts.timeCoverage.activities;
    addAll(counts.tiers, parts.tiers);
    addAll(counts.phases, parts.phases);
    addAll(counts.issues, parts.issues);
    addAll(counts.costBasis, parts.costBasis);
    for (const [field, reasons] of Object.entries(parts.unfilled) as [FieldKey, Record<string, number>][]) {
      // Object.entries forgets the key type of `unfilled`.
      addAll(reasonsOf(counts, field), reasons);
    }
    this.future.merge(parts.future);
  }

  result(): ScoreCounts & { readonly future: FutureTiers } {
    return { ...this.counts, future: this.future.result() };
  }
}
export type ScoreParts = ReturnType<ScoreTally['parts']>;

function reasonsOf({ unfilled }: Counts, field: FieldKey): Record<string, number> {
  const reasons = unfilled[field] ?? {};
  unfilled[field] = reasons;
  return reasons;
}
function addTo(counts: { [name: string]: number }, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}
function addAll(counts: { [name: string]: number }, more: { readonly [name: string]: number }): void {
  for (const [name, count] of Object.entries(more)) addTo(counts, name, count);
}

import type { CustomerFacts, Day, Minor, Tier } from '../domain.ts';
import { minor, ZERO } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, RankEntry, ScoreState } from '../scores.ts';
import { rankOf, standingEntry } from './baseline.ts';
import { addDays, addMonths, daysBetween } from './calendar.ts';
import { type Ledger, ledgerOf, yearUpTo } from './sums.ts';

/** Value tier and gold badge (docs/scoring.md, "Tier and gold"): as computed, then as shown. */

export interface Standing {
  readonly tier: Tier;
  readonly gold: boolean;
  /** Null: no business in the window. */
  readonly rank: number | null;
  /** What the rules add to the profit in the ranking: contributions and referrals, or nothing. */
  readonly extra: Minor;
}

export function standingOf(
  facts: CustomerFacts,
  window: Ledger,
  { baseline, rules, asOf }: Pick<SteadyInput, 'baseline' | 'rules' | 'asOf'>,
): Standing {
  const entry = standingEntry(facts, window, baseline, rules, yearUpTo(asOf));
  if (entry === null) return { tier: 'none', gold: false, rank: null, extra: ZERO };
  const rank = rankOf(baseline, entry);
  const extra = minor(entry.profit12 - window.profit);
  // A loss stays a loss, whatever the customer contributes besides.
  if (window.profit < 0) return { rank, tier: 'loss_making', gold: false, extra };
  return { rank, extra, tier: tierAt(entry, rank, baseline), gold: isGold(entry, rank, baseline) };
}

function isGold({ profit12 }: RankEntry, rank: number, baseline: Baseline): boolean {
  return baseline.goldAvailable && profit12 > 0 && rank <= baseline.goldSize;
}

function tierAt({ profit12 }: RankEntry, rank: number, baseline: Baseline): Tier {
  if (baseline.topAvailable && profit12 > 0 && rank <= baseline.topSize) return 'top';
  return isGood(profit12, baseline) ? 'good' : 'marginal';
}

export function isGood(profit: Minor, { goodCut }: Baseline): boolean {
  return goodCut !== null && profit >= goodCut;
}

export interface SteadyTier {
  readonly tier: Tier;
  readonly gold: boolean;
  readonly lowerSince: readonly Day[];
  readonly lossMonthEnds: readonly Day[];
}
interface SteadyInput {
  readonly raw: Standing;
  readonly profit12: Minor;
  readonly facts: CustomerFacts;
  /** Never later than asOf; null: the first score. */
  readonly prior: ScoreState | null;
  readonly baseline: Baseline;
  readonly rules: ScoringRules;
  readonly asOf: Day;
}

const LEVELS: readonly Tier[] = ['none', 'loss_making', 'marginal', 'good', 'top'];
/** Gold is a level of its own above the tier it comes with. */
function levelOf(tier: Tier, gold: boolean): number {
  return LEVELS.indexOf(tier) * 2 + (gold ? 1 : 0);
}

/** Up at once; down from gold and top, and into loss, only with evidence from several dates. */
export function steadyTier(input: SteadyInput): SteadyTier {
  const { raw, prior } = input;
  const computed = { tier: raw.tier, gold: raw.gold, lowerSince: [], lossMonthEnds: [] };
  // Having business or not is a matter of fact, so there is nothing to be steady about.
  if (prior === null || prior.tier === 'none' || raw.tier === 'none') return computed;
  const lossMonthEnds = lossEvidence(input, prior);
  const isLossHeldBack =
    raw.tier === 'loss_making' && prior.tier !== 'loss_making' && lossMonthEnds.length < LOSS_MONTH_ENDS;
  const target = { tier: isLossHeldBack ? 'marginal' : raw.tier, gold: raw.gold } as const;
  const kept = keepsLevel(input, prior, target);
  return { ...kept, lossMonthEnds: kept.tier === 'loss_making' ? [] : lossMonthEnds };
}

type Level = Pick<SteadyTier, 'tier' | 'gold'>;

function keepsLevel(input: SteadyInput, prior: ScoreState, target: Level): Omit<SteadyTier, 'lossMonthEnds'> {
  const { raw, asOf, rules, profit12 } = input;
  const isLower = levelOf(target.tier, target.gold) < levelOf(prior.tier, prior.gold);
  if (!isLower) return { ...target, lowerSince: [] };
  const lowerSince = [...new Set([...prior.lowerSince, asOf])];
  const [first = asOf] = lowerSince;
  if (first !== asOf && daysBetween(first, asOf) >= rules.tiers.lowerAfterDays) {
    return { ...target, lowerSince: [] };
  }
  const gold = target.gold || (prior.gold && profit12 > 0 && isNear(raw, input.baseline.goldSize, rules));
  const keepsTop = prior.tier === 'top' && isNear(raw, input.baseline.topSize, rules);
  const tier = keepsTop || gold !== target.gold ? prior.tier : target.tier;
  const hasDropped = levelOf(tier, gold) < levelOf(prior.tier, prior.gold);
  if (!hasDropped) return { tier, gold, lowerSince };
  // From gold to top, say, with more to come: what was seen before spoke against gold only.
  return { tier, gold, lowerSince: levelOf(tier, gold) > levelOf(target.tier, target.gold) ? [asOf] : [] };
}

/** Beyond the cut, but by no more than the buffer: a share of the group's size. */
function isNear({ rank }: Standing, size: number, { tiers }: ScoringRules): boolean {
  return rank !== null && (rank - size) * 100 <= size * tiers.bufferPercent;
}

const LOSS_MONTH_ENDS = 2;

/** Month-ends in a row at which the year's profit lay below the tolerance, each as known when it was first looked at. */
function lossEvidence(input: SteadyInput, prior: ScoreState): readonly Day[] {
  const { raw, asOf, rules, facts } = input;
  if (prior.tier === 'loss_making') return [];
  if (raw.tier !== 'loss_making' && prior.lossMonthEnds.length === 0) return [];
  const monthEnd = lastMonthEnd(asOf);
  const profit = ledgerOf(facts, rules, yearUpTo(monthEnd)).profit;
  if (profit >= -rules.tiers.lossTolerance) return [];
  const before = lastMonthEnd(addDays(monthEnd, -1));
  const earlier = prior.lossMonthEnds.filter((day) => day !== monthEnd);
  return earlier.at(-1) === before ? [...earlier, monthEnd] : [monthEnd];
}

/** The day itself when it ends a month, else the last day of the month before. */
export function lastMonthEnd(day: Day): Day {
  const firstOfNext = addMonths(`${day.slice(0, 7)}-01`, 1);
  const ownEnd = addDays(firstOfNext, -1);
  return ownEnd === day ? day : addDays(`${day.slice(0, 7)}-01`, -1);
}

import type { CustomerKey, Minor, Tier } from '../domain.ts';
import { minor } from '../money.ts';
import type { Baseline, Reason, Score } from '../scores.ts';
import { reason } from './reasons.ts';
import { compareIds } from './record-order.ts';
import { isGood } from './tiers.ts';

/** Tomorrow's value: the expected profit of 12 months, by the cuts of today (docs/scoring.md, "Tomorrow's tier"). */

const LEVELS = ['none', 'loss_making', 'marginal', 'good', 'top'] as const satisfies readonly Tier[];

/** Among today's customers. Who is not expected to buy at all has no business. */
export function futureTierOf(
  expected: { readonly profit: Minor; readonly isBusiness: boolean },
  extra: Minor,
  baseline: Baseline,
): Tier {
  if (!expected.isBusiness) return 'none';
  if (expected.profit < 0) return 'loss_making';
  const ranked = minor(expected.profit + extra);
  const cut = baseline.ranked[baseline.topSize - 1]?.profit12;
  if (baseline.topAvailable && ranked > 0 && cut !== undefined && ranked >= cut) return 'top';
  return isGood(ranked, baseline) ? 'good' : 'marginal';
}

export function futureTierReason(tier: Tier, future: Tier | null): Reason[] {
  if (future === null) return [];
  const change = LEVELS.indexOf(future) - LEVELS.indexOf(tier);
  if (change === 0) return [reason('outlook.tier.keeps', { tier })];
  return [reason(change < 0 ? 'outlook.tier.falls' : 'outlook.tier.rises', { tier, future })];
}

type Judged = Pick<Score, 'tier' | 'gold' | 'futureTier'>;

/** Worth keeping today, and expected to bring less than its tier asks for. */
export function isFalling({ tier, futureTier }: Judged): boolean {
  // A score of before this was computed has no future tier.
  if ((futureTier ?? null) === null || (tier !== 'top' && tier !== 'good')) return false;
  return LEVELS.indexOf(futureTier as Tier) < LEVELS.indexOf(tier); // not null, as just asked
}

export interface FallingCustomer {
  readonly key: CustomerKey;
  readonly name: string;
  readonly tier: Tier;
  readonly gold: boolean;
  readonly futureTier: Tier | null;
  readonly profit12: Minor;
  readonly expectedProfit12: Minor | null;
}
export interface FutureTiers {
  /** By the tier of tomorrow, where one is foretold. */
  readonly tiers: Readonly<Record<Tier, number>>;
  /** Top or Good today, lower tomorrow; of these, gold today. */
  readonly falling: number;
  readonly goldFalling: number;
  /** What gold customers of today are expected to be. */
  readonly gold: Readonly<Record<Tier, number>>;
  /** Gold ones first, then those that fall by most tiers, then by most money. */
  readonly first: readonly FallingCustomer[];
}

const MOST_NAMED = 20;
/** Between two cuts of the list: sorting at every customer would cost more than scoring it. */
const KEPT = 8 * MOST_NAMED;

function noTiers(): Record<Tier, number> {
  return { top: 0, good: 0, marginal: 0, loss_making: 0, none: 0 };
}

/** Counts the scores of one date; memory does not grow with them. */
export class FutureTierTally {
  private readonly tiers = noTiers();
  private readonly gold = noTiers();
  private falling = 0;
  private goldFalling = 0;
  private first: FallingCustomer[] = [];

  add(score: Score): void {
    const { futureTier } = score;
    if (futureTier !== null) this.tiers[futureTier] += 1;
    if (futureTier !== null && score.gold) this.gold[futureTier] += 1;
    if (!isFalling(score)) return;
    this.falling += 1;
    if (score.gold) this.goldFalling += 1;
    const { key, name, tier, gold, window12, expectedProfit12 } = score;
    this.first.push({ key, name, tier, gold, futureTier, profit12: window12.profit, expectedProfit12 });
    if (this.first.length > KEPT) this.first = this.foremost();
  }
  private foremost(): FallingCustomer[] {
    return this.first.sort(byFall).slice(0, MOST_NAMED);
  }
  /** What `merge` takes, of another thread too. */
  parts() {
    const { tiers, gold, falling, goldFalling } = this;
    return { tiers, gold, falling, goldFalling, first: this.foremost() };
  }
  merge(parts: ReturnType<FutureTierTally['parts']>): void {
    for (const tier of LEVELS) {
      this.tiers[tier] += parts.tiers[tier];
      this.gold[tier] += parts.gold[tier];
    }
    this.falling += parts.falling;
    this.goldFalling += parts.goldFalling;
    this.first.push(...parts.first);
    if (this.first.length > KEPT) this.first = this.foremost();
  }
  result(): FutureTiers {
    return this.parts();
  }
}

function byFall(left: FallingCustomer, right: FallingCustomer): number {
  const levels = ({ tier, futureTier }: FallingCustomer) =>
    LEVELS.indexOf(tier) - LEVELS.indexOf(futureTier ?? tier);
  const fall = ({ profit12, expectedProfit12 }: FallingCustomer) => profit12 - (expectedProfit12 ?? 0);
  return (
    Number(right.gold) - Number(left.gold) ||
    levels(right) - levels(left) ||
    fall(right) - fall(left) ||
    compareIds(left.key.id, right.key.id)
  );
}

import type { CustomerKey, Day, Minor, Phase, Tier } from '../domain.ts';
import type { Reason, Score } from '../scores.ts';
import {
  type Base,
  type BaseChange,
  BaseTally,
  type Cohort,
  CohortTally,
  type Grouping,
  type Migration,
  MigrationTally,
  splitChange,
} from './base.ts';
import { compareIds } from './record-order.ts';

/** Two ways to look at the same customers, two dates or two sets of rules: what differs, and for whom. */

interface Standing {
  readonly tier: Tier;
  readonly gold: boolean;
  readonly phase: Phase;
  readonly profit12: Minor;
}
export interface ChangedCustomer {
  readonly key: CustomerKey;
  readonly name: string;
  readonly before: Standing;
  readonly after: Standing;
  /** Why it stands there after, about what differs. */
  readonly reasons: readonly Reason[];
}
interface Distribution {
  readonly customers: number;
  readonly gold: number;
  readonly tiers: Readonly<Record<Tier, number>>;
  readonly phases: Readonly<Record<Phase, number>>;
}
export interface Comparison {
  readonly before: Distribution & { readonly base: Base };
  readonly after: Distribution & { readonly base: Base };
  readonly change: BaseChange;
  /** The same of every group that there is on either date. */
  readonly groupChanges: { readonly [G in Grouping]: { readonly [name: string]: BaseChange } };
  readonly flow: Flow;
  readonly tierMoves: Migration<Tier>;
  readonly phaseMoves: Migration<Phase>;
  /** Of the second look. */
  readonly cohorts: readonly Cohort[];
  readonly changed: {
    readonly tier: number;
    readonly gold: number;
    readonly phase: number;
    /** Any of the three. */
    readonly customers: number;
    /** Those with the most profit at stake, at most as many as asked for. */
    readonly first: readonly ChangedCustomer[];
  };
}

/** From the base of the first look to that of the second: stayed + joined − left. */
interface Flow {
  readonly stayed: number;
  /** Never bought before the first look. */
  readonly first: number;
  /** Bought before, but did no business in the 12 months before the first look. */
  readonly again: number;
  /** No business in the 12 months before the second look. */
  readonly left: number;
}
class FlowTally {
  private readonly counts = { stayed: 0, first: 0, again: 0, left: 0 };

  add(before: Score, after: Score): void {
    const { counts } = this;
    if (before.rank !== null) counts[after.rank === null ? 'left' : 'stayed'] += 1;
    else if (after.rank !== null) counts[before.firstPurchase === null ? 'first' : 'again'] += 1;
  }
  result(): Flow {
    return this.counts;
  }
}

class DistributionTally {
  private customers = 0;
  private gold = 0;
  private readonly tiers: Record<Tier, number> = { top: 0, good: 0, marginal: 0, loss_making: 0, none: 0 };
  private readonly phases: Record<Phase, number> = {
    prospect: 0,
    new: 0,
    established: 0,
    loyal: 0,
    leaving: 0,
    lost: 0,
  };

  add(score: Score): void {
    this.customers += 1;
    this.tiers[score.tier] += 1;
    this.phases[score.phase] += 1;
    if (score.gold) this.gold += 1;
  }
  result(): Distribution {
    return { customers: this.customers, gold: this.gold, tiers: this.tiers, phases: this.phases };
  }
}

function standingOf({ tier, gold, phase, window12 }: Score): Standing {
  return { tier, gold, phase, profit12: window12.profit };
}
function atStake({ before, after }: ChangedCustomer): number {
  return Math.max(Math.abs(before.profit12), Math.abs(after.profit12));
}
function byStake(left: ChangedCustomer, right: ChangedCustomer): number {
  return atStake(right) - atStake(left) || compareIds(left.key.id, right.key.id);
}

/** The first that speaks of each thing that differs. */
function reasonsOf(
  { reasons }: Score,
  differs: { readonly tier: boolean; readonly gold: boolean; readonly phase: boolean },
): Reason[] {
  return (['tier', 'gold', 'phase'] as const).flatMap((what) => {
    const found = differs[what] ? reasons.find(({ code }) => code.startsWith(`${what}.`)) : undefined;
    return found ? [found] : [];
  });
}

// Between two cuts of the list: sorting at every customer would cost more than scoring it.
const KEPT_TIMES = 8;

/** Memory grows with `most`, not with the number of customers (but for the cohorts: two numbers a buyer). */
export class ComparisonTally {
  private readonly most: number;
  private readonly tallies: { readonly before: Side; readonly after: Side };
  private readonly tierMoves = new MigrationTally<Tier>();
  private readonly phaseMoves = new MigrationTally<Phase>();
  private readonly cohorts = new CohortTally();
  private readonly flow = new FlowTally();
  private readonly counts = { tier: 0, gold: 0, phase: 0, customers: 0 };
  private changed: ChangedCustomer[] = [];

  constructor(dates: { readonly before: Day; readonly after: Day }, most: number) {
    this.most = most;
    this.tallies = { before: new Side(dates.before), after: new Side(dates.after) };
  }

  add(before: Looked, after: Looked): void {
    this.tallies.before.add(before);
    this.tallies.after.add(after);
    this.tierMoves.add(before.score.tier, after.score.tier);
    this.phaseMoves.add(before.score.phase, after.score.phase);
    this.cohorts.add(after.score);
    this.flow.add(before.score, after.score);
    this.note(before.score, after.score);
  }

  private note(before: Score, after: Score): void {
    const differs = {
      tier: before.tier !== after.tier,
      gold: before.gold !== after.gold,
      phase: before.phase !== after.phase,
    };
    if (!differs.tier && !differs.gold && !differs.phase) return;
    this.counts.customers += 1;
    for (const what of ['tier', 'gold', 'phase'] as const) if (differs[what]) this.counts[what] += 1;
    const { key, name } = after;
    const reasons = reasonsOf(after, differs);
    this.changed.push({ key, name, before: standingOf(before), after: standingOf(after), reasons });
    if (this.changed.length > KEPT_TIMES * Math.max(1, this.most)) this.changed = this.foremost();
  }
  private foremost(): ChangedCustomer[] {
    return this.changed.sort(byStake).slice(0, this.most);
  }

  result(): Comparison {
    const { before, after } = this.tallies;
    return {
      before: before.result(),
      after: after.result(),
      change: splitChange(before.base.factors(), after.base.factors()),
      groupChanges: {
        byTier: groupChanges('byTier', before.base, after.base),
        byPhase: groupChanges('byPhase', before.base, after.base),
        bySource: groupChanges('bySource', before.base, after.base),
      },
      flow: this.flow.result(),
      tierMoves: this.tierMoves.result(),
      phaseMoves: this.phaseMoves.result(),
      cohorts: this.cohorts.result(),
      changed: { ...this.counts, first: this.foremost() },
    };
  }
}

function groupChanges(grouping: Grouping, before: BaseTally, after: BaseTally): Record<string, BaseChange> {
  const names = [...Object.keys(before.base()[grouping]), ...Object.keys(after.base()[grouping])];
  const changes = [...new Set(names)].sort().map((name) => {
    const split = splitChange(before.factorsOf(grouping, name), after.factorsOf(grouping, name));
    return [name, split] as const;
  });
  return Object.fromEntries(changes);
}

export interface Looked {
  readonly score: Score;
  readonly source: string | null;
}

class Side {
  readonly base: BaseTally;
  private readonly distribution = new DistributionTally();

  constructor(asOf: Day) {
    this.base = new BaseTally(asOf);
  }
  add({ score, source }: Looked): void {
    this.base.add(score, source);
    this.distribution.add(score);
  }
  result() {
    return { ...this.distribution.result(), base: this.base.base() };
  }
}

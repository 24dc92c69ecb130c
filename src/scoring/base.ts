import type { CustomerFacts, Day, Minor, Phase, Tier } from '../domain.ts';
import { minor } from '../money.ts';
import type { Score } from '../scores.ts';
import { daysBetween } from './calendar.ts';

/**
 * The customer base as number × yield × relationship length (docs/scoring.md, "Customer base"). In it is who did
 * business in the 12 months before the date; yield is the profit of those months, length the time since the first
 * purchase.
 */

interface Factors {
  readonly customers: number;
  /** Mean profit of 12 months of a customer, in minor units; not rounded. */
  readonly yield: number;
  /** Mean time since the first purchase. */
  readonly years: number;
}
export interface BaseGroup {
  readonly customers: number;
  /** Of the 12 months, all customers of the group together. */
  readonly profit: Minor;
  readonly meanProfit: Minor | null;
  readonly meanYears: number | null;
  /** customers × mean profit × mean years, in minor units of the home currency. */
  readonly value: Minor;
}
/** Ways to part the base into groups. */
export type Grouping = 'byTier' | 'byPhase' | 'bySource';
export interface Base extends BaseGroup {
  readonly asOf: Day;
  readonly byTier: Readonly<Record<string, BaseGroup>>;
  readonly byPhase: Readonly<Record<string, BaseGroup>>;
  readonly bySource: Readonly<Record<string, BaseGroup>>;
}
export interface BaseChange {
  readonly total: Minor;
  readonly number: Minor;
  readonly yield: Minor;
  readonly length: Minor;
  /** LMDI; where a factor is not positive, so that it has no logarithm: the mean over all orders of change (Shapley). */
  readonly method: 'lmdi' | 'shapley';
}

const DAYS_A_YEAR = 365.25;

class GroupTally {
  customers = 0;
  private profit = 0;
  private days = 0;

  add(profit: Minor, days: number): void {
    this.customers += 1;
    this.profit += profit;
    this.days += days;
  }
  factors(): Factors {
    const { customers } = this;
    return {
      customers,
      yield: customers === 0 ? 0 : this.profit / customers,
      years: customers === 0 ? 0 : this.days / customers / DAYS_A_YEAR,
    };
  }
  group(): BaseGroup {
    const { customers, yield: mean, years } = this.factors();
    return {
      customers,
      profit: minor(this.profit),
      meanProfit: customers === 0 ? null : minor(Math.round(mean)),
      meanYears: customers === 0 ? null : Math.round(years * 100) / 100,
      value: baseValue(this.factors()),
    };
  }
}

function baseValue({ customers, yield: mean, years }: Factors): Minor {
  return minor(Math.round(customers * mean * years));
}

/** Counts the scores of one date. */
export class BaseTally {
  private readonly asOf: Day;
  private readonly all = new GroupTally();
  private readonly groups: { readonly [G in Grouping]: Map<string, GroupTally> } = {
    byTier: new Map(),
    byPhase: new Map(),
    bySource: new Map(),
  };

  constructor(asOf: Day) {
    this.asOf = asOf;
  }

  add(score: Score, source: CustomerFacts['source']): void {
    if (score.rank === null || score.firstPurchase === null) return;
    // The day of the purchase counts: a base of customers that all came today has a length too.
    const days = daysBetween(score.firstPurchase, this.asOf) + 1;
    const { profit } = score.window12;
    for (const tally of [
      this.all,
      tallyAt(this.groups.byTier, score.tier),
      tallyAt(this.groups.byPhase, score.phase),
      tallyAt(this.groups.bySource, source ?? ''),
    ]) {
      tally.add(profit, days);
    }
  }

  factors(): Factors {
    return this.all.factors();
  }
  /** Of a group of the base; nobody, where there is no such group. */
  factorsOf(grouping: Grouping, name: string): Factors {
    return (this.groups[grouping].get(name) ?? new GroupTally()).factors();
  }

  base(): Base {
    return {
      asOf: this.asOf,
      ...this.all.group(),
      byTier: groupsOf(this.groups.byTier),
      byPhase: groupsOf(this.groups.byPhase),
      bySource: groupsOf(this.groups.bySource),
    };
  }
}

function tallyAt(tallies: Map<string, GroupTally>, name: string): GroupTally {
  const known = tallies.get(name);
  if (known) return known;
  const made = new GroupTally();
  tallies.set(name, made);
  return made;
}

/** By name, so that the order of customers does not show. */
function groupsOf(tallies: ReadonlyMap<string, GroupTally>): Record<string, BaseGroup> {
  const sorted = [...tallies].sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, tally]) => [name, tally.group()]));
}

/** (a - b) / ln(a / b), which is a for a = b. */
function logarithmicMean(a: number, b: number): number {
  const ratio = a / b;
  // Near 1 the quotient is 0/0: the first terms of its series there are exact to the last digit.
  const distance = ratio - 1;
  if (Math.abs(distance) < 1e-6) return b * (1 + distance / 2 - (distance * distance) / 12);
  return (a - b) / Math.log(ratio);
}

/** Where one date has no customers, its means are those of the other: all of the change is due to the number. */
function completed(factors: Factors, other: Factors): Factors {
  return factors.customers === 0 ? { ...other, customers: 0 } : factors;
}

/**
 * The change of the base's value, split into its three factors so that they add up exactly: logarithmic mean Divisia
 * index (Ang, Energy Policy 32 (2004), eq. 10-13); with a factor that is not positive, Shapley (Sun, Energy Economics
 * 20 (1998)). Rounded to minor units; the length takes what rounding leaves.
 */
export function splitChange(from: Factors, to: Factors): BaseChange {
  const before = completed(from, to);
  const after = completed(to, from);
  const total = minor(baseValue(to) - baseValue(from));
  const all = [before.customers, before.yield, before.years, after.customers, after.yield, after.years];
  const method = all.every((factor) => factor > 0) ? 'lmdi' : 'shapley';
  const effect = method === 'lmdi' ? divisia(before, after) : shapley(before, after);
  const number = minor(Math.round(effect.number));
  const mean = minor(Math.round(effect.yield));
  return { total, number, yield: mean, length: minor(total - number - mean), method };
}

interface Effect {
  readonly number: number;
  readonly yield: number;
}

function divisia(before: Factors, after: Factors): Effect {
  const product = ({ customers, yield: mean, years }: Factors) => customers * mean * years;
  const weight = logarithmicMean(product(after), product(before));
  return {
    number: weight * Math.log(after.customers / before.customers),
    yield: weight * Math.log(after.yield / before.yield),
  };
}

function shapley(before: Factors, after: Factors): Effect {
  // The mean effect of a factor over the six orders in which three factors can change one after the other.
  const share = (change: number, a: readonly [number, number], b: readonly [number, number]) =>
    (change * (2 * a[0] * b[0] + 2 * a[1] * b[1] + a[0] * b[1] + a[1] * b[0])) / 6;
  const number = [before.customers, after.customers] as const;
  const mean = [before.yield, after.yield] as const;
  const years = [before.years, after.years] as const;
  return {
    number: share(number[1] - number[0], mean, years),
    yield: share(mean[1] - mean[0], number, years),
  };
}

export interface Cohort {
  /** Year of the first purchase. */
  readonly year: string;
  readonly customers: number;
  readonly lost: number;
  readonly meanYears: number;
  /** Share not yet lost after 1, 2, 3 … years, for as long as somebody of the cohort has been followed. */
  readonly kept: readonly number[];
}

interface Followed {
  readonly days: number;
  readonly isLost: boolean;
}

/** How long customers stay, by the year in which they came: product-limit estimate (Kaplan, Meier, JASA 53 (1958)). */
export class CohortTally {
  private readonly cohorts = new Map<string, Followed[]>();

  add({ firstPurchase, phase, phaseSince, asOf }: Score): void {
    if (firstPurchase === null) return;
    const isLost = phase === 'lost';
    const days = daysBetween(firstPurchase, isLost ? phaseSince : asOf);
    const year = firstPurchase.slice(0, 4);
    const cohort = this.cohorts.get(year) ?? [];
    this.cohorts.set(year, cohort);
    cohort.push({ days: Math.max(0, days), isLost });
  }

  result(): Cohort[] {
    const sorted = [...this.cohorts].sort(([left], [right]) => (left < right ? -1 : 1));
    return sorted.map(([year, followed]) => {
      const days = followed.reduce((sum, one) => sum + one.days, 0);
      return {
        year,
        customers: followed.length,
        lost: followed.filter(({ isLost }) => isLost).length,
        meanYears: Math.round((days / followed.length / DAYS_A_YEAR) * 100) / 100,
        kept: keptByYear(followed),
      };
    });
  }
}

function keptByYear(followed: readonly Followed[]): number[] {
  const ordered = [...followed].sort((a, b) => a.days - b.days || Number(b.isLost) - Number(a.isLost));
  const longest = ordered.at(-1)?.days ?? 0;
  const kept: number[] = [];
  let share = 1;
  let at = 0;
  for (let year = 1; year * DAYS_A_YEAR <= longest; year += 1) {
    for (; at < ordered.length && (ordered[at]?.days ?? 0) <= year * DAYS_A_YEAR; at += 1) {
      if (ordered[at]?.isLost) share *= 1 - 1 / (ordered.length - at);
    }
    kept.push(Math.round(share * 1_000) / 1_000);
  }
  return kept;
}

/** Who went from where to where: from → to → customers. */
export type Migration<State extends string> = { readonly [F in State]?: { readonly [T in State]?: number } };

export class MigrationTally<State extends Tier | Phase> {
  private readonly moves: { [F in State]?: { [T in State]?: number } } = {};

  add(from: State, to: State): void {
    const row: { [T in State]?: number } = this.moves[from] ?? {};
    this.moves[from] = row;
    row[to] = (row[to] ?? 0) + 1;
  }
  result(): Migration<State> {
    return this.moves;
  }
}

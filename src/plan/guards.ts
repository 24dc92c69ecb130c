import type { HoldReason } from '../changes.ts';
import type { Day } from '../domain.ts';
import type { PlanRules } from '../rules.ts';
import { type Allowance, instalmentsOf } from './instalments.ts';
import { type PlanEffects, tierChangesOf } from './plan-effects.ts';

/** What makes a plan wait for a person (exit 3), worst first: one reason is enough to look at it. */

export interface GuardInput {
  readonly effects: PlanEffects;
  /** All customers that were scored, written or not. */
  readonly customers: number;
  /** Plans applied before this one. */
  readonly appliedPlans: number;
  readonly newTasks: number;
  /** A module that scoring reads broke off in this run. */
  readonly isPartialSync: boolean;
  /** A run was taken back, and nobody has decided since. */
  readonly isUndone: boolean;
  readonly credits: number;
  readonly allowance: Allowance;
  /** Of a plan under way that this one takes the place of; null: nobody approved a price. */
  readonly approvedCredits: number | null;
  readonly today: Day;
  readonly rules: PlanRules;
}

export function holdReasonOf(input: GuardInput): HoldReason | null {
  return (
    undone(input) ??
    partialSync(input) ??
    tierChanges(input) ??
    profitLeaps(input) ??
    newTasks(input) ??
    credits(input)
  );
}

function undone({ isUndone }: GuardInput): HoldReason | null {
  if (!isUndone) return null;
  return {
    reason: 'undone',
    message:
      'A run was undone, and this plan would write again what was taken back; mend what was wrong, look at the plan, then approve it',
    params: {},
  };
}

function partialSync({ isPartialSync }: GuardInput): HoldReason | null {
  if (!isPartialSync) return null;
  return {
    reason: 'partial_sync',
    message:
      'A module broke off while it was read, so scores may rest on half the data; sync again, or approve',
    params: {},
  };
}

/** From the second applied plan on, and not where every customer is a tenth of all. */
function isOverShare(share: number, limit: number, { customers, appliedPlans, rules }: GuardInput): boolean {
  if (appliedPlans < 1 || customers < rules.guards.minPopulation) return false;
  return share * 100 > limit * customers;
}

function tierChanges(input: GuardInput): HoldReason | null {
  const { effects, customers, rules } = input;
  const limit = rules.guards.maxTierChangePercent;
  const moved = tierChangesOf(effects);
  if (!isOverShare(moved, limit, input)) return null;
  const moves = [...effects.tierMoves]
    .sort(([, left], [, right]) => right - left)
    .map(([move, count]) => `${count} ${move}`)
    .join(', ');
  return {
    reason: 'tier_changes',
    message: `${moved} of ${customers} customers change tier, more than ${limit} %: ${moves}`,
    params: { tierChanges: moved, customers, limit, moves },
  };
}

/** A wrong unit or margin scales every profit alike: ranks and tiers may not move at all, and every number is wrong. */
function profitLeaps(input: GuardInput): HoldReason | null {
  const { effects, customers, rules } = input;
  const limit = rules.guards.maxProfitLeapPercent;
  const { leaps } = effects;
  if (!isOverShare(leaps.length, limit, input)) return null;
  const typical = leaps.toSorted((left, right) => left - right)[Math.floor(leaps.length / 2)] ?? 1;
  const moves = [...effects.tierMoves].map(([move, count]) => `${count} ${move}`).join(', ');
  return {
    reason: 'profit_leaps',
    message: `Profit 12 Months of ${leaps.length} of ${customers} customers, more than ${limit} %, becomes at least three times as large, less than a third, or turns its sign: typically ${Number(typical.toPrecision(2))} times the former value (tier changes: ${moves || 'none'})`,
    params: { customers, leaps: leaps.length, limit, typicalFactor: Number(typical.toPrecision(2)), moves },
  };
}

function newTasks({ newTasks: count, rules }: GuardInput): HoldReason | null {
  const limit = rules.guards.maxNewTasks;
  if (count <= limit) return null;
  return {
    reason: 'new_tasks',
    message: `${count} new tasks, more than ${limit}; approve the plan, or lower reminders.perOwnerAndDay`,
    params: { newTasks: count, limit },
  };
}

/** What fits into one day is written without asking, if need be in two parts; ADR 0024. */
function credits({ credits: price, allowance, approvedCredits, today }: GuardInput): HoldReason | null {
  const { ceiling } = allowance;
  if (price <= Math.max(ceiling, approvedCredits ?? 0)) return null;
  const spread = instalmentsOf(price, allowance, today);
  const days = spread?.days ?? 1;
  const lastDay = spread?.lastDay ?? today;
  return {
    reason: 'credits',
    message: `The plan costs ${price} credits and ${ceiling} may be spent in 24 hours; approved, it is written in ${days} daily instalments, best customers first, the last on ${lastDay}. Or raise credits.ceilingPercent`,
    params: { credits: price, allowed: ceiling, days, lastDay },
  };
}

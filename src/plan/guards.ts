import type { HoldReason } from '../changes.ts';
import type { PlanRules } from '../rules.ts';

/** What makes a plan wait for a person (exit 3), worst first: one reason is enough to look at it. */

export interface GuardInput {
  /** Customers whose tier changes; a first tier, or one to or from No business, does not count. */
  readonly tierChanges: number;
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
  /** Credits that may still be spent today. */
  readonly creditsLeft: number;
  readonly rules: PlanRules;
}

export function holdReasonOf(input: GuardInput): HoldReason | null {
  return undone(input) ?? partialSync(input) ?? tierChanges(input) ?? newTasks(input) ?? credits(input);
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

function tierChanges({ tierChanges: moved, customers, appliedPlans, rules }: GuardInput): HoldReason | null {
  const limit = rules.guards.maxTierChangePercent;
  if (appliedPlans < 1 || customers < rules.guards.minPopulation) return null;
  if (moved * 100 <= limit * customers) return null;
  return {
    reason: 'tier_changes',
    message: `${moved} of ${customers} customers change tier, more than ${limit} %; look at the plan, then approve or reject it`,
    params: { tierChanges: moved, customers, limit },
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

function credits({ credits: price, creditsLeft }: GuardInput): HoldReason | null {
  if (price <= creditsLeft) return null;
  return {
    reason: 'credits',
    message: `The plan costs ${price} credits and ${creditsLeft} may be spent now; approve it later, or raise credits.ceilingPercent`,
    params: { credits: price, allowed: creditsLeft },
  };
}

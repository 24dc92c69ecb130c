import type { FieldChange, HoldReason, PlanRules } from '../domain.ts';
import { picklistActual } from './field-catalog.ts';

/** What makes a plan wait for a person (exit 3), worst first: one reason is enough to look at it. */

export interface GuardInput {
  /** Customers whose tier changes as isTierChange counts it. */
  readonly tierChanges: number;
  /** Customers scored, and those of them that are ranked (N of the tier rules). */
  readonly customers: number;
  readonly population: number;
  /** Plans applied before this one. */
  readonly appliedPlans: number;
  readonly newTasks: number;
  /** Modules that scoring reads and that broke off in this run. */
  readonly partialModules: readonly string[];
  readonly credits: number;
  /** Credits that may still be spent today. */
  readonly creditsAllowed: number;
  readonly rules: PlanRules;
}

/** A first tier, or one that begins or ends business, says nothing about a rule gone wrong. */
export function isTierChange(change: FieldChange): boolean {
  const none = picklistActual('tier', 'none');
  return (
    change.field === 'value_tier' &&
    change.old !== null &&
    change.new !== null &&
    change.old !== none &&
    change.new !== none
  );
}

export function holdReasonOf(input: GuardInput): HoldReason | null {
  const { guards } = input.rules;
  if (input.partialModules.length > 0) {
    const modules = input.partialModules.join(', ');
    return {
      reason: 'partial_sync',
      message: `The sync of ${modules} broke off, so scores may rest on half the data; sync again, or approve the plan`,
      params: { modules },
    };
  }
  const percent = input.customers > 0 ? (100 * input.tierChanges) / input.customers : 0;
  if (
    input.appliedPlans >= 1 &&
    input.population >= guards.minPopulation &&
    percent > guards.maxTierChangePercent
  ) {
    return {
      reason: 'tier_changes',
      message: `${input.tierChanges} of ${input.customers} customers change tier, more than ${guards.maxTierChangePercent} %; look at the plan, then approve or reject it`,
      params: {
        tierChanges: input.tierChanges,
        customers: input.customers,
        limit: guards.maxTierChangePercent,
      },
    };
  }
  if (input.newTasks > guards.maxNewTasks) {
    return {
      reason: 'new_tasks',
      message: `${input.newTasks} new tasks, more than ${guards.maxNewTasks}; approve the plan, or lower reminders.perOwnerAndDay`,
      params: { newTasks: input.newTasks, limit: guards.maxNewTasks },
    };
  }
  if (input.credits > input.creditsAllowed) {
    return {
      reason: 'credits',
      message: `The plan costs ${input.credits} credits and ${input.creditsAllowed} may be spent now; approve it later, or raise credits.ceilingPercent`,
      params: { credits: input.credits, allowed: input.creditsAllowed },
    };
  }
  return null;
}

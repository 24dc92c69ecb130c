import type { ContactStatus, CustomerFacts, Day, Tier, Touch } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import { addDays, daysBetween } from './calendar.ts';

/** When somebody last spoke with the customer, against the plan of its tier (docs/scoring.md, "Contact"). */

export interface Contact {
  readonly last: Touch | null;
  /** Our attempts since then. */
  readonly unanswered: number;
  /** K: days since the last two-way touch; null = never. */
  readonly gapDays: number | null;
  /** Days by the plan of the tier; null = no plan. */
  readonly tierDays: number | null;
  /** C: planned days, more of them while nobody answers; null = no plan. */
  readonly plannedDays: number | null;
  readonly status: ContactStatus | null;
  /** First appointment on asOf or within the planned days after it. */
  readonly appointment: Day | null;
  readonly isDue: boolean;
}

export function contactOf(
  facts: CustomerFacts,
  tier: Tier,
  lastPurchase: Day | null,
  rules: ScoringRules,
  asOf: Day,
): Contact {
  const at = facts.touches.findLastIndex((touch) => touch.twoWay);
  const last = facts.touches[at] ?? null;
  const unanswered = facts.touches.slice(at + 1).filter(({ direction }) => direction === 'out').length;
  const gapDays = last === null ? null : daysBetween(last.day, asOf);
  const tierDays = rules.contactDays[tier];
  if (tierDays === null) {
    const none = { status: null, appointment: null, isDue: false };
    return { last, unanswered, gapDays, tierDays, plannedDays: null, ...none };
  }
  const plannedDays = slowedFor(tierDays, unanswered, rules);
  const status = gapDays === null ? null : statusOf(gapDays, plannedDays);
  const until = addDays(asOf, plannedDays);
  const appointment = facts.appointments.find((day) => day >= asOf && day <= until) ?? null;
  // Never spoken with: only somebody who bought, and not just now, is worth a reminder.
  const isLate =
    gapDays === null
      ? lastPurchase !== null && daysBetween(lastPurchase, asOf) > plannedDays
      : gapDays > plannedDays;
  return {
    last,
    unanswered,
    gapDays,
    tierDays,
    plannedDays,
    status,
    appointment,
    isDue: isLate && appointment === null && !isClosed(facts),
  };
}

/** Who answers nothing is asked half as often; never off, and never more often than without this. */
export function slowedFor(
  days: number,
  unanswered: number,
  { unresponsive }: Pick<ScoringRules, 'unresponsive'>,
): number {
  if (unanswered < unresponsive.after) return days;
  return Math.max(days, Math.min(2 * days, unresponsive.maxDays));
}

/** Nobody calls a firm that is no more, or a person who said no. */
function isClosed({ closed, override }: CustomerFacts): boolean {
  return closed !== null || override?.subPhase === 'closed';
}

function statusOf(gapDays: number, plannedDays: number): ContactStatus {
  if (gapDays * 10 <= plannedDays * 8) return 'on_plan';
  if (gapDays <= plannedDays) return 'due';
  return gapDays <= 2 * plannedDays ? 'overdue' : 'silent';
}

import type { Day, Touch } from '../domain.ts';
import type { FollowUpStatus, LeadFacts } from '../leads.ts';
import type { LeadRhythm, LeadRules, ScoringRules } from '../rules.ts';
import { addDays } from './calendar.ts';
import { slowedFor } from './contact.ts';

/** When a lead must hear from us next (docs/scoring.md, "Leads"). */

export interface FollowUp {
  readonly status: FollowUpStatus;
  /** The last day on which the next follow-up is in time. */
  readonly by: Day;
  /** Days from the day it came in, or from our last follow-up. */
  readonly days: number;
  /** Whose rhythm it is: everybody's, or that of a rating or a source. */
  readonly from: 'default' | 'rating' | 'source';
  readonly isSlowed: boolean;
}
export interface LeadTouches {
  /** Our last attempt or contact since the lead came in. */
  readonly lastFollowUp: Touch | null;
  readonly lastTwoWay: Touch | null;
  /** Our attempts since the last two-way contact. */
  readonly unanswered: number;
}

/** An attempt of ours counts as follow-up though nobody answered; a call of the lead that we missed does not. */
export function leadTouchesOf({ touches, createdDay }: LeadFacts): LeadTouches {
  const at = touches.findLastIndex((touch) => touch.twoWay);
  const isFollowUp = ({ direction, twoWay, day }: Touch) =>
    (direction !== 'in' || twoWay) && day >= createdDay;
  return {
    lastFollowUp: touches.findLast(isFollowUp) ?? null,
    lastTwoWay: touches[at] ?? null,
    unanswered: touches.slice(at + 1).filter(({ direction }) => direction === 'out').length,
  };
}

export function followUpOf(
  facts: LeadFacts,
  touches: LeadTouches,
  rules: Pick<ScoringRules, 'leads' | 'unresponsive'>,
  asOf: Day,
): FollowUp {
  const { lastFollowUp, unanswered } = touches;
  if (lastFollowUp === null) {
    const { days, from } = daysFor(facts, rules.leads, 'firstTouchDays');
    return followUpIn(facts.createdDay, { days, from, isSlowed: false }, asOf);
  }
  const { days, from } = daysFor(facts, rules.leads, 'everyDays');
  const slowed = slowedFor(days, unanswered, rules);
  return followUpIn(lastFollowUp.day, { days: slowed, from, isSlowed: slowed > days }, asOf);
}

function followUpIn(since: Day, rhythm: Omit<FollowUp, 'status' | 'by'>, asOf: Day): FollowUp {
  const by = addDays(since, rhythm.days);
  return { status: asOf < by ? 'on_time' : asOf === by ? 'due' : 'overdue', by, ...rhythm };
}

/** The shorter of what rating and source say; else the general one. */
function daysFor(
  { rating, source }: LeadFacts,
  rules: LeadRules,
  which: keyof LeadRhythm,
): Pick<FollowUp, 'days' | 'from'> {
  const named = (table: LeadRules['ratings'], name: string | null) =>
    new Map(Object.entries(table)).get((name ?? '').trim().toLowerCase())?.[which] ?? null;
  const byRating = named(rules.ratings, rating);
  const bySource = named(rules.sources, source);
  if (byRating !== null && (bySource === null || byRating <= bySource))
    return { days: byRating, from: 'rating' };
  if (bySource !== null) return { days: bySource, from: 'source' };
  return { days: rules[which], from: 'default' };
}

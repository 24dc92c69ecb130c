import type { OpenReminder, ReminderOutcome } from '../changes.ts';
import { addDays, daysBetween } from '../days.ts';
import type { Day, Phase, TouchChannel } from '../domain.ts';
import type { OutcomeRules } from '../rules.ts';

/** What became of a reminder, one look at a time: what a look has found stays found. */

/** The customer or lead as it is today. */
export interface OutcomeView {
  /** Null: a lead. */
  readonly phase: Phase | null;
  readonly lastContact: Day | null;
  readonly lastContactChannel: TouchChannel | null;
  readonly lastPurchase: Day | null;
  /** A lead that became a customer. */
  readonly isConverted: boolean;
}
export interface OutcomeLook {
  readonly reminder: OpenReminder;
  /** Its task is there, completed or not. */
  readonly hasTask: boolean;
  /** Null: neither customer nor lead any more. */
  readonly view: OutcomeView | null;
  readonly asOf: Day;
  readonly rules: OutcomeRules;
}

export function firstOutcome(reminder: OpenReminder, phaseThen: Phase | null): ReminderOutcome {
  const { cvRef, reason, createdOn } = reminder;
  const nothing = { ended: null, endedOn: null, ignoredOn: null, settledOn: null };
  return {
    ...{ cvRef, reason, createdOn, phaseThen, ...nothing },
    ...{ touchedOn: null, boughtOn: null, improvedOn: null },
  };
}

export function nextOutcome(before: ReminderOutcome, look: OutcomeLook): ReminderOutcome {
  const { asOf, rules } = look;
  const after: ReminderOutcome = { ...before, ...endOf(look), ...followedBy(before, look) };
  const windowEnd = addDays(before.createdOn, Math.max(rules.touchDays, rules.resultDays));
  return after.ended !== null && asOf > windowEnd ? { ...after, settledOn: asOf } : after;
}

/** A reminder that another database knew to be open again is open again. */
function endOf({ reminder, hasTask, asOf, rules }: OutcomeLook): Partial<ReminderOutcome> {
  const { state, closedOn } = reminder;
  if (state === 'closed_by_us') return { ended: 'need_gone', endedOn: closedOn };
  if (state === 'closed_by_person') return { ended: hasTask ? 'done' : 'deleted', endedOn: closedOn };
  const isIgnored = daysBetween(reminder.dueDay, asOf) > rules.ignoredDays;
  return { ended: null, endedOn: null, ...(isIgnored ? { ignoredOn: asOf } : {}) };
}

function followedBy(before: ReminderOutcome, { view, asOf, rules }: OutcomeLook): Partial<ReminderOutcome> {
  if (view === null) return {};
  const { createdOn, phaseThen } = before;
  const within = (day: Day | null, days: number): Day | null =>
    day !== null && day >= createdOn && day <= addDays(createdOn, days) ? day : null;
  // That somebody ticked the task off says nothing of a talk.
  const touch = view.lastContactChannel === 'task' ? null : within(view.lastContact, rules.touchDays);
  // What was bought on the very day may have been the reason of the reminder.
  const bought = view.lastPurchase === createdOn ? null : within(view.lastPurchase, rules.resultDays);
  const isBetter = view.isConverted || (view.phase !== null && isImproved(phaseThen, view.phase));
  const improved = isBetter ? within(asOf, rules.resultDays) : null;
  return {
    touchedOn: before.touchedOn ?? touch,
    boughtOn: before.boughtOn ?? bought,
    improvedOn: before.improvedOn ?? improved,
  };
}

/** From new to established comes with time alone, and proves nothing. */
const WORTH: { readonly [P in Phase]: number } = {
  lost: 0,
  leaving: 1,
  prospect: 2,
  new: 3,
  established: 3,
  loyal: 4,
};
function isImproved(before: Phase | null, now: Phase): boolean {
  return before !== null && WORTH[now] > WORTH[before];
}

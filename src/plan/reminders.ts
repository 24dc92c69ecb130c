import type { OpenReminder, ReminderDraft, ReminderReason, SuppressedTask, TaskChange } from '../changes.ts';
import { daysBetween } from '../days.ts';
import type { CustomerKey, Day, RecordId } from '../domain.ts';
import type { PlanRules } from '../rules.ts';
import type { Score } from '../scores.ts';
import { type Format, taskText } from '../texts/render.ts';
import { cvRefOf, withRef } from './cv-ref.ts';
import { localHour } from './local-time.ts';
import { addWorkingDays, workingCalendar } from './working-days.ts';

/** Contact-gap reminders: who gets a task now, which open ones change, and which needs are gone. */

interface ReminderCandidate {
  readonly score: Score;
}
export interface ReminderInput {
  /** Every scored customer that is due or has an open reminder; nobody else's reminder is touched. */
  readonly due: readonly ReminderCandidate[];
  /** All reminders of these customers, closed ones included. */
  readonly current: readonly OpenReminder[];
  /** New tasks that owners already got on `asOf`; '' for none. */
  readonly createdToday: ReadonlyMap<string, number>;
  readonly activeOwners: ReadonlySet<RecordId>;
  readonly standInOwner: RecordId | null;
  readonly asOf: Day;
  readonly timeZone: string;
  readonly country: string | null;
  readonly rules: PlanRules;
  readonly format: Format;
}
export interface ReminderPlan {
  readonly changes: TaskChange[];
  readonly suppressed: SuppressedTask[];
}

const REASON: ReminderReason = 'contact_gap';
const REMIND_HOUR = 9;

export function planReminders(input: ReminderInput): ReminderPlan {
  const changes: TaskChange[] = [];
  const suppressed: SuppressedTask[] = [];
  const wanted: ReminderDraft[] = [];
  const history = byCustomer(input.current);
  const drafting = draftsFor(input);
  for (const { score } of [...input.due].sort((left, right) => bestFirst(left.score, right.score))) {
    const reminders = history.get(mapKey(score.key)) ?? [];
    const [open, ...doubles] = reminders.filter((reminder) => reminder.state === 'open');
    changes.push(...doubles.map((reminder) => ({ kind: 'close' as const, reminder, cause: 'duplicate' })));
    if (open) {
      changes.push(...keepOrClose(score, open, drafting));
      continue;
    }
    if (!score.contactDue) continue;
    const last = reminders[0];
    const ownerId = drafting.ownerOf(score);
    const suppress = (why: SuppressedTask['why']) =>
      suppressed.push({ customer: score.key, name: score.name, reason: REASON, why, ownerId });
    if (isCoolingDown(last, input)) suppress('cool_down');
    else if (ownerId === null) suppress('no_owner');
    else wanted.push(drafting.fresh(score, ownerId, (last?.episode ?? 0) + 1));
  }
  return { changes: [...changes, ...capped(wanted, input, suppressed)], suppressed };
}

/** Newest episode first. */
function byCustomer(current: readonly OpenReminder[]): Map<string, OpenReminder[]> {
  const grouped = Map.groupBy(
    current.filter((reminder) => reminder.reason === REASON),
    (reminder) => mapKey(reminder.customer),
  );
  for (const reminders of grouped.values()) reminders.sort((left, right) => right.episode - left.episode);
  return grouped;
}
const mapKey = (key: CustomerKey): string => `${key.module}.${key.id}`;

/** Most profit first, then the longest gap (never spoken to is the longest), then the older record. */
function bestFirst(left: Score, right: Score): number {
  const gap = (score: Score) => score.contactGapDays ?? Number.MAX_SAFE_INTEGER;
  return (
    right.window12.profit - left.window12.profit ||
    gap(right) - gap(left) ||
    left.key.id.length - right.key.id.length ||
    (left.key.id < right.key.id ? -1 : left.key.id > right.key.id ? 1 : 0)
  );
}

function isCoolingDown(last: OpenReminder | undefined, { asOf, rules }: ReminderInput): boolean {
  if (last?.state !== 'closed_by_person' || last.closedOn === null) return false;
  return daysBetween(last.closedOn, asOf) < rules.reminders.coolDownDays;
}

/** The drafts arrive best first; who comes after an owner's allowance waits for the next day. */
function capped(
  drafts: readonly ReminderDraft[],
  { createdToday, rules }: ReminderInput,
  suppressed: SuppressedTask[],
): TaskChange[] {
  const made = new Map(createdToday);
  return drafts.flatMap((draft) => {
    const owner = draft.ownerId ?? '';
    const count = made.get(owner) ?? 0;
    if (count >= rules.reminders.perOwnerAndDay) {
      const { customer, name, reason, ownerId } = draft;
      suppressed.push({ customer, name, reason, why: 'cap', ownerId });
      return [];
    }
    made.set(owner, count + 1);
    return [{ kind: 'create' as const, draft }];
  });
}

interface Drafting {
  ownerOf(score: Score): RecordId | null;
  fresh(score: Score, ownerId: RecordId, episode: number): ReminderDraft;
  again(score: Score, reminder: OpenReminder): ReminderDraft;
}

function draftsFor(input: ReminderInput): Drafting {
  const calendar = workingCalendar(input.country);
  const ownerOf = (score: Score): RecordId | null => {
    if (score.ownerId !== null && input.activeOwners.has(score.ownerId)) return score.ownerId;
    const { standInOwner } = input;
    return standInOwner !== null && input.activeOwners.has(standInOwner) ? standInOwner : null;
  };
  const draft = (score: Score, cvRef: string, ownerId: RecordId | null, dueDay: Day): ReminderDraft => {
    const text = taskText({ reason: REASON, customerName: score.name, score }, input.format);
    const priority = priorityOf(score);
    const isUpcoming = dueDay >= input.asOf;
    return {
      customer: score.key,
      name: score.name,
      reason: REASON,
      cvRef,
      subject: text.subject,
      description: withRef(text.description, cvRef),
      dueDay,
      priority,
      ownerId,
      whoId: score.key.module === 'Contacts' ? score.key.id : score.mainContactId,
      remindAt: priority === 'High' && isUpcoming ? localHour(dueDay, REMIND_HOUR, input.timeZone) : null,
    };
  };
  return {
    ownerOf,
    fresh: (score, ownerId, episode) => {
      const dueDay = addWorkingDays(input.asOf, input.rules.reminders.dueWorkingDays[score.tier], calendar);
      return draft(score, cvRefOf(REASON, score.key.id, episode), ownerId, dueDay);
    },
    // An open task keeps its date: moving it would take a person's plan away.
    again: (score, reminder) =>
      draft(score, reminder.cvRef, ownerOf(score) ?? reminder.ownerId, reminder.dueDay),
  };
}

function priorityOf(score: Score): ReminderDraft['priority'] {
  if (score.gold || score.tier === 'top') return 'High';
  return score.tier === 'good' ? 'Normal' : 'Low';
}

function keepOrClose(score: Score, reminder: OpenReminder, drafting: Drafting): TaskChange[] {
  if (!score.contactDue) return [{ kind: 'close', reminder, cause: closeCause(score, reminder) }];
  const draft = drafting.again(score, reminder);
  const changed = [
    draft.subject !== reminder.subject && 'subject_changed',
    draft.ownerId !== reminder.ownerId && 'owner_changed',
    draft.priority !== reminder.priority && 'priority_changed',
  ].filter((cause) => cause !== false);
  const [cause] = changed;
  return cause ? [{ kind: 'update', reminder, draft, cause }] : [];
}

/** Why nobody needs to call any more. */
function closeCause(score: Score, reminder: OpenReminder): 'contact_made' | 'appointment' | 'tier_changed' {
  if (score.lastContact !== null && score.lastContact >= reminder.createdOn) return 'contact_made';
  return score.nextAppointment === null ? 'tier_changed' : 'appointment';
}

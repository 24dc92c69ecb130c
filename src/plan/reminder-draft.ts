import type { OpenReminder, ReminderDraft } from '../changes.ts';
import type { Day, RecordId } from '../domain.ts';
import type { PlanRules, PlaybookRule } from '../rules.ts';
import type { Format } from '../texts/format.ts';
import { taskText } from '../texts/task-text.ts';
import { cvRefOf, withRef } from './cv-ref.ts';
import { localHour } from './local-time.ts';
import type { ReminderSubject } from './reminder-subject.ts';
import { addWorkingDays, workingCalendar } from './working-days.ts';

/** A rule and a record → the task: words, owner, due day, priority. */

export interface DraftInput {
  /** To whom a user reports. */
  readonly managers: ReadonlyMap<RecordId, RecordId>;
  /** Users by the e-mail address that a rule names. */
  readonly byEmail: ReadonlyMap<string, RecordId>;
  readonly activeOwners: ReadonlySet<RecordId>;
  readonly standInOwner: RecordId | null;
  readonly asOf: Day;
  readonly timeZone: string;
  readonly country: string | null;
  readonly rules: PlanRules;
  readonly format: Format;
}
export interface Drafting {
  ownerOf(rule: PlaybookRule, subject: ReminderSubject): RecordId | null;
  fresh(rule: PlaybookRule, subject: ReminderSubject, episode: number, ownerId: RecordId): ReminderDraft;
  /** An open task with what is known now; its due day stays, for moving it would take a person's plan away. */
  again(rule: PlaybookRule, subject: ReminderSubject, reminder: OpenReminder): ReminderDraft;
}

const REMIND_HOUR = 9;

export function draftsFor(input: DraftInput): Drafting {
  const { asOf, rules, format, standInOwner, activeOwners } = input;
  const calendar = workingCalendar(input.country);
  const isActive = (id: RecordId | null): id is RecordId => id !== null && activeOwners.has(id);
  const ownerOf = (rule: PlaybookRule, subject: ReminderSubject): RecordId | null => {
    const managerId = managerOf(subject.ownerId);
    return [named(rule.owner), subject.ownerId, managerId, standInOwner].find(isActive) ?? null;
  };
  /** Null where the word names nobody in particular. */
  const named = (owner: string): RecordId | null => {
    if (owner === 'stand_in') return standInOwner;
    return input.byEmail.get(owner) ?? null;
  };
  const managerOf = (id: RecordId | null): RecordId | null =>
    id === null ? null : (input.managers.get(id) ?? null);
  /** Who gets it once it is escalated. */
  const takerOf = (rule: PlaybookRule, subject: ReminderSubject, to: string): RecordId | null => {
    const ownerId = ownerOf(rule, subject);
    const taker = to === 'manager' ? managerOf(ownerId) : named(to);
    return isActive(taker) ? taker : ownerId;
  };
  /** Day since when nobody did it in time; once escalated, it stays so. */
  const escalatedOn = ({ escalation }: PlaybookRule, reminder: OpenReminder): Day | null => {
    if (escalation === undefined) return null;
    if (reminder.escalatedOn) return reminder.escalatedOn;
    return asOf > addWorkingDays(reminder.dueDay, escalation.afterWorkingDays, calendar) ? asOf : null;
  };
  const draft = (
    rule: PlaybookRule,
    subject: ReminderSubject,
    task: { cvRef: string; ownerId: RecordId | null; dueDay: Day; escalatedOn: Day | null },
  ): ReminderDraft => {
    const { values, facts } = subject;
    const overdueSince = task.escalatedOn === null ? null : task.dueDay;
    const text = taskText({ template: rule.task, values, facts, overdueSince }, format);
    const priority = task.escalatedOn === null ? priorityOf(rule, subject) : 'High';
    const isUpcoming = task.dueDay >= asOf;
    return {
      customer: subject.key,
      name: subject.name,
      reason: rule.id,
      cvRef: task.cvRef,
      subject: text.subject,
      description: withRef(text.body, task.cvRef),
      stable: text.stable,
      escalatedOn: task.escalatedOn,
      dueDay: task.dueDay,
      priority,
      ownerId: task.ownerId,
      whoId: subject.whoId,
      remindAt:
        priority === 'High' && isUpcoming ? localHour(task.dueDay, REMIND_HOUR, input.timeZone) : null,
    };
  };
  return {
    ownerOf,
    fresh: (rule, subject, episode, ownerId) => {
      const { workingDays } = rule.due;
      const days = workingDays === 'by_tier' ? rules.reminders.dueWorkingDays[subject.tier] : workingDays;
      const dueDay = addWorkingDays(asOf, days, calendar);
      const cvRef = cvRefOf(rule.id, subject.key.id, episode);
      return draft(rule, subject, { cvRef, ownerId, dueDay, escalatedOn: null });
    },
    again: (rule, subject, reminder) => {
      const since = escalatedOn(rule, reminder);
      const to = since === null ? 'owner' : (rule.escalation?.to ?? 'owner');
      const ownerId = takerOf(rule, subject, to) ?? reminder.ownerId;
      const { cvRef, dueDay } = reminder;
      return draft(rule, subject, { cvRef, ownerId, dueDay, escalatedOn: since });
    },
  };
}

function priorityOf({ priority }: PlaybookRule, { gold, tier }: ReminderSubject): ReminderDraft['priority'] {
  if (priority !== 'by_tier') return priority;
  if (gold || tier === 'top') return 'High';
  return tier === 'good' ? 'Normal' : 'Low';
}

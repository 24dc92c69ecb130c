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
    const wanted = rule.owner === 'stand_in' ? standInOwner : subject.ownerId;
    return [wanted, standInOwner].find(isActive) ?? null;
  };
  const draft = (
    rule: PlaybookRule,
    subject: ReminderSubject,
    task: { cvRef: string; ownerId: RecordId | null; dueDay: Day },
  ): ReminderDraft => {
    const { subject: title, body } = taskText(
      { template: rule.task, values: subject.values, facts: subject.facts },
      format,
    );
    const priority = priorityOf(rule, subject);
    const isUpcoming = task.dueDay >= asOf;
    return {
      customer: subject.key,
      name: subject.name,
      reason: rule.id,
      cvRef: task.cvRef,
      subject: title,
      description: withRef(body, task.cvRef),
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
      return draft(rule, subject, { cvRef: cvRefOf(rule.id, subject.key.id, episode), ownerId, dueDay });
    },
    again: (rule, subject, reminder) => {
      const ownerId = ownerOf(rule, subject) ?? reminder.ownerId;
      return draft(rule, subject, { cvRef: reminder.cvRef, ownerId, dueDay: reminder.dueDay });
    },
  };
}

function priorityOf({ priority }: PlaybookRule, { gold, tier }: ReminderSubject): ReminderDraft['priority'] {
  if (priority !== 'by_tier') return priority;
  if (gold || tier === 'top') return 'High';
  return tier === 'good' ? 'Normal' : 'Low';
}

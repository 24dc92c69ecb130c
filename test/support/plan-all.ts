import type { OpenReminder, SuppressedTask, TaskChange } from '../../src/changes.ts';
import type { ReminderSubject } from '../../src/plan/reminder-subject.ts';
import { keyText, type ReminderInput, ReminderPlanner } from '../../src/plan/reminders.ts';
import type { SuppressedCounts } from '../../src/plan/suppressed.ts';

/** The product's planner over records that are all at hand. */

export interface AllInput extends ReminderInput {
  readonly subjects: readonly ReminderSubject[];
  /** Open reminders of records that are none any more. */
  readonly gone: readonly OpenReminder[];
}
export interface AllPlanned {
  readonly changes: readonly TaskChange[];
  /** Those that are listed. */
  readonly suppressed: readonly SuppressedTask[];
  readonly counts: SuppressedCounts;
}

export function planReminders({ subjects, gone, ...input }: AllInput): AllPlanned {
  const planner = new ReminderPlanner(input);
  for (const subject of subjects) planner.add(subject);
  const { changes, made, suppressed, listed } = planner.choose(gone);
  const byKey = new Map(subjects.map((subject) => [keyText(subject.key), subject]));
  const created = made.map((task) => {
    const subject = byKey.get(keyText(task.key));
    if (!subject) throw new Error(`nobody asked for ${keyText(task.key)}`);
    return planner.draft(task, subject);
  });
  return { changes: [...changes, ...created], suppressed: [...listed], counts: suppressed };
}

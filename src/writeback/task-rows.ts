import type { ReminderDraft } from '../changes.ts';
import { textOf } from '../zoho/values.ts';

/** A reminder as Zoho's Tasks module spells it, and what is compared when one is read back. */

export const TASKS = 'Tasks';
const COMPLETED = 'Completed';

/** `refField`: API name of CV Ref, null where the org cannot have it; the description carries the key either way. */
export function newTask(draft: ReminderDraft, refField: string | null): Record<string, unknown> {
  // Zoho attaches a task to a contact through Who_Id alone; What_Id takes any other record, with its module named.
  const about =
    draft.customer.module === 'Contacts'
      ? { Who_Id: { id: draft.customer.id } }
      : {
          What_Id: { id: draft.customer.id },
          $se_module: draft.customer.module,
          ...(draft.whoId ? { Who_Id: { id: draft.whoId } } : {}),
        };
  return {
    Subject: draft.subject,
    Due_Date: draft.dueDay,
    Status: 'Not Started',
    Priority: draft.priority,
    ...(draft.ownerId ? { Owner: { id: draft.ownerId } } : {}),
    ...about,
    Description: draft.description,
    ...(refField ? { [refField]: draft.cvRef } : {}),
    ...alarm(draft.remindAt),
  };
}

/** The description stays as people left it. */
export function changedTask(draft: ReminderDraft): Record<string, unknown> {
  return {
    Subject: draft.subject,
    Priority: draft.priority,
    ...(draft.ownerId ? { Owner: { id: draft.ownerId } } : {}),
    ...alarm(draft.remindAt),
  };
}

export function completedTask(description: string): Record<string, unknown> {
  return { Status: COMPLETED, Description: description };
}

function alarm(remindAt: string | null): Record<string, unknown> {
  if (remindAt === null) return {};
  return { Remind_At: { ALARM: `FREQ=NONE;ACTION=EMAILANDPOPUP;TRIGGER=DATE-TIME:${remindAt}` } };
}

export function isCompleted(task: Readonly<Record<string, unknown>>): boolean {
  return textOf(task.Status) === COMPLETED;
}

/** Fields whose equality says that a change of a task took effect. */
export const CHANGE_FIELDS = ['Status', 'Subject', 'Priority', 'Owner'] as const;
export const CLOSE_FIELDS = ['Status', 'Description'] as const;

export function descriptionOf(task: Readonly<Record<string, unknown>>): string | null {
  return textOf(task.Description);
}

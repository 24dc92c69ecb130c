import type { OpenReminder, ReminderDraft } from '../changes.ts';
import type { ConnectionId } from '../domain.ts';
import type { Store } from '../store/store.ts';
import type { FieldMeta } from '../zoho/metadata.ts';
import { idOf, textOf } from '../zoho/values.ts';

/** A reminder as Zoho's Tasks module spells it, and what is compared when one is read back. */

export const TASKS = 'Tasks';
const COMPLETED = 'Completed';

type TaskRow = Readonly<Record<string, unknown>>;

/** What this org calls a completed task, and by which of Zoho's fields it shows. */
export interface TaskWords {
  /** As it is written. */
  readonly completed: string;
  isCompleted(task: TaskRow): boolean;
  /** Those of the columns that the org has. */
  readable(columns: readonly string[]): string[];
}

/** From what the last sync was told of the fields of tasks. */
export async function taskWordsOf(
  { metadata }: Pick<Store, 'metadata'>,
  connection: ConnectionId,
): Promise<TaskWords> {
  const fields = (await metadata.get<readonly FieldMeta[]>(connection, 'fields:Tasks'))?.body ?? [];
  const options = fields.find(({ apiName }) => apiName === 'Status')?.picklist ?? [];
  // An administrator may rename an option, but Zoho keeps what it was; records show the one or the other.
  const option = options.find(({ actual, reference }) => [actual, reference].includes(COMPLETED));
  const names = new Set([COMPLETED, option?.actual, option?.display]);
  const known = new Set(fields.map(({ apiName }) => apiName));
  return {
    completed: option?.actual ?? COMPLETED,
    isCompleted: (task) => (task.Closed_Time ?? null) !== null || names.has(textOf(task.Status) ?? undefined),
    readable: (columns) => columns.filter((column) => column !== CLOSED_TIME || known.has(CLOSED_TIME)),
  };
}
// Filled by Zoho with every kind of completing; not every org shows it.
const CLOSED_TIME = 'Closed_Time';

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

/**
 * What of a change is written: a part that no longer stands as we wrote it is a person's and stays, as the due date
 * always does. Null: nothing is left to write.
 */
export function mergedTask(
  draft: ReminderDraft,
  was: OpenReminder,
  held: TaskRow,
  /** Null: it stays. */
  description: string | null,
): Record<string, unknown> | null {
  const owner = idOf(held.Owner);
  const isOurs = {
    Subject: textOf(held.Subject)?.trim() === was.subject.trim(),
    Priority: textOf(held.Priority) === was.priority,
    Owner: was.ownerId === null || owner === was.ownerId,
  };
  const body = {
    ...(isOurs.Subject && draft.subject !== was.subject ? { Subject: draft.subject } : {}),
    ...(isOurs.Priority && draft.priority !== was.priority ? { Priority: draft.priority } : {}),
    ...(isOurs.Owner && draft.ownerId !== null && draft.ownerId !== owner
      ? { Owner: { id: draft.ownerId } }
      : {}),
    ...(description === null ? {} : { Description: description }),
  };
  if (Object.keys(body).length === 0) return null;
  // The alarm goes with the date for which we had set it.
  return textOf(held.Due_Date) === was.dueDay ? { ...body, ...alarm(draft.remindAt) } : body;
}

export function completedTask(words: TaskWords, description: string): Record<string, unknown> {
  return { Status: words.completed, Description: description };
}

function alarm(remindAt: string | null): Record<string, unknown> {
  if (remindAt === null) return {};
  return { Remind_At: { ALARM: `FREQ=NONE;ACTION=EMAILANDPOPUP;TRIGGER=DATE-TIME:${remindAt}` } };
}

/** What must be known of a task before it is changed, or completed. */
export const UPDATE_FIELDS = [
  'Status',
  CLOSED_TIME,
  'Subject',
  'Priority',
  'Owner',
  'Due_Date',
  'Description',
  'Modified_Time',
] as const;
export const CLOSE_FIELDS = ['Status', CLOSED_TIME, 'Description', 'Modified_Time'] as const;
/** Fields whose equality says that a change of a task took effect. */
export const CONFIRM_FIELDS = ['Status', CLOSED_TIME, 'Subject', 'Priority', 'Owner', 'Description'] as const;

export function descriptionOf(task: TaskRow): string | null {
  return textOf(task.Description);
}

import type { ListAnswer } from './answers.ts';
import { section } from './card-parts.ts';
import { button, el } from './elements.ts';
import { fieldsOfRecord, type ZohoRecord } from './fields.ts';
import { dayOfUser } from './format.ts';
import type { Shell } from './shell.ts';
import { fill, type Texts } from './texts/tables.ts';
import { readerOf, textOf } from './values.ts';

/** The open tasks that Customer Value made for a record. */

interface Reminder {
  readonly id: string;
  readonly subject: string;
  readonly due: string | null;
}

const OUR_KEY = /(^|\s)ref: cv-/;

/** Ours carry their key in CV Ref, and as the last line of the description (docs/fields.md). */
function isOpenReminder(task: ZohoRecord): boolean {
  const key = readerOf(task, fieldsOfRecord('Tasks', task)).text('cv_ref');
  const isOurs = key?.startsWith('cv-') === true || OUR_KEY.test(textOf(task.Description) ?? '');
  const isClosed = textOf(task.Closed_Time) !== null || /^completed$/i.test(textOf(task.Status) ?? '');
  return isOurs && !isClosed;
}

function remindersIn(tasks: readonly ZohoRecord[]): Reminder[] {
  const open = tasks.filter(isOpenReminder).map((task) => ({
    id: String(task.id),
    subject: textOf(task.Subject) ?? '–',
    due: /^\d{4}-\d\d-\d\d/.exec(textOf(task.Due_Date) ?? '')?.[0] ?? null,
  }));
  return open.sort((a, b) => ((a.due ?? '9') < (b.due ?? '9') ? -1 : 1));
}

export function dueText(
  { texts, format }: { readonly texts: Texts; readonly format: Shell['format'] },
  due: string,
): HTMLElement {
  const isLate = due < dayOfUser(new Date());
  const words = isLate ? texts.label.overdue : texts.label.due;
  return el('span', { class: isLate ? 'late' : 'due' }, fill(words, { day: format.day(due) }));
}

/** The card does not wait for its tasks. */
export function reminders(shell: Shell, module: string, id: string): HTMLElement {
  const { texts, zoho } = shell;
  const slot = section(texts.label.reminders, el('p', { class: 'none' }, texts.state.loading.title));
  const fillIn = async () => {
    const answer = await zoho.related(module, id, 'Tasks').catch(() => null);
    slot.replaceWith(reminderList(shell, answer));
  };
  void fillIn();
  return slot;
}

function reminderList(shell: Shell, answer: ListAnswer | null): HTMLElement {
  const { texts } = shell;
  const title = texts.label.reminders;
  const none = (text: string) => section(title, el('p', { class: 'none' }, text));
  if (answer?.is !== 'list') return none(texts.none.remindersUnread);
  const open = remindersIn(answer.rows);
  if (open.length === 0) return none(texts.none.reminders);
  const items = open.map(({ id, subject, due }) =>
    el(
      'li',
      {},
      button(subject, () => shell.zoho.open('Tasks', id), 'link'),
      due === null ? null : dueText(shell, due),
    ),
  );
  return section(title, el('ul', { class: 'tasks' }, ...items));
}

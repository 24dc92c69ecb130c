import type { OpenReminder, ReminderKey } from '../changes.ts';
import { dayOf } from '../clock.ts';
import type { Connection, Day } from '../domain.ts';
import { ZohoAuthError, ZohoRejectedError } from '../errors.ts';
import { parseCvRef } from '../plan/cv-ref.ts';
import type { ActivityRecord } from '../records.ts';
import { getRecords } from '../zoho/records.ts';
import type { LineDeps } from './line.ts';

function isClosed(task: ActivityRecord): boolean {
  return task.closedAt !== null || /^completed$/i.test(task.status ?? '');
}

type ReconcileDeps = Pick<LineDeps, 'zohoFor' | 'clock' | 'log'> & {
  readonly store: Pick<LineDeps['store'], 'reminders' | 'records'>;
};

/**
 * Our reminders as people left them in Zoho: a task that somebody completed or deleted is closed by a person,
 * one that carries our key but is not in the store (another database made it) becomes ours again.
 */
export async function reconcileReminders(deps: ReconcileDeps, connection: Connection): Promise<void> {
  const reminders = await deps.store.reminders.all(connection.id);
  const known = new Map(reminders.map((reminder) => [reminder.cvRef, reminder]));
  const dayIn = (instant: Date): Day => dayOf(instant, connection.org.timeZone);
  const changed: OpenReminder[] = [];
  const seen = new Set<string>();
  for await (const tasks of deps.store.records.withCvRef(connection.id)) {
    for (const { task, deletedAt, module } of tasks) {
      seen.add(task.cvRef ?? '');
      const reminder = known.get(task.cvRef ?? '');
      const closedAt = deletedAt ?? closedAtOf(task);
      if (reminder?.state === 'open') {
        if (closedAt !== null)
          changed.push({ ...closedByPerson(reminder, dayIn(closedAt)), taskId: task.id });
        else if (isMoved(reminder, task))
          changed.push({ ...reminder, taskId: task.id, dueDay: task.dueDay ?? reminder.dueDay });
      }
      if (!reminder) {
        const closedOn = closedAt === null ? null : dayIn(closedAt);
        const adopted = adopt(task, module, closedOn, dayIn(task.createdAt));
        if (adopted) changed.push(adopted);
      }
    }
  }
  const unseen = reminders.filter((reminder) => reminder.state === 'open' && !seen.has(reminder.cvRef));
  changed.push(...(await closedUnseen(deps, connection, unseen)));
  if (changed.length > 0) await deps.store.reminders.save(connection.id, changed);
}

/** Under another id, or to another day: a person's date is the one that counts. */
function isMoved(reminder: OpenReminder, task: ActivityRecord): boolean {
  return reminder.taskId !== task.id || (task.dueDay !== null && task.dueDay !== reminder.dueDay);
}

function closedAtOf(task: ActivityRecord): Date | null {
  return isClosed(task) ? (task.closedAt ?? task.modifiedAt) : null;
}
function closedByPerson(reminder: OpenReminder, closedOn: Day): OpenReminder {
  return { ...reminder, state: 'closed_by_person', closedOn };
}

/**
 * Open reminders whose key no stored task carries: the org has no such field, or the task was deleted before any sync
 * saw it. The first are found by their id; for the others Zoho is asked, 50 a call, and what it does not show is gone.
 */
async function closedUnseen(
  deps: ReconcileDeps,
  connection: Connection,
  unseen: readonly OpenReminder[],
): Promise<OpenReminder[]> {
  const byTask = new Map(unseen.flatMap((one) => (one.taskId === null ? [] : [[one.taskId, one] as const])));
  if (byTask.size === 0) return [];
  const today = dayOf(deps.clock.now(), connection.org.timeZone);
  const closed: OpenReminder[] = [];
  for (const task of await deps.store.records.get(connection.id, 'Tasks', [...byTask.keys()])) {
    const reminder = byTask.get(task.id);
    const closedAt = closedAtOf(task);
    byTask.delete(task.id);
    if (reminder && closedAt !== null)
      closed.push(closedByPerson(reminder, dayOf(closedAt, connection.org.timeZone)));
  }
  if (byTask.size === 0) return closed;
  try {
    const rows = await getRecords(deps.zohoFor(connection), 'Tasks', [...byTask.keys()], ['Subject']);
    for (const row of rows) byTask.delete(row.id);
  } catch (error) {
    // Without the right to read tasks nobody can tell; better an old reminder than a second task.
    if (!(error instanceof ZohoRejectedError) && !(error instanceof ZohoAuthError && error.scope))
      throw error;
    deps.log.warn({ err: error }, 'tasks of reminders could not be looked up');
    return closed;
  }
  return [...closed, ...[...byTask.values()].map((reminder) => closedByPerson(reminder, today))];
}

function adopt(
  task: ActivityRecord,
  module: ReminderKey['module'] | null,
  closedOn: Day | null,
  createdOn: Day,
): OpenReminder | null {
  const ref = parseCvRef(task.cvRef ?? '');
  if (ref === null || module === null) return null;
  return {
    cvRef: task.cvRef ?? '',
    customer: { module, id: ref.recordId },
    reason: ref.reason,
    episode: ref.episode,
    taskId: task.id,
    state: closedOn === null ? 'open' : 'closed_by_person',
    createdOn,
    closedOn,
    ownerId: task.ownerId,
    dueDay: task.dueDay ?? createdOn,
    subject: task.subject,
    priority: 'Normal',
  };
}

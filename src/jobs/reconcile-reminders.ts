import type { OpenReminder } from '../changes.ts';
import { dayOf } from '../clock.ts';
import type { ActivityRecord, Connection, CustomerModule, Day } from '../domain.ts';
import type { LineDeps } from './line.ts';

const OUR_REF = /^cv-(contact_gap)-(\d+)-(\d+)$/;

function isClosed(task: ActivityRecord): boolean {
  return task.closedAt !== null || /^completed$/i.test(task.status ?? '');
}

/**
 * Our reminders as people left them in Zoho: a task that somebody completed or deleted is closed by a person,
 * one that carries our key but is not in the store (another database made it) becomes ours again.
 */
export async function reconcileReminders(deps: LineDeps, connection: Connection): Promise<void> {
  const known = new Map(
    (await deps.store.reminders.all(connection.id)).map((reminder) => [reminder.cvRef, reminder]),
  );
  const dayIn = (instant: Date): Day => dayOf(instant, connection.org.timeZone);
  const changed: OpenReminder[] = [];
  for await (const tasks of deps.store.records.withCvRef(connection.id)) {
    for (const { task, deletedAt, customerModule } of tasks) {
      const reminder = known.get(task.cvRef ?? '');
      const closedAt = deletedAt ?? (isClosed(task) ? (task.closedAt ?? task.modifiedAt) : null);
      if (reminder && reminder.state === 'open') {
        if (closedAt !== null)
          changed.push({
            ...reminder,
            taskId: task.id,
            state: 'closed_by_person',
            closedOn: dayIn(closedAt),
          });
        else if (reminder.taskId !== task.id) changed.push({ ...reminder, taskId: task.id });
      }
      if (!reminder) {
        const adopted = adopt(
          task,
          customerModule,
          closedAt === null ? null : dayIn(closedAt),
          dayIn(task.createdAt),
        );
        if (adopted) changed.push(adopted);
      }
    }
  }
  if (changed.length > 0) await deps.store.reminders.save(connection.id, changed);
}

function adopt(
  task: ActivityRecord,
  module: CustomerModule | null,
  closedOn: Day | null,
  createdOn: Day,
): OpenReminder | null {
  const [, reason, recordId, episode] = OUR_REF.exec(task.cvRef ?? '') ?? [];
  if (reason !== 'contact_gap' || recordId === undefined || module === null) return null;
  return {
    cvRef: task.cvRef ?? '',
    customer: { module, id: recordId },
    reason,
    episode: Number(episode),
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

import type { OpenReminder } from '../changes.ts';
import type { Connection, RecordId } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { filledIds } from '../zoho/filled.ts';
import { deleteRecords, getRecords, type ZohoRow } from '../zoho/records.ts';
import { idOf, textOf } from '../zoho/values.ts';

/** Our reminders in Zoho, taken away where nobody has touched them. */

export interface KeptTask {
  readonly taskId: RecordId;
  readonly subject: string;
  readonly why: string;
}
export interface RemovedTasks {
  readonly deleted: number;
  readonly kept: readonly KeptTask[];
  readonly failed: readonly KeptTask[];
}

const COLUMNS = ['Subject', 'Status', 'Priority', 'Due_Date', 'Owner', 'Created_By', 'Modified_By'];
const UNTOUCHED = 'Not Started';
// Zoho takes 100 ids in a deletion.
const PER_DELETE = 100;

/** A task that people worked on, changed or completed is theirs by now. What was deleted before is passed over. */
export async function removeOurTasks(
  deps: { readonly store: Pick<Store, 'reminders' | 'fieldMap'>; readonly zoho: ZohoClient },
  connection: Connection,
): Promise<RemovedTasks> {
  const reminders = await deps.store.reminders.all(connection.id);
  const byTask = new Map(reminders.flatMap((one) => (one.taskId === null ? [] : [[one.taskId, one]])));
  const ids = new Set<string>(byTask.keys());
  for await (const page of idsByRef(deps, connection)) for (const id of page) ids.add(id);
  const kept: KeptTask[] = [];
  const free: ZohoRow[] = [];
  for (const row of await getRecords(deps.zoho, 'Tasks', [...ids], COLUMNS)) {
    const why = whyKept(row, byTask.get(row.id), connection);
    if (why === null) free.push(row);
    else kept.push(shown(row, why));
  }
  const failed: KeptTask[] = [];
  for (let at = 0; at < free.length; at += PER_DELETE) {
    const few = free.slice(at, at + PER_DELETE);
    const answers = await deleteRecords(
      deps.zoho,
      'Tasks',
      few.map(({ id }) => id),
    );
    for (const [index, row] of few.entries()) {
      const answer = answers[index];
      if (answer?.ok !== true)
        failed.push(shown(row, answer ? `${answer.code}: ${answer.message}` : 'no answer'));
    }
  }
  kept.sort((a, b) => (a.taskId < b.taskId ? -1 : 1));
  return { deleted: free.length - failed.length, kept, failed };
}

/** Also those that this database knows nothing of: a killed apply made them, or another database. */
async function* idsByRef(
  { store, zoho }: { readonly store: Pick<Store, 'fieldMap'>; readonly zoho: ZohoClient },
  connection: Connection,
): AsyncGenerator<readonly string[]> {
  const ref = (await store.fieldMap.all(connection.id)).find(({ key }) => key === 'cv_ref');
  if (!ref) return;
  try {
    yield* filledIds(zoho, 'Tasks', ref.apiName);
  } catch (error) {
    // Then those that are remembered are all that can be found.
    if (!(error instanceof ZohoRejectedError)) throw error;
  }
}

function whyKept(row: ZohoRow, reminder: OpenReminder | undefined, { userId }: Connection): string | null {
  const status = textOf(row.Status);
  if (status === 'Completed') return 'completed';
  if (status !== UNTOUCHED) return `its status is ${status ?? 'empty'}`;
  if (idOf(row.Created_By) !== userId) return 'somebody else made it';
  if (idOf(row.Modified_By) !== userId) return 'somebody changed it';
  if (!reminder) return null;
  const isAsMade =
    textOf(row.Subject) === reminder.subject &&
    textOf(row.Due_Date) === reminder.dueDay &&
    textOf(row.Priority) === reminder.priority &&
    (reminder.ownerId === null || idOf(row.Owner) === reminder.ownerId);
  return isAsMade ? null : 'somebody changed it';
}

function shown(row: ZohoRow, why: string): KeptTask {
  return { taskId: row.id, subject: textOf(row.Subject) ?? '', why };
}

import type { OpenReminder } from '../changes.ts';
import { type AppError, ZohoRejectedError } from '../errors.ts';
import { withNote } from '../plan/cv-ref.ts';
import { getRecords, type RowResult, updateRecords, type ZohoRow } from '../zoho/records.ts';
import { idOf, textOf } from '../zoho/values.ts';
import { closeNote } from './close-note.ts';
import type { PendingTask } from './plan-order.ts';
import { type Sent, sendBatch, stopOrThrow } from './send-batch.ts';
import {
  CHANGE_FIELDS,
  CLOSE_FIELDS,
  changedTask,
  completedTask,
  descriptionOf,
  isCompleted,
  TASKS,
} from './task-rows.ts';
import type { Applying, IntentOutcome, WritebackDeps } from './types.ts';

/** Changes and completes reminders that stand in Zoho already. */

interface Write {
  readonly seq: number;
  readonly taskId: string;
  /** What it replaces, by API name. */
  readonly before: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  /** The reminder as it stands once this is written. */
  readonly after: OpenReminder;
}

// A change that Zoho still works on shows after seconds.
const CHANGE_WAITS_MS = [0, 2_000] as const;

export async function updateTasks(
  applying: Applying,
  rows: readonly PendingTask<'update'>[],
): Promise<AppError | null> {
  const open = await openReminders(applying, rows);
  const writes = rows.flatMap(({ seq, task: { reminder: planned, draft } }) => {
    const reminder = open.get(planned.cvRef);
    if (!reminder?.taskId) return [];
    const { subject, priority, ownerId } = draft;
    const after = { ...reminder, subject, priority, ownerId };
    const isDone =
      reminder.subject === subject && reminder.priority === priority && reminder.ownerId === ownerId;
    const before = {
      Subject: reminder.subject,
      Priority: reminder.priority,
      ...(reminder.ownerId === null ? {} : { Owner: { id: reminder.ownerId } }),
    };
    return isDone ? [] : [{ seq, taskId: reminder.taskId, before, body: changedTask(draft), after }];
  });
  await skip(applying, rows.length - writes.length, seqsWithout(rows, writes));
  return writeChanges(applying, 'task_update', writes);
}

export async function closeTasks(
  applying: Applying,
  rows: readonly PendingTask<'close'>[],
): Promise<AppError | null> {
  const { deps, input, asOf } = applying;
  const open = await openReminders(applying, rows);
  const ids = [...open.values()].flatMap((reminder) => reminder.taskId ?? []);
  let held: Map<string, ZohoRow>;
  try {
    held = new Map((await getRecords(deps.zoho, TASKS, ids, [...CLOSE_FIELDS])).map((row) => [row.id, row]));
  } catch (error) {
    return error instanceof ZohoRejectedError ? refuse(applying, rows, error) : stopOrThrow(error);
  }
  const byPeople: OpenReminder[] = [];
  const writes = rows.flatMap(({ seq, task: { reminder: planned, cause } }) => {
    const reminder = open.get(planned.cvRef);
    if (!reminder) return [];
    const task = held.get(reminder.taskId ?? '');
    // Gone or completed: a person was faster, and their word counts for the cool-down.
    if (!task || isCompleted(task)) {
      byPeople.push({ ...reminder, state: 'closed_by_person', closedOn: asOf });
      return [];
    }
    const note = closeNote(cause, input.language ?? 'en');
    const body = completedTask(withNote(descriptionOf(task), note, reminder.cvRef));
    const after: OpenReminder = { ...reminder, state: 'closed_by_us', closedOn: asOf };
    const before = { Status: task.Status ?? null, Description: descriptionOf(task) };
    return [{ seq, taskId: task.id, before, body, after }];
  });
  if (byPeople.length > 0) await deps.store.reminders.save(input.connection.id, byPeople);
  await skip(applying, rows.length - writes.length, seqsWithout(rows, writes));
  return writeChanges(applying, 'task_close', writes);
}

/** By key, as they stand now: a plan may be older than the last apply. */
async function openReminders(
  { deps, input }: Applying,
  rows: readonly { readonly task: { readonly reminder: OpenReminder } }[],
): Promise<Map<string, OpenReminder>> {
  const keys = rows.map(({ task }) => task.reminder.customer);
  const reminders = await deps.store.reminders.of(input.connection.id, keys);
  return new Map(
    reminders.filter(({ state }) => state === 'open').map((reminder) => [reminder.cvRef, reminder]),
  );
}

/** Tasks that may not be read cannot be completed without losing what people wrote: each is named. */
async function refuse(
  { deps, input, tally }: Applying,
  rows: readonly PendingTask<'close'>[],
  error: ZohoRejectedError,
): Promise<null> {
  const code = error.zohoCode ?? error.code;
  for (const { task } of rows) {
    const recordId = task.reminder.taskId ?? task.reminder.customer.id;
    tally.rejected.push({ module: TASKS, recordId, field: null, code, message: error.message });
  }
  await deps.store.plans.markDone(
    input.planId,
    rows.map((row) => row.seq),
  );
  return null;
}

function seqsWithout(rows: readonly { readonly seq: number }[], writes: readonly Write[]): number[] {
  const kept = new Set(writes.map((write) => write.seq));
  return rows.map((row) => row.seq).filter((seq) => !kept.has(seq));
}

async function skip({ deps, input, tally }: Applying, count: number, seqs: number[]): Promise<void> {
  if (seqs.length > 0) await deps.store.plans.markDone(input.planId, seqs);
  tally.skipped += count;
}

async function writeChanges(
  applying: Applying,
  kind: 'task_update' | 'task_close',
  writes: readonly Write[],
): Promise<AppError | null> {
  if (writes.length === 0) return null;
  const { deps, input } = applying;
  const at = deps.clock.now();
  const intents = await deps.store.intents.begin(
    writes.map((write) => ({
      connection: input.connection.id,
      runId: input.runId,
      planId: input.planId,
      seqs: [write.seq],
      kind,
      module: TASKS,
      recordId: write.taskId,
      cvRef: write.after.cvRef,
      before: write.before,
      sent: write.body,
      values: {},
      at,
    })),
    deps.lease,
  );
  const { sent, stop } = await sendBatch(deps, writes, {
    send: (open) =>
      updateRecords(
        deps.zoho,
        TASKS,
        open.map(({ taskId, body }) => ({ ...body, id: taskId })),
      ),
    waitsMs: async () => CHANGE_WAITS_MS,
    readBack: (open) => changesInPlace(deps, open),
  });
  await commit(applying, kind, { writes, sent, intents });
  return stop;
}

/** Those of the changes that Zoho holds; a completed task needs no other proof. */
export async function changesInPlace<W extends { taskId: string; body: Record<string, unknown> }>(
  deps: Pick<WritebackDeps, 'zoho'>,
  writes: readonly W[],
): Promise<Map<W, string>> {
  const ids = [...new Set(writes.map((write) => write.taskId))];
  const held = new Map(
    (await getRecords(deps.zoho, TASKS, ids, [...CHANGE_FIELDS])).map((row) => [row.id, row]),
  );
  const inPlace = writes.filter(({ taskId, body }) => {
    const task = held.get(taskId);
    if (!task) return false;
    if ('Status' in body) return isCompleted(task);
    return (
      textOf(task.Subject) === textOf(body.Subject) &&
      textOf(task.Priority) === textOf(body.Priority) &&
      (body.Owner === undefined || idOf(task.Owner) === idOf(body.Owner))
    );
  });
  return new Map(inPlace.map((write) => [write, write.taskId]));
}

/** The intents end last: until then a restart reads these tasks back. */
async function commit(
  applying: Applying,
  kind: 'task_update' | 'task_close',
  { writes, sent, intents }: { writes: readonly Write[]; sent: readonly Sent[]; intents: readonly number[] },
): Promise<void> {
  const { deps, input, tally, asOf } = applying;
  const reminders: OpenReminder[] = [];
  const done: number[] = [];
  const outcomes: IntentOutcome[] = [];
  for (const [index, write] of writes.entries()) {
    const answer = sent[index];
    const id = intents[index];
    if (!answer || id === undefined || answer.outcome === 'unknown') continue;
    const end = { id, code: null, message: null, recordId: write.taskId };
    if (answer.outcome === 'failed') {
      outcomes.push({ ...end, outcome: 'failed' });
      continue;
    }
    done.push(write.seq);
    if (answer.outcome === 'written') {
      reminders.push(write.after);
      outcomes.push({ ...end, outcome: 'written' });
      tally.tasks[kind === 'task_close' ? 'closed' : 'updated'] += 1;
      continue;
    }
    const { code, message, field } = answer.result;
    tally.rejected.push({ module: TASKS, recordId: write.taskId, field, code, message });
    outcomes.push({ ...end, outcome: 'rejected', code, message });
    if (isGone(answer.result)) reminders.push({ ...write.after, state: 'closed_by_person', closedOn: asOf });
  }
  if (reminders.length > 0) await deps.store.reminders.save(input.connection.id, reminders);
  if (done.length > 0) await deps.store.plans.markDone(input.planId, done);
  if (outcomes.length > 0) await deps.store.intents.finish(outcomes);
}

/** Zoho refuses the id itself: somebody deleted the task. */
function isGone({ code, field }: Extract<RowResult, { ok: false }>): boolean {
  return code === 'INVALID_DATA' && field === 'id';
}

import type { OpenReminder } from '../changes.ts';
import { type AppError, ZohoRejectedError } from '../errors.ts';
import { withNote, withoutRef } from '../plan/cv-ref.ts';
import { getRecords, type RowResult, updateRecords, type ZohoRow } from '../zoho/records.ts';
import { idOf, textOf } from '../zoho/values.ts';
import { closeNote, isOurNote } from './close-note.ts';
import { newDescription, plainText } from './new-words.ts';
import type { PendingTask } from './plan-order.ts';
import { type Sent, sendBatch, stopOrThrow } from './send-batch.ts';
import {
  CLOSE_FIELDS,
  CONFIRM_FIELDS,
  completedTask,
  descriptionOf,
  mergedTask,
  TASKS,
  type TaskWords,
  UPDATE_FIELDS,
} from './task-rows.ts';
import type { Applying, IntentOutcome, WritebackDeps } from './types.ts';
import { isModifiedSince, newestOf } from './unmodified.ts';

/**
 * Changes and completes reminders that stand in Zoho already. Each is read first, and written only if nobody wrote to
 * it in between: its subject, its date and its description are a person's too.
 */

type Change = 'task_update' | 'task_close';
interface Row {
  readonly seq: number;
  readonly task: { readonly reminder: OpenReminder };
}
interface Write {
  readonly seq: number;
  readonly taskId: string;
  /** What it replaces, by API name. */
  readonly before: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  /** The reminder as it stands once this is written. */
  readonly after: OpenReminder;
}
/** `settled`: there is nothing left to write. */
type Decision = Pick<Write, 'body' | 'after'> | { readonly settled: OpenReminder };

// A change that Zoho still works on shows after seconds.
const CHANGE_WAITS_MS = [0, 2_000] as const;
// Somebody works on one of these tasks at this moment; for longer than this, the next run is soon enough.
const MOST_READS = 4;

export async function updateTasks(
  applying: Applying,
  rows: readonly PendingTask<'update'>[],
): Promise<AppError | null> {
  const drafts = new Map(rows.map(({ seq, task }) => [seq, task.draft]));
  const { words, asOf } = applying;
  const isDone = ({ seq }: Row, was: OpenReminder) => {
    const draft = drafts.get(seq);
    return (
      was.subject === draft?.subject &&
      was.priority === draft.priority &&
      was.ownerId === draft.ownerId &&
      was.stable === draft.stable
    );
  };
  return changeTasks(
    applying,
    { kind: 'task_update', fields: UPDATE_FIELDS, isDone },
    rows,
    (row, was, held) => {
      const draft = drafts.get(row.seq);
      if (!draft || !held || words.isCompleted(held))
        return { settled: { ...was, state: 'closed_by_person', closedOn: asOf } };
      const { subject, priority, ownerId, stable, escalatedOn } = draft;
      const text = newDescription(descriptionOf(held), was, draft);
      const after: OpenReminder = {
        ...was,
        ...{ subject, priority, ownerId, stable, escalatedOn },
        // Where people rewrote our words theirs stay, and the new ones are not offered again.
        ...(text ? { body: withoutRef(draft.description, draft.cvRef) } : {}),
      };
      const body = mergedTask(draft, was, held, text?.isWritten === false ? text.description : null);
      return body === null ? { settled: after } : { body, after };
    },
  );
}

export async function closeTasks(
  applying: Applying,
  rows: readonly PendingTask<'close'>[],
): Promise<AppError | null> {
  const causes = new Map(rows.map(({ seq, task }) => [seq, task.cause]));
  const { words, asOf, input } = applying;
  const options = { kind: 'task_close', fields: CLOSE_FIELDS, isDone: () => false } as const;
  return changeTasks(applying, options, rows, (row, was, held) => {
    const after: OpenReminder = { ...was, state: 'closed_by_us', closedOn: asOf };
    // Gone or completed: a person was faster, and their word counts for the cool-down.
    if (!held || words.isCompleted(held)) {
      // Unless it was us, in a call whose answer never came.
      const isOurs = held !== null && isOurNote(descriptionOf(held));
      return { settled: isOurs ? after : { ...after, state: 'closed_by_person' } };
    }
    const note = closeNote(causes.get(row.seq) ?? '', input.language ?? 'en');
    return { body: completedTask(words, withNote(descriptionOf(held), note, was.cvRef)), after };
  });
}

async function changeTasks(
  applying: Applying,
  options: {
    readonly kind: Change;
    readonly fields: readonly string[];
    readonly isDone: (row: Row, was: OpenReminder) => boolean;
  },
  rows: readonly Row[],
  decide: (row: Row, was: OpenReminder, held: ZohoRow | null) => Decision,
): Promise<AppError | null> {
  const { deps, input } = applying;
  let open = rows;
  for (let reads = 1; open.length > 0; reads++) {
    const reminders = await openReminders(applying, open, options.isDone);
    const ids = [...reminders.values()].flatMap(({ taskId }) => taskId ?? []);
    let held: Map<string, ZohoRow>;
    try {
      const tasks = await getRecords(deps.zoho, TASKS, ids, applying.words.readable(options.fields));
      held = new Map(tasks.map((task) => [task.id, task]));
    } catch (error) {
      return error instanceof ZohoRejectedError ? refuse(applying, open, error) : stopOrThrow(error);
    }
    const settled: OpenReminder[] = [];
    const writes = open.flatMap((row): Write[] => {
      const was = reminders.get(row.seq);
      if (!was) return [];
      const task = held.get(was.taskId ?? '') ?? null;
      const decision = decide(row, was, task);
      if ('settled' in decision) {
        settled.push(decision.settled);
        return [];
      }
      const before = Object.fromEntries(
        Object.keys(decision.body).flatMap((name) =>
          name === 'Remind_At' ? [] : [[name, plainOf(task?.[name])]],
        ),
      );
      return [{ seq: row.seq, taskId: was.taskId ?? '', before, ...decision }];
    });
    if (settled.length > 0) await deps.store.reminders.save(input.connection.id, settled);
    await skip(applying, open.length - writes.length, seqsWithout(open, writes));
    const unmodifiedSince = newestOf(writes.map(({ taskId }) => held.get(taskId)));
    const options_ = { unmodifiedSince, isLast: reads >= MOST_READS };
    const { modified, stop } = await writeChanges(applying, options.kind, writes, options_);
    if (stop) return stop;
    open = open.filter(({ seq }) => modified.has(seq));
  }
  return null;
}

/** Of a lookup its id alone: names are people's. */
function plainOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? { id: value.id } : (value ?? null);
}

/** By place in the plan, as they stand now: a plan may be older than the last apply. */
async function openReminders(
  { deps, input }: Applying,
  rows: readonly Row[],
  isDone: (row: Row, was: OpenReminder) => boolean,
): Promise<Map<number, OpenReminder>> {
  const keys = rows.map(({ task }) => task.reminder.customer);
  const reminders = await deps.store.reminders.of(input.connection.id, keys);
  const open = new Map(
    reminders.filter(({ state }) => state === 'open').map((reminder) => [reminder.cvRef, reminder]),
  );
  return new Map(
    rows.flatMap((row) => {
      const was = open.get(row.task.reminder.cvRef);
      return was?.taskId && !isDone(row, was) ? [[row.seq, was] as const] : [];
    }),
  );
}

/** Tasks that may not be read cannot be changed without losing what people wrote: each is named. */
async function refuse(
  { deps, input, tally }: Applying,
  rows: readonly Row[],
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

interface Written {
  /** Rows that somebody wrote to after we had read them: nothing was written to any of their call. */
  readonly modified: ReadonlySet<number>;
  readonly stop: AppError | null;
}

async function writeChanges(
  applying: Applying,
  kind: Change,
  writes: readonly Write[],
  { unmodifiedSince, isLast }: { unmodifiedSince: Date | null; isLast: boolean },
): Promise<Written> {
  if (writes.length === 0) return { modified: new Set(), stop: null };
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
        { unmodifiedSince },
      ),
    waitsMs: async () => CHANGE_WAITS_MS,
    readBack: (open) => changesInPlace(deps, applying.words, open),
  });
  const modified = new Set<number>();
  for (const [index, write] of writes.entries()) {
    const answer = sent[index];
    if (!isLast && answer?.outcome === 'rejected' && isModifiedSince(answer.result)) modified.add(write.seq);
  }
  await commit(applying, kind, { writes, sent, intents, modified });
  return { modified, stop };
}

/** Those of the changes that Zoho holds; a completed task needs no other proof. */
export async function changesInPlace<W extends { taskId: string; body: Record<string, unknown> }>(
  deps: Pick<WritebackDeps, 'zoho'>,
  words: TaskWords,
  writes: readonly W[],
): Promise<Map<W, string>> {
  const ids = [...new Set(writes.map((write) => write.taskId))];
  const held = new Map(
    (await getRecords(deps.zoho, TASKS, ids, words.readable(CONFIRM_FIELDS))).map((row) => [row.id, row]),
  );
  const inPlace = writes.filter(({ taskId, body }) => {
    const task = held.get(taskId);
    if (!task) return false;
    if ('Status' in body) return words.isCompleted(task);
    const isText = (field: string) =>
      body[field] === undefined || plainText(textOf(task[field])) === plainText(textOf(body[field]));
    return (
      isText('Subject') &&
      isText('Priority') &&
      isText('Description') &&
      (body.Owner === undefined || idOf(task.Owner) === idOf(body.Owner))
    );
  });
  return new Map(inPlace.map((write) => [write, write.taskId]));
}

/** Before the intents end, a restart reads these tasks back; after that, it finds their reminders. */
async function commit(
  applying: Applying,
  kind: Change,
  {
    writes,
    sent,
    intents,
    modified,
  }: {
    writes: readonly Write[];
    sent: readonly Sent[];
    intents: readonly number[];
    modified: ReadonlySet<number>;
  },
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
    if (answer.outcome === 'failed' || modified.has(write.seq)) {
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
  if (outcomes.length > 0) await deps.store.intents.finish(outcomes);
  // Last: who dies before this line finds the rows in the plan, and what was refused is on record.
  if (done.length > 0) await deps.store.plans.markDone(input.planId, done);
}

/** Zoho refuses the id itself: somebody deleted the task. */
function isGone({ code, field }: Extract<RowResult, { ok: false }>): boolean {
  return code === 'INVALID_DATA' && field === 'id';
}

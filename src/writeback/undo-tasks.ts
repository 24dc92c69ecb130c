import type { OpenReminder } from '../changes.ts';
import type { CustomerKey } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { parseCvRef } from '../plan/cv-ref.ts';
import { RECORDS_PER_WRITE } from '../plan/price.ts';
import { writePrice } from '../zoho/prices.ts';
import { deleteRecords, getRecords, type RowResult, updateRecords, type ZohoRow } from '../zoho/records.ts';
import { idOf, textOf } from '../zoho/values.ts';
import { type Sent, sendBatch, stopOrThrow } from './send-batch.ts';
import { TASKS, type TaskWords, taskWordsOf } from './task-rows.ts';
import type { Intent, IntentOutcome, NewIntent, WritebackDeps } from './types.ts';
import { outcomeOf } from './undo-outcomes.ts';
import type { LeftBecause, Undoing } from './undo-types.ts';

/**
 * Takes back what a run did to our reminders: those it made and nobody touched are deleted, those it changed or
 * completed become what they were. What a person changed or completed stays as that person left it.
 */

const FIELDS = ['Subject', 'Status', 'Due_Date', 'Priority', 'Owner', 'Description'] as const;
const CHUNK = 500;
const WAITS_MS = [0, 2_000] as const;

interface Step {
  readonly kind: 'task_delete' | 'task_restore';
  readonly intent: Intent;
  readonly taskId: string;
  /** As it stands now; what an undo of this undo compares with. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function undoTasks(undoing: Undoing): Promise<AppError | null> {
  const steps = { task_delete: [] as Step[], task_restore: [] as Step[] };
  let stop: AppError | null = null;
  const flush = async (kind: Step['kind'], atLeast: number) => {
    const waiting = steps[kind];
    while (waiting.length >= atLeast && waiting.length > 0) {
      const batch = waiting.splice(0, RECORDS_PER_WRITE);
      if (stop) undoing.tally.remaining += batch.length;
      else stop = await takeBack(undoing, kind, batch);
    }
  };
  for await (const page of undoing.deps.store.intents.written(undoing.input.undone, CHUNK)) {
    const ofTasks = page.filter((intent) => intent.module === TASKS && intent.kind !== 'update');
    if (ofTasks.length === 0) continue;
    if (stop) {
      undoing.tally.remaining += ofTasks.length;
      continue;
    }
    try {
      for (const step of await stepsOf(undoing, ofTasks)) steps[step.kind].push(step);
    } catch (error) {
      stop = stopOrThrow(error);
      undoing.tally.remaining += ofTasks.length;
    }
    await flush('task_delete', RECORDS_PER_WRITE);
    await flush('task_restore', RECORDS_PER_WRITE);
  }
  await flush('task_restore', 1);
  await flush('task_delete', 1);
  return stop;
}

async function stepsOf({ deps, input, tally, words }: Undoing, intents: readonly Intent[]): Promise<Step[]> {
  const ids = [...new Set(intents.flatMap((intent) => intent.recordId ?? []))];
  const rows = await getRecords(deps.zoho, TASKS, ids, words.readable([...FIELDS, 'Closed_Time']));
  const held = new Map(rows.map((row) => [row.id, row]));
  const later = await deps.store.intents.writtenLater(input.connection.id, {
    afterId: Math.min(...intents.map((intent) => intent.id)),
    module: TASKS,
    ids,
  });
  return intents.flatMap((intent): Step[] => {
    const taskId = intent.recordId;
    if (taskId === null) return [];
    const task = held.get(taskId);
    const verdict = judge(intent, task, { userId: input.connection.userId, words });
    if (verdict.do === 'nothing') {
      tally.already += 1;
      return [];
    }
    if (verdict.do !== 'leave' && task) {
      const before = Object.fromEntries(FIELDS.map((name) => [name, task[name] ?? null]));
      return [{ kind: verdict.do, intent, taskId, before, body: verdict.body }];
    }
    const isByUs = later.some(
      ({ id, recordId, runId, sent }) =>
        recordId === taskId &&
        id > intent.id &&
        runId !== input.undone &&
        task !== undefined &&
        Object.keys(differing(task, sent)).length === 0,
    );
    const { field, why } = verdict.do === 'leave' ? verdict : { field: null, why: 'record_gone' as const };
    tally.skipped.push({
      module: TASKS,
      recordId: taskId,
      field,
      held: field === null ? null : (task?.[field] ?? null),
      why: isByUs && why !== 'no_before' ? 'later_run' : why,
    });
    return [];
  });
}

type Verdict =
  | { readonly do: 'nothing' }
  | { readonly do: 'task_delete' | 'task_restore'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly do: 'leave'; readonly field: string | null; readonly why: LeftBecause };

function judge(
  intent: Intent,
  task: ZohoRow | undefined,
  { userId, words }: { userId: string; words: TaskWords },
): Verdict {
  if (intent.kind === 'task_delete') return { do: 'leave', field: null, why: 'deleted' };
  // Deleted already: by a person, or by an undo that was interrupted.
  if (!task)
    return intent.kind === 'task_create'
      ? { do: 'nothing' }
      : { do: 'leave', field: null, why: 'record_gone' };
  if (intent.kind === 'task_create') {
    if (words.isCompleted(task)) return { do: 'leave', field: 'Status', why: 'completed' };
    // Whoever is not named owns it: Zoho gives it to the connected user.
    const sent = { ...intent.sent, Owner: intent.sent.Owner ?? { id: userId } };
    const [touched] = Object.keys(differing(task, sent));
    return touched === undefined
      ? { do: 'task_delete', body: {} }
      : { do: 'leave', field: touched, why: 'changed' };
  }
  const before = compared(intent.before);
  if (Object.keys(before).length === 0) return { do: 'leave', field: null, why: 'no_before' };
  const toPut = differing(task, before);
  if (Object.keys(toPut).length === 0) return { do: 'nothing' };
  const [touched] = Object.keys(differing(task, compared(intent.sent)));
  if (touched !== undefined) {
    const why = words.isCompleted(task) && intent.kind === 'task_update' ? 'completed' : 'changed';
    return { do: 'leave', field: touched, why };
  }
  return { do: 'task_restore', body: before };
}

/** What of a row of ours is compared: alarms and lookups come back in another form, or not at all. */
function compared(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(FIELDS.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
}

/** The fields of `wanted` that the task holds otherwise, each with the wanted value. */
function differing(
  task: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const differ = Object.entries(compared(wanted)).filter(([name, value]) =>
    name === 'Owner'
      ? idOf(task.Owner) !== idOf(value)
      : formOf(textOf(task[name])) !== formOf(textOf(value)),
  );
  return Object.fromEntries(differ);
}
const formOf = (text: string | null): string => (text ?? '').replaceAll('\r\n', '\n').trimEnd();

async function takeBack(
  undoing: Undoing,
  kind: Step['kind'],
  steps: readonly Step[],
): Promise<AppError | null> {
  const { deps, isPreview, tally } = undoing;
  const { prices } = deps.zoho;
  tally.price += kind === 'task_delete' ? prices.deleteRecords : writePrice(prices, steps.length);
  if (isPreview) {
    tally[kind === 'task_delete' ? 'tasksDeleted' : 'tasksRestored'] += steps.length;
    return null;
  }
  const at = deps.clock.now();
  const intents = await deps.store.intents.begin(
    steps.map((step) => intentOf(undoing, step, at)),
    deps.lease,
  );
  const { sent, stop } = await sendBatch(deps, steps, {
    send: (open) =>
      kind === 'task_delete'
        ? deleteTasks(deps, open)
        : updateRecords(
            deps.zoho,
            TASKS,
            open.map(({ taskId, body }) => ({ ...body, id: taskId })),
          ),
    readBack: (open) => stepsInPlace(deps, kind, open),
    waitsMs: async () => WAITS_MS,
  });
  await commit(undoing, { steps, sent, intents });
  return stop;
}

/** What is gone already is what was wanted. */
async function deleteTasks(
  { zoho }: Pick<WritebackDeps, 'zoho'>,
  steps: readonly Step[],
): Promise<RowResult[]> {
  const results = await deleteRecords(
    zoho,
    TASKS,
    steps.map((step) => step.taskId),
  );
  return results.map((result, index) =>
    !result.ok && result.code === 'INVALID_DATA'
      ? { ok: true, id: steps[index]?.taskId ?? '', action: null, modifiedAt: null }
      : result,
  );
}

function intentOf({ input }: Undoing, step: Step, at: Date): NewIntent {
  return {
    connection: input.connection.id,
    runId: input.runId,
    planId: step.intent.planId,
    seqs: [],
    kind: step.kind,
    module: TASKS,
    recordId: step.taskId,
    cvRef: step.intent.cvRef,
    before: step.before,
    sent: step.body,
    values: {},
    at,
  };
}

async function stepsInPlace<W extends { taskId: string; body: Readonly<Record<string, unknown>> }>(
  deps: Pick<WritebackDeps, 'zoho'>,
  kind: Step['kind'],
  steps: readonly W[],
): Promise<Map<W, string>> {
  const ids = [...new Set(steps.map((step) => step.taskId))];
  const held = new Map((await getRecords(deps.zoho, TASKS, ids, [...FIELDS])).map((row) => [row.id, row]));
  const done = steps.filter(({ taskId, body }) => {
    const task = held.get(taskId);
    if (kind === 'task_delete') return task === undefined;
    return task !== undefined && Object.keys(differing(task, body)).length === 0;
  });
  return new Map(done.map((step) => [step, step.taskId]));
}

/** The intents end last: until then a restart looks at these tasks again. */
async function commit(
  { deps, input, tally }: Undoing,
  answered: { steps: readonly Step[]; sent: readonly Sent[]; intents: readonly number[] },
): Promise<void> {
  const outcomes: IntentOutcome[] = [];
  const done: Pick<Intent, 'kind' | 'cvRef' | 'sent'>[] = [];
  for (const [index, step] of answered.steps.entries()) {
    const answer = answered.sent[index];
    const id = answered.intents[index];
    if (!answer || id === undefined) continue;
    const outcome = outcomeOf(tally, { intent: id, module: TASKS, recordId: step.taskId }, answer);
    if (outcome) outcomes.push(outcome);
    if (outcome?.outcome !== 'written') continue;
    tally[step.kind === 'task_delete' ? 'tasksDeleted' : 'tasksRestored'] += 1;
    done.push({ kind: step.kind, cvRef: step.intent.cvRef, sent: step.body });
  }
  await saveReminders(deps, input.connection.id, done, input.today);
  if (outcomes.length > 0) await deps.store.intents.finish(outcomes);
}

/** A deleted task was ours to close; a restored one is what the task is again. */
async function saveReminders(
  { store }: Pick<WritebackDeps, 'store'>,
  connection: string,
  done: readonly Pick<Intent, 'kind' | 'cvRef' | 'sent'>[],
  today: string,
): Promise<void> {
  const keys = done.flatMap(({ cvRef }): CustomerKey[] => {
    const id = parseCvRef(cvRef ?? '')?.recordId;
    if (id === undefined) return [];
    return [
      { module: 'Accounts', id },
      { module: 'Contacts', id },
    ];
  });
  const known = await store.reminders.of(connection, keys);
  const words = await taskWordsOf(store, connection);
  const byRef = new Map(known.map((reminder) => [reminder.cvRef, reminder]));
  const after = done.flatMap(({ kind, cvRef, sent }): OpenReminder[] => {
    const reminder = byRef.get(cvRef ?? '');
    if (!reminder) return [];
    if (kind === 'task_delete') return [{ ...reminder, state: 'closed_by_us', closedOn: today }];
    const priority = textOf(sent.Priority);
    const status = textOf(sent.Status);
    return [
      {
        ...reminder,
        subject: textOf(sent.Subject) ?? reminder.subject,
        priority:
          priority === 'High' || priority === 'Normal' || priority === 'Low' ? priority : reminder.priority,
        ownerId: idOf(sent.Owner) ?? reminder.ownerId,
        ...(status === null
          ? {}
          : words.isCompleted(sent)
            ? { state: 'closed_by_us' as const, closedOn: today }
            : { state: 'open' as const, closedOn: null }),
      },
    ];
  });
  if (after.length > 0) await store.reminders.save(connection, after);
}

/** Steps of an undo whose process ended before their answer was stored. */
export async function settleUndoneTasks(
  deps: WritebackDeps,
  connection: string,
  intents: readonly Intent[],
  today: string,
): Promise<void> {
  for (const kind of ['task_delete', 'task_restore'] as const) {
    const steps = intents.flatMap((intent) =>
      intent.kind === kind && intent.recordId !== null
        ? [{ intent, taskId: intent.recordId, body: intent.sent }]
        : [],
    );
    if (steps.length === 0) continue;
    const done = await stepsInPlace(deps, kind, steps);
    await saveReminders(
      deps,
      connection,
      [...done.keys()].map((step) => step.intent),
      today,
    );
    await deps.store.intents.finish(
      steps.map((step) => ({
        id: step.intent.id,
        outcome: done.has(step) ? ('written' as const) : ('failed' as const),
        code: null,
        message: null,
        recordId: step.taskId,
      })),
    );
  }
}

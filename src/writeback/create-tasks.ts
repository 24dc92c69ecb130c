import type { OpenReminder, ReminderDraft } from '../changes.ts';
import type { Day, RecordId } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { parseCvRef, withoutRef } from '../plan/cv-ref.ts';
import { createRecords, getRecords, type RowResult } from '../zoho/records.ts';
import { type FoundTask, findTasks, type RefField, refFieldOf, type SoughtTask } from './find-tasks.ts';
import type { PendingTask } from './plan-order.ts';
import { type Sent, sendBatch, stopOrThrow } from './send-batch.ts';
import { newTask, TASKS, type TaskWords } from './task-rows.ts';
import type { Applying, IntentOutcome, WritebackDeps } from './types.ts';

/** Creates reminders so that each exists once, whatever happens to the answers. */

interface NewReminder {
  readonly seq: number;
  readonly draft: ReminderDraft;
}

// Without a unique key Zoho would accept a repeat, so a create that may still be under way gets a minute to show.
const LATE_COMMIT_MS = 60_000;

/** Waits before each look for a task whose create was not answered. */
export function createWaitsMs(refField: RefField): readonly number[] {
  // A unique CV Ref makes Zoho refuse the second of two, whichever comes late.
  return refField?.isUnique ? [0] : [0, LATE_COMMIT_MS];
}

export function soughtTask(draft: Pick<ReminderDraft, 'cvRef' | 'customer'>): SoughtTask {
  const { id, module } = draft.customer;
  return { cvRef: draft.cvRef, about: { id, isContact: module === 'Contacts' } };
}

export async function createTasks(
  applying: Applying,
  pending: readonly PendingTask<'create'>[],
): Promise<AppError | null> {
  const drafts = pending.map(({ seq, task }) => ({ seq, draft: task.draft }));
  const refName = applying.mapped.get(TASKS, 'cv_ref')?.apiName ?? null;
  const open = await withoutExisting(applying, drafts);
  const { withoutField, stop } = await createOnce(applying, open, refName);
  if (stop || withoutField.length === 0) return stop;
  // The org lost its CV Ref field: the key in the description does, and the field is named once a task.
  return (await createOnce(applying, withoutField, null)).stop;
}

async function createOnce(
  applying: Applying,
  open: readonly NewReminder[],
  refName: string | null,
): Promise<{ withoutField: NewReminder[]; stop: AppError | null }> {
  if (open.length === 0) return { withoutField: [], stop: null };
  const { deps, input } = applying;
  const at = deps.clock.now();
  const intents = await deps.store.intents.begin(
    open.map(({ seq, draft }) => ({
      connection: input.connection.id,
      runId: input.runId,
      planId: input.planId,
      seqs: [seq],
      kind: 'task_create',
      module: TASKS,
      recordId: null,
      cvRef: draft.cvRef,
      before: {},
      sent: newTask(draft, refName),
      values: {},
      at,
    })),
    deps.lease,
  );
  const search = taskSearch(deps, { refName, since: at, words: applying.words });
  const { sent, stop } = await sendBatch(deps, open, {
    send: (rows) =>
      createRecords(
        deps.zoho,
        TASKS,
        rows.map(({ draft }) => newTask(draft, refName)),
      ),
    waitsMs: async () => createWaitsMs(await search.refField()),
    readBack: async (rows) => {
      const found = await search.find(rows.map(({ draft }) => soughtTask(draft)));
      return new Map(rows.flatMap((row) => idOf(row, found.get(row.draft.cvRef))));
    },
  });
  const twice = await adoptDuplicates(applying, { open, sent, refName, search });
  const withoutField = open.filter((_, index) => lacksRefField(twice.sent[index], refName));
  await commit(applying, {
    open,
    sent: twice.sent,
    completed: twice.completed,
    intents,
    again: new Set(withoutField),
  });
  return { withoutField, stop: stop ?? twice.stop };
}

function lacksRefField(answer: Sent | undefined, refName: string | null): boolean {
  return refName !== null && answer?.outcome === 'rejected' && answer.result.field === refName;
}

const idOf = (row: NewReminder, task: FoundTask | undefined): [NewReminder, string][] =>
  task ? [[row, task.id]] : [];

interface TaskSearch {
  refField(): Promise<RefField>;
  find(sought: readonly SoughtTask[]): Promise<Map<string, FoundTask>>;
}
function taskSearch(
  deps: WritebackDeps,
  { refName, since, words }: { refName: string | null; since: Date; words: TaskWords },
): TaskSearch {
  let field: Promise<RefField> | null = null;
  const refField = () => {
    field ??= refFieldOf(deps, refName);
    return field;
  };
  return {
    refField,
    find: async (sought) => findTasks(deps, sought, { refField: await refField(), since, words }),
  };
}

/** A plan may be older than the task it asks for: one that an interrupted apply had made is in the store by now. */
async function withoutExisting(applying: Applying, drafts: readonly NewReminder[]): Promise<NewReminder[]> {
  const { deps, input, tally } = applying;
  const known = await deps.store.reminders.of(
    input.connection.id,
    drafts.map(({ draft }) => draft.customer),
  );
  const exists = ({ draft }: NewReminder) =>
    known.some(
      (reminder) =>
        reminder.cvRef === draft.cvRef ||
        (reminder.state === 'open' &&
          reminder.reason === draft.reason &&
          reminder.customer.module === draft.customer.module &&
          reminder.customer.id === draft.customer.id),
    );
  const existing = drafts.filter(exists);
  if (existing.length > 0) {
    await deps.store.plans.markDone(
      input.planId,
      existing.map((row) => row.seq),
    );
  }
  tally.skipped += existing.length;
  return drafts.filter((row) => !exists(row));
}

interface Adopted {
  readonly sent: Sent[];
  /** Keys whose task a person has completed already. */
  readonly completed: ReadonlySet<string>;
  readonly stop: AppError | null;
}

/** DUPLICATE_DATA on the key: the task is already there, from a call whose answer never came or from another store. */
async function adoptDuplicates(
  { deps, words }: Applying,
  {
    open,
    sent,
    refName,
    search,
  }: { open: readonly NewReminder[]; sent: readonly Sent[]; refName: string | null; search: TaskSearch },
): Promise<Adopted> {
  const duplicates = open.flatMap((row, index) => {
    const answer = sent[index];
    return answer?.outcome === 'rejected' && isOurDuplicate(answer.result, refName)
      ? [{ row, index, id: answer.result.duplicateId ?? null }]
      : [];
  });
  if (duplicates.length === 0) return { sent: [...sent], completed: new Set(), stop: null };
  const adopted = [...sent];
  const completed = new Set<string>();
  try {
    const found = await search.find(duplicates.map(({ row }) => soughtTask(row.draft)));
    const named = duplicates.flatMap(({ row, id }) =>
      found.has(row.draft.cvRef) || id === null ? [] : [id],
    );
    const byId = new Map(
      named.length === 0
        ? []
        : (await getRecords(deps.zoho, TASKS, named, words.readable(['Status', 'Closed_Time']))).map(
            (task) => [task.id, words.isCompleted(task)],
          ),
    );
    for (const { row, index, id } of duplicates) {
      const task = found.get(row.draft.cvRef);
      const recordId = task?.id ?? id;
      if (recordId === null) continue;
      adopted[index] = { outcome: 'written', recordId };
      if (task?.isCompleted ?? byId.get(recordId)) completed.add(row.draft.cvRef);
    }
    return { sent: adopted, completed, stop: null };
  } catch (error) {
    const stop = stopOrThrow(error);
    for (const { index } of duplicates) adopted[index] = { outcome: 'unknown' };
    return { sent: adopted, completed, stop };
  }
}

function isOurDuplicate(result: Extract<RowResult, { ok: false }>, refName: string | null): boolean {
  if (result.code !== 'DUPLICATE_DATA' || refName === null) return false;
  return result.field === null || result.field === refName;
}

interface Answered {
  readonly open: readonly NewReminder[];
  readonly sent: readonly Sent[];
  readonly completed: ReadonlySet<string>;
  readonly intents: readonly number[];
  /** Rejected rows that are sent once more in another form. */
  readonly again: ReadonlySet<NewReminder>;
}

/** Before the intents end, a restart looks for these tasks in Zoho; after that, it finds their reminders. */
async function commit(applying: Applying, answered: Answered): Promise<void> {
  const { open, sent, completed, intents, again } = answered;
  const { deps, input, tally, asOf } = applying;
  const reminders: OpenReminder[] = [];
  const done: number[] = [];
  const outcomes: IntentOutcome[] = [];
  for (const [index, row] of open.entries()) {
    const { seq, draft } = row;
    const answer = sent[index];
    const id = intents[index];
    if (!answer || id === undefined || answer.outcome === 'unknown') continue;
    if (answer.outcome === 'failed') {
      outcomes.push({ id, outcome: 'failed', code: null, message: null, recordId: null });
      continue;
    }
    if (!again.has(row)) done.push(seq);
    if (answer.outcome === 'rejected') {
      const { code, message, field } = answer.result;
      tally.rejected.push({ module: TASKS, recordId: draft.customer.id, field, code, message });
      outcomes.push({ id, outcome: 'rejected', code, message, recordId: null });
      continue;
    }
    const closedOn = completed.has(draft.cvRef) ? asOf : null;
    reminders.push(reminderOf(draft, { taskId: answer.recordId, createdOn: asOf, closedOn }));
    outcomes.push({ id, outcome: 'written', code: null, message: null, recordId: answer.recordId });
  }
  if (reminders.length > 0) await deps.store.reminders.save(input.connection.id, reminders);
  if (outcomes.length > 0) await deps.store.intents.finish(outcomes);
  // Last: who dies before this line finds the rows in the plan, and what was refused is on record.
  if (done.length > 0) await deps.store.plans.markDone(input.planId, done);
  tally.tasks.created += reminders.length;
}

export function reminderOf(
  draft: Omit<ReminderDraft, 'name' | 'stable' | 'whoId' | 'remindAt'> & { readonly stable: string | null },
  state: { taskId: RecordId | null; createdOn: Day; closedOn: Day | null },
): OpenReminder {
  return {
    cvRef: draft.cvRef,
    customer: draft.customer,
    reason: draft.reason,
    episode: parseCvRef(draft.cvRef)?.episode ?? 1,
    taskId: state.taskId,
    state: state.closedOn === null ? 'open' : 'closed_by_person',
    createdOn: state.createdOn,
    closedOn: state.closedOn,
    ownerId: draft.ownerId,
    dueDay: draft.dueDay,
    subject: draft.subject,
    priority: draft.priority,
    body: withoutRef(draft.description, draft.cvRef),
    stable: draft.stable,
    escalatedOn: draft.escalatedOn,
  };
}

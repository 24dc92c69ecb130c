import type { OpenReminder, ReminderKey } from '../changes.ts';
import { dayOf } from '../clock.ts';
import type { Connection, FieldKey, ModuleName } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import { parseCvRef } from '../plan/cv-ref.ts';
import { indexMapped } from '../plan/mapped-fields.ts';
import { idOf, textOf } from '../zoho/values.ts';
import { changesInPlace } from './change-tasks.ts';
import { createWaitsMs, reminderOf, soughtTask } from './create-tasks.ts';
import { type Expected, rowsInPlace } from './field-rows.ts';
import { type FoundTask, findTasks, refFieldOf } from './find-tasks.ts';
import { TASKS, type TaskWords, taskWordsOf } from './task-rows.ts';
import type { Intent, WritebackDeps } from './types.ts';
import { settleUndoneTasks } from './undo-tasks.ts';

/**
 * Writes that an earlier process announced and never reported: each is looked up in Zoho, before anything else is
 * written. What took effect is stored as if the answer had come; what did not is still in its plan.
 */
export async function settleIntents(deps: WritebackDeps, connection: Connection): Promise<void> {
  const intents = await deps.store.intents.unfinished(connection.id);
  if (intents.length === 0) return;
  const ofKind = (kind: Intent['kind']) => intents.filter((intent) => intent.kind === kind);
  for (const [module, rows] of Map.groupBy(ofKind('update'), (intent) => intent.module)) {
    await settleFields(deps, connection, module as ModuleName, rows); // it was written from a ModuleName
  }
  const words = await taskWordsOf(deps.store, connection.id);
  await settleCreates(deps, connection, words, ofKind('task_create'));
  await settleChanges(deps, connection, words, ofKind('task_update'));
  await settleChanges(deps, connection, words, ofKind('task_close'));
  await settleUndoneTasks(deps, connection.id, intents, dayOf(deps.clock.now(), connection.org.timeZone));
  deps.log.info({ intents: intents.length }, 'unfinished writes of an earlier apply were settled');
}

// A call that was under way when its process died may still take effect; a second look catches most of those.
const CHANGE_WAITS_MS = [0, 2_000] as const;

async function settleFields(
  deps: WritebackDeps,
  connection: Connection,
  module: ModuleName,
  intents: readonly Intent[],
): Promise<void> {
  const mapped = indexMapped(await deps.store.fieldMap.all(connection.id));
  const expected = intents.flatMap((intent): (Expected & { intent: Intent })[] => {
    const { recordId } = intent;
    if (recordId === null) return [];
    // The keys of `values` are field keys: begin() was given them so.
    const writes = (Object.keys(intent.values) as FieldKey[]).flatMap((key) => {
      const apiName = mapped.get(module, key)?.apiName;
      return apiName ? [{ key, apiName, value: intent.values[key] ?? null }] : [];
    });
    return writes.length > 0 ? [{ intent, recordId, writes }] : [];
  });
  const found = await lookTwice(deps, CHANGE_WAITS_MS, expected, (rows) => rowsInPlace(deps, module, rows));
  const written = new Set([...found.keys()].map((row) => row.intent));
  if (written.size > 0) {
    await deps.store.records.setOurs(
      connection.id,
      module,
      [...written].map((intent) => ({ id: intent.recordId ?? '', ours: intent.values })),
    );
  }
  await finish(deps, intents, (intent) => (written.has(intent) ? intent.recordId : null));
}

async function settleCreates(
  deps: WritebackDeps,
  connection: Connection,
  words: TaskWords,
  intents: readonly Intent[],
): Promise<void> {
  if (intents.length === 0) return;
  const mapped = indexMapped(await deps.store.fieldMap.all(connection.id));
  const refField = await refFieldOf(deps, mapped.get(TASKS, 'cv_ref')?.apiName ?? null);
  const drafts = intents.flatMap((intent) => draftOf(intent) ?? []);
  const since = new Date(Math.min(...intents.map((intent) => intent.at.getTime())));
  const tasks = new Map<string, FoundTask>();
  await lookTwice(deps, createWaitsMs(refField), drafts, async (rows) => {
    const found = await findTasks(deps, rows.map(soughtTask), { refField, since, words });
    for (const [cvRef, task] of found) tasks.set(cvRef, task);
    return new Map(
      rows.filter((draft) => found.has(draft.cvRef)).map((draft) => [draft, draft.cvRef] as const),
    );
  });
  const reminders: OpenReminder[] = [];
  for (const { intent, ...draft } of drafts) {
    const task = tasks.get(draft.cvRef);
    if (!task) continue;
    const createdOn = await dayOfPlan(deps, connection, intent);
    const closedOn = task.isCompleted ? createdOn : null;
    reminders.push(reminderOf(draft, { taskId: task.id, createdOn, closedOn }));
  }
  if (reminders.length > 0) await deps.store.reminders.save(connection.id, reminders);
  await finish(deps, intents, (intent) => tasks.get(intent.cvRef ?? '')?.id ?? null);
}

async function settleChanges(
  deps: WritebackDeps,
  connection: Connection,
  words: TaskWords,
  intents: readonly Intent[],
): Promise<void> {
  if (intents.length === 0) return;
  const writes = intents.flatMap((intent) =>
    intent.recordId === null ? [] : [{ intent, taskId: intent.recordId, body: intent.sent }],
  );
  const found = await lookTwice(deps, CHANGE_WAITS_MS, writes, (rows) => changesInPlace(deps, words, rows));
  const reminders: OpenReminder[] = [];
  for (const { intent } of found.keys()) {
    const reminder = await reminderOfIntent(deps, connection, intent);
    if (!reminder) continue;
    const closedOn = await dayOfPlan(deps, connection, intent);
    reminders.push(
      intent.kind === 'task_close'
        ? { ...reminder, state: 'closed_by_us', closedOn }
        : { ...reminder, ...changedParts(intent, reminder) },
    );
  }
  if (reminders.length > 0) await deps.store.reminders.save(connection.id, reminders);
  const written = new Set([...found.keys()].map((write) => write.intent));
  await finish(deps, intents, (intent) => (written.has(intent) ? intent.recordId : null));
}

/** A module that refuses to be read leaves its writes in the plan, where their rejection is named. */
async function lookTwice<W>(
  deps: WritebackDeps,
  waitsMs: readonly number[],
  writes: readonly W[],
  look: (writes: readonly W[]) => Promise<Map<W, string>>,
): Promise<Map<W, string>> {
  const found = new Map<W, string>();
  try {
    for (const waitMs of waitsMs) {
      const missing = writes.filter((write) => !found.has(write));
      if (missing.length === 0) break;
      if (waitMs > 0) await deps.clock.sleep(waitMs);
      for (const [write, recordId] of await look(missing)) found.set(write, recordId);
    }
  } catch (error) {
    if (!(error instanceof ZohoRejectedError)) throw error;
    deps.log.warn({ err: error }, 'unfinished writes cannot be read back');
  }
  return found;
}

/** The intents end last: a process that dies here settles them again, with the same result. */
async function finish(
  deps: WritebackDeps,
  intents: readonly Intent[],
  recordIdOf: (intent: Intent) => string | null,
): Promise<void> {
  for (const [planId, rows] of Map.groupBy(intents, (intent) => intent.planId)) {
    const seqs = rows.filter((intent) => recordIdOf(intent) !== null).flatMap((intent) => intent.seqs);
    if (seqs.length > 0) await deps.store.plans.markDone(planId, seqs);
  }
  await deps.store.intents.finish(
    intents.map((intent) => {
      const recordId = recordIdOf(intent);
      const outcome = recordId === null ? ('failed' as const) : ('written' as const);
      return { id: intent.id, outcome, code: null, message: null, recordId };
    }),
  );
}

type Draft = Parameters<typeof reminderOf>[0] & { readonly intent: Intent };

/** What a reminder must know, from the row that was to make its task. */
function draftOf(intent: Intent): Draft | null {
  const ref = parseCvRef(intent.cvRef ?? '');
  if (!ref || intent.cvRef === null) return null;
  const { sent } = intent;
  const priority = textOf(sent.Priority);
  return {
    intent,
    cvRef: intent.cvRef,
    customer: { module: moduleOf(sent), id: ref.recordId },
    reason: ref.reason,
    subject: textOf(sent.Subject) ?? '',
    dueDay: textOf(sent.Due_Date) ?? '',
    priority: priority === 'High' || priority === 'Low' ? priority : 'Normal',
    ownerId: idOf(sent.Owner),
    description: textOf(sent.Description) ?? '',
    stable: null,
    escalatedOn: null,
  };
}

function moduleOf(sent: Intent['sent']): ReminderKey['module'] {
  if (!('What_Id' in sent)) return 'Contacts';
  return sent.$se_module === 'Leads' ? 'Leads' : 'Accounts';
}

function changedParts(
  { sent }: Intent,
  reminder: OpenReminder,
): Pick<OpenReminder, 'subject' | 'priority' | 'ownerId'> {
  const priority = textOf(sent.Priority);
  return {
    subject: textOf(sent.Subject) ?? reminder.subject,
    priority:
      priority === 'High' || priority === 'Normal' || priority === 'Low' ? priority : reminder.priority,
    ownerId: idOf(sent.Owner) ?? reminder.ownerId,
  };
}

async function reminderOfIntent(
  deps: WritebackDeps,
  connection: Connection,
  intent: Intent,
): Promise<OpenReminder | null> {
  const ref = parseCvRef(intent.cvRef ?? '');
  if (!ref) return null;
  const modules: ReminderKey['module'][] = ['Accounts', 'Contacts', 'Leads'];
  const keys = modules.map((module) => ({ module, id: ref.recordId }) as ReminderKey); // of each module its own shape
  const reminders = await deps.store.reminders.of(connection.id, keys);
  return reminders.find((reminder) => reminder.cvRef === intent.cvRef) ?? null;
}

async function dayOfPlan(deps: WritebackDeps, connection: Connection, intent: Intent): Promise<string> {
  const plan = await deps.store.plans.get(intent.planId);
  return plan?.asOf ?? dayOf(intent.at, connection.org.timeZone);
}

import type { ReminderDraft, TaskChange } from '../../src/changes.ts';
import type { ModuleName } from '../../src/domain.ts';
import type { Intent } from '../../src/store/plan-stores.ts';
import { type OrgRecord, recordsOf } from './org.ts';
import { apiName, type Done } from './write-people.ts';
import { type Stage, tasksByKey } from './write-stage.ts';

/**
 * What must stand in Zoho after a scene, computed from the plan as it was before, from what people did meanwhile and
 * from nothing that the apply itself says, except which rows Zoho refused.
 */
export interface Snapshot {
  /** Module → record id → field → value. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, OrgRecord>>;
  readonly tasks: ReadonlyMap<string, readonly OrgRecord[]>;
}
interface After {
  readonly stage: Stage;
  readonly before: Snapshot;
  readonly done: readonly Done[];
}

const MODULES = ['Accounts', 'Contacts', 'Deals', 'Leads', 'Products', 'Calls', 'Events', 'Cases', 'Tasks'];
/** Zoho's own account of who wrote last. */
const STAMPS = new Set(['Modified_Time', 'Modified_By', 'Last_Activity_Time', 'Change_Log_Time__s']);
const DEEP = new Set(['record deleted', 'records merged']);

export function snapshot({ world }: Stage): Snapshot {
  return {
    records: new Map(
      MODULES.map((module) => [
        module,
        new Map(world.simulator.control.truth(module).map((row) => [String(row.id), row as OrgRecord])), // rows with ids
      ]),
    ),
    tasks: tasksByKey(world),
  };
}

/** Before anything is read again: the plan is in Zoho, and the store knows what Zoho holds. */
export async function wrongAfter(after: After): Promise<string[]> {
  const { stage } = after;
  const refused = await refusedBy(stage);
  return [
    ...doubles(after),
    ...(await openEnds(stage)),
    ...(await storeApart(after, refused)),
    ...wrongFields(after, { refused, isAtRest: false }),
    ...wrongTasks(after, { refused, isAtRest: false }),
    ...foreignWrites(after),
  ];
}

/** After undisturbed runs: what was refused is made good, and of what people wrote stands what the policy says. */
export async function wrongAtRest(after: After): Promise<string[]> {
  const refused: Refused = {
    seqs: new Set(),
    rows: await heldBack(after.stage),
    isUnasked: () => false,
  };
  return [
    ...doubles(after),
    ...(await openEnds(after.stage)),
    ...wrongFields(after, { refused, isAtRest: true }),
    ...wrongTasks(after, { refused, isAtRest: true }),
    ...foreignWrites(after),
    ...touched(after),
  ].map((text) => `at rest: ${text}`);
}

interface Refused {
  /** Of the plan. */
  readonly seqs: ReadonlySet<number>;
  /** Record ids and keys of tasks, in whichever plan. */
  readonly rows: ReadonlySet<string>;
  /** Rows of a module whose batch was refused as one: apply does not ask for the rest of them. */
  readonly isUnasked: (module: string, recordId: string) => boolean;
}
async function refusedBy({ world, plan }: Stage): Promise<Refused> {
  const { store } = world.newDeps();
  const runs = (await store.runs.list(world.connection.id, 100)).filter(({ kind }) => kind === 'apply');
  const intents: Intent[] = [];
  for (const run of runs) intents.push(...(await store.intents.ofRun(run.id)));
  const rejected = intents.filter(({ outcome }) => outcome === 'rejected');
  return {
    seqs: new Set(rejected.filter(({ planId }) => planId === plan.planId).flatMap(({ seqs }) => seqs)),
    // A second worker may have made a plan of its own, in which the same row was refused.
    rows: new Set(rejected.flatMap(({ recordId, cvRef }) => [recordId ?? '', cvRef ?? ''])),
    isUnasked: (module, recordId) =>
      rejected.some((one) => one.module === module && one.code === 'NO_PERMISSION') &&
      !intents.some((one) => one.module === module && one.recordId === recordId),
  };
}

/** What was refused twice alike is not asked for again on the same day: record ids, and keys of new tasks. */
async function heldBack({ world, items }: Stage): Promise<Set<string>> {
  const { refusals } = world.newDeps().store;
  const rows = items.flatMap((item): { module: ModuleName; id: string; key: string }[] => {
    if (item.kind === 'field')
      return [{ module: item.change.module, id: item.change.recordId, key: item.change.recordId }];
    if (item.kind !== 'task' || item.task.kind !== 'create') return [];
    const { customer, cvRef } = item.task.draft;
    return [{ module: 'Tasks', id: customer.id, key: cvRef }];
  });
  const held = new Set<string>();
  for (const [module, group] of Map.groupBy(rows, (row) => row.module)) {
    const ids = [...new Set(group.map(({ id }) => id))];
    const refused = await refusals.of(world.connection.id, module, ids);
    const twice = new Set(refused.filter(({ attempts }) => attempts > 1).map(({ recordId }) => recordId));
    for (const { id, key } of group) if (twice.has(id)) held.add(key);
  }
  return held;
}

function doubles({ stage }: After): string[] {
  return [...tasksByKey(stage.world)].flatMap(([key, tasks]) =>
    tasks.length > 1 ? [`DOUBLED: ${key} stands on ${tasks.length} tasks`] : [],
  );
}

async function openEnds({ world }: Stage): Promise<string[]> {
  const { store } = world.newDeps();
  const open = await store.intents.unfinished(world.connection.id);
  const wrong = open.length > 0 ? [`${open.length} writes are still open`] : [];
  const held = await store.leases.holder(`line:${world.connection.id}`);
  if (held !== null) wrong.push('the line is still held');
  const tasks = tasksByKey(world);
  for (const reminder of await store.reminders.all(world.connection.id)) {
    const found = tasks.get(reminder.cvRef)?.[0];
    if (reminder.state === 'open' && found && found.id !== reminder.taskId)
      wrong.push(`the reminder ${reminder.cvRef} names task ${reminder.taskId}, not ${found.id}`);
    tasks.delete(reminder.cvRef);
  }
  for (const key of tasks.keys()) wrong.push(`LOST: the store does not know the task ${key}`);
  return wrong;
}

const isSame = (left: unknown, right: unknown): boolean => textOf(left) === textOf(right);
function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'object' && 'id' in value) return String(value.id);
  return typeof value === 'string' ? value.trim() : String(value);
}

/** A task that a person completed is a contact: with these customers somebody has spoken since the plan was made. */
const spokenTo = (done: readonly Done[]): ReadonlySet<string> =>
  new Set(done.filter(({ kind }) => kind === 'task completed').map(({ key }) => customerOf(key ?? '')));

function fieldItems({ stage, done }: After) {
  const gone = new Set(done.filter(({ kind }) => DEEP.has(kind)).map(({ id }) => id));
  const spoken = spokenTo(done);
  const isDeep = gone.size > 0;
  return stage.items.flatMap((item, index) => {
    if (item.kind !== 'field' || isDeep) return [];
    const { change } = item;
    if (spoken.has(change.customer.id)) return [];
    return [{ seq: index + 1, change, field: apiName(stage, change.module, change.field) }];
  });
}
const customerOf = (key: string): string => key.split('-').at(-2) ?? '';

function liveRows({ world }: Stage): ReadonlyMap<string, ReadonlyMap<string, OrgRecord>> {
  return new Map(
    ['Accounts', 'Contacts', 'Deals'].map((module) => [
      module,
      new Map(recordsOf(world.simulator, module).map((row) => [row.id, row])),
    ]),
  );
}

/** A second worker that runs the whole line plans anew, from what is true by then. */
const isReplanned = ({ scene }: Stage): boolean => scene.second?.does === 'run';

function wrongFields(after: After, { refused, isAtRest }: { refused: Refused; isAtRest: boolean }): string[] {
  const { stage, done } = after;
  const live = liveRows(stage);
  return fieldItems(after).flatMap(({ seq, change, field }) => {
    if (refused.seqs.has(seq) || refused.rows.has(change.recordId)) return [];
    if (refused.isUnasked(change.module, change.recordId)) return [];
    const edits = done.filter((edit) => edit.id === change.recordId && edit.field === field);
    // Whose write came last is open until the next run; then ours wins by the default policy.
    if (edits.length > 0 && !isAtRest) return [];
    // Whatever is written to a customer takes along what is true of it by then, as that a task of ours is open.
    if ((isAtRest || isReplanned(stage)) && change.field === 'value_explanation') return [];
    const held = live.get(change.module)?.get(change.recordId)?.[field];
    const edit = edits.at(-1);
    if (edit && stage.scene.onEdit !== 'ours') {
      return isSame(held, edit.value)
        ? []
        : [
            `THEIRS: ${change.module} ${change.recordId} ${field} is ${textOf(held)}, not ${textOf(edit.value)}`,
          ];
    }
    if (isSame(held, change.new)) return [];
    return [
      `FIELD: ${change.module} ${change.recordId} ${field} is ${textOf(held)}, not ${textOf(change.new)}`,
    ];
  });
}

async function storeApart(after: After, refused: Refused): Promise<string[]> {
  const { stage, done } = after;
  const { store } = stage.world.newDeps();
  const live = liveRows(stage);
  const wrong: string[] = [];
  for (const { seq, change, field } of fieldItems(after)) {
    if (
      refused.seqs.has(seq) ||
      refused.rows.has(change.recordId) ||
      done.some((edit) => edit.id === change.recordId && edit.field === field)
    )
      continue;
    const [record] = await store.records.get(stage.world.connection.id, change.module as 'Accounts', [
      change.recordId,
    ]);
    const ours = record?.ours[change.field];
    const held = live.get(change.module)?.get(change.recordId)?.[field];
    if (!isSame(ours, held))
      wrong.push(
        `STORE: ${change.module} ${change.recordId} ${field} is ${textOf(ours)}, Zoho has ${textOf(held)}`,
      );
  }
  return wrong;
}

function wrongTasks(after: After, { refused, isAtRest }: { refused: Refused; isAtRest: boolean }): string[] {
  const { stage, done } = after;
  if (done.some(({ kind }) => DEEP.has(kind))) return [];
  const now = tasksByKey(stage.world);
  return stage.items.flatMap((item, index) => {
    if (item.kind !== 'task' || refused.seqs.has(index + 1)) return [];
    const { task } = item;
    const key = task.kind === 'create' ? task.draft.cvRef : task.reminder.cvRef;
    if (refused.rows.has(key)) return [];
    const edits = done.filter((edit) => edit.key === key);
    const tasks = now.get(key) ?? [];
    // Deleted by a person: it may be gone, and it may not be made again but where our create was still open.
    if (edits.some(({ kind }) => kind === 'task deleted')) return [];
    const [held] = tasks;
    if (!held) return [`LOST: ${task.kind} ${key}`];
    return wrongTask(after, { task, held, edits, isAtRest }).map(
      (text) => `TASK: ${task.kind} ${key} ${text}`,
    );
  });
}

function wrongTask(
  { stage, before, done }: After,
  {
    task,
    held,
    edits,
    isAtRest,
  }: { task: TaskChange; held: OrgRecord; edits: readonly Done[]; isAtRest: boolean },
): string[] {
  const wrong: string[] = [];
  const expect = (field: string, value: unknown) => {
    const edit = edits.findLast((one) => one.field === field);
    const right = edit ? edit.value : value;
    if (!isSame(held[field], right)) wrong.push(`has ${field} ${textOf(held[field])}, not ${textOf(right)}`);
  };
  for (const edit of edits) {
    const [line = ''] = String(edit.value).split('\n');
    if (edit.field === 'Description' && !String(held.Description).includes(line))
      wrong.push('lost what a person wrote into its description');
  }
  const isCompleted = edits.some(({ kind }) => kind === 'task completed');
  const customer = task.kind === 'create' ? task.draft.customer.id : task.reminder.customer.id;
  const isHandedOver = done.some(({ kind, id }) => kind === 'owner changed' && id === customer);
  // A later run sees the task itself, and another rule may speak by then.
  const isLater = isAtRest || isReplanned(stage);
  const isClosedByUs = String(held.Description).includes('Completed by Customer Value');
  if (task.kind === 'create' && isLater && isClosedByUs) return wrong;
  if (task.kind === 'create') {
    expectDraft(task.draft, expect, { isCompleted, isHandedOver: isHandedOver && isLater });
    const isToldAnew = isLater && spokenTo(done).has(customer);
    if (!isToldAnew && !edits.some(({ field }) => field === 'Description'))
      expect('Description', task.draft.description);
    return wrong;
  }
  const old = before.tasks.get(task.reminder.cvRef)?.[0];
  expect('Due_Date', old?.Due_Date);
  if (task.kind === 'close') {
    expect('Status', 'Completed');
    const notes = String(held.Description).split('Completed by Customer Value').length - 1;
    if (notes > 1 || (notes === 0 && !isCompleted)) wrong.push(`carries ${notes} closing lines`);
    expect('Subject', old?.Subject);
    return wrong;
  }
  const isOld = (field: string, ours: unknown) => !isSame(old?.[field], ours);
  if (!isCompleted) {
    expect('Subject', isOld('Subject', task.reminder.subject) ? old?.Subject : task.draft.subject);
    expect('Priority', isOld('Priority', task.reminder.priority) ? old?.Priority : task.draft.priority);
    if (!isHandedOver && !isOld('Owner', task.reminder.ownerId)) expect('Owner', task.draft.ownerId);
  }
  return wrong;
}

function expectDraft(
  draft: ReminderDraft,
  expect: (field: string, value: unknown) => void,
  { isCompleted, isHandedOver }: { isCompleted: boolean; isHandedOver: boolean },
): void {
  expect('Subject', draft.subject);
  expect('Due_Date', draft.dueDay);
  expect('Priority', draft.priority);
  expect('Status', isCompleted ? 'Completed' : 'Not Started');
  if (!isHandedOver) expect('Owner', draft.ownerId);
  expect(draft.customer.module === 'Contacts' ? 'Who_Id' : 'What_Id', draft.customer.id);
}

/** By Zoho's own account of our calls. */
function foreignWrites({ stage, before }: After): string[] {
  const ours = new Set(stage.names.values());
  const { writes } = stage.world.simulator.control.report();
  const keyed = [...before.tasks.values(), ...tasksByKey(stage.world).values()].flat();
  const ids = new Set(keyed.map(({ id }) => id));
  const gone = before.records.get('Tasks');
  return Object.entries(writes).flatMap(([module, records]) =>
    Object.entries(records).flatMap(([id, fields]) => {
      if (module === 'Tasks') return ids.has(id) || !gone?.has(id) ? [] : [`FOREIGN: task ${id} is not ours`];
      return Object.keys(fields).flatMap((field) =>
        ours.has(field) ? [] : [`FOREIGN: ${module} ${id} ${field}`],
      );
    }),
  );
}

/** Everything that is neither ours nor a person's work stands as it stood. */
function touched({ stage, before, done }: After): string[] {
  if (done.some(({ kind }) => DEEP.has(kind))) return [];
  const ours = new Set(stage.names.values());
  const keyed = new Set(
    [...tasksByKey(stage.world).values(), ...before.tasks.values()].flat().map(({ id }) => id),
  );
  const edited = new Set(done.map(({ module, id, field }) => `${module}.${id}.${field}`));
  return MODULES.flatMap((module) => {
    const now = new Map(stage.world.simulator.control.truth(module).map((row) => [String(row.id), row]));
    return [...(before.records.get(module) ?? [])].flatMap(([id, old]) => {
      if (module === 'Tasks' && keyed.has(id)) return [];
      const row = now.get(id);
      if (!row) return [`TOUCHED: ${module} ${id} is gone`];
      return Object.keys(old).flatMap((field) =>
        STAMPS.has(field) ||
        ours.has(field) ||
        edited.has(`${module}.${id}.${field}`) ||
        isSame(row[field], old[field])
          ? []
          : [`TOUCHED: ${module} ${id} ${field} is ${textOf(row[field])}, was ${textOf(old[field])}`],
      );
    });
  });
}

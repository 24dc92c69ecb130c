import type { FieldChange, TaskChange } from '../changes.ts';
import type { ModuleName, RecordId } from '../domain.ts';
import { FIELD_CATALOG } from '../plan/field-catalog.ts';
import { canonical } from '../plan/same-value.ts';
import type { Applying, FieldRow, FieldWrite } from './types.ts';

/**
 * The order of an apply: customers best tier first, then leads and the copies on contacts, deals and cases, then tasks. Whatever ends
 * it early, the best customers are up to date. The plan is walked once a tier, so that it need not fit into memory.
 */

const CHUNK = 500;
const TIERS: readonly (string | undefined)[] =
  FIELD_CATALOG.find((field) => field.key === 'value_tier')?.values?.map((value) => value.actual) ?? [];
/** Customers whose tier nobody knows come after those of every tier. */
const UNKNOWN_TIER = TIERS.length;
const COPIES = UNKNOWN_TIER + 1;

type TaskOf<K extends TaskChange['kind']> = Extract<TaskChange, { kind: K }>;
export type PendingTask<K extends TaskChange['kind']> = { readonly seq: number; readonly task: TaskOf<K> };

/** Rows of fields in the order of writing; a record comes as one row. */
export async function* rowsInOrder(
  applying: Applying,
): AsyncGenerator<{ rows: FieldRow[]; isCopies: boolean }> {
  let left = applying.input.firstRecords ?? Number.POSITIVE_INFINITY;
  for await (const { rows, isCopies } of allRows(applying)) {
    yield { rows: rows.slice(0, left), isCopies };
    left -= rows.length;
    if (left <= 0) return;
  }
}

async function* allRows(applying: Applying): AsyncGenerator<{ rows: FieldRow[]; isCopies: boolean }> {
  const tiers = await customerTiers(applying);
  const present = [...new Set([...tiers.values()])].sort((left, right) => left - right);
  for (const bucket of [...present, COPIES]) {
    const isCopies = bucket === COPIES;
    let rows = new Map<string, FieldRow>();
    for await (const items of applying.deps.store.plans.items(applying.input.planId, CHUNK, 'pending')) {
      // A record's fields stand together; those of the newest one may go on in the next chunk.
      const ended = [...rows.values()];
      const last = ended.at(-1);
      if (ended.length > 1) yield { rows: ended.slice(0, -1), isCopies };
      rows = new Map(last ? [[recordKey(last.module, last.recordId), last]] : []);
      for (const item of items) {
        if (item.kind !== 'field' || bucketOf(item.change, tiers) !== bucket) continue;
        const write = await writeOf(applying, item.change, item.seq);
        if (write) addWrite(rows, item.change, write);
      }
    }
    if (rows.size > 0) yield { rows: [...rows.values()], isCopies };
  }
}

export async function* tasksInOrder<K extends TaskChange['kind']>(
  { deps, input }: Applying,
  kind: K,
): AsyncGenerator<PendingTask<K>[]> {
  if (input.fieldsOnly || input.firstRecords !== undefined) return;
  const isOfKind = (task: TaskChange): task is TaskOf<K> => task.kind === kind;
  for await (const items of deps.store.plans.items(input.planId, CHUNK, 'pending')) {
    const tasks = items.flatMap((item) =>
      item.kind === 'task' && isOfKind(item.task) ? [{ seq: item.seq, task: item.task }] : [],
    );
    if (tasks.length > 0) yield tasks;
  }
}

/** Records and tasks that a stopped apply leaves behind. */
export async function countPending({ deps, input }: Applying): Promise<number> {
  const left = new Set<string>();
  for await (const items of deps.store.plans.items(input.planId, CHUNK, 'pending')) {
    for (const item of items) {
      if (item.kind === 'field') left.add(recordKey(item.change.module, item.change.recordId));
      if (item.kind === 'task') left.add(`task.${item.seq}`);
    }
  }
  return left.size;
}

const recordKey = (module: ModuleName, id: RecordId): string => `${module}.${id}`;
const isCopy = (change: FieldChange): boolean =>
  change.customer.module === 'Leads' ||
  change.recordId !== change.customer.id ||
  change.module !== change.customer.module;

function bucketOf(change: FieldChange, tiers: ReadonlyMap<RecordId, number>): number {
  return isCopy(change) ? COPIES : (tiers.get(change.customer.id) ?? UNKNOWN_TIER);
}

/** The tier that the plan gives each of its customers, else the one that Zoho shows. */
async function customerTiers({ deps, input }: Applying): Promise<Map<RecordId, number>> {
  const tiers = new Map<RecordId, number>();
  const rank = (value: unknown) => {
    const index = TIERS.indexOf(typeof value === 'string' ? value : undefined);
    return index < 0 ? UNKNOWN_TIER : index;
  };
  for await (const items of deps.store.plans.items(input.planId, CHUNK, 'pending')) {
    const changes = items.flatMap((item) =>
      item.kind === 'field' && !isCopy(item.change) ? [item.change] : [],
    );
    for (const change of changes)
      if (change.field === 'value_tier') tiers.set(change.recordId, rank(change.new));
    for (const module of ['Accounts', 'Contacts'] as const) {
      const ids = changes
        .filter((change) => change.module === module && !tiers.has(change.recordId))
        .map((change) => change.recordId);
      if (ids.length === 0) continue;
      for (const id of ids) tiers.set(id, UNKNOWN_TIER);
      for (const record of await deps.store.records.get(input.connection.id, module, [...new Set(ids)])) {
        tiers.set(record.id, rank(canonical('value_tier', record.ours.value_tier)));
      }
    }
  }
  return tiers;
}

function addWrite(rows: Map<string, FieldRow>, change: FieldChange, write: FieldWrite): void {
  const key = recordKey(change.module, change.recordId);
  const row = rows.get(key) ?? {
    module: change.module,
    recordId: change.recordId,
    name: change.name,
    writes: [],
  };
  rows.set(key, { ...row, writes: [...row.writes, write] });
}

/** Null: the field left the org after the plan was made; it is named, the rest goes on. */
async function writeOf(applying: Applying, change: FieldChange, seq: number): Promise<FieldWrite | null> {
  const mapped = applying.mapped.get(change.module, change.field);
  if (mapped) return { seq, key: change.field, apiName: mapped.apiName, old: change.old, value: change.new };
  applying.tally.rejected.push({
    module: change.module,
    recordId: change.recordId,
    field: change.field,
    code: 'FIELD_NOT_MAPPED',
    message: 'this field no longer exists in the org; make it again: zcv fields apply',
  });
  await applying.deps.store.plans.markDone(applying.input.planId, [seq]);
  return null;
}

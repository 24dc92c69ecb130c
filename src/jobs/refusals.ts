import type { FieldChange, TaskChange } from '../changes.ts';
import type { Connection, FieldValue, FieldValues, ModuleName, PlanId, RunId } from '../domain.ts';
import { indexMapped, type MappedFields } from '../plan/mapped-fields.ts';
import { isHeldBack, isSame, refusalPolicy } from '../plan/refusal-policy.ts';
import type { Refusal } from '../store/safety-stores.ts';
import type { RejectedRow } from '../writeback/types.ts';
import type { LineDeps } from './line.ts';

/** What Zoho refused is kept with its value, so that the next plans ask again only when that may help. */

type Deps = Pick<LineDeps, 'store' | 'clock'>;
const CHUNK = 500;
const TASKS = 'Tasks';
const recordKey = (row: { module: string; recordId: string }) => `${row.module}.${row.recordId}`;

export interface ToldRow extends RejectedRow {
  /** What was to be written: of the field, or of all fields of the row. */
  readonly value: FieldValue | FieldValues;
  /** What a person can do. */
  readonly repair: string;
}

/** After an apply: what was refused is stored and told with value and repair, what was written is no longer refused. */
export async function noteRefusals(
  deps: Deps,
  connection: Connection,
  run: { runId: RunId; planId: PlanId; rejected: readonly RejectedRow[] },
): Promise<ToldRow[]> {
  const { refusals } = deps.store;
  if (run.rejected.length === 0 && (await refusals.counts(connection.id)).size === 0) return [];
  const mapped = indexMapped(await deps.store.fieldMap.all(connection.id));
  await forgetWritten(deps, connection, run.runId, mapped);
  if (run.rejected.length === 0) return [];
  const asked = await askedFor(deps, run.planId, new Set(run.rejected.map(recordKey)));
  const now = deps.clock.now();
  const known = await knownOf(deps, connection, run.rejected);
  const rows: Refusal[] = [];
  const told = run.rejected.map((row): ToldRow => {
    const wanted = asked.get(recordKey(row));
    const attempted = wanted ? attemptedOf(wanted.values, row, mapped) : {};
    const before = known.get(`${recordKey(row)}.${row.field ?? ''}`);
    const isAgain = before?.code === row.code && isSame(before.attempted, attempted);
    // A field that left the org is no refusal of Zoho, and is not planned again.
    if (wanted && row.code !== 'FIELD_NOT_MAPPED')
      rows.push({
        ...row,
        customer: wanted.customer,
        runId: run.runId,
        attempted,
        attempts: isAgain ? before.attempts + 1 : 1,
        firstAt: isAgain ? before.firstAt : now,
        lastAt: now,
      });
    const [only] = Object.values(attempted);
    const value = row.field === null ? attempted : (only ?? null);
    return { ...row, value, repair: refusalPolicy(row.code).repair };
  });
  await refusals.save(connection.id, rows);
  return told;
}

function attemptedOf(values: FieldValues, { module, field }: RejectedRow, mapped: MappedFields): FieldValues {
  if (field === null) return values;
  const ofField = Object.entries(values).filter(
    ([key]) => key === field || mapped.get(module, key as FieldChange['field'])?.apiName === field,
  );
  // A field that is not ours: all that was sent is what was refused.
  return ofField.length > 0 ? Object.fromEntries(ofField) : values;
}

interface Asked {
  readonly customer: Refusal['customer'];
  values: FieldValues;
}

/** What the plan wanted of those records. A new task is refused in the name of its customer. */
async function askedFor(
  { store }: Deps,
  planId: PlanId,
  records: ReadonlySet<string>,
): Promise<Map<string, Asked>> {
  const asked = new Map<string, Asked>();
  for await (const items of store.plans.items(planId, CHUNK)) {
    for (const item of items) {
      if (item.kind === 'field') {
        const key = recordKey(item.change);
        if (!records.has(key)) continue;
        const values = { ...asked.get(key)?.values, [item.change.field]: item.change.new };
        asked.set(key, { customer: item.change.customer, values });
      }
      if (item.kind !== 'task') continue;
      const key = taskKey(item.task);
      if (records.has(key)) asked.set(key, { customer: customerOf(item.task), values: {} });
    }
  }
  return asked;
}

const customerOf = (task: TaskChange) => (task.kind === 'create' ? task.draft : task.reminder).customer;
function taskKey(task: TaskChange): string {
  const id = task.kind === 'create' ? task.draft.customer.id : (task.reminder.taskId ?? '');
  return recordKey({ module: TASKS, recordId: id });
}

async function knownOf(
  { store }: Deps,
  connection: Connection,
  rows: readonly { module: ModuleName; recordId: string }[],
): Promise<Map<string, Refusal>> {
  const known = new Map<string, Refusal>();
  for (const [module, group] of Map.groupBy(rows, (row) => row.module)) {
    const ids = [...new Set(group.map((row) => row.recordId))];
    for (const refusal of await store.refusals.of(connection.id, module, ids))
      known.set(`${recordKey(refusal)}.${refusal.field ?? ''}`, refusal);
  }
  return known;
}

async function forgetWritten(
  { store }: Deps,
  connection: Connection,
  runId: RunId,
  mapped: MappedFields,
): Promise<void> {
  for await (const page of store.intents.written(runId, CHUNK)) {
    for (const [name, intents] of Map.groupBy(page, (intent) => intent.module)) {
      const module = name as ModuleName; // it was written from one
      const keysOf = new Map(intents.map((intent) => [intent.recordId ?? '', Object.keys(intent.values)]));
      const known = await store.refusals.of(connection.id, module, [...keysOf.keys()]);
      const solved = known.filter(({ recordId, field }) =>
        field === null
          ? true
          : keysOf
              .get(recordId)
              ?.some((key) => mapped.get(module, key as FieldChange['field'])?.apiName === field),
      );
      if (solved.length > 0) await store.refusals.remove(connection.id, solved);
    }
  }
}

/** Takes out of a plan what Zoho would refuse again, and counts it by code. */
export class HeldBack {
  readonly counts: Record<string, number> = {};
  readonly #deps: Deps;
  readonly #connection: Connection;
  readonly #mapped: MappedFields;
  readonly #hasAny: boolean;

  private constructor(deps: Deps, connection: Connection, parts: { mapped: MappedFields; hasAny: boolean }) {
    this.#deps = deps;
    this.#connection = connection;
    this.#mapped = parts.mapped;
    this.#hasAny = parts.hasAny;
  }

  static async start(deps: Deps, connection: Connection): Promise<HeldBack> {
    const mapped = indexMapped(await deps.store.fieldMap.all(connection.id));
    const hasAny = (await deps.store.refusals.counts(connection.id)).size > 0;
    return new HeldBack(deps, connection, { mapped, hasAny });
  }

  async changes(changes: readonly FieldChange[]): Promise<readonly FieldChange[]> {
    if (!this.#hasAny || changes.length === 0) return changes;
    const known = await this.#known(changes);
    const wantedOf = Map.groupBy(changes, recordKey);
    return changes.filter((change) => {
      const key = recordKey(change);
      const row = known.get(`${key}.`);
      const wanted = (wantedOf.get(key) ?? []).map(({ field, new: value }) => [field, value]);
      if (row && isHeldBack(row, Object.fromEntries(wanted), this.#deps.clock.now())) {
        if (wantedOf.get(key)?.[0] === change) this.#count(row.code);
        return false;
      }
      const apiName = this.#mapped.get(change.module, change.field)?.apiName ?? change.field;
      const field = known.get(`${key}.${apiName}`);
      if (!field || !isHeldBack(field, { [change.field]: change.new }, this.#deps.clock.now())) return true;
      this.#count(field.code);
      return false;
    });
  }

  async tasks(tasks: readonly TaskChange[]): Promise<readonly TaskChange[]> {
    if (!this.#hasAny || tasks.length === 0) return tasks;
    const ids = tasks.map(
      (task) => ({ module: TASKS, recordId: taskKey(task).slice(TASKS.length + 1) }) as const,
    );
    const refused = [...(await this.#known(ids)).values()];
    const byKey = Map.groupBy(refused, recordKey);
    return tasks.filter((task) => {
      const held = byKey
        .get(taskKey(task))
        ?.find((refusal) => isHeldBack(refusal, {}, this.#deps.clock.now()));
      if (held) this.#count(held.code);
      return held === undefined;
    });
  }

  #known(rows: readonly { module: ModuleName; recordId: string }[]): Promise<Map<string, Refusal>> {
    return knownOf(this.#deps, this.#connection, rows);
  }

  #count(code: string): void {
    this.counts[code] = (this.counts[code] ?? 0) + 1;
  }
}

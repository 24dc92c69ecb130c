import type { TaskChange } from '../changes.ts';
import type { FieldValue, ModuleName, PlanId, RecordId } from '../domain.ts';
import { editPolicyOf } from '../plan/edit-policy.ts';
import { countRow, type PriceInput } from '../plan/price.ts';
import type { Applying } from './types.ts';

const CHUNK = 500;

/** What is left of a plan, as its price is reckoned. */
export async function pendingCounts({
  store,
  planId,
  onEdit,
}: {
  store: Pick<Applying['deps']['store'], 'plans'>;
  planId: PlanId;
  onEdit: Applying['input']['onEdit'];
}): Promise<Pick<PriceInput, 'rows' | 'tasks' | 'readFirst'>> {
  const rows: { [M in ModuleName]?: Record<string, number> } = {};
  const tasks: { [K in TaskChange['kind']]: number } = { create: 0, update: 0, close: 0 };
  const readFirst = new Set<ModuleName>();
  const rowsOf = countingRows(rows);
  for await (const items of store.plans.items(planId, CHUNK, 'pending')) {
    for (const item of items) {
      if (item.kind === 'task') tasks[item.task.kind] += 1;
      if (item.kind !== 'field') continue;
      const { module, recordId, field: key, new: value } = item.change;
      rowsOf.add({ module, recordId }, { key, value });
      if (editPolicyOf(onEdit, module, key) !== 'ours') readFirst.add(module);
    }
  }
  rowsOf.end();
  return { rows, tasks, readFirst };
}

type Write = { readonly key: string; readonly value: FieldValue };

/** A record's fields stand together, so a row ends where the next record begins. */
function countingRows(rows: { [M in ModuleName]?: Record<string, number> }) {
  let module: ModuleName = 'Accounts';
  let recordId: RecordId = '';
  let writes: Write[] = [];
  const end = () => {
    if (writes.length > 0) countRow(rows, module, writes);
    writes = [];
  };
  return {
    add: (record: { module: ModuleName; recordId: RecordId }, write: Write) => {
      if (record.module !== module || record.recordId !== recordId) end();
      ({ module, recordId } = record);
      writes.push(write);
    },
    end,
  };
}

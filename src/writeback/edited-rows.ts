import type { EditedField } from '../changes.ts';
import type { FieldValues, ModuleName } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { editPolicyOf } from '../plan/edit-policy.ts';
import { sameValue } from '../plan/same-value.ts';
import { getRecords, type ZohoRow } from '../zoho/records.ts';
import { asFieldValue } from './field-rows.ts';
import { stopOrThrow } from './send-batch.ts';
import type { Applying, FieldRow, FieldWrite } from './types.ts';
import { newestOf } from './unmodified.ts';

/**
 * Where a person's value may stay, rows are read before they are written: what changed since the plan was made is that
 * person's. Rows whose fields are always ours are not read, and cost nothing more.
 */
export interface Unedited {
  readonly rows: FieldRow[];
  /** A call with rows that somebody writes to from now on is to be refused; null: all of them are ours to overwrite. */
  readonly unmodifiedSince: Date | null;
  readonly stop: AppError | null;
}

export async function withoutEdited(
  applying: Applying,
  module: ModuleName,
  rows: readonly FieldRow[],
): Promise<Unedited> {
  const policyOf = ({ key }: FieldWrite) => editPolicyOf(applying.input.onEdit, module, key);
  const names = new Set(
    rows.flatMap((row) =>
      row.writes.filter((write) => policyOf(write) !== 'ours').map((write) => write.apiName),
    ),
  );
  if (names.size === 0) return { rows: [...rows], unmodifiedSince: null, stop: null };
  let held: Map<string, ZohoRow>;
  try {
    const ids = rows.map((row) => row.recordId);
    const read = await getRecords(applying.deps.zoho, module, ids, [...names, 'Modified_Time']);
    held = new Map(read.map((row) => [row.id, row]));
  } catch (error) {
    return { rows: [], unmodifiedSince: null, stop: stopOrThrow(error) };
  }
  const edits: { row: FieldRow; write: FieldWrite; theirs: EditedField['theirs'] }[] = [];
  const open = rows.flatMap((row) => {
    const record = held.get(row.recordId);
    // Gone, or hidden from us: Zoho names it when it is written.
    if (!record) return [row];
    const writes = row.writes.filter((write) => {
      if (policyOf(write) === 'ours') return true;
      const theirs = asFieldValue(record[write.apiName]);
      // Empty again: handed back. Our own value: an earlier call took effect.
      const isOpen = [null, write.old, write.value].some((value) => sameValue(write.key, theirs, value));
      if (!isOpen) edits.push({ row, write, theirs });
      return isOpen;
    });
    return writes.length > 0 ? [{ ...row, writes }] : [];
  });
  await keep(applying, module, edits, (write) => policyOf(write) === 'report');
  applying.tally.skipped += rows.length - open.length;
  return { rows: open, unmodifiedSince: newestOf(open.map((row) => held.get(row.recordId))), stop: null };
}

async function keep(
  { deps, input, tally }: Applying,
  module: ModuleName,
  edits: readonly { row: FieldRow; write: FieldWrite; theirs: EditedField['theirs'] }[],
  isReported: (write: FieldWrite) => boolean,
): Promise<void> {
  if (edits.length === 0) return;
  const values = edits.map(({ row, write, theirs }) => ({
    id: row.recordId,
    ours: { [write.key]: theirs } as FieldValues, // one key of ours
  }));
  await deps.store.intents.keptEdits(
    input.connection.id,
    module,
    edits.map(({ row, write }) => ({ id: row.recordId, ours: { [write.key]: write.value } })),
  );
  await deps.store.records.setOurs(input.connection.id, module, values);
  await deps.store.plans.markDone(
    input.planId,
    edits.map(({ write }) => write.seq),
  );
  tally.keptEdits += edits.length;
  for (const { row, write, theirs } of edits) {
    if (!isReported(write)) continue;
    tally.edited.push({
      module,
      recordId: row.recordId,
      name: row.name ?? row.recordId,
      field: write.key,
      theirs,
      ours: write.value,
    });
  }
}

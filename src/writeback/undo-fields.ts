import type { FieldKey, FieldValue, ModuleName, RecordId } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { fieldSpec } from '../plan/field-catalog.ts';
import { RECORDS_PER_WRITE } from '../plan/price.ts';
import { sameValue } from '../plan/same-value.ts';
import { writePrice } from '../zoho/prices.ts';
import { getRecords, updateRecords, type ZohoRow } from '../zoho/records.ts';
import { asFieldValue } from './field-rows.ts';
import { type Sent, sendBatch, stopOrThrow } from './send-batch.ts';
import type { Intent, IntentOutcome, NewIntent } from './types.ts';
import { outcomeOf } from './undo-outcomes.ts';
import type { Undoing } from './undo-types.ts';

/** Puts back the values of a run where Zoho, asked at that moment, still holds ours. */

interface Restore {
  readonly intent: Intent;
  readonly recordId: RecordId;
  readonly fields: readonly { key: FieldKey; apiName: string; ours: FieldValue; before: FieldValue }[];
}

const CHUNK = 500;
const WAITS_MS = [0, 2_000] as const;

export async function undoFields(undoing: Undoing): Promise<AppError | null> {
  const waiting = new Map<ModuleName, Restore[]>();
  let stop: AppError | null = null;
  const flush = async (module: ModuleName, atLeast: number) => {
    const rows = waiting.get(module) ?? [];
    while (rows.length >= atLeast && rows.length > 0) {
      const batch = rows.splice(0, RECORDS_PER_WRITE);
      if (stop) undoing.tally.remaining += batch.length;
      else stop = await restoreBatch(undoing, module, batch);
    }
  };
  for await (const page of undoing.deps.store.intents.written(undoing.input.undone, CHUNK)) {
    const updates = page.filter((intent) => intent.kind === 'update');
    for (const [module, intents] of Map.groupBy(updates, (intent) => intent.module as ModuleName)) {
      const rows = intents.flatMap((intent) => restoreOf(undoing, module, intent));
      waiting.set(module, [...(waiting.get(module) ?? []), ...rows]);
      await flush(module, RECORDS_PER_WRITE);
    }
  }
  for (const module of waiting.keys()) await flush(module, 1);
  return stop;
}

function restoreOf({ mapped, tally }: Undoing, module: ModuleName, intent: Intent): Restore[] {
  const { recordId } = intent;
  if (recordId === null) return [];
  // The keys of `values` are field keys, and `before` has the same: both were written from a FieldRow.
  const fields = (Object.keys(intent.values) as FieldKey[]).flatMap((key) => {
    const apiName = mapped.get(module, key)?.apiName;
    const ours = intent.values[key] ?? null;
    const before = (intent.before[key] ?? null) as FieldValue;
    if (apiName !== undefined) return [{ key, apiName, ours, before }];
    tally.skipped.push({ module, recordId, field: key, held: null, why: 'field_gone' });
    return [];
  });
  return fields.length > 0 ? [{ intent, recordId, fields }] : [];
}

async function restoreBatch(
  undoing: Undoing,
  module: ModuleName,
  rows: readonly Restore[],
): Promise<AppError | null> {
  const { deps, isPreview, tally } = undoing;
  let open: Restore[];
  try {
    open = await stillOurs(undoing, module, rows);
  } catch (error) {
    const stop = stopOrThrow(error);
    tally.remaining += rows.length;
    return stop;
  }
  if (open.length === 0) return null;
  tally.price += writePrice(deps.zoho.prices, open.length);
  if (!isPreview) return write(undoing, module, open);
  tally.restored += open.length;
  tally.values += open.reduce((sum, row) => sum + row.fields.length, 0);
  return null;
}

/** The rows with those fields only that hold our value; the others are named, or hold the former value already. */
async function stillOurs(
  { deps, input, tally }: Undoing,
  module: ModuleName,
  rows: readonly Restore[],
): Promise<Restore[]> {
  const names = [...new Set(rows.flatMap((row) => row.fields.map((field) => field.apiName)))];
  const ids = [...new Set(rows.map((row) => row.recordId))];
  const held = new Map((await getRecords(deps.zoho, module, ids, names)).map((row) => [row.id, row]));
  const changed: { row: Restore; field: Restore['fields'][number]; value: FieldValue }[] = [];
  const open = rows.flatMap((row) => {
    const record = held.get(row.recordId);
    if (!record) {
      tally.skipped.push({ module, recordId: row.recordId, field: null, held: null, why: 'record_gone' });
      return [];
    }
    const fields = row.fields.filter((field) => {
      const value = asFieldValue(record[field.apiName]);
      if (isHeld(field.key, value, field.before)) {
        tally.already += 1;
        return false;
      }
      if (isHeld(field.key, value, field.ours)) return true;
      changed.push({ row, field, value });
      return false;
    });
    return fields.length > 0 ? [{ ...row, fields }] : [];
  });
  const later = await deps.store.intents.writtenLater(input.connection.id, {
    afterId: Math.min(...changed.map(({ row }) => row.intent.id)),
    module,
    ids: changed.map(({ row }) => row.recordId),
  });
  for (const { row, field, value } of changed) {
    const isByUs = later.some(
      (intent) =>
        intent.recordId === row.recordId &&
        intent.id > row.intent.id &&
        intent.runId !== input.undone &&
        intent.values[field.key] !== undefined &&
        isHeld(field.key, value, intent.values[field.key] ?? null),
    );
    const why = isByUs ? 'later_run' : 'changed';
    tally.skipped.push({ module, recordId: row.recordId, field: field.apiName, held: value, why });
  }
  return open;
}

/**
 * Stricter than the comparison of a plan: a text that a person changed by a space is that person's. Line ends may come
 * back in either form, and a checkbox that was never set is false.
 */
function isHeld(key: FieldKey, held: FieldValue, value: FieldValue): boolean {
  switch (fieldSpec(key).type) {
    case 'text':
    case 'textarea':
      return lines(held) === lines(value);
    case 'boolean':
      return (held ?? false) === (value ?? false);
    default:
      return sameValue(key, held, value);
  }
}

function lines(value: FieldValue): FieldValue {
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n') || null : value;
}

/** A checkbox cannot be empty. */
function valueToSend(key: FieldKey, before: FieldValue): FieldValue {
  return before === null && fieldSpec(key).type === 'boolean' ? false : before;
}

function bodyOf(row: Restore): ZohoRow {
  const values = row.fields.map(({ key, apiName, before }) => [apiName, valueToSend(key, before)]);
  return { ...Object.fromEntries(values), id: row.recordId };
}

async function write(
  undoing: Undoing,
  module: ModuleName,
  rows: readonly Restore[],
): Promise<AppError | null> {
  const { deps } = undoing;
  const at = deps.clock.now();
  const intents = await deps.store.intents.begin(
    rows.map((row) => intentOf(undoing, row, at)),
    deps.lease,
  );
  const { sent, stop } = await sendBatch(deps, rows, {
    send: (open) => updateRecords(deps.zoho, module, open.map(bodyOf)),
    readBack: (open) => inPlace(undoing, module, open),
    waitsMs: async () => WAITS_MS,
  });
  await commit(undoing, module, { rows, sent, intents });
  return stop;
}

function intentOf({ input }: Undoing, row: Restore, at: Date): NewIntent {
  const { id: _, ...sent } = bodyOf(row);
  return {
    connection: input.connection.id,
    runId: input.runId,
    // Of the undone run; it takes nothing out of that plan.
    planId: row.intent.planId,
    seqs: [],
    kind: 'update',
    module: row.intent.module,
    recordId: row.recordId,
    cvRef: null,
    before: Object.fromEntries(row.fields.map(({ key, ours }) => [key, ours])),
    sent,
    values: Object.fromEntries(row.fields.map(({ key, before }) => [key, valueToSend(key, before)])),
    at,
  };
}

async function inPlace(
  { deps }: Undoing,
  module: ModuleName,
  rows: readonly Restore[],
): Promise<Map<Restore, string>> {
  const names = [...new Set(rows.flatMap((row) => row.fields.map((field) => field.apiName)))];
  const ids = rows.map((row) => row.recordId);
  const held = new Map((await getRecords(deps.zoho, module, ids, names)).map((row) => [row.id, row]));
  const found = rows.filter((row) => {
    const record = held.get(row.recordId);
    return (
      record !== undefined &&
      row.fields.every(({ key, apiName, before }) => isHeld(key, asFieldValue(record[apiName]), before))
    );
  });
  return new Map(found.map((row) => [row, row.recordId]));
}

/** The intents end last: until then a restart reads these rows back. */
async function commit(
  { deps, input, tally }: Undoing,
  module: ModuleName,
  answered: { rows: readonly Restore[]; sent: readonly Sent[]; intents: readonly number[] },
): Promise<void> {
  const outcomes: IntentOutcome[] = [];
  const written: { id: RecordId; ours: NewIntent['values'] }[] = [];
  for (const [index, row] of answered.rows.entries()) {
    const answer = answered.sent[index];
    const id = answered.intents[index];
    if (!answer || id === undefined) continue;
    const outcome = outcomeOf(tally, { intent: id, module, recordId: row.recordId }, answer);
    if (outcome) outcomes.push(outcome);
    if (outcome?.outcome !== 'written') continue;
    tally.restored += 1;
    tally.values += row.fields.length;
    written.push({
      id: row.recordId,
      ours: Object.fromEntries(row.fields.map(({ key, before }) => [key, valueToSend(key, before)])),
    });
  }
  if (written.length > 0) await deps.store.records.setOurs(input.connection.id, module, written);
  if (outcomes.length > 0) await deps.store.intents.finish(outcomes);
}

import type { FieldKey, FieldValue, FieldValues, ModuleName } from '../domain.ts';
import { sameValue } from '../plan/same-value.ts';
import { getRecords, type ZohoRow } from '../zoho/records.ts';
import type { FieldRow, FieldWrite, Intent, NewIntent, WritebackDeps } from './types.ts';

/** The forms of a row of fields: what is sent, what is remembered, and whether Zoho holds it. */

export function rowBody(row: FieldRow): ZohoRow {
  return { ...Object.fromEntries(row.writes.map((write) => [write.apiName, write.value])), id: row.recordId };
}

export function valuesOf(writes: readonly FieldWrite[]): FieldValues {
  return Object.fromEntries(writes.map((write) => [write.key, write.value]));
}

export function rowIntent(
  row: FieldRow,
  head: Pick<NewIntent, 'connection' | 'runId' | 'planId' | 'at'>,
): NewIntent {
  const { id: _, ...sent } = rowBody(row);
  return {
    ...head,
    seqs: row.writes.map((write) => write.seq),
    kind: 'update',
    module: row.module,
    recordId: row.recordId,
    cvRef: null,
    before: Object.fromEntries(row.writes.map((write) => [write.key, write.old])),
    sent,
    values: valuesOf(row.writes),
  };
}

/** The form that matters for comparing: Zoho's answer is JSON, ours are single values. */
export function asFieldValue(value: unknown): FieldValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

export interface Expected {
  readonly recordId: string;
  readonly writes: readonly Pick<FieldWrite, 'key' | 'apiName' | 'value'>[];
}

/** Those of the rows that Zoho holds value by value. */
export async function rowsInPlace<R extends Expected>(
  deps: Pick<WritebackDeps, 'zoho'>,
  module: ModuleName,
  rows: readonly R[],
): Promise<Map<R, string>> {
  const fields = [...new Set(rows.flatMap((row) => row.writes.map((write) => write.apiName)))];
  const ids = [...new Set(rows.map((row) => row.recordId))];
  const byId = new Map((await getRecords(deps.zoho, module, ids, fields)).map((row) => [row.id, row]));
  const inPlace = rows.filter((row) => isInPlace(row, byId.get(row.recordId)));
  return new Map(inPlace.map((row) => [row, row.recordId]));
}

export function isInPlace({ writes }: Expected, held: ZohoRow | undefined): boolean {
  return (
    held !== undefined &&
    writes.every(({ key, apiName, value }) => sameValue(key, asFieldValue(held[apiName]), value))
  );
}

/** The row that an intent announced. */
export function rowOfIntent({ module, recordId, seqs, sent, values, before }: Intent): FieldRow {
  const apiNames = Object.keys(sent);
  // rowIntent() wrote all of them in one order; the keys of values are field keys.
  const writes = (Object.keys(values) as FieldKey[]).map(
    (key, at): FieldWrite => ({
      seq: seqs[at] ?? 0,
      key,
      apiName: apiNames[at] ?? '',
      old: asFieldValue(before[key]),
      value: values[key] ?? null,
    }),
  );
  return { module: module as ModuleName, recordId: recordId ?? '', writes };
}

import type { FieldKey, FieldValue, ModuleName } from '../domain.ts';
import { indexMapped } from '../plan/mapped-fields.ts';
import { sameValue } from '../plan/same-value.ts';
import { getRecords } from '../zoho/records.ts';
import { asFieldValue } from './field-rows.ts';
import type { ApplyInput, Intent, WritebackDeps } from './types.ts';

/** Reads back what a run has written so far: a workflow, a formula or a wrong mapping shows before the rest goes out. */
export interface CanaryCheck {
  readonly records: number;
  readonly rejected: number;
  readonly differing: readonly {
    readonly module: ModuleName;
    readonly recordId: string;
    readonly field: string;
    readonly written: FieldValue;
    readonly held: FieldValue;
  }[];
  readonly passed: boolean;
}

const CHUNK = 200;

export async function checkCanary(
  deps: WritebackDeps,
  { connection, runId }: ApplyInput,
  { rejected, maxRejected }: { rejected: number; maxRejected: number },
): Promise<CanaryCheck> {
  const mapped = indexMapped(await deps.store.fieldMap.all(connection.id));
  const differing: CanaryCheck['differing'][number][] = [];
  let records = 0;
  for await (const page of deps.store.intents.written(runId, CHUNK)) {
    const updates = page.filter((intent) => intent.kind === 'update' && intent.recordId !== null);
    records += updates.length;
    for (const [module, intents] of Map.groupBy(updates, (intent) => intent.module as ModuleName)) {
      const apiName = (key: FieldKey) => mapped.get(module, key)?.apiName ?? null;
      differing.push(...(await differingOf(deps, module, intents, apiName)));
    }
  }
  const passed = differing.length === 0 && rejected <= maxRejected;
  return { records, rejected, differing, passed };
}

async function differingOf(
  deps: WritebackDeps,
  module: ModuleName,
  intents: readonly Intent[],
  apiName: (key: FieldKey) => string | null,
): Promise<CanaryCheck['differing'][number][]> {
  const keys = [...new Set(intents.flatMap((intent) => Object.keys(intent.values) as FieldKey[]))];
  const ids = intents.flatMap((intent) => intent.recordId ?? []);
  const names = keys.flatMap((key) => apiName(key) ?? []);
  const rows = new Map((await getRecords(deps.zoho, module, ids, names)).map((row) => [row.id, row]));
  return intents.flatMap(({ recordId, values }) =>
    (Object.keys(values) as FieldKey[]).flatMap((key) => {
      const field = apiName(key);
      if (recordId === null || field === null) return [];
      const written = values[key] ?? null;
      const held = asFieldValue(rows.get(recordId)?.[field]);
      return sameValue(key, held, written) ? [] : [{ module, recordId, field, written, held }];
    }),
  );
}

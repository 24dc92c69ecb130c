import type { Row } from './row-table.ts';
import type { ModuleState } from './state.ts';

/** Finds rows by the value of a field; built on first use and kept up to date from then on. */
export interface ValueIndex {
  find(module: ModuleState, field: string, value: unknown): Row | undefined;
  findAll(module: ModuleState, field: string, value: unknown): readonly Row[];
  /** To be called around each change of a row's values. */
  forget(row: Row): void;
  learn(row: Row): void;
}

/** Field → value → rows. */
type FieldEntries = Map<string, Map<string, Set<Row>>>;

export function createValueIndex(): ValueIndex {
  const byModule = new Map<string, FieldEntries>();
  const learnIn = (field: string, entries: Map<string, Set<Row>>, row: Row) => {
    const key = keyOf(row.values[field]);
    if (key === null) return;
    const rows = entries.get(key);
    if (rows === undefined) entries.set(key, new Set([row]));
    else rows.add(row);
  };
  const rowsOf = (module: ModuleState, field: string, value: unknown): ReadonlySet<Row> | undefined => {
    const key = keyOf(value);
    if (key === null) return undefined;
    const fields: FieldEntries = byModule.get(module.apiName) ?? new Map();
    byModule.set(module.apiName, fields);
    let entries = fields.get(field);
    if (entries === undefined) {
      entries = new Map();
      for (const row of module.rows.values()) learnIn(field, entries, row);
      fields.set(field, entries);
    }
    return entries.get(key);
  };
  return {
    find: (module, field, value) => rowsOf(module, field, value)?.values().next().value,
    findAll: (module, field, value) => [...(rowsOf(module, field, value) ?? [])],
    forget: (row) => {
      for (const [field, entries] of byModule.get(row.module) ?? []) {
        const key = keyOf(row.values[field]);
        if (key !== null) entries.get(key)?.delete(row);
      }
    },
    learn: (row) => {
      for (const [field, entries] of byModule.get(row.module) ?? []) learnIn(field, entries, row);
    },
  };
}

/** Compared without regard to case, as unique fields are. */
function keyOf(value: unknown): string | null {
  return value === null || value === undefined || value === '' ? null : String(value).toLowerCase();
}

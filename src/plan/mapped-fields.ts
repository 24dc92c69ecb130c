import type { MappedField } from '../changes.ts';
import type { FieldKey, ModuleName } from '../domain.ts';
import { fieldsOfSet } from './field-catalog.ts';

/** Which of our fields exist in this org, and where. A field that is not mapped is simply left out. */
export interface MappedFields {
  get(module: ModuleName, key: FieldKey): MappedField | null;
  /** Essential fields, and the key of our tasks, that no module of this org has. */
  missing(): FieldKey[];
}

export function indexMapped(fields: readonly MappedField[]): MappedFields {
  const byPlace = new Map(fields.map((field) => [`${field.module}.${field.key}`, field]));
  const present = new Set(fields.map((field) => field.key));
  return {
    get: (module, key) => byPlace.get(`${module}.${key}`) ?? null,
    missing: () =>
      [...fieldsOfSet('essential'), ...fieldsOfSet('tasks')]
        .map((field) => field.key)
        .filter((key) => !present.has(key)),
  };
}

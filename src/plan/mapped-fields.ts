import type { FieldKey, MappedField, ModuleName } from '../domain.ts';

/** Which of our fields exist in this org, and where. A field that is not mapped is simply left out. */
export interface MappedFields {
  get(module: ModuleName, key: FieldKey): MappedField | null;
}

export function mappedFields(fields: readonly MappedField[]): MappedFields {
  const byPlace = new Map(fields.map((field) => [`${field.module}.${field.key}`, field]));
  return { get: (module, key) => byPlace.get(`${module}.${key}`) ?? null };
}

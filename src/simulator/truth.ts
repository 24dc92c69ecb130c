import { showRow, type Viewer } from './row-values.ts';
import type { FieldState, ModuleState } from './state.ts';

/**
 * What a store that has read everything must hold of a module: every living record with every field, hidden ones and
 * converted leads too. Lookups, people and lines are ids, null where they lead nowhere; instants are UTC.
 */
export function truthOf(viewer: Viewer, module: ModuleState): Record<string, unknown>[] {
  const fields = [...module.fields.values()];
  return [...module.rows.values()].map((row) => {
    const shown = showRow({ ...viewer, garbled: null }, row, fields);
    return Object.fromEntries(fields.map((field) => [field.apiName, plain(field, shown[field.apiName])]));
  });
}

function plain({ dataType }: FieldState, value: unknown): unknown {
  if (dataType === 'datetime' && typeof value === 'string') return new Date(value).toISOString();
  if (dataType === 'subform' && Array.isArray(value)) return value.map(idIn);
  return ['lookup', 'ownerlookup', 'userlookup'].includes(dataType) ? idIn(value) : value;
}

function idIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
}

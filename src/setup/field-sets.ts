import type { FieldSet } from '../plan/field-catalog.ts';

/** The sets that a person may ask for; the field on Tasks always comes along. */
export type FieldSetName = Exclude<FieldSet, 'tasks'>;
export const FIELD_SET_NAMES = [
  'essential',
  'full',
  'people',
  'leads',
  'deals',
  'cases',
  'inputs',
] as const satisfies readonly FieldSetName[];

export function isFieldSetName(name: string): name is FieldSetName {
  return FIELD_SET_NAMES.some((known) => known === name);
}

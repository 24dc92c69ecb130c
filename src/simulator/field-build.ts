import type { SeedField } from './seed.ts';
import type { FieldState, IdSource, PickOption } from './state.ts';

/**
 * Length by type. No field may say 0: the official client takes an object whose `length` is 0 for an empty one and
 * drops the field.
 */
const LENGTHS: Readonly<Record<string, number>> = {
  text: 255,
  email: 100,
  phone: 30,
  website: 450,
  textarea: 32_000,
  picklist: 120,
  integer: 9,
  bigint: 18,
  double: 16,
  currency: 16,
  percent: 5,
  boolean: 5,
  date: 20,
};
const OTHER_LENGTH = 120;

const DECIMALS: Readonly<Record<string, number>> = { double: 9, currency: 2, percent: 2 };

export function defaultLength(dataType: string): number {
  return LENGTHS[dataType] ?? OTHER_LENGTH;
}

/** A field with nothing special about it. */
export function plainField(
  input: Pick<FieldState, 'id' | 'apiName' | 'label' | 'dataType'> & Partial<FieldState>,
): FieldState {
  const { dataType } = input;
  return {
    length: defaultLength(dataType),
    decimals: DECIMALS[dataType] ?? null,
    custom: false,
    readOnly: false,
    mandatory: false,
    unique: false,
    lookup: null,
    options: dataType.includes('picklist') ? [] : null,
    tooltip: null,
    currency: dataType === 'currency' ? { rounding_option: 'normal', precision: 2 } : null,
    textarea: dataType === 'textarea' ? 'large' : null,
    createdMs: 0,
    readyMs: 0,
    onLayout: true,
    sectionId: null,
    requiredOnLayout: false,
    hidden: false,
    ...input,
  };
}

export function pickOptions(values: readonly string[], ids: IdSource): PickOption[] {
  return values.map((value, index) => ({
    id: ids.next(),
    display: value,
    actual: value,
    sequence: index + 1,
  }));
}

const FIELD_TEXT = /^(\w+):(\w+)(?:>(\w+))?(!?)(\^?)$/;

/** Reads the notation of standard-fields.ts. */
export function fieldsOf(
  text: string,
  ids: IdSource,
  optionsOf: (apiName: string) => readonly string[],
): FieldState[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [, apiName, dataType, lookup, mandatory, readOnly] = FIELD_TEXT.exec(word) ?? [];
      if (apiName === undefined || dataType === undefined) throw new Error(`not a field: ${word}`);
      return plainField({
        id: ids.next(),
        apiName,
        label: apiName.replace(/__s$/, '').replaceAll('_', ' '),
        dataType,
        lookup: lookup ?? null,
        mandatory: mandatory === '!',
        readOnly: readOnly === '^',
        ...(dataType.includes('picklist') ? { options: pickOptions(optionsOf(apiName), ids) } : {}),
      });
    });
}

export function customField(seed: SeedField, ids: IdSource): FieldState {
  const options = seed.pick_list_values === undefined ? null : pickOptions(seed.pick_list_values, ids);
  return plainField({
    id: ids.next(),
    apiName: seed.api_name,
    label: seed.label,
    dataType: seed.data_type,
    custom: true,
    readOnly: seed.read_only ?? false,
    unique: seed.unique ?? false,
    lookup: seed.lookup ?? null,
    ...(seed.length === undefined ? {} : { length: seed.length }),
    ...(options === null ? {} : { options }),
  });
}

import { defaultLength, plainField } from './field-build.ts';
import { isObject, type RowFault } from './row-input.ts';
import type { Edition } from './seed.ts';
import type { FieldState, ModuleState, OrgState, PickOption } from './state.ts';
import type { Switches } from './switches.ts';

const QUOTAS: Readonly<Record<Exclude<Edition, 'Free'>, number>> = {
  Standard: 10,
  Professional: 155,
  Enterprise: 300,
  Ultimate: 500,
};
const MOST_UNIQUE = 2;
const TEXTAREA_LENGTHS: Readonly<Record<string, number>> = { small: 2_000, large: 32_000, rich_text: 50_000 };
const TOOLTIP_LENGTHS: Readonly<Record<string, number>> = { static_text: 35, info_icon: 255 };
const ROUNDINGS = ['normal', 'round_off', 'round_down', 'round_up'];
const MAY_BE_UNIQUE = ['text', 'email', 'phone', 'website', 'integer', 'bigint'];
const RESERVED = ['id', 'owner', 'layout', 'tag', 'type'];
const CREATABLE = [
  ...['text', 'textarea', 'email', 'phone', 'website', 'integer', 'bigint', 'double', 'currency', 'percent'],
  ...['picklist', 'multiselectpicklist', 'boolean', 'date', 'datetime', 'lookup', 'userlookup'],
];

export class FieldFault extends Error {
  readonly fault: RowFault;

  constructor(code: string, message: string, details: Record<string, unknown>) {
    super(message);
    this.fault = { code, message, details };
  }
}

interface Making {
  state: OrgState;
  switches: Switches;
  module: ModuleState;
  nowMs: number;
  at: number;
}

/** Judges one element of `fields` and makes the field; throws FieldFault. */
export function makeField(making: Making, input: unknown): FieldState {
  const { state, switches, module, nowMs, at } = making;
  if (!isObject(input)) throw fault('INVALID_DATA', 'field_label', at, { expected_data_type: 'jsonobject' });
  const label = mandatoryText(input, 'field_label', at);
  const dataType = mandatoryText(input, 'data_type', at);
  if (!CREATABLE.includes(dataType)) throw fault('INVALID_DATA', 'data_type', at);
  if (RESERVED.includes(label.toLowerCase())) throw fault('RESERVED_KEYWORD_NOT_ALLOWED', 'field_label', at);
  refuseBeyondQuota(making);
  const fields = [...module.fields.values()];
  if (fields.some((field) => field.label.toLowerCase() === label.toLowerCase()))
    throw fault('DUPLICATE_DATA', 'field_label', at);
  const textarea = dataType === 'textarea' ? textareaType(input, at) : null;
  return plainField({
    id: state.ids.next(),
    apiName: apiNameFor(label, module, switches.fieldNaming),
    label,
    dataType,
    custom: true,
    length: lengthOf(input, dataType, textarea, at),
    ...decimalsOf(input, dataType, at),
    unique: uniqueOf(input, dataType, fields, at),
    lookup: lookupOf(input, dataType, state, at),
    options: optionsOf(input, dataType, state, at),
    tooltip: tooltipOf(input, at),
    currency: currencyOf(input, dataType, at),
    textarea,
    createdMs: nowMs,
    readyMs: nowMs + switches.newFieldDelayMs,
  });
}

function fault(code: string, name: string, at: number, more: Record<string, unknown> = {}): FieldFault {
  const place = { api_name: name, json_path: `$.fields[${at}].${name}` };
  return new FieldFault(code, code.toLowerCase().replaceAll('_', ' '), { ...more, ...place });
}

const dependee = (at: number) => ({
  dependee: { api_name: 'data_type', json_path: `$.fields[${at}].data_type` },
});

function limitFault(name: string, at: number, limit: number): FieldFault {
  const place = { api_name: name, json_path: `$.fields[${at}].${name}` };
  return new FieldFault('LIMIT_EXCEEDED', 'the limit is exceeded', { limit, limit_due_to: [place] });
}

function mandatoryText(input: Record<string, unknown>, name: string, at: number): string {
  const value = input[name];
  if (value === undefined || value === null || value === '') throw fault('MANDATORY_NOT_FOUND', name, at);
  if (typeof value !== 'string') throw fault('INVALID_DATA', name, at, { expected_data_type: 'text' });
  return value.trim();
}

function refuseBeyondQuota({ state, switches, module, at }: Making): void {
  const { edition } = state.org;
  const quota = edition === 'Free' ? switches.freeEditionFields : QUOTAS[edition];
  const used = [...module.fields.values()].filter(({ custom }) => custom).length;
  if (used >= quota) throw limitFault('field_label', at, quota);
}

/** Usually the label with underscores; digits follow when the name is taken. */
function apiNameFor(label: string, { fields }: ModuleState, naming: Switches['fieldNaming']): string {
  const plain = label
    .replace(/[^A-Za-z0-9 ]/g, '')
    .trim()
    .replace(/ +/g, '_');
  const base = /^[A-Za-z]/.test(plain) ? plain : `CF_${plain}`;
  if (naming === 'label' && !fields.has(base)) return base;
  let digit = 1;
  while (fields.has(`${base}${digit}`)) digit += 1;
  return `${base}${digit}`;
}

function lengthOf(
  input: Record<string, unknown>,
  dataType: string,
  textarea: string | null,
  at: number,
): number {
  const maximum = textarea === null ? defaultLength(dataType) : (TEXTAREA_LENGTHS[textarea] ?? 0);
  const { length } = input;
  if (length === undefined || length === null) return maximum;
  const isWhole = typeof length === 'number' && Number.isInteger(length) && length > 0;
  if (!isWhole) throw fault('INVALID_DATA', 'length', at, { expected_data_type: 'integer' });
  const isOther = textarea !== null && length !== maximum;
  if (length > maximum || isOther)
    throw fault('DEPENDENT_MISMATCH', 'length', at, { maximum_length: maximum });
  return length;
}

function textareaType(input: Record<string, unknown>, at: number): string {
  const type = isObject(input.textarea) ? input.textarea.type : undefined;
  if (type === undefined) throw fault('DEPENDENT_FIELD_MISSING', 'textarea', at, dependee(at));
  if (typeof type !== 'string' || !(type in TEXTAREA_LENGTHS)) throw fault('INVALID_DATA', 'textarea', at);
  return type;
}

function decimalsOf(input: Record<string, unknown>, dataType: string, at: number): { decimals?: number } {
  const { decimal_place: decimals } = input;
  if (decimals === undefined || decimals === null || dataType !== 'double') return {};
  if (typeof decimals !== 'number' || !Number.isInteger(decimals) || decimals < 0 || decimals > 9)
    throw fault('DEPENDENT_MISMATCH', 'decimal_place', at, { maximum_length: 9 });
  return { decimals };
}

function uniqueOf(
  { unique }: Record<string, unknown>,
  dataType: string,
  fields: readonly FieldState[],
  at: number,
): boolean {
  if (unique === undefined || unique === null) return false;
  if (!isObject(unique) || unique.case_sensitive !== false) throw fault('INVALID_DATA', 'unique', at);
  if (!MAY_BE_UNIQUE.includes(dataType)) throw fault('NOT_ALLOWED', 'unique', at);
  if (fields.filter((field) => field.unique && field.custom).length >= MOST_UNIQUE)
    throw limitFault('unique', at, MOST_UNIQUE);
  return true;
}

function lookupOf(
  { lookup }: Record<string, unknown>,
  dataType: string,
  { modules }: OrgState,
  at: number,
): string | null {
  if (dataType !== 'lookup') return null;
  const name = isObject(lookup) && isObject(lookup.module) ? String(lookup.module.api_name) : undefined;
  if (name === undefined) throw fault('DEPENDENT_FIELD_MISSING', 'lookup', at, dependee(at));
  if (!modules.has(name)) throw fault('INVALID_DATA', 'lookup', at);
  return name;
}

/** Also for changing the options of a field. */
export function optionsOf(
  input: Record<string, unknown>,
  dataType: string,
  { ids }: OrgState,
  at: number,
): PickOption[] | null {
  if (!dataType.includes('picklist')) return null;
  const { pick_list_values: values } = input;
  if (!Array.isArray(values) || values.length === 0)
    throw fault('EXPECTED_DEPENDENT_FIELD_MISSING', 'pick_list_values', at, dependee(at));
  const options = values.map((value, index): PickOption => {
    const [display, actual] = isObject(value) ? [value.display_value, value.actual_value] : [];
    if (typeof display !== 'string' || display === '')
      throw fault('MANDATORY_NOT_FOUND', 'display_value', at);
    return {
      id: isObject(value) && typeof value.id === 'string' ? value.id : ids.next(),
      display,
      actual: typeof actual === 'string' ? actual : display,
      sequence: index + 1,
    };
  });
  if (new Set(options.map(({ actual }) => actual.toLowerCase())).size < options.length)
    throw fault('DUPLICATE_DATA', 'pick_list_values', at);
  return options;
}

/** Also for changing the tooltip of a field. */
export function tooltipOf({ tooltip }: Record<string, unknown>, at: number): FieldState['tooltip'] {
  if (tooltip === undefined || tooltip === null) return null;
  const [name, value] = isObject(tooltip) ? [tooltip.name, tooltip.value] : [];
  const maximum = TOOLTIP_LENGTHS[String(name)];
  if (maximum === undefined || typeof value !== 'string') throw fault('INVALID_DATA', 'tooltip', at);
  if (value.length > maximum) throw fault('INVALID_DATA', 'tooltip', at, { maximum_length: maximum });
  return { name: String(name), value };
}

function currencyOf(
  { currency }: Record<string, unknown>,
  dataType: string,
  at: number,
): FieldState['currency'] {
  if (dataType !== 'currency') return null;
  const rounding = isObject(currency) ? currency.rounding_option : undefined;
  if (rounding === undefined) throw fault('DEPENDENT_FIELD_MISSING', 'currency', at, dependee(at));
  if (!ROUNDINGS.includes(String(rounding))) throw fault('INVALID_DATA', 'rounding_option', at);
  const precision = isObject(currency) && typeof currency.precision === 'number' ? currency.precision : 2;
  return { rounding_option: String(rounding), precision };
}

import { customField, defaultLength, pickOptions } from './field-build.ts';
import type { SeedField } from './seed.ts';
import type { FieldState, ModuleState, OrgState } from './state.ts';

/** What an administrator changes in Zoho's set-up pages. Absent keys stay as they are. */
export interface FieldChange {
  api_name?: string;
  label?: string;
  /** Values that do not fit are emptied. */
  data_type?: string;
  /** Records keep a value whose option is gone. */
  pick_list_values?: readonly string[];
  /** By actual value: what an option is shown as from now on. */
  shown_as?: Readonly<Record<string, string>>;
  /** The connected user's profile does not show it. */
  hidden?: boolean;
  read_only?: boolean;
}

export interface ModuleChange {
  singular_label?: string;
  plural_label?: string;
  hidden?: boolean;
}

export function addField(state: OrgState, module: ModuleState, seed: SeedField): void {
  if (module.fields.has(seed.api_name)) throw new RangeError(`the field exists: ${seed.api_name}`);
  module.fields.set(seed.api_name, customField(seed, state.ids));
}

export function removeField(module: ModuleState, name: string): void {
  const field = fieldNamed(module, name);
  module.fields.delete(field.apiName);
  for (const row of module.rows.values()) delete row.values[name];
}

export function changeField(state: OrgState, module: ModuleState, name: string, change: FieldChange): void {
  const field = fieldNamed(module, name);
  if (change.label !== undefined) field.label = change.label;
  if (change.hidden !== undefined) field.hidden = change.hidden;
  if (change.read_only !== undefined) field.readOnly = change.read_only;
  if (change.data_type !== undefined) retype(state, module, field, change.data_type);
  if (change.pick_list_values !== undefined)
    field.options = pickOptions(change.pick_list_values, state.ids).map((option) => {
      // An option that stays keeps its id.
      return {
        ...option,
        id: field.options?.find(({ actual }) => actual === option.actual)?.id ?? option.id,
      };
    });
  for (const [actual, display] of Object.entries(change.shown_as ?? {})) {
    const option = field.options?.find((one) => one.actual === actual);
    if (option === undefined) throw new RangeError(`no such option: ${name} ${actual}`);
    option.display = display;
  }
  if (change.api_name !== undefined) rename(module, field, change.api_name);
}

export function changeModule(module: ModuleState, change: ModuleChange): void {
  module.singular = change.singular_label ?? module.singular;
  module.plural = change.plural_label ?? module.plural;
  module.hidden = change.hidden ?? module.hidden;
}

function fieldNamed(module: ModuleState, name: string): FieldState {
  const field = module.fields.get(name);
  if (field === undefined || name === 'id') throw new RangeError(`no such field: ${module.apiName}.${name}`);
  return field;
}

function rename(module: ModuleState, field: FieldState, to: string): void {
  if (module.fields.has(to)) throw new RangeError(`the field exists: ${to}`);
  const from = field.apiName;
  const fields = [...module.fields.values()];
  field.apiName = to;
  module.fields.clear();
  for (const each of fields) module.fields.set(each.apiName, each);
  for (const row of module.rows.values()) {
    if (!(from in row.values)) continue;
    row.values[to] = row.values[from];
    delete row.values[from];
  }
}

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'double', 'currency', 'percent']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'textarea', 'picklist', 'bigint']);

function retype(state: OrgState, module: ModuleState, field: FieldState, dataType: string): void {
  const { apiName: name } = field;
  field.dataType = dataType;
  field.length = defaultLength(dataType);
  field.decimals = NUMBERS.has(dataType) && dataType !== 'integer' ? 2 : null;
  field.lookup = null;
  field.options = dataType.includes('picklist') ? pickOptions([], state.ids) : null;
  for (const row of module.rows.values())
    if (name in row.values) row.values[name] = converted(row.values[name], dataType);
}

function converted(stored: unknown, dataType: string): unknown {
  if (stored === null || stored === undefined || typeof stored === 'object') return null;
  if (TEXTS.has(dataType)) return String(stored);
  if (!NUMBERS.has(dataType)) return null;
  const number = Number(stored);
  return Number.isFinite(number) ? number : null;
}

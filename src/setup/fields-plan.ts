import type { MappedField } from '../changes.ts';
import type { FieldKey, InputKey, Language, ModuleName } from '../domain.ts';
import { FIELD_CATALOG, type FieldSet, type FieldSpec, INPUT_CATALOG } from '../plan/field-catalog.ts';
import { fieldLabel } from '../texts/labels.ts';
import { picklistLabel } from '../texts/picklists.ts';
import type { NewField } from '../zoho/fields.ts';
import type { FieldMeta } from '../zoho/metadata.ts';

/** Which of our fields an org has, which it lacks, and which it has no room for. Pure. */

/** Ours to write, or people's to fill. */
export type AnySpec = FieldSpec<FieldKey | InputKey>;

type FieldAction = 'create' | 'adopt' | 'conflict' | 'exists' | 'over_limit' | 'unavailable';
export interface PlannedField {
  readonly module: ModuleName;
  readonly key: FieldKey | InputKey;
  /** What it is or will be called in the org. */
  readonly label: string;
  readonly apiName: string | null;
  /** conflict: the label is taken by a field of another type, so ours gets " (CV)". */
  readonly action: FieldAction;
  readonly note: string | null;
  readonly fieldId: string | null;
  /** Of `over_limit`: there is room, but no more of them are wanted. */
  readonly isUnwanted?: true;
}

const LANGUAGES: readonly Language[] = ['en', 'nl', 'pl', 'da'];
const SUFFIX = ' (CV)';

/** Custom fields a module may have, by edition (Zoho's edition comparison; Free: none). */
const ROOM: { readonly [edition: string]: number } = {
  free: 0,
  standard: 10,
  professional: 155,
  enterprise: 300,
  ultimate: 500,
};

/** Null: an edition that we do not know; Zoho says LIMIT_EXCEEDED when it is full. */
export function customFieldLimit(edition: string): number | null {
  return ROOM[edition.trim().toLowerCase()] ?? null;
}

function customerModules(basis: 'both' | 'account' | 'contact'): ModuleName[] {
  return basis === 'account' ? ['Accounts'] : ['Accounts', 'Contacts'];
}

/** The fields of the sets by module, in order of priority; CV Ref always comes along. */
export function wantedFields(
  sets: readonly FieldSet[],
  basis: 'both' | 'account' | 'contact',
): Map<ModuleName, AnySpec[]> {
  const wanted = new Map<ModuleName, AnySpec[]>();
  for (const spec of [...FIELD_CATALOG, ...INPUT_CATALOG]) {
    if (spec.set !== 'tasks' && !sets.includes(spec.set)) continue;
    const modules = spec.modules.flatMap((module) =>
      module === 'customer' ? customerModules(basis) : [module],
    );
    for (const module of modules) {
      const list = wanted.get(module) ?? [];
      // Last Contact of the people set is the one that customers among the contacts already have.
      if (!list.some((other) => other.key === spec.key)) list.push(spec);
      wanted.set(module, list);
    }
  }
  return wanted;
}

/** Zoho's types that hold the same values as ours. */
const FITTING: { readonly [T in AnySpec['type']]: readonly string[] } = {
  text: ['text'],
  textarea: ['textarea'],
  picklist: ['picklist'],
  currency: ['currency', 'double'],
  integer: ['integer', 'double'],
  date: ['date'],
  boolean: ['boolean'],
  percent: ['percent', 'double'],
  lookup: ['lookup'],
};

/** Why a field cannot be ours, or null when it fits. */
function misfit(spec: AnySpec, field: FieldMeta, module: ModuleName): string | null {
  if (!FITTING[spec.type].includes(field.dataType)) return `its type is ${field.dataType}, not ${spec.type}`;
  if (!field.custom) return 'it is a field of Zoho itself';
  if (spec.type === 'lookup' && field.lookupModule !== module) {
    return `it looks up ${field.lookupModule ?? 'nothing we know'}, not ${module}`;
  }
  // What people fill in is only read: any list of reasons, of any length, will do.
  if (spec.set === 'inputs') return null;
  if (!field.writable) return 'it may not be written';
  if (spec.length !== undefined && field.length !== null && field.length < spec.length) {
    return `it holds ${field.length} characters, not ${spec.length}`;
  }
  if (spec.unique && !field.unique) return 'its values need not be unique';
  const options = new Set(
    field.picklist.flatMap((option) => [option.actual, option.display, option.reference]),
  );
  const lacking = (spec.values ?? []).filter(
    ({ code, actual }) => !options.has(actual) && !labelsOf(spec, code).some((label) => options.has(label)),
  );
  return lacking.length === 0
    ? null
    : `it lacks the values ${lacking.map(({ actual }) => actual).join(', ')}`;
}

function labelsOf(spec: AnySpec, code: string): string[] {
  const set = spec.picklist;
  return set === undefined ? [] : LANGUAGES.map((language) => picklistLabel(set, code, language));
}

const sameLabel = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

export interface ModulePlanInput {
  readonly module: ModuleName;
  readonly specs: readonly AnySpec[];
  readonly present: readonly FieldMeta[];
  /** What we made or adopted in this module before. */
  readonly mapped: readonly MappedField[];
  readonly language: Language;
  /** Custom fields that the module may have; null: not known. */
  readonly limit: number | null;
  /** Most fields of ours in the module; null: all. */
  readonly max: number | null;
}

export function planModuleFields(input: ModulePlanInput): PlannedField[] {
  const room =
    input.limit === null ? Infinity : input.limit - input.present.filter((field) => field.custom).length;
  const found = input.specs.map((spec) => ({ spec, field: findField(spec, input) }));
  // What is there already needs no room, but counts towards --max.
  let ours = found.filter(({ field }) => field.action === 'exists' || field.action === 'adopt').length;
  let created = 0;
  return found.map(({ field }) => {
    if (field.action !== 'create' && field.action !== 'conflict') return field;
    if (input.max !== null && ours >= input.max) {
      return { ...field, action: 'over_limit', note: `beyond --max ${input.max}`, isUnwanted: true };
    }
    if (created >= room) {
      const note = `the edition allows ${input.limit} custom fields in ${input.module}, and they are used up`;
      return { ...field, action: 'over_limit', note };
    }
    ours += 1;
    created += 1;
    return field;
  });
}

function findField(spec: AnySpec, { module, present, mapped, language }: ModulePlanInput): PlannedField {
  const own = { module, key: spec.key };
  const known = mapped.find((field) => field.key === spec.key);
  const kept = present.find((field) => field.id === known?.fieldId);
  if (kept && misfit(spec, kept, module) === null) {
    const renamed = known && known.apiName !== kept.apiName ? `was ${known.apiName}` : null;
    return {
      ...own,
      label: kept.label,
      apiName: kept.apiName,
      action: 'exists',
      note: renamed,
      fieldId: kept.id,
    };
  }
  const taken = new Set(mapped.filter((field) => field.key !== spec.key).map((field) => field.fieldId));
  const labels = [...new Set([spec.label, ...LANGUAGES.map((each) => fieldLabel(spec.key, each))])];
  const free = present.filter((field) => !taken.has(field.id));
  const named = free.filter((field) =>
    labels.some((label) => sameLabel(field.label, label) || sameLabel(field.label, label + SUFFIX)),
  );
  const fitting = named.find((field) => misfit(spec, field, module) === null);
  if (fitting) {
    const { label, apiName, id } = fitting;
    return {
      ...own,
      label,
      apiName,
      action: 'adopt',
      note: 'a field with this label and type is there',
      fieldId: id,
    };
  }
  const gone = known && !kept ? `${known.apiName} was removed in Zoho` : null;
  const label = fieldLabel(spec.key, language);
  const blocking = named[0];
  const absent = { ...own, apiName: null, fieldId: null };
  if (!blocking) return { ...absent, label, action: 'create', note: gone };
  const note = `"${blocking.label}" (${blocking.apiName}) stays as it is: ${misfit(spec, blocking, module)}`;
  // A field of ours with the suffix that no longer fits would block it as well: then Zoho refuses and says so.
  return { ...absent, label: label + SUFFIX, action: 'conflict', note };
}

/** Zoho's tooltips of this kind hold 35 characters. */
const TOOLTIP = 'Set by Customer Value';
const INPUT_TOOLTIP = 'Fill in; Customer Value reads it';

export function newFieldOf(
  spec: AnySpec,
  { module, label, language }: { module: ModuleName; label: string; language: Language },
): NewField {
  const set = spec.picklist;
  return {
    label,
    dataType: spec.type,
    tooltip: spec.set === 'inputs' ? INPUT_TOOLTIP : TOOLTIP,
    ...(spec.type === 'lookup' ? { lookupModule: module } : {}),
    ...(spec.length === undefined ? {} : { length: spec.length }),
    ...(spec.unique ? { unique: true } : {}),
    ...(set && spec.values
      ? {
          values: spec.values.map(({ code, actual }) => ({
            display: picklistLabel(set, code, language),
            actual,
          })),
        }
      : {}),
  };
}

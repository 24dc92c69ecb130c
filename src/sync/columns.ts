import type { MappedField } from '../changes.ts';
import type { FieldKey, InputKey, ModuleName } from '../domain.ts';
import type { MappedName, Mapping } from '../rules.ts';
import type { MappingState, PauseReason } from '../store/store.ts';
import type { FieldMeta } from '../zoho/metadata.ts';
import { hasTwoForms } from '../zoho/values.ts';
import { COMMON_FIELDS, fits, type InputSpec, inputsOf } from './inputs.ts';

/** Which of Zoho's fields we read of each module: what is mapped, what is paused and why, what the org calls ours. */

/** One of our fields as it is read here. */
export interface OurColumn<Key extends MappedField['key'] = FieldKey> {
  readonly key: Key;
  readonly mapped: MappedField;
  readonly dataType: string;
  /** What Zoho may give for an option, also after somebody renamed it, and the text that is stored for it. */
  readonly options: ReadonlyMap<string, string>;
}

interface FieldShape {
  readonly dataType: string;
  /** Of a picklist: every text that Zoho may give for an option, and the one that is stored. */
  readonly options: ReadonlyMap<string, string>;
}

/** A mapping that is not read for now: what is stored of it stays. */
export interface PausedMapping {
  /** Name of the input; `ours.<key>` for a field of ours. */
  readonly input: string;
  readonly apiName: string;
  readonly reason: PauseReason;
  /** What makes it come back. */
  readonly repair: string;
}

export interface Columns {
  /** API names to ask for; `id` comes by itself. */
  readonly fields: readonly string[];
  /** API name of each input that is read. */
  readonly names: { readonly [input: string]: string };
  /** By API name: the type and options of fields whose values have more than one form. */
  readonly shapes: ReadonlyMap<string, FieldShape>;
  readonly ours: readonly OurColumn[];
  /** Those that people fill in. */
  readonly filledIn: readonly OurColumn<InputKey>[];
  readonly paused: readonly PausedMapping[];
  /** Columns of the store that keep what they hold: all that would fill them is paused. */
  readonly kept: readonly string[];
  /** What is remembered of this module's mappings. */
  readonly states: readonly Omit<MappingState, 'pausedSince'>[];
  /** Fields of ours that somebody renamed, with their new names. */
  readonly renamed: readonly MappedField[];
  /** Which field fills which input, for coversColumns. */
  readonly hash: string;
}

export interface ColumnsInput {
  readonly module: ModuleName;
  /** Empty: Zoho gave no metadata, so what was mapped last, else the standard fields, is taken to exist. */
  readonly meta: readonly FieldMeta[];
  readonly mapping: Mapping;
  readonly ours: readonly MappedField[];
  readonly known: readonly MappingState[];
  /** Texts that we write into a picklist of ours. */
  readonly optionsOf: (key: MappedField['key']) => readonly string[];
  /** API names that Zoho described and then refused to read. */
  readonly refused?: ReadonlySet<string>;
}

type Found =
  | { readonly is: 'read'; readonly apiName: string; readonly field: FieldMeta | null }
  | { readonly is: 'paused'; readonly apiName: string; readonly reason: PauseReason; readonly repair: string }
  | { readonly is: 'absent' };

const SHOW_IT = 'let an administrator show the connected user this field';

export function columnsOf(input: ColumnsInput): Columns {
  const index = indexOf(input.meta, input.known);
  const inputs = inputsOf(input.module).map(([name, spec]) => ({
    name,
    spec,
    found: findInput(input, index, name, spec),
  }));
  const ours = input.ours
    .filter((field) => field.module === input.module)
    .map((mapped) => ({ name: `ours.${mapped.key}`, mapped, found: findOurs(input, index, mapped) }));
  const all = [...inputs, ...ours];
  const names = Object.fromEntries(
    inputs.flatMap(({ name, found }) => (found.is === 'read' ? [[name, found.apiName]] : [])),
  );
  const oursRead = ours.flatMap(({ mapped, found }) =>
    found.is === 'read' ? [ourColumn({ ...mapped, apiName: found.apiName }, found.field)] : [],
  );
  const common = COMMON_FIELDS.filter((name) => index.byName.size === 0 || index.byName.has(name));
  return {
    fields: [
      ...new Set([...common, ...Object.values(names), ...oursRead.map(({ mapped }) => mapped.apiName)]),
    ],
    names,
    shapes: new Map([
      ...ours.flatMap(({ found }) => (isPicklist(found) ? [] : shapeOf(found))),
      ...inputs.flatMap(({ found, spec }) => shapeOf(found, spec.words)),
    ]),
    ours: oursRead.filter(isWritten),
    filledIn: oursRead.filter(isFilledIn),
    paused: all.flatMap(({ name, found }) =>
      found.is === 'paused'
        ? [{ input: name, apiName: found.apiName, reason: found.reason, repair: found.repair }]
        : [],
    ),
    kept: keptColumns([...inputs, ...ours.map(asInput)]),
    states: all.flatMap(({ name, found }) => stateOf(input, name, found)),
    renamed: oursRead.flatMap(({ mapped }) =>
      input.ours.some((field) => field.fieldId === mapped.fieldId && field.apiName !== mapped.apiName)
        ? [mapped]
        : [],
    ),
    hash: all
      .map(({ name, found }) => `${name}=${markOf(found)}`)
      .sort()
      .join(','),
  };
}

/** Where the store keeps what people fill in; the other fields of ours are outputs. */
const FILLED_IN: { readonly [K in InputKey]: string } = {
  referred_by: 'inputs',
  why_they_chose_us: 'inputs',
  needs: 'inputs',
  last_thanked: 'inputs',
  reason_left: 'inputs',
  profile_reviewed_on: 'inputs',
  goodwill_given: 'inputs',
  recalculation_asked: 'inputs',
  minutes_spent: 'minutes_spent',
};
export function isInputKey(key: MappedField['key']): key is InputKey {
  return Object.hasOwn(FILLED_IN, key);
}
function isFilledIn(column: OurColumn<MappedField['key']>): column is OurColumn<InputKey> {
  return isInputKey(column.key);
}
function isWritten(column: OurColumn<MappedField['key']>): column is OurColumn {
  return !isInputKey(column.key);
}
function asInput({ mapped, found }: { mapped: MappedField; found: Found }) {
  const columns = isInputKey(mapped.key) ? [FILLED_IN[mapped.key]] : [];
  return { spec: { columns }, found };
}

function isPicklist(found: Found): boolean {
  return found.is === 'read' && found.field?.dataType === 'picklist';
}

function shapeOf(found: Found, words?: RegExp): [string, FieldShape][] {
  if (found.is !== 'read' || found.field === null || !hasTwoForms(found.field.dataType)) return [];
  const { dataType, picklist } = found.field;
  return [[found.apiName, { dataType, options: storedTexts(picklist, words) }]];
}

/**
 * Which of an option's texts Zoho gives is not settled, and an org may show others than it stores: all stand for one.
 * A stored text wins over another option's label of the same spelling.
 */
export function storedTexts(picklist: FieldMeta['picklist'], words?: RegExp): ReadonlyMap<string, string> {
  const options = picklist.map(({ actual, display, reference }) => {
    const texts = [actual, reference ?? actual, display];
    return { actual, texts, stored: texts.find((text) => words?.test(text)) ?? actual };
  });
  return new Map([
    ...options.flatMap(({ texts, stored }) => texts.map((text) => [text, stored] as const)),
    ...options.map(({ actual, stored }) => [actual, stored] as const),
  ]);
}

interface MetaIndex {
  readonly byName: ReadonlyMap<string, FieldMeta>;
  readonly byId: ReadonlyMap<string, FieldMeta>;
  readonly known: ReadonlyMap<string, MappingState>;
}
function indexOf(meta: readonly FieldMeta[], known: readonly MappingState[]): MetaIndex {
  return {
    byName: new Map(meta.map((field) => [field.apiName, field])),
    byId: new Map(meta.map((field) => [field.id, field])),
    known: new Map(known.map((state) => [state.input, state])),
  };
}

/** Never what we write: a phase would follow from itself. What people fill in for us may stand for any of them. */
const KEPT_BY_PEOPLE: ReadonlySet<string> = new Set([
  'closed',
  'contractEnd',
  'noticeGiven',
  'buyerType',
  'survey',
]);

function findInput(input: ColumnsInput, index: MetaIndex, name: string, spec: InputSpec): Found {
  const wanted: MappedName = input.mapping.inputs[input.module][name] ?? null;
  if (wanted === null) return { is: 'absent' };
  const candidates = [wanted].flat();
  const own = input.ours.find((field) => field.module === input.module && candidates.includes(field.apiName));
  const isOurOwn = own && (name === 'lastContact' || (KEPT_BY_PEOPLE.has(name) && !isInputKey(own.key)));
  if (isOurOwn) {
    const repair = `name a ${spec.kind === 'day' ? 'date' : 'field'} that people keep: what we write ourselves tells nothing new`;
    return { is: 'paused', apiName: own.apiName, reason: 'ours', repair };
  }
  const [first = ''] = candidates;
  const last = index.known.get(name);
  if (index.byName.size === 0) return withoutMetadata(input, last, spec, first);
  const apiName = candidates.find((candidate) => index.byName.has(candidate));
  const field = apiName === undefined ? undefined : index.byName.get(apiName);
  if (field) return judged(input, field, spec);
  const now = last?.fieldId ? index.byId.get(last.fieldId) : undefined;
  const key = `mapping.${input.module.toLowerCase()}.${name} of fields.yaml`;
  if (last && now) {
    const repair = `name ${now.apiName} in ${key}, or give the field its old name back`;
    return { is: 'paused', apiName: last.apiName, reason: 'renamed', repair };
  }
  if (last?.fieldId) {
    const repair = `restore the field in Zoho, or name another in ${key}`;
    return { is: 'paused', apiName: last.apiName, reason: 'removed', repair };
  }
  // Of a list none need exist; a single name was chosen by somebody.
  if (!spec.isNeeded && typeof wanted !== 'string') return { is: 'absent' };
  return {
    is: 'paused',
    apiName: first,
    reason: 'missing',
    repair: `name the field that holds it in ${key}`,
  };
}

function withoutMetadata(
  input: ColumnsInput,
  last: MappingState | undefined,
  spec: InputSpec,
  first: string,
): Found {
  if (last?.reason)
    return { is: 'paused', apiName: last.apiName, reason: last.reason, repair: last.repair ?? '' };
  const apiName = last?.apiName ?? (spec.isCustom ? null : first);
  if (apiName === null || input.refused?.has(apiName)) return { is: 'absent' };
  return { is: 'read', apiName, field: null };
}

function judged(input: ColumnsInput, field: FieldMeta, spec: InputSpec): Found {
  const { apiName } = field;
  // Zoho calls some of its own fields invisible that it gives out all the same: for those the reading decides.
  const isHidden = !field.visible && (field.custom || spec.isNeeded || spec.isCustom);
  if (isHidden || input.refused?.has(apiName)) {
    return { is: 'paused', apiName, reason: isHidden ? 'hidden' : 'refused', repair: SHOW_IT };
  }
  if (fits(spec.kind, field.valueType)) return { is: 'read', apiName, field };
  const repair = `make it a ${spec.kind} field again, or map another field: as ${field.valueType} it cannot be read`;
  return { is: 'paused', apiName, reason: 'retyped', repair };
}

/** Ours are followed by their id, whatever they are called. */
function findOurs(input: ColumnsInput, index: MetaIndex, mapped: MappedField): Found {
  const last = index.known.get(`ours.${mapped.key}`);
  if (index.byName.size === 0) {
    if (last?.reason)
      return { is: 'paused', apiName: last.apiName, reason: last.reason, repair: last.repair ?? '' };
    return { is: 'read', apiName: mapped.apiName, field: null };
  }
  const field = index.byId.get(mapped.fieldId);
  const { apiName } = field ?? mapped;
  const paused = (reason: PauseReason, repair: string): Found => ({ is: 'paused', apiName, reason, repair });
  if (!field) return paused('removed', 'make it again: zcv fields apply --yes');
  if (!field.visible) return paused('hidden', SHOW_IT);
  if (input.refused?.has(apiName)) return paused('refused', SHOW_IT);
  if (last && last.dataType !== '' && last.dataType !== field.dataType) {
    return paused(
      'retyped',
      `it was ${last.dataType} and is ${field.dataType}: delete it, then zcv fields apply --yes`,
    );
  }
  // The options of an adopted field are its maker's.
  const gone = mapped.state === 'adopted' ? [] : missingOptions(input.optionsOf(mapped.key), field);
  if (gone.length > 0)
    return paused('option_gone', `add the option ${gone.join(', ')} to its picklist again`);
  return { is: 'read', apiName, field };
}

function missingOptions(wanted: readonly string[], field: FieldMeta): string[] {
  if (field.picklist.length === 0) return [];
  const there = new Set(
    field.picklist.flatMap((option) =>
      option.isUsed ? [option.actual, option.display, option.reference ?? option.actual] : [],
    ),
  );
  return wanted.filter((text) => !there.has(text));
}

/** A column that another input still fills is written. */
function keptColumns(
  inputs: readonly { readonly spec: Pick<InputSpec, 'columns'>; readonly found: Found }[],
): string[] {
  const of = (is: Found['is']) =>
    new Set(inputs.flatMap(({ spec, found }) => (found.is === is ? spec.columns : [])));
  const read = of('read');
  return [...of('paused')].filter((column) => !read.has(column)).sort();
}

/** The same columns for rows that came without some inputs. */
export function withoutInputs(module: ModuleName, columns: Columns, lacking: ReadonlySet<string>): Columns {
  const read = inputsOf(module).filter(([name]) => columns.names[name] !== undefined);
  const filled = new Set(read.flatMap(([name, spec]) => (lacking.has(name) ? [] : spec.columns)));
  const empty = read.flatMap(([name, spec]) => (lacking.has(name) ? spec.columns : []));
  return {
    ...columns,
    kept: [...new Set([...columns.kept, ...empty.filter((column) => !filled.has(column))])],
  };
}

function stateOf(input: ColumnsInput, name: string, found: Found): Omit<MappingState, 'pausedSince'>[] {
  const last = input.known.find((state) => state.input === name);
  if (found.is === 'absent') return [];
  if (found.is === 'read') {
    if (found.field === null) return last ? [last] : [];
    const { id, apiName, dataType } = found.field;
    return [{ input: name, fieldId: id, apiName, dataType, reason: null, repair: null }];
  }
  const { reason, repair } = found;
  const good = last ?? { fieldId: null, apiName: found.apiName, dataType: '' };
  return [
    { input: name, fieldId: good.fieldId, apiName: good.apiName, dataType: good.dataType, reason, repair },
  ];
}

const PAUSED = '!';
function markOf(found: Found): string {
  switch (found.is) {
    case 'read':
      return found.apiName;
    case 'paused':
      return PAUSED;
    case 'absent':
      return '';
  }
}

/**
 * True when rows read with the columns of `before` hold all that is mapped now. What is paused keeps what is stored;
 * what comes back, or is mapped anew, has to be read.
 */
export function coversColumns(before: string, now: string): boolean {
  const marks = new Map(before.split(',').map((part) => [part.replace(/=.*$/, ''), part]));
  return now.split(',').every((part) => {
    const name = part.replace(/=.*$/, '');
    if (part.endsWith(`=${PAUSED}`)) return true;
    const then = marks.get(name);
    // Our own fields start empty, and the making of one says when its module must be read again.
    if (name.startsWith('ours.') && then !== `${name}=${PAUSED}`) return true;
    return then === part;
  });
}

function ourColumn(mapped: MappedField, meta: FieldMeta | null): OurColumn<MappedField['key']> {
  // The stored texts of an adopted field are its maker's; ours may be its labels.
  const picklist = mapped.state === 'created' ? (meta?.picklist ?? []) : [];
  const options = storedTexts(picklist);
  return { key: mapped.key, mapped, dataType: meta?.dataType ?? 'text', options };
}

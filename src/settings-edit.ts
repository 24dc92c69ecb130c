import { type Document, isMap, isSeq, parse, parseDocument } from 'yaml';
import { InputError } from './errors.ts';
import { RESET } from './settings-document.ts';

/** Changes of a stored document of settings, key by key; its comments and order stay. */

const TAGS = [{ tag: '!default', resolve: () => RESET }];
const PARTS = ['scoring', 'playbook', 'fields'];
const RULES = ['playbook', 'rules'];

/** "fields.language" → its steps; a rule by its id. Throws InputError. */
function stepsOf(key: string): string[] {
  const steps = key.split('.');
  if (steps.length < 2 || !PARTS.includes(steps[0] ?? '') || steps.some((step) => step === '')) {
    throw new InputError(
      `${key}: give a key as settings print shows it, e.g. scoring.tiers.topPercent or playbook.rules.win_back.enabled`,
    );
  }
  return steps;
}

/** The steps in the document: a rule by its place. Undefined: the document has no such rule. */
function pathIn(document: Document, steps: readonly string[]): (string | number)[] | undefined {
  const [first, second, id, ...rest] = steps;
  if (first !== RULES[0] || second !== RULES[1] || id === undefined) return [...steps];
  const rules = document.getIn(RULES);
  const index = isSeq(rules)
    ? rules.items.findIndex((item) => isMap(item) && String(item.get('id')) === id)
    : -1;
  return index < 0 ? undefined : [...RULES, index, ...rest];
}

const read = (text: string) => parseDocument(text === '' ? '{}' : text, { customTags: TAGS });
const shown = (document: Document): string =>
  document.toString({ lineWidth: 110, flowCollectionPadding: false });

/** `value` is YAML: `25`, `90d`, `[a, b]`, `null`, `!default`. Throws InputError. */
export function withSetting(text: string, key: string, value: string): string {
  const document = read(text);
  const steps = stepsOf(key);
  let given: unknown;
  try {
    given = parse(value, { customTags: TAGS });
  } catch (cause) {
    throw new InputError(`${value}: is no YAML value; quote it if it is a text`, { cause });
  }
  const [, , id] = steps;
  if (pathIn(document, steps) === undefined) {
    if (!isSeq(document.getIn(RULES))) document.setIn(RULES, document.createNode([]));
    document.addIn(RULES, document.createNode({ id }));
  }
  // Made just now where it was missing.
  document.setIn(pathIn(document, steps) as (string | number)[], document.createNode(given));
  // An empty document was read as a flow map; what people read is a block.
  if (isMap(document.contents)) document.contents.flow = false;
  return shown(document);
}

/** The key and what is empty without it. Throws InputError when the document has no such key. */
export function withoutSetting(text: string, key: string): string {
  const document = read(text);
  const path = pathIn(document, stepsOf(key));
  if (path === undefined || !document.hasIn(path))
    throw new InputError(`${key}: is not stored, so there is nothing to unset`);
  document.deleteIn(path);
  for (let at = path.slice(0, -1); at.length > 0; at = at.slice(0, -1)) {
    const left = document.getIn(at);
    const isEmpty = (isMap(left) || isSeq(left)) && left.items.length === 0;
    const isBareRule = isMap(left) && at.length === 3 && at[1] === RULES[1] && left.items.length === 1;
    if (!isEmpty && !isBareRule) break;
    document.deleteIn(at);
  }
  return shown(document);
}

/** Throws InputError when it is no YAML. */
export function tidied(text: string, label: string): string {
  const document = read(text);
  const [error] = document.errors;
  if (error) throw new InputError(`${label}: ${error.message.split('\n')[0]}`);
  return shown(document);
}

export interface SettingDifference {
  readonly key: string;
  /** Null: not there. */
  readonly old: unknown;
  readonly new: unknown;
}
/** Key by key, a rule by its id; lists count as one value. */
export function settingDifferences(before: string, after: string): SettingDifference[] {
  const [left, right] = [leaves(before), leaves(after)];
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((key) => {
    const pair = { key, old: left.get(key) ?? null, new: right.get(key) ?? null };
    return JSON.stringify(pair.old) === JSON.stringify(pair.new) ? [] : [pair];
  });
}

function leaves(text: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value) && path.join('.') === RULES.join('.')) {
      for (const [index, rule] of value.entries()) walk(rule, [...path, String(rule?.id ?? index)]);
    } else if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    } else if (path.length > 0) found.set(path.join('.'), value);
  };
  walk(read(text).toJS(), []);
  return found;
}

import type { ColumnText, CoqlCatalog, CoqlField, Path } from './coql-types.ts';
import { kindOf } from './coql-values.ts';

/** A column may pass through this many lookups. */
export const RELATIONS = 2;
export const UNSELECTABLE_TYPES: ReadonlySet<string> = new Set([
  'fileupload',
  'imageupload',
  'multiselectlookup',
  'multiuserlookup',
  'subform',
]);

const USER_TYPES = new Set(['ownerlookup', 'userlookup']);
const USER_FIELDS: ReadonlyMap<string, CoqlField> = new Map(
  ['name', 'first_name', 'last_name', 'email'].map((name) => [name, { data_type: 'text' }] as const),
);
const ID_FIELD: CoqlField = { data_type: 'bigint' };

/** Finds a column by name, following its lookups through the metadata of the modules they point to. */
export function resolvePath(
  { text, quoted }: ColumnText,
  module: string,
  catalog: CoqlCatalog,
): Path | 'unknown' | 'too many joins' {
  const names = unqualified(text, module).split('.');
  if (names.length - 1 > RELATIONS) return 'too many joins';
  const [head = '', onlyModule = null] = quoted ? (names[0] ?? '').split('->') : [names[0]];
  names[0] = head;
  if (onlyModule !== null && names.length === 1) return 'unknown';
  const through: Path['through'] = [];
  let fields = catalog.module(module)?.fields;
  for (const [index, name] of names.entries()) {
    const type = name === 'id' ? ID_FIELD : fields?.get(name);
    if (type === undefined) return 'unknown';
    if (index === names.length - 1) return { text, through, field: name, type, kind: kindOf(name, type) };
    const isUser = USER_TYPES.has(type.data_type);
    if (!isUser && type.data_type !== 'lookup') return 'unknown';
    const target = index === 0 ? onlyModule : null;
    through.push({ field: name, isUser, onlyModule: target });
    fields = isUser ? USER_FIELDS : catalog.module(target ?? type.lookup ?? '')?.fields;
  }
  return 'unknown';
}

/** `!Module.Field` names the module that is queried. */
function unqualified(text: string, module: string): string {
  return text.startsWith(`!${module}.`) ? text.slice(module.length + 2) : text;
}

import {
  CoqlError,
  type CoqlField,
  type CoqlSwitches,
  type Literal,
  type Value,
  type ValueKind,
} from './coql-types.ts';
import { isDay } from './times.ts';

const KINDS: Readonly<Record<string, ValueKind>> = {
  integer: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  bigint: 'bigint',
  date: 'date',
  datetime: 'datetime',
  boolean: 'boolean',
  lookup: 'lookup',
  ownerlookup: 'lookup',
  userlookup: 'lookup',
  multiselectpicklist: 'multi',
  event_reminder: 'opaque',
  RRULE: 'opaque',
  ALARM: 'opaque',
  consent_lookup: 'opaque',
  profileimage: 'opaque',
};

export function kindOf(fieldName: string, field: CoqlField): ValueKind {
  if (fieldName === 'id') return 'id';
  const type = field.data_type === 'formula' ? (field.return_type ?? 'text') : field.data_type;
  return KINDS[type] ?? 'text';
}

/** What a stored JSON value is worth in comparisons; null for empty. */
export function comparable(kind: ValueKind, stored: unknown): Value | null {
  if (stored === null || stored === undefined || stored === '') return null;
  switch (kind) {
    case 'number':
      return Number(stored);
    case 'bigint':
      return BigInt(String(stored));
    case 'datetime':
      return Date.parse(String(stored));
    case 'boolean':
      return stored === true || stored === 'true';
    case 'lookup':
      return typeof stored === 'object' && 'id' in stored ? String(stored.id) : String(stored);
    case 'multi':
      return Array.isArray(stored) ? stored.map(String) : String(stored).split(';');
    case 'id':
    case 'text':
    case 'date':
      return String(stored);
    case 'opaque':
      return JSON.stringify(stored);
  }
}

/** Ids are numbers too long for a double: shorter is smaller, equal lengths compare as text. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compare(kind: ValueKind, a: Value, b: Value): number {
  if (kind === 'id' || kind === 'lookup') return compareIds(String(a), String(b));
  const [left, right] = kind === 'multi' ? [String(a), String(b)] : [a, b];
  return left < right ? -1 : left > right ? 1 : 0;
}

const EXPECTED: Readonly<Record<ValueKind, string>> = {
  id: 'bigint',
  text: 'text',
  number: 'double',
  bigint: 'bigint',
  date: 'date',
  datetime: 'datetime',
  boolean: 'boolean',
  lookup: 'bigint',
  multi: 'text',
  opaque: 'text',
};

/** The value a literal stands for in comparisons with a column of that kind. */
export function valueOfLiteral(
  kind: ValueKind,
  column: string,
  literal: Literal,
  switches: Pick<CoqlSwitches, 'coqlRefusesNegativeOffset'>,
): Value {
  const value = readLiteral(kind, literal);
  const negative = kind === 'datetime' && /-\d\d:\d\d$/.test(literal.text);
  if (value !== null && !(negative && switches.coqlRefusesNegativeOffset)) return value;
  throw new CoqlError('INVALID_QUERY', 'value given seems to be invalid for the column', {
    column_name: column,
    expected_data_type: EXPECTED[kind],
  });
}

function readLiteral(kind: ValueKind, { kind: form, text }: Literal): Value | null {
  switch (kind) {
    case 'id':
    case 'lookup':
      return form === 'text' && /^\d{1,19}$/.test(text) ? text : null;
    case 'number':
      return form === 'number' ? Number(text) : null;
    case 'bigint':
      return form !== 'word' && /^-?\d{1,19}$/.test(text) ? BigInt(text) : null;
    case 'date':
      return form === 'text' && isDay(text) ? text : null;
    case 'datetime':
      return form === 'text' ? instantOf(text) : null;
    case 'boolean':
      return form !== 'number' && /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : null;
    case 'text':
    case 'opaque':
      return form === 'text' ? text : null;
    case 'multi':
      return form === 'text' ? text.split(';') : null;
  }
}

/** Epoch milliseconds of `2026-01-31T00:00:00+00:00`; null without an offset, with milliseconds, or no such day. */
function instantOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(text) || !isDay(text.slice(0, 10))) return null;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? null : epochMs;
}

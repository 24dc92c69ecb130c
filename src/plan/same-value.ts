import type { FieldKey, FieldValue } from '../domain.ts';
import { toMinor } from '../money.ts';
import { picklistLabel } from '../texts/picklists.ts';
import { type FieldSpec, fieldSpec } from './field-catalog.ts';

/** Zoho gives one value in several forms: numbers as text, picklists by label or by stored text, '' for empty. */

const LANGUAGES = ['en', 'nl', 'pl', 'da'] as const;
const EMPTY = new Set(['', '-None-']);

/** The one form a value is compared in; a value that cannot be ours keeps its own text. */
export function canonical(key: FieldKey, value: FieldValue | undefined): FieldValue {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : null;
  if (text !== null && EMPTY.has(text)) return null;
  const spec = fieldSpec(key);
  switch (spec.type) {
    case 'currency':
    case 'integer':
    case 'percent':
      return numeric(value, spec);
    case 'boolean':
      return typeof value === 'boolean'
        ? value
        : text === 'true' || text === 'false'
          ? text === 'true'
          : value;
    case 'date':
      return text === null ? value : text.slice(0, 10);
    case 'picklist':
      return text === null ? value : (actualOf(spec, text) ?? text);
    case 'text':
    case 'textarea':
    case 'lookup':
      return text ?? String(value);
  }
}

function numeric(value: FieldValue, spec: FieldSpec): FieldValue {
  const number = typeof value === 'number' ? value : Number(value);
  if (typeof value === 'boolean' || !Number.isFinite(number)) return value;
  return spec.type === 'currency' ? toMinor(number) / 100 : number;
}

/** The stored English text of an option, given that text or its label in any of our languages. */
function actualOf(spec: FieldSpec, text: string): string | null {
  const { values = [], picklist } = spec;
  if (values.some((value) => value.actual === text)) return text;
  if (!picklist) return null;
  const byLabel = values.find((value) =>
    LANGUAGES.some((language) => picklistLabel(picklist, value.code, language) === text),
  );
  return byLabel?.actual ?? null;
}

export function sameValue(
  key: FieldKey,
  left: FieldValue | undefined,
  right: FieldValue | undefined,
): boolean {
  return canonical(key, left) === canonical(key, right);
}

/** False for what no apply of ours can have written: another type, or a text that is no option. */
export function couldBeOurs(key: FieldKey, value: FieldValue): boolean {
  const spec = fieldSpec(key);
  const form = canonical(key, value);
  if (form === null) return true;
  switch (spec.type) {
    case 'currency':
    case 'integer':
    case 'percent':
      return typeof form === 'number';
    case 'boolean':
      return typeof form === 'boolean';
    case 'picklist':
      return (spec.values ?? []).some((value) => value.actual === form);
    case 'date':
    case 'text':
    case 'textarea':
    case 'lookup':
      return typeof form === 'string';
  }
}

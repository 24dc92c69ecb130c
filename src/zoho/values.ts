import { isDay } from '../days.ts';
import type { Day } from '../domain.ts';
import { isObject } from './json.ts';

/**
 * One value however it came: JSON of the record API and COQL is typed, a bulk CSV is all text, and both must give
 * the same. Empty is null. RangeError on what the type of the field does not allow; the row is then set aside.
 */

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 60);
}

function isEmpty(value: unknown): value is null | undefined | '' {
  return value === null || value === undefined || value === '';
}

/** Zoho's own entry for "nothing chosen" in a picklist. */
const NOTHING_CHOSEN = '-None-';

/** Multi-select values are joined with a semicolon, lookups give their name. */
export function textOf(value: unknown): string | null {
  if (isEmpty(value) || value === NOTHING_CHOSEN) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    return (
      value
        .map(textOf)
        .filter((one) => one !== null)
        .join(';') || null
    );
  }
  if (isObject(value) && 'name' in value) return textOf(value.name);
  throw new RangeError(`not a text: ${shown(value)}`);
}

/** The options that a text of a bulk CSV names, whatever separates them; options may hold a comma themselves. */
function chosenOptions(text: string, options: ReadonlyMap<string, string>): readonly string[] {
  if (text.includes(';')) return text.split(';');
  if (options.has(text) || !text.includes(',')) return [text];
  const pieces = text.split(',');
  const found: string[] = [];
  for (let at = 0; at < pieces.length; ) {
    // The longest option that begins here; a piece that is none stands for itself.
    let end = pieces.length;
    while (end > at + 1 && !options.has(pieces.slice(at, end).join(','))) end -= 1;
    found.push(pieces.slice(at, end).join(','));
    at = end;
  }
  return found;
}

const LOOKUPS: ReadonlySet<string> = new Set(['lookup', 'ownerlookup', 'userlookup']);

const PICKLISTS: ReadonlySet<string> = new Set(['picklist', 'multiselectpicklist']);

/** Types whose value has several forms, in JSON and CSV or by what an org calls an option; one of them is stored. */
export function hasTwoForms(dataType: string): boolean {
  return PICKLISTS.has(dataType) || LOOKUPS.has(dataType);
}

/**
 * A list of options is an array in JSON and one text in a CSV; of a lookup only JSON tells the name, so the id is kept.
 * `options`: what may come for an option, and what is stored for it; a text that is no option stays as it is.
 */
export function oneForm(value: unknown, dataType: string, options: ReadonlyMap<string, string>): unknown {
  if (isEmpty(value)) return null;
  if (LOOKUPS.has(dataType)) return isObject(value) ? idOf(value) : value;
  const chosen = (one: unknown) => (typeof one === 'string' ? (options.get(one) ?? one) : one);
  if (dataType !== 'multiselectpicklist') return chosen(value);
  const all = typeof value === 'string' ? chosenOptions(value, options) : value;
  return Array.isArray(all) ? all.map(chosen) : all;
}

/** Texts in a value that are no option of its picklist. */
export function strangeOptions(
  value: unknown,
  { dataType, options }: { readonly dataType: string; readonly options: ReadonlyMap<string, string> },
): string[] {
  // A field that names no option tells nothing of its values.
  if (!PICKLISTS.has(dataType) || options.size === 0 || isEmpty(value)) return [];
  if (typeof value === 'string' && options.has(value)) return [];
  const told = [typeof value === 'string' && dataType !== 'picklist' ? chosenOptions(value, options) : value];
  return told
    .flat()
    .filter(
      (one): one is string =>
        typeof one === 'string' && one !== NOTHING_CHOSEN && one !== '' && !options.has(one),
    );
}

const DIGITS = /^\d{1,19}$/;

/** A lookup is `{id, name}` in JSON and the bare id in a CSV. */
export function idOf(value: unknown): string | null {
  if (isEmpty(value)) return null;
  if (typeof value === 'string' && DIGITS.test(value)) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (isObject(value)) {
    const key = Object.keys(value).find((name) => name.toLowerCase() === 'id');
    if (key !== undefined) return idOf(value[key]);
  }
  throw new RangeError(`not an id: ${shown(value)}`);
}

/** A date has no zone. Of a date and time the day is taken as it is written. */
export function dayOfValue(value: unknown): Day | null {
  if (isEmpty(value)) return null;
  const day = typeof value === 'string' ? value.slice(0, 10) : '';
  const isWhole = typeof value === 'string' && (value.length === 10 || value[10] === 'T');
  if (!isWhole || !isDay(day)) throw new RangeError(`not a date: ${shown(value)}`);
  return day;
}

// The offset is that of the token's user, so a time without one says nothing.
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})$/;

// Days are texts with four digits of year. A day is left at either end, so that in no time zone an instant leaves them.
const FIRST_INSTANT = Date.parse('0001-01-02T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-30T23:59:59Z');

// As Zoho writes it: 2026-02-01T09:15:00+02:00.
const USUAL_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;

/** The usual form by its digits: a third of the time of parsing any date, and a first sync has millions. */
function usualInstant(text: string): Date | null {
  if (!USUAL_INSTANT.test(text)) return null;
  const two = (at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528; // 528 = 11 * '0'
  const year = two(0) * 100 + two(2);
  const [hours, minutes, seconds] = [two(11), two(14), two(17)];
  const [offsetHours, offsetMinutes] = [two(20), two(23)];
  const isUsual = year >= 1_000 && year < 9_999 && hours < 24 && minutes < 60 && seconds < 60;
  if (!isUsual || offsetHours > 23 || offsetMinutes > 59 || !isDay(text.slice(0, 10))) return null;
  const offset = (offsetHours * 60 + offsetMinutes) * (text.charCodeAt(19) === 45 ? -1 : 1); // 45 = '-'
  return new Date(Date.UTC(year, two(5) - 1, two(8), hours, minutes - offset, seconds));
}

export function instantOf(value: unknown): Date | null {
  if (isEmpty(value)) return null;
  const usual = typeof value === 'string' ? usualInstant(value) : null;
  if (usual !== null) return usual;
  const match = typeof value === 'string' ? INSTANT.exec(value) : null;
  const [, day = '', time = '', offset = ''] = match ?? [];
  const colon = /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  const at = new Date(`${day}T${time}${colon}`);
  if (!match || !isDay(day) || Number.isNaN(at.getTime()))
    throw new RangeError(`not a date and time: ${shown(value)}`);
  return new Date(Math.min(LAST_INSTANT, Math.max(FIRST_INSTANT, at.getTime())));
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** What needs no change. */
const PLAIN = /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;

/** Plain digits without needless zeros: "1200.50", 1200.5 and 1.2005e3 are all "1200.5". */
export function decimalOf(value: unknown): string | null {
  if (isEmpty(value)) return null;
  if (typeof value === 'string' && PLAIN.test(value)) return value;
  const isText = typeof value === 'string';
  const text = isText ? value.trim() : typeof value === 'number' ? String(value) : '';
  const match = DECIMAL.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  const digits = whole + fraction;
  if (!match || digits === '') throw new RangeError(`not a number: ${shown(value)}`);
  const point = whole.length + Number(exponent);
  const before = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '';
  const after = point > 0 ? digits.slice(point) : digits.padStart(digits.length - point, '0');
  const plainWhole = before.replace(/^0+/, '') || '0';
  const plainFraction = after.replace(/0+$/, '');
  const plain = plainFraction === '' ? plainWhole : `${plainWhole}.${plainFraction}`;
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}

export function integerOf(value: unknown): number | null {
  const text = decimalOf(value);
  if (text === null) return null;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || text.includes('.'))
    throw new RangeError(`not a whole number: ${shown(value)}`);
  return number;
}

/** Empty is false: Zoho's checkboxes have no third state. */
export function booleanOf(value: unknown): boolean {
  if (isEmpty(value) || value === false || value === 0) return false;
  if (value === true || value === 1) return true;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new RangeError(`not a yes or no: ${shown(value)}`);
}

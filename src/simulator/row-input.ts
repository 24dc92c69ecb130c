import type { FieldState, OrgState, PickOption } from './state.ts';
import { isDay, parseInstant } from './times.ts';

/** What Zoho says against one value or one row. */
export interface RowFault {
  code: string;
  message: string;
  details: Record<string, unknown>;
}

type Judged = { ok: true; stored: unknown } | { ok: false; fault: RowFault };

interface Place {
  apiName: string;
  jsonPath: string;
}

const good = (stored: unknown): Judged => ({ ok: true, stored });
const bad = (code: string, message: string, place: Place, more: Record<string, unknown> = {}): Judged => ({
  ok: false,
  fault: { code, message, details: { ...more, api_name: place.apiName, json_path: place.jsonPath } },
});
const wrongType = (expected: string, place: Place) =>
  bad('INVALID_DATA', 'invalid data', place, { expected_data_type: expected });
const tooLong = (maximum: number, place: Place) =>
  bad('INVALID_DATA', 'invalid data', place, { maximum_length: maximum });
const strangeId = (place: Place) => bad('INVALID_DATA', 'the given id seems to be invalid', place);

const PATTERNS: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  ALARM:
    /^(FREQ=\w+;)?ACTION=(EMAIL|POPUP|EMAILANDPOPUP);(TRIGGER=DATE-TIME:\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})|TRIGGER=-?P\w+;TRIGGER_TIME=\d{2}:\d{2})$/,
  RRULE: /^FREQ=\w+(;[A-Z]+=[^;]+)*$/,
};

/** Judges one value by its field and turns it into its stored form. */
export function judgeValue(state: OrgState, field: FieldState, value: unknown, jsonPath: string): Judged {
  const place: Place = { apiName: field.apiName, jsonPath };
  if (value === null) {
    return field.mandatory ? bad('MANDATORY_NOT_FOUND', 'required field not found', place) : good(null);
  }
  if (field.apiName === 'Tag' || field.apiName === 'Participants') {
    return Array.isArray(value) && value.every(isObject) ? good(value) : wrongType('jsonarray', place);
  }
  if (field.apiName === 'Layout') return judgeLayout(state, value, place);
  switch (field.dataType) {
    case 'text':
    case 'textarea':
    case 'phone':
    case 'website':
    case 'email':
    case 'picklist':
      return judgeText(field, value, place);
    case 'integer':
    case 'bigint':
    case 'double':
    case 'currency':
    case 'percent':
      return judgeNumber(field, value, place);
    case 'boolean':
      return typeof value === 'boolean' ? good(value) : wrongType('boolean', place);
    case 'date':
      return isDay(value) ? good(value) : wrongType('date', place);
    case 'datetime': {
      const ms = parseInstant(value);
      return ms === null ? wrongType('datetime', place) : good(ms);
    }
    case 'multiselectpicklist':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? good(value.map((item) => optionOf(field.options, item)))
        : wrongType('jsonarray', place);
    case 'lookup':
      return judgeLookup(state, field, value, place);
    case 'ownerlookup':
    case 'userlookup': {
      const id = idIn(value);
      if (id === null) return wrongType('jsonobject', place);
      return state.users.get(id)?.active ? good(id) : strangeId(place);
    }
    case 'ALARM':
    case 'RRULE': {
      const text = isObject(value) ? value[field.dataType] : null;
      return typeof text === 'string' && PATTERNS[field.dataType]?.test(text)
        ? good({ [field.dataType]: text })
        : bad('INVALID_DATA', 'invalid data', place, { expected_data_type: 'jsonobject' });
    }
    case 'event_reminder':
      return Array.isArray(value) ? good(value) : wrongType('jsonarray', place);
    default:
      return bad('INVALID_DATA', 'invalid data', place);
  }
}

function judgeText(field: FieldState, value: unknown, place: Place): Judged {
  if (typeof value !== 'string') return wrongType(field.dataType === 'email' ? 'email' : 'text', place);
  if (field.length > 0 && value.length > field.length) return tooLong(field.length, place);
  if (field.dataType === 'email' && !PATTERNS.email?.test(value)) return wrongType('email', place);
  if (field.dataType === 'picklist') return good(optionOf(field.options, value));
  if (field.mandatory && value.trim() === '') {
    return bad('MANDATORY_NOT_FOUND', 'required field not found', place);
  }
  return good(value === '' ? null : value);
}

/** Either form of an option is taken; values that are no option are kept as they are. */
function optionOf(options: readonly PickOption[] | null, value: string): string | null {
  if (value === '' || value === '-None-') return null;
  return options?.find(({ display, actual }) => actual === value || display === value)?.actual ?? value;
}

function judgeNumber(field: FieldState, value: unknown, place: Place): Judged {
  const { dataType, length, decimals } = field;
  if (dataType === 'bigint') {
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
    if (typeof text !== 'string' || !/^-?\d+$/.test(text)) return wrongType('bigint', place);
    return text.replace('-', '').length > length ? tooLong(length, place) : good(text);
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return wrongType(dataType === 'integer' ? 'integer' : 'double', place);
  }
  if (dataType === 'integer' && !Number.isInteger(value)) return wrongType('integer', place);
  if (Math.abs(value) >= 10 ** length) return tooLong(length, place);
  // Zoho keeps as many decimals as the field has.
  return good(decimals === null ? value : Number(value.toFixed(decimals)));
}

function judgeLookup(state: OrgState, field: FieldState, value: unknown, place: Place): Judged {
  const id = idIn(value);
  if (id === null) return wrongType('jsonobject', place);
  const row = state.row(id);
  if (row === undefined || (field.lookup !== null && row.module !== field.lookup)) return strangeId(place);
  return good(id);
}

function judgeLayout(state: OrgState, value: unknown, place: Place): Judged {
  const id = idIn(value);
  if (id === null) return wrongType('jsonobject', place);
  return [...state.modules.values()].some(({ layoutId }) => layoutId === id) ? good(id) : strangeId(place);
}

function idIn(value: unknown): string | null {
  return isObject(value) && typeof value.id === 'string' ? value.id : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

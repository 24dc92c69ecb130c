import type { ZohoRecord } from './fields.ts';

/** What the SDK hands back, which comes as an object or as its JSON, and says failure in several ways. Pure. */

export type RecordAnswer =
  | { readonly is: 'record'; readonly record: ZohoRecord }
  | { readonly is: 'absent' }
  | { readonly is: 'forbidden' }
  | { readonly is: 'failed'; readonly code: string };
export type ListAnswer =
  | { readonly is: 'list'; readonly rows: readonly ZohoRecord[] }
  | Exclude<RecordAnswer, { is: 'record' }>;
export type WriteAnswer =
  | { readonly is: 'saved' }
  | Extract<RecordAnswer, { is: 'forbidden' } | { is: 'failed' }>;

const FORBIDDEN = /NO_PERMISSION|PERMISSION_DENIED|NOT_PERMITTED|AUTHORIZATION_FAILED|SCOPE_MISMATCH/;
const GONE = /INVALID_DATA|RECORD_NOT_FOUND|RESOURCE_NOT_FOUND|ID_INVALID/;
const EMPTY = /NO_CONTENT|NO_DATA|^204$/;

export function isObject(value: unknown): value is ZohoRecord {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Text that is JSON is read; anything else stays. */
export function unpacked(answer: unknown): unknown {
  if (typeof answer !== 'string') return answer;
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}

function rowsOf(answer: unknown, of: string): readonly ZohoRecord[] | null {
  const rows = isObject(answer) ? answer[of] : undefined;
  return Array.isArray(rows) ? rows.filter(isObject) : null;
}

/** The code by which Zoho says that it refused; what has none of Zoho's forms is told as it is. */
function codeOfFailure(answer: unknown): string {
  if (answer instanceof Error) return answer.message;
  if (!isObject(answer)) return String(answer ?? 'empty answer').slice(0, 80);
  const { code, status, message, statusText } = answer;
  const named = [code, statusText, status, message].find((text) => text !== undefined && text !== 'error');
  return String(named ?? 'unknown').slice(0, 80);
}

function failure(answer: unknown): Exclude<RecordAnswer, { is: 'record' }> {
  const code = codeOfFailure(answer);
  if (FORBIDDEN.test(code)) return { is: 'forbidden' };
  if (GONE.test(code)) return { is: 'absent' };
  return { is: 'failed', code };
}

export function recordAnswer(raw: unknown): RecordAnswer {
  const answer = unpacked(raw);
  const rows = rowsOf(answer, 'data');
  const [record] = rows ?? [];
  if (record !== undefined && 'id' in record) return { is: 'record', record };
  if (rows !== null && record !== undefined) return failure(record);
  if (rows !== null || answer === null || answer === undefined || answer === '') return { is: 'absent' };
  return EMPTY.test(codeOfFailure(answer)) ? { is: 'absent' } : failure(answer);
}

/** An empty list is an empty answer at Zoho. */
export function listAnswer(raw: unknown, of = 'data'): ListAnswer {
  const answer = unpacked(raw);
  const rows = rowsOf(answer, of);
  if (rows !== null) return { is: 'list', rows };
  const isEmpty = answer === null || answer === undefined || answer === '';
  if (isEmpty || EMPTY.test(codeOfFailure(answer))) return { is: 'list', rows: [] };
  return failure(answer);
}

export function writeAnswer(raw: unknown): WriteAnswer {
  const answer = unpacked(raw);
  const [row = answer] = rowsOf(answer, 'data') ?? [];
  if (isObject(row) && row.code === 'SUCCESS') return { is: 'saved' };
  const code = codeOfFailure(row);
  return FORBIDDEN.test(code) ? { is: 'forbidden' } : { is: 'failed', code };
}

/** `EntityId` comes as a string or as an array of them; a list view may pick several. */
export function pageOf(data: unknown): { readonly module: string; readonly id: string } | null {
  if (!isObject(data)) return null;
  const [first] = [data.EntityId ?? []].flat();
  const id = typeof first === 'string' || typeof first === 'number' ? String(first) : '';
  const module = typeof data.Entity === 'string' ? data.Entity : '';
  return module !== '' && /^\d+$/.test(id) ? { module, id } : null;
}

const NIGHT = /^(night|dark)/i;
const DAY = /^(day|light|default)/i;
/** Null: nothing in the answer names a theme. */
export function themeOf(preference: unknown): 'day' | 'night' | null {
  const words: string[] = [];
  const gather = (value: unknown, depth: number): void => {
    if (typeof value === 'string') words.push(value);
    else if (value !== null && typeof value === 'object' && depth < 4)
      for (const inner of Object.values(value)) gather(inner, depth + 1);
  };
  gather(unpacked(preference), 0);
  if (words.some((word) => NIGHT.test(word))) return 'night';
  return words.some((word) => DAY.test(word)) ? 'day' : null;
}

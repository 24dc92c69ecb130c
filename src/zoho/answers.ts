import { isObject } from './json.ts';

/** The shapes in which Zoho says that something failed, told apart by the body rather than by the status. */

export interface ZohoProblem {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** MULTIPLE_OR_MULTI_ERRORS is a wrapper: the first error inside names the cause, all are kept. */
function innerProblems(body: Record<string, unknown>): Record<string, unknown>[] {
  const details = isObject(body.details) ? body.details : {};
  const inner = body.errors ?? details.errors;
  return Array.isArray(inner) ? inner.filter(isObject) : [];
}

/** `{code, message, details}` of a body or of one row of it; null where there is none. */
export function problemOf(body: unknown): ZohoProblem | null {
  if (!isObject(body)) return null;
  const code = text(body.code);
  if (code === null) return null;
  const inner = innerProblems(body);
  const first = inner[0];
  if (first === undefined)
    return { code, message: text(body.message) ?? code, details: body.details ?? null };
  return {
    code: text(first.code) ?? code,
    message: inner.map((one) => text(one.message) ?? text(one.code) ?? code).join('; '),
    details: { ...(isObject(first.details) ? first.details : {}), errors: inner },
  };
}

export function isSuccess(row: unknown): boolean {
  return isObject(row) && (row.status === 'success' || row.code === 'SUCCESS');
}

/** The rows of a result, whatever their key is (data, fields, watch …); null when the body holds none. */
export function resultRows(body: unknown): unknown[] | null {
  if (!isObject(body) || typeof body.code === 'string') return null;
  const lists = Object.values(body).filter((value) => Array.isArray(value));
  return lists.find((list) => list.some((row) => isObject(row) && typeof row.code === 'string')) ?? null;
}

/** A failure of the whole call; a success body such as bulk write's has a code too, but says so. */
export function wholeCallProblem(body: unknown): ZohoProblem | null {
  return isObject(body) && !isSuccess(body) && (body.status === 'error' || typeof body.code === 'string')
    ? problemOf(body)
    : null;
}

const TOKEN_CODES = new Set(['INVALID_TOKEN', 'INVALID_OAUTHTOKEN', 'AUTHENTICATION_FAILURE']);
const RATE_CODES = new Set(['TOO_MANY_REQUESTS', 'RATE_LIMIT_EXCEEDED', 'API_LIMIT_EXCEEDED']);
const SERVER_CODES = new Set([
  'INTERNAL_ERROR',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
  'PROCESSING_ERROR',
  'DEPENDENT_SERVICE_ERROR',
]);

export type Verdict = 'done' | 'token' | 'scope' | 'limited' | 'unavailable' | 'rejected' | 'redirect';

/** What an answer of the API means. `body` undefined: it was no JSON. */
export function verdictOf(status: number, body: unknown): Verdict {
  const problem = wholeCallProblem(body);
  const code = problem?.code ?? '';
  if (code === 'OAUTH_SCOPE_MISMATCH') return 'scope';
  if (status === 401 || TOKEN_CODES.has(code)) return 'token';
  if (status === 429 || RATE_CODES.has(code)) return 'limited';
  if (status >= 500 || SERVER_CODES.has(code)) return 'unavailable';
  if (status >= 300 && status < 400) return status === 304 ? 'done' : 'redirect';
  if (problem !== null || status === 413) return 'rejected';
  if (body === undefined) return 'unavailable';
  if (status >= 400) return resultRows(body) === null ? 'rejected' : 'done';
  return 'done';
}

import { AppError } from '../errors.ts';
import { isSuccess, problemOf, resultRows } from './answers.ts';
import type { ZohoAnswer, ZohoRequest } from './client.ts';
import { isObject } from './json.ts';

/** A call of Zoho as it may be kept: no host, header, body, id or value of a query stands in it. */
export interface SeenCall {
  /** When it was sent. */
  readonly at: Date;
  readonly method: ZohoRequest['method'];
  /** With {id} for each part that could be one, and the names of the query's parameters. */
  readonly path: string;
  /** As the org calls it; of COQL, and where the query names one. */
  readonly module: string | null;
  /** Of COQL: what is asked for. */
  readonly query: 'rows' | 'totals' | null;
  /** Of HTTP; null: there came no whole answer. */
  readonly status: number | null;
  /** As Zoho says why not, or the first row of a write that it refused; without an answer, the system's. */
  readonly code: string | null;
  readonly failed: boolean;
  readonly credits: number;
  readonly durationMs: number;
  /** 1 is the first time that it was sent. */
  readonly attempt: number;
}
interface Sent {
  readonly at: Date;
  readonly durationMs: number;
  readonly credits: number;
  readonly attempt: number;
  readonly status: number | null;
}

const NAME = /^[A-Za-z_]\w{0,99}$/;
// Zoho's codes and those of the system are such words; anything else could be a text about a record.
const CODE = /^[A-Z][A-Z0-9_]{0,59}$/;

export function seenAnswer(request: ZohoRequest, sent: Sent, answer: ZohoAnswer, isWrite: boolean): SeenCall {
  // A record that is read may have a code, too.
  const rows = isWrite ? (resultRows(answer.body) ?? []) : [];
  const refused = rows.find((row) => !isSuccess(row));
  return seen(request, sent, refused !== undefined, problemOf(refused)?.code ?? null);
}

export function seenFailure(request: ZohoRequest, sent: Sent, error: unknown): SeenCall {
  const zohoCode = error instanceof AppError && 'zohoCode' in error ? error.zohoCode : null;
  const cause = error instanceof Error && isObject(error.cause) ? error.cause.code : null;
  return seen(request, sent, true, zohoCode ?? (sent.status === null ? cause : null));
}

function seen(request: ZohoRequest, sent: Sent, failed: boolean, code: unknown): SeenCall {
  const asked = coqlOf(request);
  return {
    ...sent,
    method: request.method,
    path: shownPath(request),
    module: asked?.module ?? moduleOf(request),
    query: asked?.query ?? null,
    code: typeof code !== 'string' || code === '' ? null : CODE.test(code) ? code : 'OTHER',
    failed,
  };
}

function coqlOf({ path, body }: ZohoRequest): { module: string | null; query: SeenCall['query'] } | null {
  if (!path.endsWith('/coql') || !isObject(body)) return null;
  // Columns and the module come before any value.
  const [, columns = '', module = null] =
    /^\s*select\s+([^']*?)\s+from\s+(\w+)/i.exec(String(body.select_query)) ?? [];
  return { module, query: columns.includes('(') ? 'totals' : 'rows' };
}

function moduleOf({ query }: ZohoRequest): string | null {
  const module = query?.module;
  return typeof module === 'string' && NAME.test(module) ? module : null;
}

function shownPath({ path, query }: ZohoRequest): string {
  const given = /\?(.*)$/.exec(path)?.[1];
  const names = [...new URLSearchParams(given).keys(), ...Object.keys(query ?? {})];
  const shown = names.filter((name) => NAME.test(name));
  return shown.length > 0 ? `${templateOf(path)}?${shown.join('&')}` : templateOf(path);
}

/** No host, no query, and no part that could be an id, a file or a secret. */
export function templateOf(path: string): string {
  const bare = path.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*$/, '');
  return bare
    .split('/')
    .map((part) => (part === '' || /^([A-Za-z_]{1,40}|v\d{1,2})$/.test(part) ? part : '{id}'))
    .join('/');
}

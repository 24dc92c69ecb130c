import type { Request } from 'express';
import { ApiError } from './api-error.ts';
import type { Call, SimContext } from './context.ts';
import { CONCURRENCY } from './credits.ts';
import type { ActiveFault, FaultKind } from './faults.ts';
import { hasScope } from './scopes.ts';
import { formatInstant } from './times.ts';
import type { AccessToken } from './token-book.ts';

/** Calls under way in the org. */
interface Slots {
  all: number;
  sub: number;
}

export type EndpointDeps = Pick<
  SimContext,
  'state' | 'clock' | 'switches' | 'faults' | 'report' | 'ledger' | 'tokens' | 'intervene'
> & { slots: Slots };

export interface OpenCall {
  call: Call;
  headers(): Record<string, string>;
  /** Books the credits. */
  settle(outcome: 'done' | 'rejected' | 'throttled'): void;
  /** Frees the slots. */
  close(): void;
}

export function openCall(deps: EndpointDeps, request: Request, struck: readonly ActiveFault[]): OpenCall {
  const { state, switches, ledger, slots } = deps;
  const token = authorise(deps, request, struck);
  const concurrency = switches.concurrency ?? CONCURRENCY[state.org.edition];
  if (slots.all >= concurrency) throw tooMany(deps, 'concurrency limit reached');
  slots.all += 1;
  let hasSub = false;
  let pending = 0;
  const call: Call = {
    method: request.method,
    path: request.baseUrl + request.path,
    user: token.user,
    params: texts(request.params),
    query: texts(request.query),
    headers: request.headers,
    json: () => parseBody(request.body),
    bytes: () => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
    need: (...words) => {
      if (hasScope(token.scopes, words, switches.scopeCaseSensitive)) return;
      throw new ApiError(
        switches.scopeMismatchStatus,
        'OAUTH_SCOPE_MISMATCH',
        'invalid oauth scope to access this URL',
      );
    },
    charge: (credits) => {
      if (ledger.spent() + pending + credits > ledger.ceiling()) throw tooMany(deps, 'API credits exhausted');
      pending += credits;
    },
    enterSub: () => {
      if (hasSub) return;
      if (slots.sub >= switches.subConcurrency) throw tooMany(deps, 'sub-concurrency limit reached');
      slots.sub += 1;
      hasSub = true;
    },
    faultsOf: (kind: FaultKind) => struck.filter((fault) => fault.kind === kind),
    fault: (kind: FaultKind) => struck.find((fault) => fault.kind === kind) ?? null,
  };
  return {
    call,
    headers: () => answerHeaders(deps, token),
    settle: (outcome) => {
      const cost = switches.refusedCallsCost;
      const isFree =
        (outcome === 'rejected' && cost === 'none') || (outcome === 'throttled' && cost !== 'all');
      if (isFree) return;
      const credits = outcome === 'throttled' ? Math.max(1, pending) : pending;
      ledger.force(credits);
      deps.report.credits(credits);
    },
    close: () => {
      slots.all -= 1;
      if (hasSub) slots.sub -= 1;
    },
  };
}

function authorise(deps: EndpointDeps, request: Request, struck: readonly ActiveFault[]): AccessToken {
  const { tokens, switches } = deps;
  const match = /^Zoho-oauthtoken (\S+)$/.exec(request.headers.authorization ?? '');
  if (match === null) throw new ApiError(401, 'AUTHENTICATION_FAILURE', 'Authentication failed');
  const [, text = ''] = match;
  const token = tokens.findAccess(text);
  if (token !== null) {
    if (struck.some(({ kind }) => kind === 'expired-token')) tokens.expire(text);
    if (struck.some(({ kind }) => kind === 'revoked-grant') && token.grant !== null)
      tokens.revoke(token.grant.refreshToken, true);
  }
  const valid = tokens.findAccess(text);
  if (valid === null) throw new ApiError(401, switches.invalidTokenCode, 'invalid oauth token');
  return valid;
}

function tooMany({ switches }: EndpointDeps, message: string): ApiError {
  const { retryAfterSeconds } = switches;
  const headers: Record<string, string> =
    retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) };
  return new ApiError(429, 'TOO_MANY_REQUESTS', message, {}, headers);
}

function answerHeaders({ state, ledger }: EndpointDeps, token: AccessToken): Record<string, string> {
  const headers: Record<string, string> = {
    'X-ACCESSTOKEN-RESET': formatInstant(token.expiresMs, token.user.timeZone ?? state.org.time_zone),
  };
  const [spent, ceiling] = [ledger.spent(), ledger.ceiling()];
  if (Number.isFinite(ceiling) && spent * 2 >= ceiling)
    headers['X-API-CREDITS-REMAINING'] = String(ceiling - spent);
  return headers;
}

function parseBody(body: unknown): unknown {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'INVALID_DATA', 'the body is not JSON', { expected_data_type: 'jsonobject' });
  }
}

/** Repeated parameters count once, as the last one was given. */
function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, String(Array.isArray(value) ? value.at(-1) : value)]),
  );
}

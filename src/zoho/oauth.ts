import type { Clock } from '../clock.ts';
import {
  AppError,
  ZohoAuthError,
  ZohoContractError,
  ZohoRateLimitError,
  ZohoUnavailableError,
} from '../errors.ts';
import type { Log } from '../log.ts';
import { locationOf } from './hosts.ts';
import { isObject, parseJson } from './json.ts';
import { nextDelay } from './retry.ts';
import { createTransport, type HttpOutcome } from './transport.ts';

/** The accounts server. It reports most errors with HTTP 200, so success is a body with an access token. */

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}
export interface OAuthDeps {
  readonly clock: Clock;
  readonly log: Log;
}
export interface TokenGrant {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly apiDomain: string | null;
  readonly refreshToken: string | null;
  /** null when Zoho did not say. */
  readonly scopes: string[] | null;
}

/** Asked for when a person signs in: who it is, and of which org. */
const SIGN_IN_SCOPES: readonly string[] = ['ZohoCRM.users.READ', 'ZohoCRM.org.READ'];

/** Asked for at the consent page; without it the section for our fields is not made in the layouts. */
export const OPTIONAL_SCOPES: readonly string[] = ['ZohoCRM.settings.layouts.UPDATE'];

// Spelled as the scopes page of Zoho's documentation does; docs/scopes.md says the same to people.
export const REQUIRED_SCOPES: readonly { scope: string; why: string; breaks: string }[] = [
  {
    scope: 'ZohoCRM.modules.ALL',
    why: 'read accounts, contacts, leads, deals, activities, cases and products; write values and tasks',
    breaks: 'nothing can be synced or written',
  },
  {
    scope: 'ZohoCRM.settings.fields.ALL',
    why: 'read which fields there are and create ours',
    breaks: 'fields cannot be created, and a removed field is not noticed',
  },
  {
    scope: 'ZohoCRM.settings.modules.READ',
    why: 'see which modules the org has',
    breaks: 'a missing module is only noticed when reading it fails',
  },
  {
    scope: 'ZohoCRM.settings.layouts.READ',
    why: 'find the layouts of deals, to which pipelines belong',
    breaks: 'won and lost deals are told by the name of their stage',
  },
  {
    scope: 'ZohoCRM.settings.pipeline.READ',
    why: 'tell won from lost by the forecast type of a stage',
    breaks: 'won and lost deals are told by the name of their stage',
  },
  {
    scope: 'ZohoCRM.coql.READ',
    why: 'read changed records cheaply',
    breaks: 'incremental sync does not work',
  },
  {
    scope: 'ZohoCRM.bulk.READ',
    why: 'first read of large modules',
    breaks: 'the first sync of a large org costs six times the credits',
  },
  {
    scope: 'ZohoCRM.notifications.ALL',
    why: 'hear of changed records within seconds',
    breaks: 'changes are found by the hourly sync only',
  },
  {
    scope: 'ZohoCRM.users.READ',
    why: 'know which owners are active',
    breaks: 'reminders may go to people who have left',
  },
  {
    scope: 'ZohoCRM.org.READ',
    why: 'know the org, its edition, currency and time zone',
    breaks: 'connecting does not work',
  },
];

// Three tries fit into the 30 seconds for which one process may hold the refresh.
const TOKEN_TIMEOUTS = { answerMs: 8_000, totalMs: 8_000 };
const RETRY = { maxAttempts: 3, baseMs: 1_000, maxMs: 2_000 };
// Zoho docs, token validity: ten access tokens per refresh token in ten minutes.
const THROTTLE_MS = 10 * 60_000;
const LIFETIME_SECONDS = 3_600;
// No token lives a day; a larger number without expires_in_sec is in milliseconds.
const MOST_SECONDS = 86_400;

function at(accountsUrl: string, path: string): string {
  return `${accountsUrl.replace(/\/+$/, '')}${path}`;
}

export function consentUrl(input: {
  accountsUrl: string;
  clientId: string;
  redirectUri: string;
  scopes: readonly string[];
  state: string;
}): string {
  const query = new URLSearchParams({
    client_id: input.clientId,
    response_type: 'code',
    scope: input.scopes.join(','),
    redirect_uri: input.redirectUri,
    access_type: 'offline',
    // Without it Zoho gives no refresh token to a user who consented before.
    prompt: 'consent',
    state: input.state,
  });
  return `${at(input.accountsUrl, '/oauth/v2/auth')}?${query}`;
}

/** No refresh token comes of it: one more could push out that of a connection, for Zoho keeps twenty a user. */
export function signInUrl(input: {
  accountsUrl: string;
  clientId: string;
  redirectUri: string;
  state: string;
}): string {
  const query = new URLSearchParams({
    client_id: input.clientId,
    response_type: 'code',
    scope: SIGN_IN_SCOPES.join(','),
    redirect_uri: input.redirectUri,
    // Without prompt, so that Zoho asks for consent only where it was not given before.
    access_type: 'online',
    state: input.state,
  });
  return `${at(input.accountsUrl, '/oauth/v2/auth')}?${query}`;
}

export function exchangeCode(
  deps: OAuthDeps,
  input: OAuthClient & { accountsUrl: string; code: string; redirectUri?: string },
): Promise<TokenGrant> {
  return askForToken(deps, input, {
    grant_type: 'authorization_code',
    code: input.code,
    ...(input.redirectUri === undefined ? {} : { redirect_uri: input.redirectUri }),
  });
}

export function refreshAccessToken(
  deps: OAuthDeps,
  input: OAuthClient & { accountsUrl: string; refreshToken: string },
): Promise<TokenGrant> {
  return askForToken(deps, input, { grant_type: 'refresh_token', refresh_token: input.refreshToken });
}

/**
 * Never throws: whoever disconnects forgets the token whether Zoho answers or not. 'unknown': Zoho did not know it, so
 * it opens nothing. 'unreachable': nobody knows.
 */
export async function revokeRefreshToken(
  deps: OAuthDeps,
  input: { accountsUrl: string; refreshToken: string },
): Promise<'revoked' | 'unknown' | 'unreachable'> {
  const url = at(input.accountsUrl, '/oauth/v2/token/revoke');
  const form = { token: input.refreshToken };
  let outcome = await post(url, form);
  // Zoho's SDK sends a form field, its page shows a parameter of the URL; a server may read only the latter.
  if (isUnrevoked(outcome)) outcome = await post(`${url}?${new URLSearchParams(form)}`, form);
  if (outcome.kind === 'none') {
    deps.log.warn({ err: outcome.cause }, 'Zoho could not be asked to revoke the refresh token');
    return 'unreachable';
  }
  if (!isUnrevoked(outcome)) return 'revoked';
  deps.log.info({ status: outcome.status }, 'Zoho did not know the refresh token that was to be revoked');
  return outcome.status >= 500 ? 'unreachable' : 'unknown';
}

function isUnrevoked(outcome: HttpOutcome): boolean {
  if (outcome.kind !== 'answer') return false;
  const body = jsonOrNull(outcome.text);
  return outcome.status >= 400 || body === null || body.error !== undefined || body.status === 'error';
}

type TokenParameters = Readonly<Record<string, string>> & { readonly grant_type: string };

async function askForToken(
  deps: OAuthDeps,
  client: OAuthClient & { accountsUrl: string },
  parameters: TokenParameters,
): Promise<TokenGrant> {
  const url = at(client.accountsUrl, '/oauth/v2/token');
  const form = { ...parameters, client_id: client.clientId, client_secret: client.clientSecret };
  for (let attempt = 1; ; attempt += 1) {
    const askedAt = deps.clock.now();
    try {
      return grantOf(await post(url, form), { accountsUrl: client.accountsUrl, askedAt, parameters });
    } catch (error) {
      const isWorthRepeating = error instanceof AppError && !(error instanceof ZohoRateLimitError);
      const delayMs = isWorthRepeating ? nextDelay(error, attempt, RETRY, () => deps.clock.random()) : null;
      if (delayMs === null) throw error;
      deps.log.debug({ err: error, attempt, delayMs }, 'the accounts server is asked again');
      await deps.clock.sleep(delayMs);
    }
  }
}

/** In the body, not in the URL: access logs keep URLs. */
function post(url: string, form: Readonly<Record<string, string>>): Promise<HttpOutcome> {
  return createTransport(TOKEN_TIMEOUTS)({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
  });
}

interface Asked {
  readonly accountsUrl: string;
  readonly askedAt: Date;
  readonly parameters: TokenParameters;
}

function jsonOrNull(text: string): Record<string, unknown> | null {
  try {
    const body = parseJson(text);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}

function grantOf(outcome: HttpOutcome, asked: Asked): TokenGrant {
  const host = new URL(asked.accountsUrl).host;
  if (outcome.kind !== 'answer') {
    const cause = outcome.kind === 'none' ? outcome.cause : undefined;
    throw new ZohoUnavailableError(
      `The accounts server ${host} did not answer; check the connection and ZOHO_ACCOUNTS_URL`,
      { cause },
    );
  }
  const { status } = outcome;
  const body = jsonOrNull(outcome.text);
  if (body && typeof body.access_token === 'string' && body.access_token !== '') {
    return tokenGrant(body, body.access_token, asked.askedAt);
  }
  if (body && body.error !== undefined) throw refusal(body, status, asked);
  if (status === 429) throw throttled(status);
  if (body) {
    throw new ZohoContractError(`The accounts server ${host} answered without a token and without an error`, {
      status,
    });
  }
  throw new ZohoUnavailableError(
    `The accounts server ${host} gave no JSON (HTTP ${status}); if this stays so, check ZOHO_ACCOUNTS_URL`,
    { status },
  );
}

function tokenGrant(body: Record<string, unknown>, accessToken: string, askedAt: Date): TokenGrant {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return {
    accessToken,
    expiresAt: new Date(askedAt.getTime() + lifetimeSeconds(body) * 1_000),
    apiDomain: text(body.api_domain),
    refreshToken: text(body.refresh_token),
    scopes:
      text(body.scope)
        ?.split(/[\s,]+/)
        .filter((scope) => scope !== '') ?? null,
  };
}

/** The older answer gives seconds as expires_in_sec and milliseconds as expires_in. */
function lifetimeSeconds(body: Record<string, unknown>): number {
  const seconds = Number(body.expires_in_sec ?? Number.NaN);
  if (seconds > 0) return seconds;
  const either = Number(body.expires_in ?? Number.NaN);
  if (!(either > 0)) return LIFETIME_SECONDS;
  return either > MOST_SECONDS ? either / 1_000 : either;
}

function throttled(status: number): ZohoRateLimitError {
  return new ZohoRateLimitError(
    'Zoho gives no more access tokens for now (10 in 10 minutes); wait ten minutes and start fewer processes',
    { status, zohoCode: 'Access Denied', retryAfterMs: THROTTLE_MS },
  );
}

function refusal(body: Record<string, unknown>, status: number, asked: Asked): Error {
  const code = String(body.error);
  const description = typeof body.error_description === 'string' ? body.error_description : '';
  const { host } = new URL(asked.accountsUrl);
  const location = locationOf(asked.accountsUrl);
  const detail = { zohoCode: code, status };
  const isRefresh = asked.parameters.grant_type === 'refresh_token';
  const isThrottle = /access.denied/i.test(code) && (description !== '' || code === 'Access Denied');
  if (isThrottle || /too many requests/i.test(description)) return throttled(status);
  switch (code) {
    case 'invalid_code':
    case 'invalid_grant':
      return new ZohoAuthError(
        isRefresh
          ? 'Zoho refused the refresh token (revoked, or pushed out by a newer one); reconnect the org: zcv connect --name <connection>, or /connect in a browser'
          : 'Zoho refused the grant code: it is used, or older than its few minutes; make a new one and connect at once',
        detail,
      );
    case 'invalid_client':
    case 'invalid_client_secret':
      return new ZohoAuthError(
        `${host} refused the OAuth client (${code}): the client id is unknown in this data centre (${location}), or the secret belongs to another one. Check ZOHO_ACCOUNTS_URL, ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET or ZOHO_CLIENT_SECRET_${location.toUpperCase()}`,
        detail,
      );
    case 'invalid_redirect_uri':
      return new ZohoAuthError(
        'Zoho refused the redirect address: it must equal one that is registered for the client; a self-client code has none',
        detail,
      );
    case 'access_denied':
      return new ZohoAuthError('The consent was refused; connect again and accept it', detail);
    case 'general_error':
    case 'server_error':
    case 'temporarily_unavailable':
      return new ZohoUnavailableError(`${host} could not give a token for now (${code})`, detail);
    default:
      return new ZohoAuthError(
        `${host} refused the token (${code}); reconnect the org: zcv connect --name <connection>, or /connect in a browser`,
        detail,
      );
  }
}

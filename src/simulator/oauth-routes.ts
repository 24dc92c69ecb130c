import express, { type Response as ExpressResponse, type Request, Router } from 'express';
import type { SimClock } from './clock.ts';
import type { SimContext } from './context.ts';
import { answerThroughFaults, slowMs } from './disturb.ts';
import type { FaultBook } from './faults.ts';
import { consentPage, errorPage } from './oauth-page.ts';
import type { ReportBook } from './report.ts';
import { strangeScopes } from './scopes.ts';
import type { OrgState, SimUser } from './state.ts';
import type { Switches } from './switches.ts';
import type { AccessToken, Grant, GrantCode, TokenBook } from './token-book.ts';

export interface OAuthDeps {
  state: OrgState;
  switches: Switches;
  tokens: TokenBook;
  report: ReportBook;
  intervene: SimContext['intervene'];
  faults: FaultBook;
  clock: SimClock;
  client: { id: string; secret: string };
  /** null: every URI on this machine counts as registered. */
  redirectUris: readonly string[] | null;
  url(): string;
}

type Texts = Readonly<Record<string, string>>;

/** `/oauth/v2/…`: the accounts server. Errors come with HTTP 200. */
export function oauthRouter(deps: OAuthDeps): Router {
  const router = Router();
  const body = express.raw({ type: () => true, limit: '1mb' });
  router.get('/oauth/v2/auth', (request, response) => authorise(deps, textsOf(request.query), response));
  router.post('/oauth/v2/consent', body, async (request, response) => {
    const input = await inputOf(request);
    answerConsent(deps, input, input.answer === 'accept', response);
  });
  router.post('/oauth/v2/token', body, async (request, response) => {
    await answerThroughFaults(deps, { request, response, module: null }, async (struck) => {
      await deps.clock.wait(slowMs(struck, 'before'));
      return answerToken(deps, await inputOf(request));
    });
  });
  router.post('/oauth/v2/token/revoke', body, async (request, response) => {
    const { token = '' } = await inputOf(request);
    if (deps.tokens.revoke(token, deps.switches.revokeKillsAccessTokens))
      response.json({ status: 'success' });
    else response.status(400).type('html').send(errorPage('Invalid token'));
  });
  return router;
}

/** Parameters of the query, of a form or of multipart/form-data, which the official client sends. */
async function inputOf(request: Request): Promise<Texts> {
  const query = textsOf(request.query);
  const bytes: unknown = request.body;
  const type = request.headers['content-type'] ?? '';
  if (!Buffer.isBuffer(bytes) || bytes.length === 0 || !/form/i.test(type)) return query;
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    return { ...query, ...Object.fromEntries([...form].map(([key, value]) => [key, String(value)])) };
  } catch {
    return query;
  }
}

function textsOf(values: Readonly<Record<string, unknown>>): Texts {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

function authorise(deps: OAuthDeps, query: Texts, response: ExpressResponse): void {
  const problem = requestProblem(deps, query);
  if (problem !== null) {
    response.status(400).type('html').send(errorPage(problem));
    return;
  }
  if (deps.switches.autoConsent) answerConsent(deps, query, true, response);
  else response.type('html').send(consentPage(query, [...deps.state.users.values()]));
}

function requestProblem(deps: OAuthDeps, query: Texts): string | null {
  const { client_id, response_type, redirect_uri = '', scope = '' } = query;
  if (client_id !== deps.client.id) return 'invalid_client';
  if (!isRegistered(deps, redirect_uri)) return 'invalid_redirect_uri';
  if (response_type !== 'code') return 'invalid_response_type';
  if (scope === '' || strangeScopes(scope.split(',')).length > 0) return 'invalid_scope';
  return null;
}

function isRegistered({ redirectUris }: OAuthDeps, uri: string): boolean {
  if (redirectUris !== null) return redirectUris.includes(uri);
  return URL.canParse(uri) && ['127.0.0.1', 'localhost'].includes(new URL(uri).hostname);
}

function answerConsent(deps: OAuthDeps, input: Texts, isAccepted: boolean, response: ExpressResponse): void {
  const problem = requestProblem(deps, input);
  if (problem !== null) {
    response.status(400).type('html').send(errorPage(problem));
    return;
  }
  const { redirect_uri = '', state, scope = '', access_type, prompt, client_id = '' } = input;
  const target = new URL(redirect_uri);
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) target.searchParams.set(name, value);
  };
  if (isAccepted) {
    const user = whoConsents(deps, input.user);
    const isFirst = !deps.tokens.hasConsented(client_id, user);
    deps.tokens.consent(client_id, user);
    const code = deps.tokens.issueCode({
      clientId: client_id,
      redirectUri: redirect_uri,
      user,
      scopes: scope.split(','),
      // Zoho hands a refresh token to a user who consented before only when asked to show the page again.
      offline: access_type === 'offline' && (isFirst || prompt === 'consent'),
    });
    if (code === null) {
      response.status(400).type('html').send(errorPage('too many codes'));
      return;
    }
    add('code', code.code);
    add('location', deps.switches.location);
    add('accounts-server', deps.switches.accountsServer || deps.url());
  } else add('error', 'access_denied');
  add('state', state);
  response.redirect(302, target.href);
}

/** Whom the page named, else whom the switch names, else the first administrator. */
function whoConsents({ state, switches }: OAuthDeps, named: string | undefined): SimUser {
  const wanted = named ?? switches.consentBy;
  const user = [...state.users.values()].find(
    ({ id, key, active }) => active && (id === wanted || key === wanted),
  );
  return user ?? state.consentingUser;
}

interface TokenAnswer {
  status: number;
  json: Record<string, unknown>;
}

const refused = (error: string): TokenAnswer => ({ status: 200, json: { error } });

function answerToken(deps: OAuthDeps, input: Texts): TokenAnswer {
  if (input.client_id !== deps.client.id) return refused('invalid_client');
  if (input.client_secret !== deps.client.secret) return refused(deps.switches.wrongSecretError);
  if (input.grant_type === 'authorization_code') return exchange(deps, input);
  if (input.grant_type === 'refresh_token') return refresh(deps, input);
  return refused('unsupported_grant_type');
}

function exchange(deps: OAuthDeps, { code = '', redirect_uri }: Texts): TokenAnswer {
  const found = deps.tokens.takeCode(code);
  if (found === null) return refused('invalid_code');
  if (!fitsRedirect(found, redirect_uri)) return refused('invalid_redirect_uri');
  const { clientId, user, scopes } = found;
  const grant = found.offline ? deps.tokens.grant({ clientId, user, scopes }) : null;
  return mint(deps, { user, scopes, grant }, 'code');
}

/** A self client's code knows no redirect URI; Zoho does not mind when one is sent along. */
function fitsRedirect({ redirectUri }: GrantCode, given: string | undefined): boolean {
  return redirectUri === null || redirectUri === given;
}

function refresh(deps: OAuthDeps, { refresh_token = '', client_id }: Texts): TokenAnswer {
  const grant = deps.tokens.findGrant(refresh_token);
  if (grant === null || grant.clientId !== client_id) return refused('invalid_code');
  return mint(deps, { user: grant.user, scopes: grant.scopes, grant }, 'refresh');
}

function mint(
  deps: OAuthDeps,
  from: { user: SimUser; scopes: readonly string[]; grant: Grant | null },
  kind: 'code' | 'refresh',
): TokenAnswer {
  const { switches, report, tokens } = deps;
  const minted: AccessToken | null = tokens.mint(from);
  if (minted === null) {
    const error_description =
      'You have made too many requests continuously. Please try again after some time.';
    return {
      status: switches.tokenThrottleStatus,
      json: { error: 'Access Denied', error_description, status: 'failure' },
    };
  }
  report.token(kind);
  return {
    status: 200,
    json: {
      access_token: minted.token,
      ...(kind === 'code' && from.grant !== null ? { refresh_token: from.grant.refreshToken } : {}),
      ...(switches.tokenAnswerHasScope ? { scope: from.scopes.join(' ') } : {}),
      api_domain: deps.url(),
      token_type: 'Bearer',
      expires_in: switches.accessTokenSeconds,
    },
  };
}

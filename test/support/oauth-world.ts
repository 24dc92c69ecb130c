import { createHash, randomBytes } from 'node:crypto';
import type { OAuthClient } from '../../src/store/oauth-stores.ts';
import { aFreePort } from './server.ts';
import type { Browser, WebWorld } from './web-world.ts';

/** A program that asks people for access, as Zoho does it: by the address of the browser and by calls of its own. */

export const BACK = 'https://deluge.zoho.test/delugeauth/callback';

export interface AClient extends OAuthClient {
  readonly secret: string;
}
export async function aClient(
  world: Pick<WebWorld, 'app'>,
  connection: string,
  change: Partial<Pick<OAuthClient, 'name' | 'redirectUris' | 'scopes'>> = {},
): Promise<AClient> {
  const { client, secret } = await world.app.store.oauthClients.add({
    ...{ connection, name: 'Card in Zoho', redirectUris: [BACK], scopes: ['read', 'inputs'] },
    ...change,
    ...{ createdBy: 'cli', at: world.app.clock.now() },
  });
  return { ...client, secret };
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}
export function aPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

type Changes = { readonly [name: string]: string | null };
/** null takes a parameter away. */
export function authorizeUrl(client: AClient, pkce: Pkce, change: Changes = {}): string {
  const params = new URLSearchParams();
  const all = {
    ...{ response_type: 'code', client_id: client.id, redirect_uri: client.redirectUris[0] ?? BACK },
    ...{ scope: client.scopes.join(' '), state: 'st-4711', code_challenge: pkce.challenge },
    ...{ code_challenge_method: 'S256', ...change },
  };
  for (const [name, value] of Object.entries(all)) if (value !== null) params.set(name, value);
  return `/oauth/authorize?${params}`;
}

/** The page that asks; `path` is where its form goes. */
export interface AskPage {
  readonly path: string;
  readonly status: number;
  readonly html: string;
  readonly csrf: string;
}
export async function askPage(browser: Browser, begin: string): Promise<AskPage> {
  const answer = await browser.go(begin);
  const place = answer.headers.get('location');
  if (place === null) throw new Error(`no page: ${answer.status} ${await answer.text()}`);
  const path = new URL(place).pathname;
  const page = await browser.go(path);
  const html = await page.text();
  const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  return { path, status: page.status, html, csrf };
}

/** Presses a button of the page and follows to where the client gets its answer. */
export async function answerPage(
  browser: Browser,
  { path, csrf }: Pick<AskPage, 'path' | 'csrf'>,
  answer = 'allow',
): Promise<URL> {
  const sent = await browser.go(path, { method: 'POST', form: { _csrf: csrf, answer } });
  const resume = sent.headers.get('location');
  if (resume === null) throw new Error(`not sent on: ${sent.status} ${await sent.text()}`);
  const back = await browser.go(resume);
  const place = back.headers.get('location');
  if (place === null) throw new Error(`not sent back: ${back.status} ${await back.text()}`);
  return new URL(place);
}

/** Signs nobody in: the person of the browser allows it. */
export async function aCode(browser: Browser, client: AClient, pkce: Pkce, change: Changes = {}) {
  const back = await answerPage(browser, await askPage(browser, authorizeUrl(client, pkce, change)));
  const code = back.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${back.href}`);
  return code;
}

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly access_token?: string;
    readonly refresh_token?: string;
    readonly scope?: string;
    readonly expires_in?: number;
    readonly token_type?: string;
    readonly error?: string;
  };
}
/** A call of the program itself. `by`: how it shows its secret. */
export async function ask(
  world: Pick<WebWorld, 'url'>,
  path: '/oauth/token' | '/oauth/revoke',
  client: Pick<AClient, 'id' | 'secret'>,
  params: Changes,
  by: 'basic' | 'post' | 'nothing' = 'basic',
): Promise<TokenAnswer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value !== null) form.set(name, value);
  const headers = new Headers();
  if (by === 'basic')
    headers.set('authorization', `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`);
  else {
    form.set('client_id', client.id);
    if (by === 'post') form.set('client_secret', client.secret);
  }
  const answer = await fetch(new URL(path, world.url), { method: 'POST', headers, body: form });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : {} };
}

export function exchange(
  world: Pick<WebWorld, 'url'>,
  client: AClient,
  code: string,
  verifier: string | null,
  change: Changes = {},
): Promise<TokenAnswer> {
  return ask(world, '/oauth/token', client, {
    ...{ grant_type: 'authorization_code', code, code_verifier: verifier },
    ...{ redirect_uri: client.redirectUris[0] ?? BACK, ...change },
  });
}
export function refresh(
  world: Pick<WebWorld, 'url'>,
  client: AClient,
  token: string,
  change: Changes = {},
): Promise<TokenAnswer> {
  return ask(world, '/oauth/token', client, {
    ...{ grant_type: 'refresh_token', refresh_token: token, ...change },
  });
}

/** Both tokens, by consent of the person of the browser. */
export async function allowed(
  world: Pick<WebWorld, 'url'>,
  browser: Browser,
  client: AClient,
  change: Changes = {},
): Promise<{ readonly access: string; readonly refresh: string; readonly scope: string }> {
  const pkce = aPkce();
  const code = await aCode(browser, client, pkce, change);
  const { body, status } = await exchange(world, client, code, pkce.verifier);
  if (!body.access_token || !body.refresh_token) throw new Error(`no tokens: ${status} ${body.error}`);
  return { access: body.access_token, refresh: body.refresh_token, scope: body.scope ?? '' };
}

/** The environment of a service that others may ask for access, at an address that is free. */
export async function oauthEnvironment(): Promise<NodeJS.ProcessEnv> {
  return { OAUTH_PROVIDER: 'true', PUBLIC_URL: `http://127.0.0.1:${await aFreePort()}` };
}

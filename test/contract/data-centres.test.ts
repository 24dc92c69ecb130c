import nock from 'nock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aWebWorld, Browser, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

/** An org of another data centre than ours, linked in the browser; and our cookies when browsers come over https. */

const ACCOUNTS = 'https://accounts.zoho.eu';
const API = 'https://www.zohoapis.eu';
const EU_SECRET = 'secret-of-the-eu-centre';

let world: WebWorld;
let overHttps: WebWorld;
const secretsAtEu: (string | null)[] = [];
const pathsAtEu: string[] = [];
beforeAll(async () => {
  world = await aWebWorld(aSeed(), { ZOHO_CLIENT_SECRET_EU: EU_SECRET });
  overHttps = await aWebWorld(aSeed(), { PUBLIC_URL: 'https://value.example.test' });
  // The European centre: the simulator behind Zoho's European addresses, with a secret and an API address of its own.
  nock(ACCOUNTS)
    .persist()
    .post('/oauth/v2/token')
    .reply(async (request: Request) => {
      const form = new URLSearchParams(await request.clone().text());
      secretsAtEu.push(form.get('client_secret'));
      form.set('client_secret', world.simulator.clientSecret);
      const answer = await fetch(`${world.simulator.url}/oauth/v2/token`, { method: 'POST', body: form });
      return [answer.status, { ...((await answer.json()) as object), api_domain: API }];
    });
  for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
    nock(API)
      .persist()
      .intercept(() => true, method)
      .query(true)
      .reply(async (request: Request) => {
        const { pathname, search } = new URL(request.url);
        pathsAtEu.push(pathname);
        const headers = {
          authorization: request.headers.get('authorization') ?? '',
          'content-type': 'application/json',
        };
        const body = method === 'GET' ? null : await request.clone().text();
        const answer = await fetch(`${world.simulator.url}${pathname}${search}`, { method, headers, body });
        return [answer.status, await answer.text(), { 'content-type': 'application/json' }];
      });
});
afterAll(async () => {
  nock.cleanAll();
  nock.restore();
  await world.close();
  await overHttps.close();
});

test('the code is exchanged where the answer says, with the secret of that data centre, and all later calls go there', async () => {
  const operator = await world.operator();
  const back = new URL(await operator.toZoho('/connect?name=in-europe'));
  back.searchParams.set('accounts-server', ACCOUNTS);
  back.searchParams.set('location', 'eu');

  const answer = await operator.go(`${back.pathname}${back.search}`);

  expect(answer.status, await answer.text()).toBe(200);
  const connection = await world.app.store.connections.byName('in-europe');
  expect(connection).toMatchObject({ location: 'eu', accountsUrl: ACCOUNTS, apiDomain: API });
  expect(pathsAtEu).toContain('/crm/v8/org');
  expect(new Set(secretsAtEu)).toEqual(new Set([EU_SECRET]));

  // Hours later, when the access token has ended, it is renewed there as well.
  if (connection === null) throw new Error('not linked');
  const [exchanges, calls] = [secretsAtEu.length, pathsAtEu.length];
  world.later(2 * 3_600_000);
  await (await world.app.zohoFor(connection)).request({ method: 'GET', path: '/crm/v8/org', credits: 1 });
  expect(secretsAtEu.slice(exchanges)).toEqual([EU_SECRET]);
  expect(pathsAtEu.slice(calls)).toEqual(['/crm/v8/org']);
});

test('over https every cookie is bound to this very host and hidden from scripts', async () => {
  const [visitor, begin] = [new Browser(overHttps.url), await overHttps.browser().go('/sign-in')];
  const { expiresAt, at } = { at: overHttps.app.clock.now(), expiresAt: new Date('2100-01-01') };
  const link = await overHttps.app.store.links.addOperatorLink({ operator: 'ops', at, expiresAt });
  const signedIn = await visitor.go(`/operator/${link}`, { method: 'POST' });
  const me = await visitor.go('/api/v1/me');
  const cookies = [begin, signedIn, me].flatMap((answer) => answer.headers.getSetCookie());

  expect(me.status).toBe(200);
  const names = cookies.map((line) => line.split('=')[0]);
  expect([...new Set(names)].sort()).toEqual(['__Host-zcv_csrf', '__Host-zcv_oauth', '__Host-zcv_session']);
  for (const line of cookies) {
    expect(line).toMatch(/; Path=\/(;|$)/);
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; Secure/);
    expect(line).toMatch(/; SameSite=Lax/i);
    expect(line).not.toMatch(/; Domain=/i);
  }
});

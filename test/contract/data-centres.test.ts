import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNTS, API, type Sent, serve, withMockedHttp } from '../support/http.ts';
import { aWebWorld, Browser, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

/** An org of another data centre than ours, linked in the browser; and our cookies when browsers come over https. */

const EU_SECRET = 'secret-of-the-eu-centre';

let world: WebWorld;
let overHttps: WebWorld;
beforeAll(async () => {
  world = await aWebWorld(aSeed(), { ZOHO_CLIENT_SECRET_EU: EU_SECRET });
  overHttps = await aWebWorld(aSeed(), { PUBLIC_URL: 'https://value.example.test' });
});
afterAll(async () => {
  await world.close();
  await overHttps.close();
});
withMockedHttp();

/** The European centre: the simulator behind Zoho's European addresses, with a secret and an API address of its own. */
function serveEurope(): { tokens: Sent[]; calls: () => string[] } {
  const tokens = serve(ACCOUNTS, 'POST', '/oauth/v2/token', async ({ body }) => {
    const form = new URLSearchParams(String(body));
    form.set('client_secret', world.simulator.clientSecret);
    const answer = await fetch(`${world.simulator.url}/oauth/v2/token`, { method: 'POST', body: form });
    return { status: answer.status, body: { ...((await answer.json()) as object), api_domain: API } };
  });
  const calls = ['GET', 'POST', 'PUT'].map((method) =>
    serve(API, method, /^\/crm\//, async ({ url, headers: { authorization = '' }, body }) => {
      const answer = await fetch(`${world.simulator.url}${url.pathname}${url.search}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      return {
        status: answer.status,
        body: await answer.text(),
        headers: { 'content-type': 'application/json' },
      };
    }),
  );
  return { tokens, calls: () => calls.flat().map(({ url }) => url.pathname) };
}
const secretOf = ({ body }: Sent) => new URLSearchParams(String(body)).get('client_secret');

test('the code is exchanged where the answer says, with the secret of that data centre, and all later calls go there', async () => {
  const europe = serveEurope();
  const operator = await world.operator();
  const back = new URL(await operator.toZoho('/connect?name=in-europe'));
  back.searchParams.set('accounts-server', ACCOUNTS);
  back.searchParams.set('location', 'eu');

  const answer = await operator.go(`${back.pathname}${back.search}`);

  expect(answer.status, await answer.text()).toBe(200);
  const connection = await world.app.store.connections.byName('in-europe');
  expect(connection).toMatchObject({ location: 'eu', accountsUrl: ACCOUNTS, apiDomain: API });
  expect(europe.calls()).toContain('/crm/v8/org');
  expect(new Set(europe.tokens.map(secretOf))).toEqual(new Set([EU_SECRET]));

  // Hours later, when the access token has ended, it is renewed there as well.
  if (connection === null) throw new Error('not linked');
  const [exchanges, calls] = [europe.tokens.length, europe.calls().length];
  world.later(2 * 3_600_000);
  await (await world.app.zohoFor(connection)).request({ method: 'GET', path: '/crm/v8/org', credits: 1 });
  expect(europe.tokens.slice(exchanges).map(secretOf)).toEqual([EU_SECRET]);
  expect(europe.calls()).toHaveLength(calls + 1);
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

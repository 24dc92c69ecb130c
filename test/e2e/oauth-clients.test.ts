import { afterAll, beforeAll, expect, test } from 'vitest';
import { superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { allowed, aPkce, ask, authorizeUrl, BACK, exchange, refresh } from '../support/oauth-world.ts';
import { aServer, type RunningServer } from '../support/server.ts';
import { Browser } from '../support/web-world.ts';

/** Programs by command, and a served flow whose log is read for secrets. */

const ANN = { key: 'ann', name: 'Ann Admin', email: 'ann@office.test', active: true, admin: true };
let simulator: Simulator;
let home: CliHome;
let server: RunningServer | null = null;
beforeAll(async () => {
  const sample = superstoreOrg({ today: '2026-03-01' });
  const seed = { ...sample, users: [...sample.users, ANN] };
  simulator = await startSimulator({ seed, switches: { autoConsent: true, consentBy: 'ann' } });
  home = aCliHome(simulator);
  expect((await home.run('connect')).code).toBe(0);
});
afterAll(async () => {
  await server?.stop();
  await simulator?.close();
  home?.remove();
});

const add = (...more: string[]) => home.run('oauth-clients', 'add', '--json', ...more);

test('needs PUBLIC_URL to be switched on, and addresses that nobody can turn elsewhere', async () => {
  home.env.OAUTH_PROVIDER = 'true';
  const without = await home.run('oauth-clients', 'list');
  delete home.env.OAUTH_PROVIDER;
  const refused = [
    'http://zoho.test/back',
    `${BACK}#part`,
    'https://u:p@zoho.test/',
    'https://*.zoho.test/',
    'x',
  ];
  const codes: (number | null)[] = [];
  for (const uri of refused) codes.push((await add('--name', 'card', '--redirect-uri', uri)).code);

  expect([without.code, ...codes]).toEqual([2, 2, 2, 2, 2, 2]);
  expect(without.stderr).toContain('OAUTH_PROVIDER: needs PUBLIC_URL');
  expect((await home.run('oauth-clients', 'list', '--json')).json()).toEqual([]);
});

test('a program is added, allowed in the browser of a person, listed and removed; the log holds no secret', async () => {
  Object.assign(home.env, { OAUTH_PROVIDER: 'true', LOG_LEVEL: 'trace', LOG_FORMAT: 'json' });
  const running = await aServer(home);
  server = running;
  const made = await add('--name', 'Card in Zoho', '--redirect-uri', BACK);
  const twice = await add('--name', 'Card in Zoho', '--redirect-uri', BACK);
  const told = made.json<{ id: string; secret: string; tokenUrl: string }>();
  const client = {
    ...{ id: told.id, secret: told.secret, name: 'Card in Zoho', connection: '', createdBy: '' },
    ...{ redirectUris: [BACK], scopes: ['read', 'inputs'] as const, createdAt: new Date() },
  };
  const ann = new Browser(running.url);
  expect((await ann.go(await ann.toZoho('/sign-in'))).status).toBe(303);

  const lent = await allowed(running, ann, client);
  const listed = (await home.run('oauth-clients', 'list', '--json')).json<object[]>();
  const next = await refresh(running, client, lent.refresh);
  const read = await new Browser(running.url, next.body.access_token).go('/api/v1/me');
  // Whatever goes wrong is logged, too.
  const replayed = await refresh(running, client, lent.refresh);
  const wrong = await ask(running, '/oauth/token', { id: client.id, secret: `${client.secret}x` }, {});
  await exchange(running, client, `zcvc_${'x'.repeat(43)}`, aPkce().verifier);
  await ann.go(authorizeUrl(client, aPkce(), { redirect_uri: 'https://elsewhere.test/' }));
  const removed = await home.run('oauth-clients', 'remove', client.id);
  const after = await refresh(running, client, lent.refresh);
  await running.stop();
  server = null;
  const log = running.log();

  expect([made.code, twice.code, removed.code]).toEqual([0, 1, 0]);
  expect(told.tokenUrl).toBe(`${running.url}/oauth/token`);
  expect(listed).toMatchObject([{ id: client.id, connection: 'default', people: 1, redirectUris: [BACK] }]);
  expect([read.status, replayed.body.error, wrong.status, after.body.error]).toEqual([
    ...[200, 'invalid_grant', 401, 'invalid_client'],
  ]);
  expect(log).toContain('/oauth/token');
  const secrets = [client.secret, lent.access, lent.refresh, next.body.access_token, next.body.refresh_token];
  for (const secret of secrets) expect(log).not.toContain(secret);
  for (const value of ann.cookies.values()) expect(log).not.toContain(value);
  expect(log).not.toMatch(/zcv[arcs]_|code_verifier|code_challenge|st-4711/);
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';
import {
  type AClient,
  aClient,
  aPkce,
  ask,
  authorizeUrl,
  exchange,
  oauthEnvironment,
  refresh,
} from '../support/oauth-world.ts';

/** A person allows a program in a real browser; the program stands where Zoho would, at an address of its own. */

let world: BrowserWorld;
let client: AClient;
/** Where browsers came back to. */
const returned: URL[] = [];
const program = createServer((req, res) => {
  returned.push(new URL(req.url ?? '', 'http://program.test'));
  res.setHeader('content-type', 'text/html').end('<!doctype html><title>Back</title><h1>Back in Zoho</h1>');
});
beforeAll(async () => {
  program.listen(0, '127.0.0.1');
  await once(program, 'listening');
  const address = program.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  world = await aBrowserWorld({ env: await oauthEnvironment() });
  const { id } = await world.web.app.connection(CONNECTION);
  client = await aClient(world.web, id, { redirectUris: [`http://127.0.0.1:${address.port}/back`] });
});
afterAll(async () => {
  await world?.close();
  program.close();
});

test('signs in with Zoho, reads what is asked, allows it; the program reads, notes, refreshes and gives back', async () => {
  const { web } = world;
  const pkce = aPkce();
  web.freshCodes();
  web.simulator.control.setSwitches({ consentBy: 'ann' });
  const window = await world.window(null);
  const { page } = window;

  await page.goto(authorizeUrl(client, pkce));
  await page.getByRole('heading', { name: 'Allow access?' }).waitFor();
  await expectAccessible(page);
  const asked = await page.getByRole('main').textContent();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: 'Back in Zoho' }).waitFor();

  expect(asked).toContain('"Card in Zoho" asks to act for you, Ann Admin, on the connection "demo".');
  expect(window.complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
  const back = returned.find(({ pathname }) => pathname === '/back');
  expect(back?.searchParams.get('state')).toBe('st-4711');
  const first = await exchange(web, client, back?.searchParams.get('code') ?? '', pkce.verifier);
  const call = web.bearer(first.body.access_token ?? '');
  const listed = await call.go(`/api/v1/connections/${CONNECTION}/customers?limit=1`);
  const { items } = (await listed.json()) as { items: { key: { id: string } }[] };
  const customer = items[0]?.key.id ?? '';
  const json = { amount: '12.50', note: 'late' };
  const noted = await call.go(`/api/v1/connections/${CONNECTION}/customers/${customer}/goodwill`, {
    method: 'POST',
    json,
  });
  const next = await refresh(web, client, first.body.refresh_token ?? '');
  const newer = web.bearer(next.body.access_token ?? '');
  const again = await newer.go('/api/v1/me');
  await ask(web, '/oauth/revoke', client, { token: next.body.refresh_token ?? '' });
  const ended = await newer.go('/api/v1/me');

  expect([listed.status, noted.status, again.status, ended.status]).toEqual([200, 201, 200, 401]);
  expect(await again.json()).toMatchObject({ name: 'Ann Admin', client: { name: 'Card in Zoho' } });
  await window.close();
});

test('is asked in the language and on the phone of the person, who refuses', async () => {
  const window = await world.window('ann', { locale: 'pl-PL', viewport: { width: 360, height: 640 } });
  const { page } = window;
  returned.length = 0;

  await page.goto(authorizeUrl(client, aPkce()));
  await page.getByRole('heading', { name: 'Zezwolić na dostęp?' }).waitFor();
  const isWide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Back in Zoho' }).waitFor();

  expect(isWide).toBe(false);
  expect(returned[0]?.searchParams.get('error')).toBe('access_denied');
  await window.close();
});

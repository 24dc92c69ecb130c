import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aCliHome, type CliHome, finished } from '../support/cli.ts';
import { aFreePort } from '../support/server.ts';

/** The demo as a stranger starts it: what it prints, and the addresses it names while it stays. */

let home: CliHome;
let demo: ChildProcess;
let ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
let told = '';

beforeAll(async () => {
  home = aCliHome({ url: '', clientId: '', clientSecret: '', refreshToken: '' });
  demo = home.start('demo', '--port', String(await aFreePort()));
  ended = finished(demo);
  const printed = new Promise<void>((done) => {
    const take = (text: string) => {
      told += text;
      if (/Sign in as operator/.test(told)) done();
    };
    demo.stdout?.on('data', take);
    demo.stderr?.on('data', take);
  });
  await Promise.race([printed, ended]);
});
afterAll(async () => {
  demo.kill('SIGTERM');
  await ended;
  home.remove();
});

const after = (words: RegExp) => words.exec(told)?.slice(1) ?? [];

test('all sets of fields are made, those that people fill in among them', () => {
  expect(after(/^Fields \((.+?)\)/m)[0]).toBe(
    'essential, full, people, leads, deals, cases, inputs, and CV Ref on Tasks',
  );
});

test('what somebody notes on a card is read by the next run, which writes that one record', () => {
  expect(after(/changed in Accounts (\d+) .* on records (\d+) · written (\d+)/)).toEqual(['1', '1', '1']);
  const [before, now] = after(/Goodwill Budget in Zoho: ([\d.]+) → ([\d.]+)/);
  expect(Number(before) - Number(now)).toBeCloseTo(5, 2);
});

test('server and simulator answer at the addresses that it names, and other commands reach it as it says', async () => {
  const [server] = after(/^Server {4}(\S+)/m);
  const [simulator] = after(/^Simulator (\S+)/m);
  expect((await fetch(`${server}/healthz`)).status).toBe(200);
  expect((await fetch(`${simulator}/crm/v8/org`)).status).toBe(401);
  for (const [, name, value] of told.matchAll(/^export (\w+)='(.+)'$/gm)) home.env[name ?? ''] = value;

  const known = await home.run('fields', 'plan', '--set', 'inputs', '--connection', 'demo', '--json');

  expect(known, known.stderr).toMatchObject({ code: 0 });
  const { fields } = known.json<{ fields: { label: string; action: string }[] }>();
  expect(fields.map(({ label }) => label)).toContain('Recalculation Asked');
  expect(fields.filter(({ action }) => action === 'create')).toEqual([]);
});

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';

/** What a client takes along. */

let simulator: Simulator;
let home: CliHome;
let out: string;
beforeAll(async () => {
  const seed = generatedOrg({ customers: 40, today: todayIn(GENERATED_TIME_ZONE), seed: 9 });
  simulator = await startSimulator({ seed });
  home = aCliHome(simulator);
  out = join(home.folder, 'for-acme');
  const config = join(home.folder, 'config');
  mkdirSync(join(config, 'connections', 'acme'), { recursive: true });
  mkdirSync(join(config, 'connections', 'beta'));
  writeFileSync(join(config, 'scoring.yaml'), 'version: 1\nmoney:\n  defaultMarginPercent: 30\n');
  for (const [name, percent] of [
    ['acme', 12],
    ['beta', 13],
  ] as const)
    writeFileSync(join(config, 'connections', name, 'scoring.yaml'), `tiers:\n  topPercent: ${percent}\n`);
  home.env.CONFIG_DIR = config;
  home.env.ENCRYPTION_KEYS = Buffer.alloc(32, 9).toString('base64');
  for (const args of [
    ['connect', '--name', 'acme'],
    ['sync', '--connection', 'acme'],
    ['score', '--connection', 'acme'],
    ['settings', 'set', 'scoring.tiers.goldPercent', '2', '--connection', 'acme', '--note', 'few large'],
    ['webhook', 'workflow', 'create', 'won', '--connection', 'acme'],
  ]) {
    const run = await home.run(...args);
    expect(run, `${args.join(' ')}: ${run.stderr}`).toMatchObject({ code: 0 });
  }
}, 120_000);
afterAll(async () => {
  home.remove();
  await simulator.close();
});
const all = () =>
  readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(out, name)).isFile(),
  );
const read = (name: string) => readFileSync(join(out, name), 'utf8');

test('it holds settings, customers and history of this connection, no secret, and nothing of another', async () => {
  const run = await home.run('hand-over', '--connection', 'acme', '--out', out);
  const secrets = [simulator.refreshToken, simulator.clientSecret, String(home.env.ENCRYPTION_KEYS)];
  const texts = all().map((name) => [name, read(name)] as const);

  expect(run, run.stderr).toMatchObject({ code: 0 });
  expect(parse(read('customers.csv')).length).toBeGreaterThan(20);
  expect(read('config/connections/acme/scoring.yaml')).toContain('topPercent: 12');
  expect(read('stored-settings.yaml')).toContain('goldPercent: 2');
  expect(read('settings-history.ndjson')).toContain('few large');
  expect(read('score-history.ndjson').split('\n').length).toBeGreaterThan(20);
  expect(read('audit-log.ndjson')).toContain('"settings.');
  expect(all().some((name) => name.includes('beta'))).toBe(false);
  const leaking = texts.filter(([, text]) =>
    [...secrets, '1000.', 'whsec_', 'secretHash', 'refresh'].some((secret) => text.includes(secret)),
  );
  expect(leaking.map(([name]) => name)).toEqual([]);
  expect(statSync(join(out, 'customers.csv')).mode & 0o077).toBe(0);
}, 60_000);

test('a folder that is there is not written over', async () => {
  const again = await home.run('hand-over', '--connection', 'acme', '--out', out);

  expect(again.code).toBe(2);
  expect(again.stderr).toContain('name a new folder');
}, 60_000);

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { addDaysTo, recordsOf, todayIn } from '../support/org.ts';
import { aZohoOf } from '../support/two-orgs.ts';

/** Two orgs with accounts of the same name and the same record ids, in other currencies, in one database. */

vi.setConfig({ testTimeout: 300_000 });

const TODAY = todayIn(GENERATED_TIME_ZONE);
const ago = (days: number) => addDaysTo(TODAY, -days);
let dutch: Simulator;
let danish: Simulator;
let zoho: Awaited<ReturnType<typeof aZohoOf>>;
let home: CliHome;

/** `amounts`: won deals of "Noordzee Fietsen", the newest first. */
async function anOrg(name: string, currency: string, amounts: readonly number[], others: readonly string[]) {
  const { org, users, pipelines } = generatedOrg({ customers: 1, today: TODAY });
  const account = (key: string) => ({ $key: key, Account_Name: key, Owner: { $user: users[0]?.key } });
  const deal = (of: string, amount: number, index: number) => ({
    ...{ $key: `${of} ${index}`, Deal_Name: `${of} ${index}`, Account_Name: { $ref: of }, Amount: amount },
    ...{ Stage: 'Closed Won', Pipeline: pipelines[0]?.name, Closing_Date: ago(20 + 60 * index) },
  });
  return startSimulator({
    seed: {
      ...{ org: { ...org, company_name: name, iso_code: currency }, users, pipelines, customFields: {} },
      records: {
        Accounts: [account('Noordzee Fietsen'), ...others.map(account)],
        Deals: [
          ...amounts.map((amount, index) => deal('Noordzee Fietsen', amount, index)),
          ...others.map((of) => deal(of, 100, 0)),
        ],
      },
    },
  });
}

beforeAll(async () => {
  dutch = await anOrg('Fietsgroep', 'EUR', [1_000, 500, 250.5], ['Vermeer']);
  danish = await anOrg('Cykelgruppen', 'DKK', [80_000], ['Hansen']);
  zoho = await aZohoOf([dutch, danish]);
  home = aCliHome({ ...dutch, url: zoho.url });
  const config = join(home.folder, 'config');
  mkdirSync(config);
  writeFileSync(join(config, 'scoring.yaml'), 'version: 1\nmoney:\n  defaultMarginPercent: 30\n');
  home.env.CONFIG_DIR = config;
  for (const [name, { clientId, clientSecret, refreshToken }] of [
    ['dutch', dutch],
    ['danish', danish],
  ] as const) {
    Object.assign(home.env, { ZOHO_CLIENT_ID: clientId, ZOHO_CLIENT_SECRET: clientSecret });
    const connected = await home.run('connect', '--name', name, '--refresh-token', refreshToken);
    expect(connected, connected.stderr).toMatchObject({ code: 0 });
    const fields = await home.run('fields', 'apply', '--connection', name, '--yes');
    expect(fields, fields.stderr).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  home.remove();
  await zoho.close();
  await dutch.close();
  await danish.close();
});
async function exported(connection: string): Promise<Record<string, string>[]> {
  const run = await home.run('export', '--connection', connection);
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return parse(run.stdout, { columns: true });
}
const written = (simulator: Simulator) => JSON.stringify(recordsOf(simulator, 'Accounts'));

test('one command works through both, and each org gets its own sums in its own currency', async () => {
  const run = await home.run('run', '--all', '--apply', '--yes', '--json');

  expect(run, run.stderr).toMatchObject({ code: 0 });
  const answers = run.json<Record<string, { sync: unknown; apply: { written: number } }>>();
  expect(Object.keys(answers).toSorted()).toEqual(['danish', 'dutch']);
  expect(Object.values(answers).every(({ apply }) => apply.written > 0)).toBe(true);

  const ids = (simulator: Simulator) => recordsOf(simulator, 'Accounts').map(({ id }) => id);
  expect(ids(dutch)).toEqual(ids(danish));
  const sums = async (connection: string) =>
    Object.fromEntries((await exported(connection)).map(({ name, revenue_total }) => [name, revenue_total]));
  expect(await sums('dutch')).toEqual({ 'Noordzee Fietsen': '1750.50', Vermeer: '100.00' });
  expect(await sums('danish')).toEqual({ 'Noordzee Fietsen': '80000.00', Hansen: '100.00' });
  expect(written(dutch)).toContain('€');
  expect(written(dutch)).not.toMatch(/kr |Hansen|Cykel/);
  expect(written(danish)).toContain('kr ');
  expect(written(danish)).not.toMatch(/€|Vermeer|Fietsgroep/);
});

test('what one org cannot find is not found in the other: an id of both explains its own', async () => {
  const id = recordsOf(dutch, 'Accounts')[0]?.id ?? '';
  const [ours, theirs] = [
    await home.run('explain', id, '--connection', 'dutch'),
    await home.run('explain', id, '--connection', 'danish'),
  ];

  expect([ours.code, theirs.code]).toEqual([0, 0]);
  expect(ours.stdout).toContain('€');
  expect(ours.stdout).not.toContain('kr ');
  expect(theirs.stdout).toContain('kr ');
  expect(theirs.stdout).not.toContain('€');
});

test('where one fails the other goes on: the worst exit code, and each named with its outcome', async () => {
  danish.control.revoke();
  const before = written(danish);
  const json = await home.run('sync', '--all', '--json');
  const text = await home.run('sync', '--all');
  const others = await home.run('sync', '--all', '--except', 'danish', '--json');

  expect(json.code).toBe(5);
  const answers = json.json<Record<string, { error?: { code: string }; modules?: unknown[] }>>();
  expect(answers.danish?.error?.code).toBe('zoho_auth');
  expect(answers.dutch?.modules?.length).toBeGreaterThan(3);
  expect(text.code).toBe(5);
  expect(text.stdout).toMatch(/^== dutch \(Fietsgroep\)$/m);
  expect(text.stdout).toMatch(/danish +Cykelgruppen +reconnect needed +5 /);
  expect(text.stdout).toMatch(/dutch +Fietsgroep +done +0 /);
  expect(others.code).toBe(0);
  expect(Object.keys(others.json())).toEqual(['dutch']);
  expect(written(danish)).toBe(before);
});

test('writing to many asks for --yes, and a name that no connection has is an error before anything is done', async () => {
  const unasked = await home.run('run', '--all', '--apply');
  const unknown = await home.run('sync', '--only', 'dutch,nobody');
  const none = await home.run('sync', '--only', 'dutch', '--except', 'dutch');

  expect([unasked.code, unknown.code, none.code]).toEqual([2, 2, 2]);
  expect(unasked.stdout).toContain('zcv plan --all');
  expect(unknown.stderr).toMatch(/no connection nobody; there are: .*danish/);
  expect(none.stderr).toContain('no connection is chosen');
});

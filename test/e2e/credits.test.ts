import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';

/** Credits that run out: the connection is parked for every process, others go on, and it comes back by itself. */

const today = todayIn(GENERATED_TIME_ZONE);
const INSTANT = /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;
let first: Simulator;
let second: Simulator;
let home: CliHome;
let other: CliHome;
let config: string;

beforeAll(async () => {
  first = await startSimulator({ seed: generatedOrg({ customers: 60, today, seed: 3 }) });
  second = await startSimulator({ seed: generatedOrg({ customers: 60, today, seed: 4 }) });
  config = mkdtempSync(join(tmpdir(), 'zcv-credits-'));
  home = aCliHome(first, { CONFIG_DIR: config });
  // One database, two orgs.
  other = aCliHome(second, { CONFIG_DIR: config, DATABASE_URL: home.env.DATABASE_URL });
  expect((await home.run('connect')).code).toBe(0);
  expect((await other.run('connect', '--name', 'other')).code).toBe(0);
});
afterAll(async () => {
  home.remove();
  other.remove();
  rmSync(config, { recursive: true });
  await first.close();
  await second.close();
});

function setCeiling(percent: number): void {
  writeFileSync(join(config, 'fields.yaml'), `version: 1\ncredits:\n  ceilingPercent: ${percent}\n`);
}
async function stateOf(name: string): Promise<string | undefined> {
  const list = (await home.run('connection', 'list', '--json')).json<{ name: string; state: string }[]>();
  return list.find((connection) => connection.name === name)?.state;
}
/** As if it had passed: what is due is due now. */
function passParking(): void {
  const database = new DatabaseSync(String(home.env.DATABASE_URL).replace('file:', ''));
  const past = new Date(Date.now() - 2 * 3_600_000).toISOString();
  database.prepare('update connections set parked_until = ?, credits_remaining_at = ?').run(past, past);
  database.close();
}

test('our ceiling parks one connection, names the time, and a raised one ends it', {
  timeout: 240_000,
}, async () => {
  // 50 of 250,000: connecting fits, a whole sync does not.
  setCeiling(0.02);

  const stopped = await home.run('sync', '--json');
  const atStop = first.control.report().totalCalls;
  const again = await home.run('sync', '--json');
  const doctor = await home.run('doctor', '--json');
  const callsWhileParked = first.control.report().totalCalls - atStop;
  const elsewhere = await other.run('sync', '--connection', 'other', '--module', 'Accounts', '--json');

  expect(stopped.code, stopped.stderr).toBe(6);
  expect(stopped.stderr).toMatch(INSTANT);
  expect(stopped.json()).toMatchObject({ error: { code: 'zoho_credits' } });
  expect(again.code).toBe(6);
  expect(doctor.code).toBe(6);
  const checks = doctor.json<{ checks: { id: string; status: string; message: string }[] }>().checks;
  expect(checks.find(({ id }) => id === 'credits')).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(INSTANT),
  });
  expect(callsWhileParked).toBe(0);
  expect(elsewhere.code, elsewhere.stderr).toBe(0);
  expect([await stateOf('default'), await stateOf('other')]).toEqual(['parked', 'ready']);

  setCeiling(30);
  const raised = await home.run('sync', '--json');

  expect(raised.code, raised.stderr).toBe(0);
  expect(await stateOf('default')).toBe('ready');
});

test('what Zoho says is left parks it too; it comes back by itself', { timeout: 240_000 }, async () => {
  setCeiling(30);
  first.control.resetReport();
  await home.run('sync', '--full', '--json');
  const { credits: perSync } = first.control.report();
  const spent = await creditsSpent();
  // Half of a sync fits, and the other integrations of the org have had the rest.
  first.control.setSwitches({ dailyCredits: spent + Math.floor(perSync / 2) });

  const stopped = await home.run('sync', '--full', '--json');
  const atStop = first.control.report().totalCalls;
  const again = await home.run('sync', '--full', '--json');
  const callsWhileParked = first.control.report().totalCalls - atStop;

  expect(stopped.code, stopped.stderr).toBe(6);
  expect(stopped.stderr).toMatch(INSTANT);
  expect(again.code).toBe(6);
  expect(callsWhileParked).toBe(0);
  expect(first.control.report().statuses['429'] ?? 0).toBe(0);

  first.control.setSwitches({ dailyCredits: null });
  passParking();
  const back = await home.run('sync', '--json');

  expect(back.code, back.stderr).toBe(0);
  expect(await stateOf('default')).toBe('ready');
});

/** By our own ledger, which is the simulator's to the credit. */
async function creditsSpent(): Promise<number> {
  const { checks } = (await home.run('doctor', '--json')).json<{
    checks: { id: string; message: string }[];
  }>();
  return Number.parseInt(checks.find(({ id }) => id === 'credits')?.message ?? '', 10);
}

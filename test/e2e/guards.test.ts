import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { recordsOf, todayIn } from '../support/org.ts';

/** A margin that is wrong by a factor of ten, in a firm whose deals carry no cost: no plan of it is written by itself. */

let simulator: Simulator;
let home: CliHome;
let config: string;

interface Run {
  plan: { planId: string; held: { reason: string; message: string; params: Record<string, unknown> } | null };
  apply: { written: number } | null;
}

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today: todayIn(SUPERSTORE_TIME_ZONE) }) });
  home = aCliHome(simulator);
  config = join(home.folder, 'config');
  cpSync(home.env.CONFIG_DIR ?? '', config, { recursive: true });
  home.env.CONFIG_DIR = config;
  edit('fields.yaml', 'version: 1\nmapping:\n  deals: { cost: null, profit: null }\n');
  setMargin(30);
  expect((await home.run('connect')).code).toBe(0);
  expect((await home.run('fields', 'apply', '--set', 'essential', '--yes')).code).toBe(0);
  const first = await home.run('run', '--apply', '--yes', '--json');
  expect(first, first.stderr).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  home.remove();
  await simulator.close();
});
const edit = (name: string, text: string) => writeFileSync(join(config, name), text);
function setMargin(margin: number): void {
  const perOrder = 'unitCosts: { perOrder: 2 }';
  edit('scoring.yaml', `version: 1\nmoney:\n  defaultMarginPercent: ${margin}\n  ${perOrder}\n`);
}

test('a tenth of the margin holds the plan, and the message says who moves, why, and what to do', {
  timeout: 60_000,
}, async () => {
  const before = JSON.stringify(recordsOf(simulator, 'Accounts'));
  setMargin(3);

  const run = await home.run('run', '--apply', '--yes', '--json');

  expect(run.code).toBe(3);
  const { plan, apply } = run.json<Run>();
  expect(apply).toBeNull();
  expect(JSON.stringify(recordsOf(simulator, 'Accounts'))).toBe(before);
  const { reason = null, message = '', params = {} } = plan.held ?? {};
  expect(['tier_changes', 'profit_leaps']).toContain(reason);
  expect(message).toMatch(/^.*\d+ of 793 customers/);
  expect(message).toMatch(/\d+ (Top|Good|Marginal) → (Good|Marginal|Loss-making)/);
  expect(message).toContain('money.defaultMarginPercent 30 → 3;');
  expect(message).toContain('put the setting back');
  expect(params).toHaveProperty('settings', 'money.defaultMarginPercent: 30 → 3');
  const doctor = await home.run('doctor');
  expect(doctor.stdout).toContain(`Plan ${plan.planId} is held`);
});

test('nothing is written by a schedule either, and with the setting put back nothing is held', {
  timeout: 60_000,
}, async () => {
  expect((await home.run('apply', '--yes')).code).toBe(3);
  setMargin(30);

  const run = await home.run('run', '--apply', '--yes', '--json');

  expect(run, run.stderr).toMatchObject({ code: 0 });
  expect((await home.run('doctor')).stdout).toContain('Nothing waits for you');
});

test('ten times a small margin without a change of tier is held by the numbers themselves', {
  timeout: 120_000,
}, async () => {
  edit('scoring.yaml', 'version: 1\nmoney:\n  defaultMarginPercent: 6\n');
  const small = await home.run('run', '--apply', '--yes', '--json');
  const { plan } = small.json<Run>();
  if (plan.held) {
    expect((await home.run('plan', 'approve', plan.planId)).code).toBe(0);
    expect((await home.run('apply', '--plan', plan.planId, '--yes')).code).toBe(0);
  }
  edit('scoring.yaml', readFileSync(join(config, 'scoring.yaml'), 'utf8').replace('6', '60'));

  const run = await home.run('run', '--apply', '--yes', '--json');

  expect(run.code).toBe(3);
  const { held } = run.json<Run>().plan;
  expect(held).toMatchObject({ reason: 'profit_leaps', params: { typicalFactor: 10 } });
  expect(held?.message).toContain('money.defaultMarginPercent 6 → 60');
});

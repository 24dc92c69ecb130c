import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { aBigReminderConfig, cvRefOf, recordsOf, todayIn } from '../support/org.ts';

/** An apply in parts: the first records alone until they are read back, and fields without reminders. */

let simulator: Simulator;
let home: CliHome;

interface Apply {
  runId: string;
  planId: string;
  written: number;
  remaining: number;
  canary: { records: number; rejected: number; differing: { field: string }[]; passed: boolean } | null;
  tasksLeft: { action: string; recordId: string }[];
  tasks: { created: number };
}
const ourTasks = () => recordsOf(simulator, 'Tasks').filter((task) => cvRefOf(task) !== null);
const writtenTiers = () =>
  recordsOf(simulator, 'Accounts').flatMap(({ Value_Tier: tier }) => (tier ? [String(tier)] : []));

beforeAll(async () => {
  const today = todayIn(GENERATED_TIME_ZONE);
  simulator = await startSimulator({ seed: generatedOrg({ customers: 120, today, seed: 5 }) });
  home = aCliHome(simulator);
  home.env.CONFIG_DIR = aBigReminderConfig(home.folder);
  expect((await home.run('connect')).code).toBe(0);
  expect((await home.run('fields', 'apply', '--set', 'essential', '--yes')).code).toBe(0);
}, 120_000);
afterAll(async () => {
  home.remove();
  await simulator.close();
});

test('a canary whose records come back otherwise stops: best customers were tried, the rest and all tasks remain', {
  timeout: 60_000,
}, async () => {
  const ids = recordsOf(simulator, 'Accounts').map(({ id }) => id);
  simulator.control.addFaults({
    kind: 'garbled-row',
    match: { method: 'GET', module: 'Accounts' },
    ids,
    values: { Next_Step: 'from a workflow' },
  });

  const run = await home.run('run', '--apply', '--canary', '7', '--yes', '--json');
  simulator.control.clearFaults();

  expect(run.code, run.stderr).toBe(3);
  const { apply } = run.json<{ apply: Apply }>();
  expect(apply.canary).toMatchObject({ records: 7, rejected: 0, passed: false });
  expect(new Set(apply.canary?.differing.map(({ field }) => field))).toEqual(new Set(['Next_Step']));
  expect(apply.remaining).toBeGreaterThan(50);
  expect(writtenTiers()).toEqual(Array(7).fill('Top'));
  expect(ourTasks()).toEqual([]);
  expect((await home.run('apply', '--yes')).code).toBe(3);
  expect((await home.run('doctor')).stdout).toContain('The first 7 records of plan');
});

test('approved, a canary that holds goes on with the rest; fields only leaves the reminders in the plan and names them', {
  timeout: 60_000,
}, async () => {
  const held = await home.run('apply', '--yes');
  const planId = /plan approve (\d+)/.exec(held.stderr)?.[1] ?? '';
  expect((await home.run('plan', 'approve', planId)).code).toBe(0);

  const run = await home.run('apply', '--plan', planId, '--canary', '10', '--fields-only', '--yes', '--json');

  expect(run, run.stderr).toMatchObject({ code: 0 });
  const apply = run.json<Apply>();
  expect(apply.canary).toMatchObject({ records: 10, differing: [], passed: true });
  expect(apply.remaining).toBe(0);
  expect(writtenTiers()).toHaveLength(recordsOf(simulator, 'Accounts').length);
  expect(ourTasks()).toEqual([]);
  expect(apply.tasksLeft.length).toBeGreaterThan(10);

  const tasks = await home.run('apply', '--plan', planId, '--yes', '--json');

  expect(tasks, tasks.stderr).toMatchObject({ code: 0 });
  expect(tasks.json<Apply>()).toMatchObject({
    written: 0,
    tasks: { created: apply.tasksLeft.length },
    tasksLeft: [],
  });
});

test('read-only refuses run --apply before it reads anything', async () => {
  await home.run('connection', 'set', '--mode', 'read-only');
  simulator.control.resetReport();

  const run = await home.run('run', '--apply', '--yes', '--json');

  expect(run.code).toBe(2);
  expect(run.stderr).toContain('read-only');
  expect(simulator.control.report().totalCalls).toBe(0);
  expect((await home.run('run', '--json')).code).toBe(0);
});

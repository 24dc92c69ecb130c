import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDb } from '../../src/db.ts';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome, finished } from '../support/cli.ts';
import { recordsOf, todayIn } from '../support/org.ts';

/** A whole run on the sample firm is taken back: everything stands as before, but for what people changed. */

let simulator: Simulator;
let home: CliHome;
const MODULES = ['Accounts', 'Contacts', 'Deals', 'Leads', 'Cases', 'Tasks', 'Calls', 'Events'];
const STAMPS = new Set(['Modified_Time', 'Modified_By', 'Last_Activity_Time']);

interface Undo {
  runId: string | null;
  restored: number;
  tasksDeleted: number;
  skipped: { module: string; recordId: string; field: string | null; held: unknown; why: string }[];
  rejected: unknown[];
  remaining: number;
  credits: number;
  price: number | null;
}

/** Every value of every record as the API shows it, without what any write moves. */
function theOrg(): Map<string, string> {
  const rows = MODULES.flatMap((module) =>
    recordsOf(simulator, module).map((row): [string, string] => [
      `${module} ${row.id}`,
      JSON.stringify(Object.entries(row).filter(([name]) => !STAMPS.has(name))),
    ]),
  );
  return new Map(rows);
}
const differing = (left: Map<string, string>, right: Map<string, string>): string[] =>
  [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key));

async function applied(): Promise<string> {
  const run = await home.run('run', '--apply', '--yes', '--json');
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return run.json<{ apply: { runId: string } }>().apply.runId;
}

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today: todayIn(SUPERSTORE_TIME_ZONE) }) });
  home = aCliHome(simulator);
  expect((await home.run('connect')).code).toBe(0);
  const sets = ['essential', 'full', 'people', 'deals'].flatMap((set) => ['--set', set]);
  expect((await home.run('fields', 'apply', ...sets, '--yes')).code).toBe(0);
  // Values that people had there: each kind of field, in the forms that are easily lost.
  const [first, second, third, fourth] = recordsOf(simulator, 'Accounts');
  simulator.control.writeRecords('Accounts', [
    {
      id: first?.id,
      Next_Step: ' Ring before noon ',
      Value_Explanation: 'one\r\ntwo\n\nthree ',
      Profit_12_Months: 1234.56,
      Value_Tier: 'Top',
    },
    { id: second?.id, Value_Explanation: 'é'.repeat(2000), Gold_Customer: true, Contact_Gap_Days: 0 },
    { id: third?.id, Last_Contact: '2001-02-03', Value_Tier: 'A word of our own', Goodwill_Budget: -0.01 },
    { id: fourth?.id, Churn_Risk: 100, Value_Rank: 1, Contact_Status: 'Silent', Profit_12_Months: 0 },
  ]);
}, 120_000);
afterAll(async () => {
  home.remove();
  await simulator.close();
});

test('an undo restores every value byte for byte and deletes the reminders; the preview says so first', {
  timeout: 120_000,
}, async () => {
  const before = theOrg();
  const run = await applied();
  const written = theOrg();
  expect(differing(before, written).length).toBeGreaterThan(1_700);

  const preview = await home.run('undo', run, '--json');
  expect(preview.code).toBe(2);
  expect(preview.stderr).toContain('--yes');
  expect(differing(written, theOrg())).toEqual([]);

  const undone = await home.run('undo', run, '--yes', '--json');
  expect(undone, undone.stderr).toMatchObject({ code: 0 });
  expect(differing(before, theOrg())).toEqual([]);
  const { restored, tasksDeleted, skipped, credits } = undone.json<Undo>();
  expect(skipped).toEqual([]);
  expect(preview.json()).toMatchObject({
    preview: true,
    restored,
    tasksDeleted,
    skipped: [],
    price: credits,
  });
  expect(simulator.control.report().triggered).toEqual([]);
});

test('the next plan is held as undone until a person approves it', { timeout: 120_000 }, async () => {
  const before = theOrg();

  const next = await home.run('run', '--apply', '--yes', '--json');

  expect(next.code).toBe(3);
  const { planId, held } = next.json<{ plan: { planId: string; held: { reason: string } } }>().plan;
  expect(held.reason).toBe('undone');
  expect(differing(before, theOrg())).toEqual([]);
  const doctor = (await home.run('doctor', '--json')).json<{ checks: { id: string; message: string }[] }>();
  expect(doctor.checks.filter(({ id }) => id === 'alerts').map(({ message }) => message)).toEqual([
    expect.stringContaining('A run was taken back'),
    expect.stringContaining(`Plan ${planId} is held`),
  ]);
  expect((await home.run('plan', 'approve', planId)).code).toBe(0);
  expect((await home.run('apply', '--plan', planId, '--yes')).code).toBe(0);
});

test('ten edits by people are left and named, nothing else is', { timeout: 120_000 }, async () => {
  const before = theOrg();
  const next = await home.run('run', '--as-of', todayIn(SUPERSTORE_TIME_ZONE), '--apply', '--yes', '--json');
  expect(next.code).toBe(0);
  const runs = (await home.run('undo', '999999', '--json')).stderr;
  const applyRuns = [...runs.matchAll(/(\d+) \(apply/g)].map(([, id]) => id ?? '');
  const first = applyRuns.at(1) ?? '';
  const people = recordsOf(simulator, 'Accounts').slice(100, 106);
  const deals = recordsOf(simulator, 'Deals')
    .filter((deal) => deal.Customer_Tier !== null)
    .slice(0, 2);
  const tasks = recordsOf(simulator, 'Tasks')
    .filter((task) => task.CV_Ref && task.Status !== 'Completed')
    .slice(0, 2);
  simulator.control.writeRecords('Accounts', [
    ...people.slice(0, 3).map(({ id }) => ({ id, Next_Step: 'Mine' })),
    ...people.slice(3).map(({ id }) => ({ id, Profit_12_Months: 1 })),
  ]);
  simulator.control.writeRecords(
    'Deals',
    deals.map(({ id }) => ({ id, Customer_Tier: 'Ours' })),
  );
  simulator.control.writeRecords('Tasks', [
    { id: tasks[0]?.id, Status: 'Completed' },
    { id: tasks[1]?.id, Due_Date: '2031-01-02' },
  ]);

  const undone = await home.run('undo', first, '--yes', '--json');

  expect(undone, undone.stderr).toMatchObject({ code: 0 });
  const { skipped } = undone.json<Undo>();
  expect(
    skipped.map(({ recordId, field, held, why }) => ({ recordId, field, held, why })).sort(byId),
  ).toEqual(
    [
      ...people.slice(0, 3).map(({ id }) => left(id, 'Next_Step', 'Mine')),
      ...people.slice(3).map(({ id }) => left(id, 'Profit_12_Months', 1)),
      ...deals.map(({ id }) => left(id, 'Customer_Tier', 'Ours')),
      { ...left(tasks[0]?.id ?? '', 'Status', 'Completed'), why: 'completed' },
      left(tasks[1]?.id ?? '', 'Due_Date', '2031-01-02'),
    ].sort(byId),
  );
  const touched = new Set([...people, ...deals, ...tasks].map(({ id }) => id));
  const after = theOrg();
  for (const account of recordsOf(simulator, 'Accounts'))
    if (!touched.has(account.id)) expect(account.Lifecycle_Phase, account.id).toBeNull();
  expect(before.size - after.size).toBe(28);
});
const left = (recordId: string, field: string, held: unknown) => ({ recordId, field, held, why: 'changed' });
const byId = (a: { recordId: string }, b: { recordId: string }) => a.recordId.localeCompare(b.recordId);

test('an undo that was killed is run again and leaves nothing behind', {
  timeout: 240_000,
}, async () => {
  const plan = await home.run('run', '--json');
  const { planId } = plan.json<{ plan: { planId: string } }>().plan;
  await home.run('plan', 'approve', planId);
  const before = theOrg();
  const apply = await home.run('apply', '--plan', planId, '--yes', '--json');
  const { runId } = apply.json<{ runId: string }>();
  const written = theOrg();
  simulator.control.setSwitches({ latencyMs: 100 });
  const child = home.start('undo', runId, '--yes');
  const lastWritten = written.get(`Contacts ${recordsOf(simulator, 'Contacts')[0]?.id}`);
  const timer = setInterval(() => {
    const [contact] = recordsOf(simulator, 'Contacts');
    const row = Object.entries(contact ?? {}).filter(([name]) => !STAMPS.has(name));
    if (JSON.stringify(row) !== lastWritten) child.kill('SIGKILL');
  }, 20);
  expect((await finished(child)).code).toBeNull();
  clearInterval(timer);
  simulator.control.setSwitches({ latencyMs: 0 });
  const half = theOrg();
  expect(differing(half, written).length, 'killed before it wrote').toBeGreaterThan(0);
  expect(differing(half, before).length, 'killed after its end').toBeGreaterThan(0);

  const undone = await home.run('undo', runId, '--yes', '--json');

  expect(undone, undone.stderr).toMatchObject({ code: 0 });
  expect(undone.json<Undo>().skipped).toEqual([]);
  expect(differing(before, theOrg())).toEqual([]);
});

test('read-only refuses, and a run that wrote nothing is answered with those that did', async () => {
  await home.run('connection', 'set', '--mode', 'read-only');
  const [apply] = [...(await home.run('undo', '999999')).stderr.matchAll(/(\d+) \(/g)];

  const refused = await home.run('undo', apply?.[1] ?? '', '--yes');

  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('read-only');
  await home.run('connection', 'set', '--mode', 'manual');
});

test('a run whose writes retention has taken, or may have begun to take, says so and is not undone by halves', async () => {
  const [, runId = ''] = /(\d+) \(apply/.exec((await home.run('undo', '999999')).stderr) ?? [];
  const before = theOrg();
  const db = await openDb(String(home.env.DATABASE_URL));
  const setStart = (days: number) =>
    db.kysely
      .updateTable('runs')
      .set({ started_at: new Date(Date.now() - days * 86_400_000) })
      .where('id', '=', Number(runId))
      .execute();
  try {
    await setStart(91);
    const old = await home.run('undo', runId, '--yes', '--json');
    expect(old.code).toBe(2);
    expect(old.stderr).toMatch(/can be taken back no more: .* 90 days/);
    const shown = await home.run('undo', runId);
    expect(shown.stderr).toContain('can be taken back no more');

    await setStart(89);
    expect((await home.run('undo', runId, '--json')).json<Undo>().runId).toBeNull();
    await db.kysely.deleteFrom('write_intents').where('run_id', '=', Number(runId)).execute();
    const gone = await home.run('undo', runId, '--yes');
    expect(gone.code).toBe(2);
    expect(gone.stderr).toContain('can be taken back no more');
    expect(differing(before, theOrg())).toEqual([]);
  } finally {
    await db.close();
  }
});

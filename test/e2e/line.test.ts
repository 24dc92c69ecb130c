import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { aBigReminderConfig, addDaysTo, openTasks, recordsOf, todayIn } from '../support/org.ts';

/** The line by hand, through the environment of the contract only, on the sample firm. Steps build on each other. */

let simulator: Simulator;
let home: CliHome;

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today: todayIn(SUPERSTORE_TIME_ZONE) }) });
  home = aCliHome(simulator);
});
afterAll(async () => {
  home.remove();
  await simulator.close();
});

interface Run {
  sync: { modules: { module: string; read: number; error: string | null }[]; credits: number };
  score: {
    customers: number;
    tiers: Record<string, number>;
    phases: Record<string, number>;
    contactDue: number;
    unfilled: Record<string, Record<string, number>>;
  };
  plan: {
    planId: string;
    records: number;
    fieldChanges: number;
    tasks: { create: number; update: number; close: number; suppressed: number };
    byCause: Record<string, number>;
    suppressed: Record<string, number>;
    byRule: Record<string, { suppressed: number }>;
    credits: number;
    held: unknown;
  };
  apply: {
    written: number;
    rejected: unknown[];
    tasks: { created: number; updated: number; closed: number };
    remaining: number;
  };
}

test('connect, assess, fields and the four hops work one after the other', async () => {
  const connected = await home.run('connect', '--json');
  expect(connected, connected.stderr).toMatchObject({ code: 0 });
  expect(connected.json()).toMatchObject({
    connection: 'default',
    org: { id: expect.any(String) },
    scopes: { missing: [] },
  });

  const assessed = await home.run('assess', '--json');
  expect(assessed, assessed.stderr).toMatchObject({ code: 0 });
  expect(Object.keys(assessed.json())[0]).toBe('unmatched');

  const fields = await home.run(
    'fields',
    'apply',
    '--set',
    'essential',
    '--set',
    'full',
    '--set',
    'people',
    '--set',
    'deals',
    '--yes',
    '--json',
  );
  expect(fields, fields.stderr).toMatchObject({ code: 0 });

  const synced = await home.run('sync', '--json');
  expect(synced, synced.stderr).toMatchObject({ code: 0 });
  const read = new Map(synced.json<Run['sync']>().modules.map((module) => [module.module, module.read]));
  expect(read.get('Accounts')).toBe(793);
  expect(read.get('Deals')).toBeGreaterThanOrEqual(5009);

  const scored = await home.run('score', '--json');
  expect(scored, scored.stderr).toMatchObject({ code: 0 });

  const diff = await home.run('plan', '--diff');
  expect(diff, diff.stderr).toMatchObject({ code: 0 });
  const lines = diff.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter((line) => line.field === 'value_tier')).toHaveLength(793);

  const applied = await home.run('apply', '--yes', '--json');
  expect(applied, applied.stderr).toMatchObject({ code: 0 });
  expect(applied.json()).toMatchObject({ rejected: [], remaining: 0 });
});

test('every account has tier and phase; an empty essential field is counted by its reason', async () => {
  const accounts = recordsOf(simulator, 'Accounts');
  const { score } = (await home.run('run', '--json')).json<Run>();
  const essential = {
    last_contact: 'Last_Contact',
    next_step: 'Next_Step',
    value_explanation: 'Value_Explanation',
    profit_12_months: 'Profit_12_Months',
    contact_gap_days: 'Contact_Gap_Days',
    relationship_months: 'Relationship_Months',
    goodwill_budget: 'Goodwill_Budget',
    expected_profit_12_months: 'Expected_Profit_12_Months',
  };

  expect(accounts).toHaveLength(793);
  for (const account of accounts) {
    expect(account.Value_Tier, `tier of ${account.id}`).toBeTruthy();
    expect(account.Lifecycle_Phase, `phase of ${account.id}`).toBeTruthy();
  }
  for (const [key, apiName] of Object.entries(essential)) {
    const empty = accounts.filter(
      (account) => account[apiName] === null || account[apiName] === undefined,
    ).length;
    const counted = Object.values(score.unfilled[key] ?? {}).reduce((sum, n) => sum + n, 0);
    expect(counted, `${key} empty`).toBe(empty);
  }
});

/** Of the contact gap, the rule whose needs the score counts. */
const gapTasks = (): number =>
  [...openTasks(simulator).keys()].filter((need) => need.startsWith('contact_gap ')).length;

test('each customer due a reminder has one open task, or is listed with why not', async () => {
  const plan = await home.run('plan', '--diff');
  const suppressed = plan.stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((line) => line.task?.action === 'suppressed');
  const { contactDue } = (await home.run('score', '--json')).json<Run['score']>();
  const gaps = suppressed.filter((line) => line.task.reason === 'contact_gap');

  expect([...openTasks(simulator).values()].every((tasks) => tasks === 1)).toBe(true);
  expect(new Set(gaps.map((line) => line.task.why))).toEqual(new Set(['cap', 'covered_by']));
  expect(gapTasks() + gaps.length).toBe(contactDue);
  expect(gapTasks()).toBeGreaterThan(0);
});

test('a second run writes nothing', async () => {
  simulator.control.resetReport();

  const again = await home.run('run', '--apply', '--yes', '--json');

  expect(again, again.stderr).toMatchObject({ code: 0 });
  const { plan, apply } = again.json<Run>();
  expect(plan).toMatchObject({ records: 0, fieldChanges: 0, tasks: { create: 0, update: 0, close: 0 } });
  expect(apply).toMatchObject({ written: 0, tasks: { created: 0, updated: 0, closed: 0 } });
  expect(simulator.control.report().writes).toEqual({});
});

test('the day after, only customers are written for whom something happened', async () => {
  const tomorrow = addDaysTo(todayIn(SUPERSTORE_TIME_ZONE), 1);

  const next = await home.run('run', '--apply', '--yes', '--json', '--as-of', tomorrow);

  expect(next, next.stderr).toMatchObject({ code: 0 });
  const { plan } = next.json<Run>();
  const allowed = [
    'tier_changed',
    'phase_changed',
    'contact_band_changed',
    'whole_month',
    'booking_moved',
    'rank_month',
  ];
  expect(Object.keys(plan.byCause).filter((cause) => !allowed.includes(cause))).toEqual([]);
  expect(plan.records).toBeLessThan(200);
});

test('an export begins with the columns that other programs rely on, in their order', async () => {
  const exported = await home.run('export');

  expect(exported, exported.stderr).toMatchObject({ code: 0 });
  expect(exported.stdout).toMatch(
    /^module,record_id,name,owner,tier,gold,phase,sub_phase,rank,first_purchase,last_purchase,purchases,relationship_months,last_contact,last_contact_channel,last_contact_subject,contact_gap_days,contact_status,revenue_12m,direct_cost_12m,cost_to_serve_12m,profit_12m,revenue_total,profit_total,expected_profit_12m,p_active_90d,model,model_status,referral_profit,goodwill_budget,next_step,/,
  );
});

test('profit by year adds up to the published totals of the sample, to the cent', async () => {
  const exported = await home.run('export', '--by', 'year');
  expect(exported, exported.stderr).toMatchObject({ code: 0 });
  const [head = '', ...rows] = exported.stdout.trim().split('\n');
  const columns = head.split(',');
  const cents = (row: string, column: string) => {
    // Only the name may hold a comma, and it stands before the numbers.
    const cells = row.split(',');
    return Math.round(Number(cells[cells.length - (columns.length - columns.indexOf(column))]) * 100);
  };

  expect(columns).toEqual([
    'module',
    'record_id',
    'name',
    'period',
    'revenue',
    'direct_cost',
    'cost_to_serve',
    'profit',
  ]);
  expect(rows.reduce((sum, row) => sum + cents(row, 'revenue'), 0)).toBe(229_720_113);
  expect(rows.reduce((sum, row) => sum + cents(row, 'profit'), 0)).toBe(28_639_731);
});

test('a dozen commands share one access token', async () => {
  const fresh = aCliHome(simulator);
  const before = simulator.control.report().refreshes;
  await fresh.run('connect');

  for (let n = 0; n < 11; n += 1) expect((await fresh.run('sync', '--module', 'Products')).code).toBe(0);

  expect(simulator.control.report().refreshes - before).toBe(1);
  fresh.remove();
});

test('with cap and guard out of the way every due customer has one task of its topic', async () => {
  const wide = aCliHome(simulator, { CONFIG_DIR: aBigReminderConfig(home.folder) });
  await wide.run('connect');
  await wide.run('fields', 'apply', '--yes');

  const run = await wide.run('run', '--apply', '--yes', '--json');

  expect(run, run.stderr).toMatchObject({ code: 0 });
  const { score, plan } = run.json<Run>();
  const { suppressed = 0 } = plan.byRule.contact_gap ?? {};
  expect(Object.keys(plan.suppressed)).toEqual(['covered_by']);
  expect(gapTasks() + suppressed).toBe(score.contactDue);
  expect([...openTasks(simulator).values()].every((tasks) => tasks === 1)).toBe(true);
  wide.remove();
});

test('no token, secret or e-mail address stands in the database or in what was printed', async () => {
  const path = join(home.folder, 'zcv.db');
  const database = new DatabaseSync(path, { readOnly: true });
  const packs = database.prepare('select body from score_packs').all();
  database.close();
  const scores = packs.map(({ body }) => zstdDecompressSync(body as Uint8Array).toString('latin1')); // a blob column
  const bytes = [readFileSync(path, 'latin1'), ...scores].join('\n');

  expect(scores.length).toBeGreaterThan(0);
  for (const secret of [simulator.refreshToken, simulator.clientSecret, '@example.test']) {
    expect(bytes.includes(secret), secret.slice(0, 6)).toBe(false);
  }
});

test('base splits the change of the customer base exactly; what-if tells who would change and saves nothing', async () => {
  const before = await home.run('export');
  const base = await home.run('base', '--json');
  expect(base, base.stderr).toMatchObject({ code: 0 });
  const { change, after, cohorts } = base.json<{
    change: Record<'total' | 'number' | 'yield' | 'length', number>;
    after: { base: { customers: number; byTier: Record<string, { customers: number }> } };
    cohorts: unknown[];
  }>();
  expect(change.number + change.yield + change.length).toBe(change.total);
  expect(after.base.customers).toBeGreaterThan(500);
  expect(cohorts.length).toBeGreaterThan(1);

  const config = mkdtempSync(join(home.folder, 'rules-'));
  writeFileSync(join(config, 'scoring.yaml'), 'version: 1\ntiers:\n  topPercent: 10\n');
  const tried = await home.run('what-if', '--config', config, '--most', '3', '--json');
  expect(tried, tried.stderr).toMatchObject({ code: 0 });
  const whatIf = tried.json<{
    before: { tiers: Record<string, number> };
    after: { tiers: Record<string, number> };
    changed: { tier: number; first: unknown[] };
  }>();
  expect(whatIf.after.tiers.top).toBeLessThan(whatIf.before.tiers.top ?? 0);
  expect(whatIf.changed.tier).toBeGreaterThan(0);
  expect(whatIf.changed.first).toHaveLength(3);
  expect((await home.run('export')).stdout).toBe(before.stdout);

  writeFileSync(join(config, 'scoring.yaml'), 'version: 1\ncustomer:\n  basis: contact\n');
  const other = await home.run('what-if', '--config', config);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('different customers') });
});

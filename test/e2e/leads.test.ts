import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { addDaysTo, recordsOf, todayIn } from '../support/org.ts';

/** Leads of the sample firm, from Zoho to what a salesperson reads. Steps build on each other. */

let simulator: Simulator;
let home: CliHome;
const today = todayIn(SUPERSTORE_TIME_ZONE);

interface Exported {
  record_id: string;
  name: string;
  state: string;
  created: string;
  follow_up_status: string | null;
  follow_up_by: string | null;
  expected_lead_value: string | null;
  source: string;
  source_leads: number;
  source_became_customers: number;
}

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today }) });
  home = aCliHome(simulator);
  for (const step of [
    ['connect', '--json'],
    ['sync', '--json'],
  ]) {
    const done = await home.run(...step);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  home.remove();
  await simulator.close();
});

async function exported(): Promise<Exported[]> {
  const { code, stdout, stderr } = await home.run('export', '--leads', '--format', 'ndjson');
  expect(code, stderr).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('score tells how leads stand, and each lead of the export agrees', async () => {
  const scored = await home.run('score', '--json');
  const { leads } = scored.json<{ leads: Record<string, number> }>();
  const rows = await exported();
  const having = (status: string | null) => rows.filter((row) => row.follow_up_status === status).length;

  expect(scored.code, scored.stderr).toBe(0);
  expect(leads).toMatchObject({ scored: 180, converted: 60, valued: rows.length - having(null) });
  expect(leads).toMatchObject({
    onTime: having('on_time'),
    due: having('due'),
    overdue: having('overdue'),
    closed: having(null),
  });
  expect(having('on_time') * having('overdue') * having(null)).toBeGreaterThan(0);
  for (const row of rows) {
    const { follow_up_status: status, follow_up_by: by } = row;
    if (by !== null) expect(status).toBe(today < by ? 'on_time' : today === by ? 'due' : 'overdue');
    expect(row.expected_lead_value === null).toBe(row.state === 'closed');
  }
});

test('explain tells a salesperson in Dutch what is due and what the source is worth', async () => {
  const lead = (await exported()).find((row) => row.follow_up_status === 'overdue');

  const page = await home.run('explain', lead?.record_id ?? '', '--lang', 'nl');

  expect(page, page.stderr).toMatchObject({ code: 0 });
  expect(page.stdout).toContain('Opvolging: Te laat');
  expect(page.stdout).toContain(
    `${lead?.source_became_customers} van ${lead?.source_leads} leads uit ${lead?.source} werden klant en kochten`,
  );
  expect(page.stdout).toMatch(/Verwachte waarde: \$ \d/);
});

test('explain of a converted lead is the page of the customer it became', async () => {
  const converted = recordsOf(simulator, 'Leads').find((row) => row.Converted__s === true);

  const page = await home.run('explain', converted?.id ?? '', '--json');

  expect(page.json()).toMatchObject({ key: { module: 'Accounts' } });
});

test('as of a day of two months ago the leads of since then are not there', async () => {
  const day = addDaysTo(today, -60);
  const { leads } = (await home.run('score', '--as-of', day, '--json')).json<{ leads: { scored: number } }>();

  const rows = await exported();

  expect(rows).toHaveLength(leads.scored);
  expect(rows.length).toBeLessThan(180);
  expect(rows.every((row) => row.created <= day)).toBe(true);
});

test('a table of leads by month is refused', async () => {
  const refused = await home.run('export', '--leads', '--by', 'month');

  expect(refused.code).toBe(2);
});

test('leads, deals and cases in Zoho show what was scored, and a second run finds nothing to write', async () => {
  const sets = ['leads', 'deals', 'cases'].flatMap((set) => ['--set', set]);
  const made = await home.run('fields', 'apply', ...sets, '--yes', '--json');
  const run = await home.run('run', '--apply', '--yes', '--json');
  const again = await home.run('run', '--json');

  expect([made.code, run.code, again.code], run.stderr).toEqual([0, 0, 0]);
  const { apply } = run.json<{ apply: { written: number; rejected: unknown[] } }>();
  const { plan } = again.json<{ plan: { fieldChanges: number; byField: Record<string, number> } }>();
  expect(apply.rejected).toEqual([]);
  expect(plan.byField).toEqual({});
  const shown = new Map(recordsOf(simulator, 'Leads').map((row) => [row.id, row]));
  const words: Record<string, string> = { on_time: 'On time', due: 'Due', overdue: 'Overdue' };
  for (const row of await exported()) {
    const lead = shown.get(row.record_id);
    expect(lead?.Followup_Status ?? null).toBe(words[row.follow_up_status ?? ''] ?? null);
    const value = row.expected_lead_value === null ? null : Number(row.expected_lead_value);
    expect(lead?.Expected_Lead_Value ?? null).toBe(value);
  }
  const isClosed = (status: unknown) => /closed/i.test(String(status));
  const cases = recordsOf(simulator, 'Cases').filter((row) => row.Account_Name);
  const open = cases.filter((row) => !isClosed(row.Status));
  expect(open.length).toBeGreaterThan(0);
  for (const row of open) {
    expect(row.Customer_Tier).toMatch(/^(Top|Good|Marginal|Loss-making|No business)$/);
    expect(row.Goodwill_Budget_at_opening).toEqual(expect.any(Number));
  }
  expect(cases.filter((row) => isClosed(row.Status) && row.Customer_Tier)).toEqual([]);
});

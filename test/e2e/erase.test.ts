import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { type OrgRecord, recordsOf, todayIn } from '../support/org.ts';

/** A person asks to be forgotten. Steps build on each other. */

let simulator: Simulator;
let home: CliHome;
let person: OrgRecord;
let account: string;
let before: Record<string, string>;

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today: todayIn(SUPERSTORE_TIME_ZONE) }) });
  home = aCliHome(simulator);
  const links = recordsOf(simulator, 'Deals').map((row) => (row.Account_Name as { id: string } | null)?.id);
  person = recordsOf(simulator, 'Contacts').find((row) =>
    links.includes((row.Account_Name as { id: string } | null)?.id),
  ) as OrgRecord;
  account = (person.Account_Name as { id: string }).id;
  simulator.control.writeRecords('Contacts', [
    {
      id: person.id,
      First_Name: 'Zofia',
      Last_Name: 'Wrzos',
      Email: 'zofia@wrzos.test',
      Phone: '+48225550199',
    },
  ]);
  simulator.control.writeRecords('Tasks', [
    {
      Subject: 'Lunch with Zofia Wrzos',
      What_Id: { id: account },
      $se_module: 'Accounts',
      Status: 'Completed',
    },
  ]);
  for (const step of [['connect'], ['fields', 'apply', '--yes'], ['run', '--apply', '--yes']]) {
    const done = await home.run(...step);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
  before = await exportedRow();
}, 120_000);
afterAll(async () => {
  home.remove();
  await simulator.close();
});

async function exportedRow(): Promise<Record<string, string>> {
  const { stdout } = await home.run('export', '--format', 'ndjson');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line): Record<string, string> => JSON.parse(line));
  const row = rows.find((each) => each.record_id === account);
  if (!row) throw new Error('the account is not in the export');
  return row;
}
const bytes = () =>
  ['zcv.db', 'zcv.db-wal']
    .map((name) => join(home.folder, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path).toString('latin1'))
    .join('');

test('the certificate tells what went, and neither the file nor the output tells who', async () => {
  expect(bytes()).toContain('Wrzos');

  const erased = await home.run('erase', '--email', 'zofia@wrzos.test', '--yes', '--json');

  expect(erased, erased.stderr).toMatchObject({ code: 0 });
  expect(erased.json()).toMatchObject({
    erased: 1,
    bytesLeft: null,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const tables = erased.json<{ tables: { table: string; deleted: number }[] }>().tables;
  expect(tables).toEqual(
    expect.arrayContaining([expect.objectContaining({ table: 'contacts', deleted: 1 })]),
  );
  expect(bytes()).not.toMatch(/wrzos|48225550199/i);
  expect(erased.stdout + erased.stderr).not.toMatch(/wrzos/i);
});

test('a full sync does not bring the person back, and the totals of the account stay', async () => {
  const run = await home.run('run', '--full', '--json');

  expect(run, run.stderr).toMatchObject({ code: 0 });
  const after = await exportedRow();
  const { revenue_total, profit_total, purchases, relationship_months, last_contact } = before;
  expect(after).toMatchObject({ revenue_total, profit_total, purchases, relationship_months, last_contact });
  expect(bytes()).not.toMatch(/wrzos|48225550199/i);
  expect((await home.run('export')).stdout).not.toMatch(/wrzos/i);
});

test('without a word whom, and for an account, it erases nothing', async () => {
  expect((await home.run('erase', '--yes')).code).toBe(2);
  expect((await home.run('erase', '--record', account, '--yes')).code).toBe(2);
});

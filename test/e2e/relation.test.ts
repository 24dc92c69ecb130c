import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { addDaysTo, todayIn } from '../support/org.ts';

/** What the org says of a relation in fields of its own, and phases set by hand, through the command line. Steps build on each other. */

vi.setConfig({ testTimeout: 300_000 });

const TODAY = todayIn(GENERATED_TIME_ZONE);
const ago = (days: number) => addDaysTo(TODAY, -days);
let simulator: Simulator;
let home: CliHome;

beforeAll(async () => {
  const { org, users, pipelines } = generatedOrg({ customers: 1, today: TODAY });
  const account = (key: string, more: object = {}) => ({
    $key: key,
    Account_Name: key,
    Owner: { $user: users[0]?.key },
    ...more,
  });
  const deals = ['Vermeer', 'Nowak', 'Hansen', 'Kowalski'].flatMap((of) =>
    [10, 70, 130, 190, 250].map((days) => ({
      $key: `${of} ${days}`,
      Deal_Name: `${of} ${days}`,
      Account_Name: { $ref: of },
      Amount: 1000,
      Stage: 'Closed Won',
      Pipeline: pipelines[0]?.name,
      Closing_Date: ago(days),
    })),
  );
  simulator = await startSimulator({
    seed: {
      org: { ...org, iso_code: 'EUR' },
      users,
      pipelines,
      customFields: {
        Accounts: [
          { label: 'Said No', api_name: 'Said_No', data_type: 'boolean' },
          { label: 'Contract Until', api_name: 'Contract_Until', data_type: 'date' },
          { label: 'Notice On', api_name: 'Notice_On', data_type: 'date' },
        ],
      },
      records: {
        Accounts: [
          account('Vermeer'),
          account('Nowak', { Said_No: true }),
          account('Hansen', { Contract_Until: addDaysTo(TODAY, 300), Notice_On: ago(4) }),
          account('Kowalski', { Contract_Until: addDaysTo(TODAY, 300) }),
        ],
        Deals: deals,
      },
    },
  });
  home = aCliHome(simulator);
  home.env.CONFIG_DIR = home.folder;
  const fields = ['closed: Said_No', 'contractEnd: Contract_Until', 'noticeGiven: Notice_On'];
  writeFileSync(
    join(home.folder, 'fields.yaml'),
    `version: 1\nmapping:\n  accounts:\n${fields.map((line) => `    ${line}\n`).join('')}`,
  );
  for (const args of [['connect'], ['sync'], ['score']]) {
    const done = await home.run(...args);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  home.remove();
  await simulator.close();
});

const idOf = (key: string) => simulator.control.idOf(key);
async function exported(): Promise<Record<string, Record<string, string>>> {
  const { stdout } = await home.run('export');
  const rows: Record<string, string>[] = parse(stdout, { columns: true, bom: true });
  return Object.fromEntries(rows.map((row) => [row.name ?? '', row]));
}

test('mapped fields make a customer closed, leaving by notice, and keep another under contract', async () => {
  expect(await exported()).toMatchObject({
    Vermeer: { phase: 'established', sub_phase: '' },
    Nowak: { phase: 'lost', sub_phase: 'closed', next_step: 'Nothing to do' },
    Hansen: { phase: 'leaving', computed_phase: 'leaving' },
    Kowalski: { phase: 'established' },
  });
  const page = await home.run('explain', idOf('Hansen'), '--lang', 'nl');
  expect(page.stdout).toContain('Vertreksignaal: opgezegd op');
});

test('a phase set by hand is shown with the computed one, survives a sync, and ends by hand', async () => {
  const key = idOf('Vermeer');
  const until = addDaysTo(TODAY, 20);
  const given = ['--phase', 'loyal', '--reason', 'Frame contract by word of mouth', '--until', until];

  const set = await home.run('override', 'set', key, ...given, '--by', 'Anna', '--json');
  expect(set, set.stderr).toMatchObject({ code: 0 });
  expect(set.json()).toEqual({
    customer: { module: 'Accounts', id: key },
    phase: 'loyal',
    subPhase: null,
    reason: 'Frame contract by word of mouth',
    by: 'Anna',
    setOn: TODAY,
    until,
  });
  expect((await exported()).Vermeer).toMatchObject({ phase: 'established' });
  await home.run('score');
  expect((await exported()).Vermeer).toMatchObject({
    phase: 'loyal',
    computed_phase: 'established',
    override_until: until,
  });
  const page = await home.run('explain', key);
  expect(page.stdout).toContain('by Anna. Reason: Frame contract by word of mouth');
  expect(page.stdout).toContain('Computed instead: Established.');

  const later = await home.run('score', '--as-of', addDaysTo(until, 1), '--json');
  expect(later.json()).toMatchObject({ phases: { loyal: 0 } });
  await home.run('sync');
  await home.run('score');
  expect((await exported()).Vermeer).toMatchObject({ phase: 'loyal' });

  const listed = await home.run('override', 'list', '--json');
  expect(listed.json()).toMatchObject({ overrides: [{ customer: { id: key }, holds: true }] });
  expect((await home.run('override', 'end', key, '--by', 'Piotr')).code).toBe(0);
  await home.run('score');
  expect((await exported()).Vermeer).toMatchObject({ phase: 'established', override_until: '' });
  expect((await home.run('override', 'list', '--json')).json()).toEqual({ overrides: [] });
  const all = await home.run('override', 'list', '--all');
  expect(all.stdout).toContain(
    `${key}  loyal  ${TODAY} to ${until}, ended ${TODAY} by Piotr  by Anna: Frame`,
  );
});

test.each([
  [['--phase', 'loyl', '--until', '2099-01-01'], 'Did you mean loyal?'],
  [['--phase', 'lost', '--sub-phase', 'close', '--until', '2099-01-01'], 'Did you mean closed?'],
  [['--phase', 'loyal', '--sub-phase', 'closed', '--until', '2099-01-01'], 'loyal has no sub-phases'],
  [['--phase', 'loyal', '--until', '2020-01-01'], 'is past'],
  [['--phase', 'loyal', '--until', 'May'], 'YYYY-MM-DD'],
])('override set %j is refused with what to do', async (given, words) => {
  const result = await home.run(
    'override',
    'set',
    idOf('Vermeer'),
    ...given,
    '--reason',
    'x',
    '--by',
    'Anna',
  );

  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain(words);
});

test('a phase that nobody set cannot be ended', async () => {
  const result = await home.run('override', 'end', idOf('Nowak'), '--by', 'Anna');

  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain('zcv override list');
});

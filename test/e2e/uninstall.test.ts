import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome, finished } from '../support/cli.ts';
import { cvRefOf, type OrgRecord, recordsOf, todayIn } from '../support/org.ts';

/** An org that was used for a while, left again: nothing of ours stays that is not named. Steps build on each other. */

let simulator: Simulator;
let home: CliHome;
const today = todayIn(SUPERSTORE_TIME_ZONE);
const SETS = ['essential', 'full', 'people', 'leads', 'deals', 'cases', 'inputs'];
const MODULES = ['Accounts', 'Contacts', 'Leads', 'Deals', 'Cases', 'Tasks', 'Calls', 'Events'];
let touched: OrgRecord;
let completed: OrgRecord;

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today }) });
  simulator.control.addField('Accounts', { label: 'Churn Risk', api_name: 'Old_Risk', data_type: 'percent' });
  home = aCliHome(simulator);
  const sets = SETS.flatMap((set) => ['--set', set]);
  for (const step of [['connect'], ['fields', 'apply', ...sets, '--yes'], ['run', '--apply', '--yes']]) {
    const done = await home.run(...step);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
  const [first, second] = ourTasks() as [OrgRecord, OrgRecord];
  touched = first;
  completed = second;
  const answered = recordsOf(simulator, 'Accounts')[0] as OrgRecord;
  simulator.control.writeRecords('Tasks', [{ id: touched.id, Subject: 'Ring about the fair' }]);
  simulator.control.writeRecords('Tasks', [{ id: completed.id, Status: 'Completed' }]);
  simulator.control.writeRecords('Accounts', [{ id: answered.id, Needs: 'Two deliveries a week' }]);
}, 120_000);
afterAll(async () => {
  home.remove();
  await simulator.close();
});

const ourTasks = () => recordsOf(simulator, 'Tasks').filter((task) => cvRefOf(task) !== null);
/** Custom fields as Zoho shows them, with the records that hold something in each. */
function customFields(): Map<string, number> {
  const shown = new Map<string, number>();
  for (const module of MODULES) {
    const rows = recordsOf(simulator, module);
    const names = new Set(Object.keys(simulator.control.truth(module)[0] ?? {}));
    for (const name of names)
      if (OURS.test(name) && !STANDARD.has(`${module}.${name}`))
        shown.set(`${module}.${name}`, rows.filter((row) => row[name] != null).length);
  }
  return shown;
}
const STANDARD = new Set(['Deals.Expected_Revenue', 'Deals.Next_Step']);
const OURS =
  /^(Value_|Lifecycle_|Last_Contact|Next_Step|Profit_|Contact_(Gap|Status)|Relationship_M|Goodwill|Expected_|Gold_|Revenue_12|Customer_(Since|Tier|Phase)|Churn|Old_Risk|Referral_P|Lifetime_P|Usual_|Followup|CV_Ref|Referred_By|Why_They|Needs|Last_Thanked|Reason_Left|Profile_R|Minutes_)/;

test('what would be lost is told before anybody is asked', async () => {
  const asked = await home.run('uninstall');

  expect(asked.code).toBe(2);
  expect(asked.stderr).toMatch(/Accounts +Value Tier +Value_Tier +remove +793/);
  expect(asked.stderr).toContain('Zoho keeps no copy of the values of a deleted field');
  expect(ourTasks().length).toBeGreaterThan(20);
});

test('a field that Zoho does not let go keeps the connection, so that a second run can do the rest', async () => {
  const [id] = simulator.control.addFaults({
    kind: 'server-error',
    match: { method: 'DELETE', path: 'settings/fields' },
    status: 403,
    code: 'NO_PERMISSION',
  });

  const refused = await home.run('uninstall', '--yes', '--json');
  simulator.control.clearFaults(id);

  expect(refused.code).toBe(4);
  const connections = (await home.run('connection', 'list', '--json')).json<unknown[]>();
  expect(connections).toHaveLength(1);
});

test('killed in the middle and run again, it leaves nothing but what it names', async () => {
  const child = home.start('uninstall', '--yes', '--json');
  simulator.control.addFaults({
    kind: 'edit-between-pages',
    match: { method: 'DELETE', path: 'settings/fields' },
    after: 3,
    times: 1,
    act: () => child.kill('SIGKILL'),
  });
  expect((await finished(child)).code).toBeNull();

  const done = await home.run('uninstall', '--yes', '--json');

  expect(done, done.stderr).toMatchObject({ code: 0 });
  const told = done.json<{
    tasks: { kept: { taskId: string; why: string }[] };
    keeps: { what: string; why: string }[];
    revoked: boolean;
  }>();
  expect(told.revoked).toBe(true);
  expect(told.tasks.kept).toEqual(
    [
      { taskId: touched.id, subject: 'Ring about the fair', why: 'somebody changed it' },
      { taskId: completed.id, subject: completed.Subject, why: 'completed' },
    ].sort((a, b) => (a.taskId < b.taskId ? -1 : 1)),
  );
  const tasks = recordsOf(simulator, 'Tasks').filter(({ Description }) =>
    /ref: cv-/.test(String(Description)),
  );
  expect(tasks.map(({ id }) => id).sort()).toEqual([touched.id, completed.id].sort());
  // Adopted, and what a person filled in.
  expect([...customFields().keys()].sort()).toEqual([
    'Accounts.Needs',
    'Accounts.Old_Risk',
    'Accounts.Referred_By',
  ]);
  expect(customFields().get('Accounts.Needs')).toBe(1);
  expect(told.keeps.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['field "Needs" of Accounts', 'field "Churn Risk" of Accounts']),
  );
  expect((await home.run('connection', 'list', '--json')).json()).toEqual([]);
});

test('the access is gone, too', async () => {
  const again = await home.run('connect');

  expect(again.code).toBe(5);
});

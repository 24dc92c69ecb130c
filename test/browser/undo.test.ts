import { afterAll, beforeAll, expect, test } from 'vitest';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';
import { cvRefOf, recordsOf } from '../support/org.ts';

/** A plan is written and taken back again, all from the pages; the job thread of the service does the work. */

const LONG = { timeout: 100_000 };
const MODULES = ['Accounts', 'Contacts', 'Deals', 'Leads', 'Tasks'];
/** What any write moves in Zoho. */
const STAMPS = new Set(['Modified_Time', 'Modified_By', 'Last_Activity_Time']);

let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ hasFields: true, hasJobs: true });
});
afterAll(() => world?.close());

/** Every value of every record, as the API of Zoho shows it. */
function theOrg(): ReadonlyMap<string, string> {
  const rows = MODULES.flatMap((module) =>
    recordsOf(world.web.simulator, module).map((row): [string, string] => [
      `${module} ${row.id}`,
      JSON.stringify(Object.entries(row).filter(([name]) => !STAMPS.has(name))),
    ]),
  );
  return new Map(rows);
}
function differing(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key));
}

/** The newest run of a kind, once it came to its end. */
async function ended(kind: string): Promise<string> {
  const { app } = world.web;
  const { id: connection } = await app.connection(CONNECTION);
  const newest = async () => (await app.store.runs.list(connection, 50)).find((run) => run.kind === kind);
  await expect.poll(async () => (await newest())?.state, { ...LONG, message: kind }).toBe('done');
  return (await newest())?.id ?? '';
}

test('what a plan wrote is taken back: values, tasks; what people did since stays, and the page names it', async () => {
  const { control } = world.web.simulator;
  const before = theOrg();
  const { page, open, close, complaints } = await world.window('ann');

  await open(`/c/${CONNECTION}/plans/1`);
  await page.getByRole('button', { name: 'Write into Zoho' }).click();
  const asked = page.getByRole('dialog');
  await asked.getByRole('button', { name: /^Write into / }).click();
  const apply = await ended('apply');
  const written = theOrg();
  const ours = recordsOf(world.web.simulator, 'Tasks').filter((task) => cvRefOf(task) !== null);
  expect(differing(before, written).length).toBeGreaterThan(700);
  expect(ours.length).toBeGreaterThan(10);

  // Meanwhile people went on: one task is done, one value is corrected.
  const done = ours[0]?.id ?? '';
  const account =
    recordsOf(world.web.simulator, 'Accounts').find((row) => row.Value_Tier === 'Top')?.id ?? '';
  control.writeRecords('Tasks', [{ id: done, Status: 'Completed' }]);
  control.writeRecords('Accounts', [{ id: account, Value_Tier: 'Good' }]);
  const since = theOrg();

  await open(`/c/${CONNECTION}/runs/${apply}`);
  await page.getByRole('button', { name: 'Undo …' }).click();
  await asked.getByRole('button', { name: 'Look at what would happen' }).click();
  const would = asked.getByRole('table', { name: /^What an undo/ });
  await would.getByRole('row', { name: /^Records put back 7\d\d$/ }).waitFor(LONG);
  await would.getByRole('row', { name: `Tasks deleted ${ours.length - 1}` }).waitFor();
  expect(differing(since, theOrg()), 'a look writes nothing').toEqual([]);

  await asked.getByRole('button', { name: 'Cancel' }).click();
  await asked.waitFor({ state: 'hidden' });
  expect(differing(since, theOrg()), 'nor does a no').toEqual([]);
  await page.getByRole('button', { name: 'Undo …' }).click();
  await asked.getByRole('button', { name: 'Look at what would happen' }).click();
  await asked.getByRole('button', { name: `Undo run ${apply}` }).click(LONG);
  await page.getByText(`Run ${apply} is being undone.`).waitFor();
  const undo = await ended('undo');

  const left = differing(before, theOrg());
  expect(left.toSorted()).toEqual([`Accounts ${account}`, `Tasks ${done}`]);
  const tasks = recordsOf(world.web.simulator, 'Tasks').filter((task) => cvRefOf(task) !== null);
  expect(tasks).toMatchObject([{ id: done, Status: 'Completed' }]);
  const edited = recordsOf(world.web.simulator, 'Accounts').find(({ id }) => id === account);
  expect(edited).toMatchObject({ Value_Tier: 'Good' });
  expect(edited?.Profit_12_Months ?? null, 'only what was corrected stays').toBeNull();

  await open(`/c/${CONNECTION}/runs`);
  await page
    .getByRole('table', { name: 'Runs' })
    .getByRole('link', { name: `Undo ${undo}` })
    .click();
  const did = page.getByRole('table', { name: `What the undo of run ${apply} did` });
  await did.getByRole('row', { name: /^Records put back 7\d\d$/ }).waitFor();
  await did.getByRole('row', { name: `Tasks deleted ${ours.length - 1}` }).waitFor();
  const stays = page.getByRole('table', { name: 'What stays, and why' });
  await stays.getByRole('row', { name: `Tasks ${done} Status somebody completed it` }).waitFor();
  await stays
    .getByRole('row', { name: new RegExp(`^Accounts ${account} .* somebody changed it since$`) })
    .waitFor();

  await open(`/c/${CONNECTION}/alerts`);
  await page.getByRole('region', { name: 'Alerts' }).getByText('A run was taken back').waitFor();
  expect(complaints).toEqual([]);
  await close();
}, 300_000);

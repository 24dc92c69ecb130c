import { mkdirSync } from 'node:fs';
import { ADDRESSES, type PageId, pagePath } from '../src/admin/shell/addresses.ts';
import { createInstallationSchedules } from '../src/jobs/schedule-edit.ts';
import { aBrowserWorld, CONNECTION } from '../test/support/browser-world.ts';

/** Pictures of every admin page in light, dark and on a phone, into screenshots/ (ignored). Build first. Names of pages: only those. */

const FOLDER = 'screenshots';
const LOOKS = [
  { look: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { look: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

mkdirSync(FOLDER, { recursive: true });
const asked = process.argv.slice(2);
const world = await aBrowserWorld({ hasFields: true });
// A few refusals, so that the page of a run has some to show.
world.web.simulator.control.addFaults({
  ...{ kind: 'half-failed', match: { method: 'PUT' }, every: 40, code: 'RECORD_LOCKED', times: 2 },
});
await world.work({ what: 'apply', plan: '1', fieldsOnly: false, canary: null });
await world.work({ what: 'undo-preview', run: '5' });
const [customer] = await idsOfCustomers();
const lead = await idOfLead();
const ids = (Object.keys(ADDRESSES) as PageId[]).filter((id) => asked.length === 0 || asked.includes(id));
await fillAccess();
for (const { look, ...options } of LOOKS) {
  const { page, open, complaints, close } = await world.window('operator', options);
  for (const id of ids) {
    try {
      await open(
        pagePath(CONNECTION, id, { customer: customer ?? '', lead: lead ?? '', plan: '1', run: '5' }),
      );
    } catch (error) {
      process.stderr.write(`${id} ${look}: ${String(error).slice(0, 200)}\n`);
    }
    await page.waitForTimeout(600);
    await page.screenshot({ path: `${FOLDER}/${id}-${look}.png`, fullPage: true });
  }
  for (const complaint of complaints.splice(0)) process.stderr.write(`${look}: ${complaint.slice(0, 600)}\n`);
  await close();
}
await world.close();
process.stdout.write(`${ids.length * LOOKS.length} pictures in ${FOLDER}/\n`);

/** The best customers, for pages that show one. */
async function idsOfCustomers(): Promise<string[]> {
  const connection = (await world.web.app.store.connections.list())[0];
  if (!connection) return [];
  const list = { filter: {}, order: 'value', descending: true, after: null, limit: 5 } as const;
  const { items } = await world.web.app.store.customerList.page(connection.id, list);
  return items.map(({ key }) => key.id);
}

async function idOfLead(): Promise<string | undefined> {
  const { id } = await world.web.app.connection(CONNECTION);
  const list = {
    filter: { state: 'open' },
    order: 'follow_up',
    descending: false,
    after: null,
    limit: 1,
  } as const;
  return (await world.web.app.store.lists.leads(id, list)).items[0]?.key.id;
}

/** People, an invitation, a token and schedules, so that no picture shows an empty list alone. */
async function fillAccess(): Promise<void> {
  const ann = await world.web.signedIn('ann');
  const at = `/connections/${CONNECTION}`;
  await ann.write('POST', `${at}/invitations`, { email: 'bob@office.test' });
  await world.web.signedIn('bob');
  await ann.write('POST', `${at}/invitations`, { email: 'carla@office.test', role: 'admin' });
  await ann.write('POST', `${at}/tokens`, { name: 'Monthly report', days: 180 });
  const visitor = await world.web.operator();
  await visitor.write('POST', `${at}/support-visits`, { reason: 'Ticket 4711: who is Top and why' });
  await createInstallationSchedules(world.web.app);
}

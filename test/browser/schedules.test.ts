import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

const PATH = `/c/${CONNECTION}/schedules`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ isScored: false });
  const ann = await world.web.signedIn('ann');
  await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
});
afterAll(() => world?.close());

async function kept(job: string) {
  const [connection] = await world.web.app.store.connections.list();
  const rows = await world.web.app.store.schedules.of(connection?.id ?? '');
  return rows.find((row) => row.job === job);
}

test('an edit takes effect: the next time changes on the page, and the server keeps it', async () => {
  const { page, open, close, complaints } = await world.window('ann');
  await open(PATH);
  const nightly = page.getByRole('region', { name: 'Nightly run' });
  expect(await nightly.textContent()).toContain('At 02:30');
  const before = await nightly.getByText(/^Next:/).textContent();

  await nightly.getByRole('button', { name: 'Change' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Cron expression').fill('15 4 * * 99');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  expect(await dialog.getByLabel('Cron expression').inputValue()).toBe('15 4 * * 99');
  await dialog.getByLabel('Cron expression').fill('15 4 * * *');
  await dialog.getByLabel(/^Spread/).fill('0');
  await dialog.getByRole('checkbox', { name: 'Start nothing in quiet hours' }).check();
  await dialog.getByLabel('Quiet until').fill('03:30');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });

  await nightly.getByText('At 04:15 · quiet 22:00-03:30').waitFor();
  const after = await nightly.getByText(/^Next:/).textContent();
  expect(after).toMatch(/Next: .* 04:15$/);
  expect(after).not.toBe(before);
  expect(await kept('score-and-write')).toMatchObject({
    ...{ expr: '15 4 * * *', quietHours: '22:00-03:30', spreadMinutes: 0 },
  });
  await page.reload();
  await nightly.getByText('At 04:15 · quiet 22:00-03:30').waitFor();
  complaints.splice(0, 1); // the browser notes the refused expression
  expect(complaints).toEqual([]);
  await close();
});

test('every so often is a number and a unit; off shows no next time', async () => {
  const { page, open, close } = await world.window('ann');
  await open(PATH);
  const hourly = page.getByRole('region', { name: 'Hourly read' });

  await hourly.getByRole('button', { name: 'Change' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Every', { exact: true }).fill('3');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await hourly.getByText('Every 3 hours').waitFor();
  expect((await kept('sync-incremental'))?.expr).toBe('every 3 hours');

  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('switch', { name: 'Hourly read: on or off' }).press('Space');
  await hourly.getByText('It is off and will not run.').waitFor();
  expect((await kept('sync-incremental'))?.enabled).toBe(false);
  await page.getByRole('switch', { name: 'Hourly read: on or off' }).press('Space');
  await hourly.getByText(/^Next:/).waitFor();
  await close();
});

test('one runs now beside its times; all are paused with a reason and go on again', async () => {
  const { page, open, close } = await world.window('ann');
  await open(PATH);

  await page
    .getByRole('region', { name: 'Compare with Zoho' })
    .getByRole('button', { name: 'Run now' })
    .click();
  await page.getByText('Compare with Zoho: it waits for its turn').waitFor();
  const { items } = await (await page.request.get(`/api/v1/connections/${CONNECTION}/jobs`)).json();
  expect(items).toMatchObject([{ name: 'reconcile', state: 'queued' }]);

  await page.getByRole('button', { name: 'Pause all' }).click();
  await page.getByRole('textbox', { name: 'Why' }).fill('moving house');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText(/^Paused since/).waitFor();
  expect(await world.web.app.store.jobs.paused()).toMatchObject([{ why: 'moving house' }]);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause all' }).waitFor();
  expect(await world.web.app.store.jobs.paused()).toEqual([]);
  await close();
});

test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
  const { page, open, close } = await world.window('ann', { colorScheme });
  await open(PATH);
  const nightly = page.getByRole('region', { name: 'Nightly run' });
  await nightly.waitFor();
  await expectAccessible(page);
  await nightly.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('dialog').getByLabel('Cron expression').waitFor();
  await expectAccessible(page);
  await close();
});

test('a viewer sees no button or switch, and the API refuses them; a failure says so', async () => {
  const { page, open, close } = await world.window('bob');
  await open(PATH);
  await page.getByRole('region', { name: 'Nightly run' }).waitFor();
  expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
  expect(await page.getByRole('switch').count()).toBe(0);

  const bob = await world.web.signedIn('bob');
  const path = `/connections/${CONNECTION}/schedules/reconcile`;
  expect((await bob.write('PATCH', path, { enabled: false })).status).toBe(403);
  expect((await bob.write('POST', `${path}/run`)).status).toBe(403);
  expect((await bob.write('PUT', `/connections/${CONNECTION}/pause`, { why: 'x' })).status).toBe(403);

  await page.route('**/schedules?*', (route) => route.fulfill({ status: 500, json: { title: 'bug' } }));
  await page.reload();
  await page.getByRole('alert').waitFor();
  await page.route('**/schedules?*', (route) => route.fulfill({ json: { items: [] } }));
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Nothing runs by itself' }).waitFor();
  await close();
});

test('fits a phone and speaks Danish', async () => {
  const { page, open, close } = await world.window('ann', {
    viewport: { width: 390, height: 844 },
    locale: 'da-DK',
  });
  await open(PATH);
  await page.getByRole('region', { name: 'Natlig kørsel' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await close();
});

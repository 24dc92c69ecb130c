import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION, inviteViewer } from '../support/browser-world.ts';

/** Alerts, data quality and the audit log: what is wrong, on what the numbers rest, who did what. */

let world: BrowserWorld;
let id: string;
beforeAll(async () => {
  world = await aBrowserWorld();
  ({ id } = await world.web.app.connection(CONNECTION));
  const at = new Date();
  const drift = { code: 'schema_drift', severity: 'warning', message: 'drift' } as const;
  await world.web.app.store.alerts.raise(id, { ...drift, params: { fields: ['Deals.amount'] } }, at);
  await world.web.app.store.quarantine.add(id, [{ module: 'Deals', recordId: '77', reason: 'no stage' }], at);
});
afterAll(() => world?.close());
const pathOf = (page: string) => `/c/${CONNECTION}/${page}`;

describe('alerts', () => {
  test('are told with what to do, taken on, muted and told again', async () => {
    const { page, open, close, complaints } = await world.window('ann');

    await open(pathOf('alerts'));
    const alert = page.getByRole('region', { name: 'Alerts' });
    await alert.getByText('zcv doctor').waitFor();
    await alert.getByRole('button', { name: 'I am at work on it' }).click();
    await alert.getByText('is at work on it since').waitFor();
    await alert.getByRole('button', { name: 'Mute for 7 days' }).click();
    await alert.getByText('muted until').waitFor();
    await alert.getByRole('button', { name: 'Tell of it again' }).click();
    await alert.getByRole('button', { name: 'Mute for 7 days' }).waitFor();

    await world.web.app.store.alerts.close(id, 'schema_drift', new Date());
    await page.reload();
    await page.getByRole('heading', { name: 'Nothing is wrong' }).waitFor();
    await page.getByRole('checkbox', { name: 'Show those that are over too' }).check();
    await page.getByText('over since').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('go by mail to whom an administrator names, until that address is taken away', async () => {
    const { page, open, close } = await world.window('ann');
    await open(pathOf('alerts'));
    const mail = page.getByRole('region', { name: 'Mail', exact: true }).first();

    await mail.getByText('Nobody gets mail yet.').waitFor();
    await mail.getByLabel('Address').fill('ops@office.test');
    await mail.getByRole('button', { name: 'Add' }).click();
    await mail.getByRole('table').getByText('ops@office.test').waitFor();
    await mail.getByRole('button', { name: 'Remove ops@office.test' }).click();
    await mail.getByText('Nobody gets mail yet.').waitFor();
    await close();
  });

  test('go as events to an address; its secret is shown once', async () => {
    const { page, open, close } = await world.window('ann');
    await open(pathOf('alerts'));
    const events = page.getByRole('region', { name: 'Events to programs' }).first();

    await events.getByLabel('Address').fill('https://hooks.office.test/in');
    await events.getByRole('button', { name: 'Send events there' }).click();
    await events.getByText('whsec_').waitFor();
    await page.reload();
    await events.getByRole('cell', { name: 'https://hooks.office.test/in', exact: true }).waitFor();
    expect(await page.getByText('whsec_').count()).toBe(0);

    await events.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('table', { name: 'Deliveries' }).getByText('endpoint.test').waitFor();

    await events.getByRole('button', { name: 'New secret …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
    await events.getByRole('status').getByText('whsec_').waitFor();
    expect(await events.getByRole('status').textContent()).toContain('The former one signs along until');
    await expectAccessible(page);

    await events.getByRole('button', { name: 'Remove …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await events.getByRole('cell', { name: 'https://hooks.office.test/in', exact: true }).waitFor();
    await events.getByRole('button', { name: 'Remove …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await events.getByText('No program is told yet.').waitFor();
    await close();
  });
});

test('data quality shows money without customer first, then what could not be read', async () => {
  const { page, open, close, complaints } = await world.window('ann');

  await open(pathOf('quality'));
  await page.getByRole('table', { name: 'Rows that were set aside' }).getByText('no stage').waitFor();

  const deals = page.getByRole('table', { name: 'Deals that no customer explains' });
  await deals.getByRole('row').nth(1).waitFor();
  expect(
    await page.getByRole('region', { name: 'Won deals without customer' }).first().textContent(),
  ).toContain('4');
  expect(complaints).toEqual([]);
  await close();
});

test('the audit log tells who did what, before and after, filtered, and as a file', async () => {
  const { page, open, close, complaints } = await world.window('ann');
  const operator = await world.web.operator();
  await operator.write('PUT', `/connections/${CONNECTION}/mode`, { mode: 'read-only' });

  await open(pathOf('audit-log'));
  const log = page.getByRole('table', { name: 'Audit log' });
  await log.getByText('{"mode":"manual"} → {"mode":"read-only"}').waitFor();
  await page.getByLabel('Until').fill('2020-01-01');
  await page.getByRole('heading', { name: 'No entry fits' }).waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.getByRole('combobox', { name: 'Who' }).selectOption('operator:ops');
  await page.getByRole('combobox', { name: 'What' }).selectOption({ label: 'connection: all' });
  await page.getByLabel('From').fill(new Date().toISOString().slice(0, 4).concat('-01-01'));
  await page.waitForURL(/who=operator.*action=connection.*fromDay=/);
  await log.getByText('operator:ops').first().waitFor();
  await expect
    .poll(async () => [...new Set(await log.locator('tbody tr td:nth-child(3)').allTextContents())])
    .toEqual(['connection.set']);

  const href = await page.getByRole('link', { name: 'Export (CSV)' }).getAttribute('href');
  const rows = (await (await page.request.get(href ?? '')).text()).trim().split('\n').slice(1);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toContain('operator:ops,');
  for (const row of rows) expect(row).toContain('connection.set');
  expect(complaints).toEqual([]);
  await close();
});

test.each(['light', 'dark'] as const)('axe finds nothing serious, %s', async (colorScheme) => {
  const { page, open, close } = await world.window('ann', { colorScheme });
  for (const name of ['alerts', 'quality', 'audit-log']) {
    await open(pathOf(name));
    await page.waitForTimeout(400);
    await expectAccessible(page);
  }
  await close();
});

test('who may only look sees alerts without buttons, and no audit log; on a phone nothing sticks out', async () => {
  await inviteViewer(world.web, id);
  const drift = { code: 'schema_drift', severity: 'warning', message: 'drift' } as const;
  await world.web.app.store.alerts.raise(id, { ...drift, params: { fields: ['Deals.amount'] } }, new Date());
  const { page, open, close } = await world.window('bob', { viewport: { width: 390, height: 844 } });

  await open(pathOf('alerts'));
  await page.getByText('zcv doctor').waitFor();
  expect(await page.getByRole('button', { name: 'I am at work on it' }).count()).toBe(0);
  expect(await page.getByRole('region', { name: 'Events to programs' }).count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await open(pathOf('audit-log'));
  await page.getByRole('heading', { name: 'For administrators' }).waitFor();
  const answer = await page.request.get(`/api/v1/connections/${CONNECTION}/audit-log`);
  expect(answer.status()).toBe(403);
  await close();
});

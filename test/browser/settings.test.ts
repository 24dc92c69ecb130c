import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInstallationSchedules } from '../../src/jobs/schedule-edit.ts';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

const PAGE = `/c/${CONNECTION}/settings`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ isScored: false });
  const ann = await world.web.signedIn('ann');
  await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
});
afterAll(() => world?.close());

describe('the settings', () => {
  test('an administrator changes one with a reason; a refusal keeps what was typed', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(PAGE);
    const here = page.getByRole('region', { name: 'What you can change here' });
    const share = here.getByLabel('Share of the daily API credits');
    const save = here.getByRole('button', { name: 'Put in force' });
    expect(await share.inputValue()).toBe('30');
    expect(await save.isDisabled()).toBe(true);

    await here.getByLabel('Language of what is written').selectOption('nl');
    // As a browser that checks nothing would send it.
    await page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })");
    await share.fill('400');
    await save.click();
    await here.getByRole('alert').waitFor();
    expect(await here.getByRole('alert').textContent()).toContain('ceilingPercent');
    expect(await share.inputValue()).toBe('400');
    complaints.length = 0; // the browser notes the 400

    await share.fill('40');
    await here.getByLabel('Why').fill('a Dutch firm');
    await save.click();
    await page.getByText('Saved as version 1: 2 values changed.').waitFor();
    const row = page.getByRole('row', { name: 'fields.language' });
    await row.getByText('nl').waitFor();
    expect(await row.textContent()).toContain('stored');

    const [connection] = await world.web.app.store.connections.list();
    const current = await world.web.app.store.settings.current(connection?.id ?? '');
    expect(current).toMatchObject({ note: 'a Dutch firm' });
    const href = await page.getByRole('link', { name: 'Export as patch' }).getAttribute('href');
    expect(await (await page.request.get(href ?? '')).text()).toBe(current?.document);
    expect(complaints).toEqual([]);
    await close();
  });

  test('every key in force is found by a part of its name, which stands in the address', async () => {
    const { page, open, close } = await world.window('ann');
    await open(PAGE);

    const all = page.getByRole('region', { name: 'All settings in force' }).first();
    await page.getByRole('checkbox', { name: 'Only what is this connection' }).uncheck();
    expect(await all.getByRole('row').count()).toBe(51);
    await all.getByRole('button', { name: /^Show \d+ more$/ }).click();
    expect(await all.getByRole('row').count()).toBeGreaterThan(300);
    await page.getByRole('searchbox', { name: 'Part of a key' }).fill('mapping.deals.amount');
    await page.getByText('1 setting', { exact: true }).waitFor();
    await page.reload();
    expect(await page.getByRole('row', { name: 'fields.mapping.deals.amount' }).textContent()).toContain(
      'Amount',
    );
    await page.getByRole('searchbox', { name: 'Part of a key' }).fill('no such key');
    await page.getByText('No setting fits').waitFor();
    await close();
  });

  test('operators alone see the backup, and begin one', async () => {
    await createInstallationSchedules(world.web.app);
    const admin = await world.window('ann');
    await admin.open(PAGE);
    await admin.page.getByRole('region', { name: 'All settings in force' }).first().waitFor();
    expect(await admin.page.getByRole('region', { name: 'Backup and clean-up' }).count()).toBe(0);
    await admin.close();
    const { page, open, close } = await world.window('operator');
    await open(PAGE);

    await page.getByRole('button', { name: 'Run now: Backup' }).click();
    await page.getByText('It is in the queue').waitFor();

    const jobs = await world.web.app.store.jobs.list({ limit: 10 });
    expect(jobs.map(({ name }) => name)).toContain('backup');
    await close();
  });

  test('who may only look sees everything and changes nothing', async () => {
    const { page, open, close } = await world.window('bob');
    await open(PAGE);
    const here = page.getByRole('region', { name: 'What you can change here' });

    expect(await here.getByLabel('Share of the daily API credits').isDisabled()).toBe(true);
    expect(await here.getByRole('button').count()).toBe(0);
    await close();
  });

  test('an answer that does not come is told, with a way to try again', async () => {
    const { page, open, close } = await world.window('ann');
    await page.route('**/api/v1/connections/demo/settings', (route) => route.abort());
    await open(PAGE);
    await page.getByRole('alert').first().waitFor();

    await page.unroute('**/api/v1/connections/demo/settings');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByRole('region', { name: 'How long things are kept' }).waitFor();
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
    const { page, open, close } = await world.window('operator', { colorScheme });
    await open(PAGE);
    await page.getByRole('region', { name: 'How long things are kept' }).waitFor();
    await expectAccessible(page);
    await close();
  });
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, inviteViewer } from '../support/browser-world.ts';

/** From nothing to an approved plan that is written, by what a person reads and presses; jobs run as in the service. */

const LONG_MS = 60_000;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ isLinked: false, hasJobs: true });
});
afterAll(() => world?.close());

/** What stands in Zoho. */
function rowsWithTier(): number {
  return world.web.simulator.control.records('Accounts').filter((row) => row.Value_Tier).length;
}
/** The open step says that it is done. */
async function stepIsDone(page: Page, name: string): Promise<void> {
  await page
    .getByRole('button', { name: new RegExp(`^\\d\\. ${name}.*Done$`) })
    .waitFor({ timeout: LONG_MS });
}
/** Only the step that is asked for is open. */
async function openStep(page: Page, name: string): Promise<void> {
  const head = page.getByRole('button', { name: new RegExp(`^\\d\\. ${name}`) });
  if ((await head.getAttribute('aria-expanded')) !== 'true') await head.click();
}

describe('the first hour', () => {
  test('leads from no connection to a plan that is approved, written and scheduled', async () => {
    const { page, open, close, complaints } = await world.window('operator');
    world.web.freshCodes();
    world.web.simulator.control.setSwitches({ consentBy: 'ann' });

    await page.goto('/');
    await page.getByRole('link', { name: 'Link a Zoho CRM' }).click();
    await page.getByLabel('Name of the connection').fill('firm');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Go on with the set-up' }).click();
    await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor();
    await stepIsDone(page, 'Connection');

    await page.getByRole('button', { name: 'Test now' }).click();
    await stepIsDone(page, 'Checks');

    await page.getByRole('button', { name: 'Look into the CRM' }).click();
    await stepIsDone(page, 'What is in your CRM');
    await openStep(page, 'What is in your CRM');
    await page.getByText('0 of 5,009 won deals').waitFor();

    // As one that came by a connect link begins.
    const { id } = await world.web.app.connection('firm');
    await world.web.app.store.connections.setMode(id, 'read-only');
    await page.reload();
    await openStep(page, 'Fields');
    await page.getByRole('button', { name: 'Show what would be made' }).click();
    await page.getByText('Would be made:').waitFor({ timeout: LONG_MS });
    expect(await page.getByRole('button', { name: /^Make \d+ fields$/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Allow writing' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Allow writing into' }).click();
    await page.getByRole('button', { name: /^Make \d+ fields$/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Make \d+ fields$/ })
      .click();
    await stepIsDone(page, 'Fields');
    const made = world.web.simulator.control.report().calls['POST /crm/v8/settings/fields'];
    expect(made).toBeGreaterThan(0);

    await openStep(page, 'Rules');
    await page.getByRole('radio', { name: 'Wholesale' }).check();
    await page.getByRole('button', { name: 'Preview on your customers' }).click();
    await page.getByText('would stand elsewhere').waitFor({ timeout: LONG_MS });
    expect(await page.getByRole('table', { name: 'Tier' }).textContent()).toContain('Loss-making');
    await page.getByRole('button', { name: /^Put version \d in force$/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Put it in force' }).click();
    await stepIsDone(page, 'Rules');

    await openStep(page, 'First dry run');
    await page.getByRole('button', { name: 'Start the dry run' }).click();
    // What is under way is known by the server: a page that is opened anew shows the same.
    await page.reload();
    await stepIsDone(page, 'First dry run');
    await page.getByRole('table', { name: 'The first values that would be written' }).waitFor();
    expect(rowsWithTier()).toBe(0);

    await openStep(page, 'Approval');
    await page.getByRole('button', { name: 'Approve plan 1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve plan 1' }).click();
    await page.getByRole('button', { name: 'Write the plan' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Write the plan' }).click();
    await page.getByRole('region', { name: 'What was written' }).waitFor({ timeout: LONG_MS });
    expect(rowsWithTier()).toBeGreaterThan(700);

    await openStep(page, 'Schedule');
    await page.getByRole('table', { name: 'What runs by itself' }).waitFor();
    await page.getByText('8 of 8 done').waitFor();
    expect(complaints).toEqual([]);
    await open('/c/firm/overview');
    await page.getByRole('region', { name: 'Tiers', exact: true }).waitFor();
    await close();
  }, 240_000);

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious in any step, %s',
    async (colorScheme) => {
      const { page, open, close } = await world.window('operator', { colorScheme });
      const steps = ['connect', 'checks', 'assess', 'fields', 'rules', 'dry_run', 'approve', 'schedule'];

      for (const step of steps) {
        await open(`/c/firm/set-up?step=${step}`);
        await page.waitForLoadState('networkidle');
        await expectAccessible(page);
      }
      await open('/link');
      await expectAccessible(page);

      await close();
    },
    120_000,
  );

  test('on a phone nothing sticks out', async () => {
    const { page, open, close } = await world.window('operator', { viewport: { width: 390, height: 844 } });
    for (const step of ['connect', 'fields', 'rules', 'dry_run']) {
      await open(`/c/firm/set-up?step=${step}`);
      await page.waitForLoadState('networkidle');
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), step).toBe(true);
    }
    await close();
  });

  test('who may only look sees how far it is, and no button that changes anything', async () => {
    const connection = await world.web.app.connection('firm');
    await inviteViewer(world.web, connection.id);
    const { page, open, close } = await world.window('bob');

    await open('/c/firm/set-up?step=rules');
    await page.getByText('8 of 8 done').waitFor();

    expect(await page.getByRole('button', { name: 'Preview on your customers' }).count()).toBe(0);
    const me = await (await page.request.get('/api/v1/me')).json();
    const answer = await page.request.post('/api/v1/connections/firm/assess', {
      headers: { 'x-csrf-token': me.csrfToken },
    });
    expect(answer.status()).toBe(403);
    await close();
  });
});

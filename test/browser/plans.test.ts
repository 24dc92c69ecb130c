import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withLine } from '../../src/jobs/line.ts';
import { runPlan } from '../../src/jobs/run-plan.ts';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ hasFields: true });
  const ann = await world.web.signedIn('ann');
  await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
});
afterAll(() => world?.close());

/** A new plan, as after a sync in which a module broke off where `isPartial`. */
async function aPlan(isPartial = false): Promise<string> {
  const { app } = world.web;
  const [connection] = await app.store.connections.list();
  if (!connection) throw new Error('the world has a connection');
  const deps = await app.depsOf(connection);
  const { planId } = await withLine(deps, connection, (line) =>
    runPlan(line, { connection, isPartial, creditsLeft: 100_000 }),
  );
  return planId;
}
const pathOf = (plan: string) => `/c/${CONNECTION}/plans/${plan}`;

describe('the plans', () => {
  test('are listed with state and price; one is opened from the list', async () => {
    const { page, open, close, complaints } = await world.window('ann');

    await open(`/c/${CONNECTION}/plans`);
    const row = page.getByRole('row', { name: /Plan 1/ });
    expect(await row.textContent()).toMatch(/Open.*7,\d{3}.*793/);
    await row.getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'Plan 1' }).waitFor();

    expect(complaints).toEqual([]);
    await close();
  });

  test('without any say what to do; a failure says so and tries again', async () => {
    const { page, open, close } = await world.window('ann');
    await page.route('**/plans?*', (route) => route.fulfill({ json: { items: [], next: null } }));
    await open(`/c/${CONNECTION}/plans`);
    await page.getByRole('link', { name: 'To the runs' }).waitFor();

    await page.unrouteAll();
    await page.route('**/plans?*', (route) => route.fulfill({ status: 500, json: { title: 'bug' } }));
    await page.reload();
    await page.getByRole('alert').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Plan 1' }).waitFor();
    await close();
  });
});

describe('a plan', () => {
  test('tells its effects and its price; its changes are filtered by field and customer, and the address keeps that', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(pathOf('1'));

    expect(await page.getByRole('region', { name: 'Price', exact: true }).textContent()).toMatch(
      /83 credits.*in 9 calls/,
    );
    expect(await page.getByRole('region', { name: 'Moves between tiers' }).textContent()).toContain(
      'first tier: Top',
    );
    const table = page.getByRole('table', { name: 'Fields' });
    await page.getByRole('combobox', { name: 'Field' }).selectOption('Profit 12 Months');
    await page.waitForURL(/field=profit_12_months/);
    await expect.poll(() => table.getByRole('row').nth(2).textContent()).toContain('Profit 12 Months');
    const name = (await table.getByRole('link').nth(3).textContent()) ?? '';
    await page.getByRole('searchbox').fill(name.toUpperCase());
    await expect.poll(() => table.getByRole('row').count()).toBe(2);
    await page.reload();
    await expect.poll(() => table.getByRole('row').count()).toBe(2);
    expect(await table.getByRole('link').textContent()).toBe(name);

    await page.getByText('Tasks', { exact: true }).click();
    await page.getByRole('table', { name: 'Tasks', exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
    const { page, open, close } = await world.window('ann', { colorScheme });

    await open(pathOf(await aPlan(true)));
    await page.getByRole('table', { name: 'Fields', exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('radio', { name: 'A part of it' }).check();
    await page.getByRole('checkbox', { name: 'Tasks' }).waitFor();
    await expectAccessible(page);
    await open(`/c/${CONNECTION}/plans`);
    await page.getByRole('table').waitFor();
    await expectAccessible(page);

    await close();
  });

  test('that is held says why and what to do, and is approved in part: tasks of top customers only', async () => {
    const plan = await aPlan(true);
    const { page, open, close } = await world.window('ann');
    await open(pathOf(plan));

    expect(await page.getByRole('alert').textContent()).toMatch(/broke off.*start a run again/);
    expect(await page.getByRole('button', { name: 'Write into Zoho' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'A part of it' }).check();
    await dialog.getByRole('button', { name: 'Approve this part' }).click();
    await dialog.getByText('Choose at least one kind.').waitFor();
    await dialog.getByRole('checkbox', { name: 'Tasks' }).check();
    await dialog
      .getByLabel(/owners/)
      .first()
      .fill('Nobody Known');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Approve this part' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').textContent()).toContain('Nobody Known');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByRole('radio', { name: 'A part of it' }).check();
    await dialog.getByRole('checkbox', { name: 'Tasks' }).check();
    await dialog.getByRole('checkbox', { name: 'Top' }).check();
    await dialog.getByRole('button', { name: 'Approve this part' }).click();
    await dialog.waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: 'Write into Zoho' }).waitFor();
    const kept = await world.web.app.store.plans.counts(plan);
    expect((await world.web.app.store.plans.get(plan))?.state).toBe('approved');
    expect(kept.leftOut).toBeGreaterThan(7_000);
    expect(kept.pending).toBeGreaterThan(0);
    expect(kept.pending).toBeLessThanOrEqual(30);
    await close();
  });

  test('is written by a job, fields only where one says so, and is rejected after a question', async () => {
    const plan = await aPlan();
    const { page, open, close } = await world.window('ann');
    await open(pathOf(plan));

    await page.getByRole('button', { name: 'Write into Zoho' }).click();
    await page.getByRole('checkbox', { name: 'Fields only, no tasks' }).check();
    const asked = page.waitForRequest((request) => request.url().endsWith(`/plans/${plan}/apply`));
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Write into / })
      .click();
    expect((await asked).postDataJSON()).toEqual({ fieldsOnly: true, canary: null });
    await page.getByText(`Plan ${plan} is being written.`).waitFor();

    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('button', { name: `Reject plan ${plan}` }).click();
    await page.getByText('Rejected', { exact: true }).waitFor();
    expect((await world.web.app.store.plans.get(plan))?.state).toBe('rejected');
    await expect.poll(() => page.getByRole('button', { name: 'Reject' }).count()).toBe(0);
    await close();
  });

  test('shows a viewer no button, and the API refuses them', async () => {
    const plan = await aPlan();
    const { page, open, close } = await world.window('bob');
    await open(pathOf(plan));
    await page.getByRole('table', { name: 'Fields', exact: true }).waitFor();

    expect(await page.getByRole('button', { name: /Approve|Reject|Write into Zoho/ }).count()).toBe(0);
    const bob = await world.web.signedIn('bob');
    for (const deed of ['approve', 'reject', 'apply']) {
      const body = deed === 'reject' ? undefined : {};
      const answer = await bob.write('POST', `/connections/${CONNECTION}/plans/${plan}/${deed}`, body);
      expect(answer.status, deed).toBe(403);
    }
    expect((await world.web.app.store.plans.get(plan))?.state).toBe('open');
    await close();
  });

  test('fits a phone and speaks Polish', async () => {
    const { page, open, close } = await world.window('ann', {
      viewport: { width: 390, height: 844 },
      locale: 'pl-PL',
    });
    await open(pathOf('1'));

    await page.getByRole('table', { name: 'Pola', exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'Cena', exact: true }).textContent()).toContain(
      '83 kredyty',
    );
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await close();
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

const PATH = `/c/${CONNECTION}/playbook`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ hasFields: true });
  const ann = await world.web.signedIn('ann');
  await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
  await world.work({ what: 'apply', plan: '1', fieldsOnly: false, canary: null });
  // Outcomes are looked at with each plan.
  await world.work({ what: 'plan' });
});
afterAll(() => world?.close());

test('rules are listed with what became of their reminders; one is switched off, which the server keeps', async () => {
  const { page, open, close, complaints } = await world.window('ann');
  await open(PATH);
  const row = page.getByRole('row', { name: /^Stay in touch/ });
  await expect.poll(() => row.textContent()).toMatch(/On.*21/);

  await row.getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('switch').press('Space');
  await dialog.getByLabel('Days of rest after one').fill('9');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });

  await page.getByRole('row', { name: /^Stay in touch.*Off/ }).waitFor();
  const { items } = await (await page.request.get(`/api/v1/connections/${CONNECTION}/playbook`)).json();
  const kept = items.find((rule: { id: string }) => rule.id === 'contact_gap');
  expect(kept).toMatchObject({ enabled: false, coolDownDays: 9 });
  expect(complaints).toEqual([]);
  await close();
});

test('the number of reminders a day is changed; what cannot be used stands beside the field', async () => {
  const { page, open, close } = await world.window('ann');
  await open(PATH);
  const perDay = page.getByLabel('New a day for each owner');
  await perDay.fill('-3');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/reminders\.perOwnerAndDay/).waitFor();
  expect(await perDay.getAttribute('aria-invalid')).toBe('true');

  await perDay.fill('4');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Saved as version/).waitFor();
  await page.reload();
  await expect.poll(() => perDay.inputValue()).toBe('4');
  await close();
});

test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
  const { page, open, close } = await world.window('ann', { colorScheme });
  await open(PATH);
  await page.getByRole('table').waitFor();
  await expectAccessible(page);
  await close();
});

test('a viewer sees no button, and the API refuses them; on a phone it fits', async () => {
  const { page, open, close } = await world.window('bob', { viewport: { width: 390, height: 844 } });
  await open(PATH);
  await page.getByRole('table').waitFor();
  expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

  const bob = await world.web.signedIn('bob');
  const set = { 'playbook.rules.welcome.enabled': false };
  expect((await bob.write('PATCH', `/connections/${CONNECTION}/settings`, { set })).status).toBe(403);
  await close();
});

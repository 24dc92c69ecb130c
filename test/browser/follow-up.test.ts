import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

/** Leads and reminders: whom to contact next, and why somebody is left alone. */

let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ hasFields: true });
});
afterAll(() => world?.close());
const pathOf = (page: string) => `/c/${CONNECTION}/${page}`;

test('leads are listed by their follow-up, filtered, and their sources told in counts', async () => {
  const { page, open, close, complaints } = await world.window('ann');

  await open(pathOf('leads'));
  const leads = page.getByRole('table', { name: 'Leads' });
  await leads.getByText('Overdue').first().waitFor();
  await page.getByRole('combobox', { name: 'Follow-up' }).selectOption('on_time');
  await page.waitForURL('**followUp=on_time**');
  await page.getByText('Overdue').nth(1).waitFor({ state: 'hidden' });

  const sources = page.getByRole('table', { name: 'Sources' });
  await sources.getByRole('row', { name: /All sources \d+ of \d+/ }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test('reminders are shown as the newest plan proposes them, and those kept back with the reason', async () => {
  const { page, open, close, complaints } = await world.window('ann');

  await open(pathOf('reminders'));
  await page.getByRole('heading', { name: 'No open reminders' }).waitFor();
  await page.getByText('Proposed', { exact: true }).click();
  await page.getByRole('table', { name: 'Proposed' }).getByRole('row').nth(5).waitFor();
  await page.getByText('Kept back', { exact: true }).click();
  const keptBack = page.getByRole('table', { name: 'Kept back' });
  await keptBack
    .getByText(/another task covers it|as many as the rules allow/)
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test.each(['light', 'dark'] as const)('axe finds nothing serious, %s', async (colorScheme) => {
  const { page, open, close } = await world.window('ann', { colorScheme });
  for (const name of ['leads', 'reminders', 'reminders?state=suppressed']) {
    await open(pathOf(name));
    await page.waitForLoadState('networkidle');
    await expectAccessible(page);
  }
  await close();
});

test('on a phone nothing sticks out', async () => {
  const { page, open, close } = await world.window('ann', { viewport: { width: 390, height: 844 } });
  for (const name of ['leads', 'reminders']) {
    await open(pathOf(name));
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), name).toBe(true);
  }
  await close();
});

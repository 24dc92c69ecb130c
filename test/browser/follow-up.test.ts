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
  await sources.getByRole('row', { name: /All sources \d+% \(\d+ of \d+\)/ }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test('leads are ordered and filtered at the server, and each has a page with its next step and history', async () => {
  const { page, open, close, complaints } = await world.window('ann');
  await open(`${pathOf('leads')}?unresponsive=true`);
  const leads = page.getByRole('table', { name: 'Leads' });
  const cells = (column: number) => leads.locator(`tbody tr td:nth-child(${column})`).allTextContents();
  await page.getByRole('button', { name: 'Attempts without an answer' }).click();
  await page.waitForURL(/sort=unanswered/);
  // The rows of before stay until the new ones come.
  await expect
    .poll(async () => {
      const attempts = (await cells(6)).map(Number);
      const isOrdered = String(attempts) === String(attempts.toSorted((a, b) => b - a));
      return { isOrdered, least: Math.min(...attempts) >= 3, isEmpty: attempts.length === 0 };
    })
    .toEqual({ isOrdered: true, least: true, isEmpty: false });

  await page.getByRole('checkbox', { name: 'Does not answer' }).uncheck();
  await page.getByRole('table', { name: 'Sources' }).getByRole('link').first().click();
  await page.waitForURL(/source=/);
  const source = new URL(page.url()).searchParams.get('source');
  await expect.poll(() => page.getByRole('combobox', { name: 'Source' }).inputValue()).toBe(source);
  await expect.poll(async () => [...new Set(await cells(5))]).toEqual([source]);

  const name = (await leads.getByRole('link').first().textContent()) ?? '';
  await leads.getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const next = page.getByRole('region', { name: 'Next step' });
  await next.getByText(/Follow up by|An appointment is planned/).waitFor();
  await page.getByRole('region', { name: 'Why' }).getByRole('listitem').first().waitFor();
  await page.getByRole('region', { name: 'Contacts' }).waitFor();
  await expectAccessible(page);
  expect(complaints).toEqual([]);
  await close();
});

test('reminders are filtered by owner, rule and why; how many each owner gets and waits for is told', async () => {
  const { page, open, close, complaints } = await world.window('ann');
  await open(`${pathOf('reminders')}?state=suppressed`);
  const caps = page.getByRole('table', { name: 'By owner' });
  const capped = caps
    .getByRole('row')
    .filter({ has: page.locator('td:nth-child(3)', { hasText: /[1-9]/ }) })
    .first();
  const [owner = '', , waiting = ''] = await capped.locator('td').allTextContents();
  await capped.getByRole('button').click();
  await page.waitForURL(/owner=\d+/);
  await page.getByRole('combobox', { name: 'Why' }).selectOption('cap');
  await page.waitForURL(/why=cap/);

  const chosen = page.getByRole('combobox', { name: 'Owner' }).locator('option:checked');
  await expect.poll(() => chosen.textContent()).toBe(owner);
  await page.getByText(new RegExp(`^1–${Math.min(50, Number(waiting.replace(/\D/g, '')))}$`)).waitFor();
  const kept = page.getByRole('table', { name: 'Kept back' });
  await expect
    .poll(async () => [...new Set(await kept.locator('tbody tr td:last-child').allTextContents())])
    .toEqual(['the owner has as many as the rules allow']);

  await page.getByRole('button', { name: 'Clear the filters' }).click();
  const rule = page.getByRole('combobox', { name: 'Rule' });
  const title = (await kept.locator('tbody tr td:first-child').first().textContent()) ?? '';
  await rule.selectOption({ label: title });
  await page.waitForURL(/rule=/);
  await page.reload();
  await kept.waitFor();
  await expect
    .poll(async () => [...new Set(await kept.locator('tbody tr td:first-child').allTextContents())])
    .toEqual([title]);
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

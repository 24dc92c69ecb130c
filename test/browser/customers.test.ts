import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

const LIST = `/c/${CONNECTION}/customers`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld();
});
afterAll(() => world?.close());

describe('the list of customers', () => {
  test('searches, filters, orders and pages at the server, all in the address', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    const firstName = () => page.getByRole('table').getByRole('link').first().textContent();
    await open(LIST);
    await page.getByText('1–50 of 793').waitFor();
    const best = await firstName();

    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByText('51–100').waitFor();
    expect(await firstName()).not.toBe(best);
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByText('1–50 of 793').waitFor();
    expect(await firstName()).toBe(best);

    await page.getByRole('combobox', { name: 'Tier' }).selectOption('loss_making');
    await page.getByText('of 146').waitFor();
    await page.getByRole('button', { name: 'Name' }).click();
    await page.waitForURL(/sort=name/);
    await page.reload();
    await page.getByText('of 146').waitFor();
    expect(await page.getByRole('combobox', { name: 'Tier' }).inputValue()).toBe('loss_making');
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).not.toBe('none');

    await page.getByRole('searchbox').fill('nobody of that name');
    await page.getByRole('heading', { name: 'No customer fits' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByText('of 793').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('arrow keys go from row to row, Enter opens the customer', async () => {
    const { page, open, close } = await world.window('ann');
    await open(LIST);
    const links = page.getByRole('table').getByRole('link');
    await links.first().focus();
    await page.keyboard.press('ArrowDown');
    const second = (await links.nth(1).textContent()) ?? '';

    await page.keyboard.press('Enter');

    await page.getByRole('heading', { level: 1, name: second }).waitFor();
    await close();
  });

  test('the export is a file with a row for each customer', async () => {
    const { page, open, close } = await world.window('ann');
    await open(LIST);
    const href = await page.getByRole('link', { name: 'Export all (CSV)' }).getAttribute('href');

    const csv = await (await page.request.get(href ?? '')).text();

    expect(csv.trim().split('\n')).toHaveLength(794);
    await close();
  });

  test.each(['light', 'dark'] as const)('list and customer pass axe in %s colours', async (colorScheme) => {
    const { page, open, close } = await world.window('ann', { colorScheme });
    await open(LIST);
    await page.getByText('of 793').waitFor();
    await expectAccessible(page);

    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('region', { name: 'Contacts' }).waitFor();
    await page.waitForLoadState('networkidle');
    await expectAccessible(page);
    await close();
  });
});

describe('a customer', () => {
  test('shows why, value, contacts and history; the sums of the table add up', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(LIST);
    await page.getByRole('table').getByRole('link').first().click();
    const value = page.getByRole('region', { name: 'Value by period' });

    await value.getByText('Table', { exact: true }).click();
    const [row] = await value
      .getByRole('row')
      .filter({ has: page.getByRole('cell') })
      .allInnerTexts();
    const [revenue = 0, direct = 0, serve = 0, profit = 0] = (row ?? '')
      .split(/\s+/)
      .slice(1)
      .map((text) => Number(text.replace(/[^\d.-]/g, '')));

    expect(revenue).toBeGreaterThan(0);
    expect(profit).toBeCloseTo(revenue - direct - serve, 2);
    expect(await page.getByRole('region', { name: 'Why' }).getByRole('listitem').count()).toBeGreaterThan(2);
    expect(complaints).toEqual([]);
    await close();
  });

  test('an administrator logs goodwill and sets the phase by hand, each refusal keeping what was typed', async () => {
    const { page, open, close } = await world.window('ann');
    await open(LIST);
    await page.getByRole('table').getByRole('link').first().click();

    await page.getByRole('button', { name: 'Log goodwill' }).click();
    const goodwill = page.getByRole('dialog', { name: 'Log goodwill' });
    await goodwill.getByLabel('Amount').fill('much');
    await goodwill.getByRole('button', { name: 'Save' }).click();
    await goodwill.getByRole('alert').waitFor();
    expect(await goodwill.getByLabel('Amount').inputValue()).toBe('much');
    await goodwill.getByLabel('Amount').fill('49,50');
    await goodwill.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Goodwill of $49.50 is noted.').waitFor();

    await page.getByRole('button', { name: 'Set the phase by hand' }).click();
    const override = page.getByRole('dialog', { name: 'Set the phase by hand' });
    await override.getByLabel('Phase').selectOption('loyal');
    await override.getByLabel('Reason').fill('signs again in May');
    await override.getByLabel('Until').fill('2999-12-31');
    await override.getByRole('button', { name: 'Save' }).click();
    await page.getByText('by Ann Admin: signs again in May').waitFor();
    await page.getByRole('button', { name: 'Show the computed phase again' }).click();
    await page.getByText('by Ann Admin: signs again in May').waitFor({ state: 'detached' });

    const [connection] = await world.web.app.store.connections.list();
    const overrides = await world.web.app.store.overrides.list(connection?.id ?? '');
    expect(overrides).toMatchObject([{ phase: 'loyal', reason: 'signs again in May', endedBy: 'Ann Admin' }]);
    await close();
  });
});

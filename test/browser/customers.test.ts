import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListedCustomer } from '../../src/store/view-stores.ts';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION, inviteViewer } from '../support/browser-world.ts';

const LIST = `/c/${CONNECTION}/customers`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld();
  const { id } = await world.web.app.connection(CONNECTION);
  await inviteViewer(world.web, id);
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

  test('is filtered by owner and by how long nobody spoke with them, and exported as it is shown', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(LIST);
    const fileOf = async () => {
      const href = await page.getByRole('link', { name: 'Export this list (CSV)' }).getAttribute('href');
      const text = await (await page.request.get(href ?? '')).text();
      return (parse(text, { columns: true }) as { name: string; owner: string }[]).map(({ name }) => name);
    };
    await page.getByText('of 793').waitFor();
    expect(await fileOf()).toHaveLength(793);

    await page.getByRole('combobox', { name: 'Tier' }).selectOption('top');
    await page.getByRole('combobox', { name: 'No contact for' }).selectOption({ label: '60 days or more' });
    const owner = page.getByRole('combobox', { name: 'Owner' });
    const options = await owner.locator('option').allTextContents();
    const first = options.find((text) => /\([1-9]/.test(text)) ?? '';
    await owner.selectOption({ label: first });
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page.waitForURL(/quietDays=60.*sort=name/);

    const exported = (await fileOf()).slice(0, 50);
    expect(exported.length).toBeGreaterThan(0);
    // The rows of before stay until the new ones come.
    await expect.poll(() => page.getByRole('table').getByRole('link').allTextContents()).toEqual(exported);
    expect(new Set(await page.locator('tbody tr td:last-child').allTextContents())).toEqual(
      new Set([first.replace(/ \(.*/, '')]),
    );
    expect(complaints).toEqual([]);
    await close();
  });

  test('shows the columns that were chosen, on a phone too', async () => {
    const { page, open, close, complaints } = await world.window('ann', {
      viewport: { width: 390, height: 844 },
    });
    await open(LIST);
    const heads = () => page.getByRole('columnheader').filter({ visible: true }).allTextContents();
    await page.getByText('of 793').waitFor();
    expect(await heads()).not.toContain('Days since contact');

    await page.getByRole('button', { name: 'Columns' }).click();
    const choice = page.getByRole('dialog');
    await choice.getByRole('checkbox', { name: 'Days since contact' }).check();
    await choice.getByRole('checkbox', { name: 'Rank' }).uncheck();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByText('of 793').waitFor();

    expect(await heads()).toEqual([
      ...['Name', 'Tier', 'Phase', 'Profit 12 months', 'Revenue 12 months', 'Expected profit'],
      ...['Last contact', 'Owner', 'Days since contact'],
    ]);
    expect(await page.locator('tbody tr').first().locator('td').last().textContent()).toMatch(/^\d+$/);
    expect(complaints).toEqual([]);
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

describe('views of the list', () => {
  const view = (page: Page) => page.getByRole('combobox', { name: 'View' });
  async function save(page: Page, name: string, isShared: boolean) {
    await page.getByRole('button', { name: 'Save as a view' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save as a view' });
    await dialog.getByLabel('Name').fill(name);
    if (isShared) await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
  }
  const menu = async (page: Page, item: string) => {
    await page.getByRole('button', { name: 'This view' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  test('a viewer saves one, opens it by its address, changes, renames and removes it', async () => {
    const { page, open, close, complaints } = await world.window('bob');
    await open(`${LIST}?tier=top&sort=name&direction=asc&columns=tier,gap`);
    await save(page, 'Best by name', false);
    await page.getByText('View “Best by name” is saved.').waitFor();
    await page.waitForURL(/\?view=[0-9a-f]+$/);

    const address = page.url();
    await open(LIST);
    await open(address);
    await page.getByText(/^1–\d+ of \d+$/).waitFor();
    expect(await page.getByRole('combobox', { name: 'Tier' }).inputValue()).toBe('top');
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
    expect(await page.getByRole('columnheader').allTextContents()).toEqual([
      'Name',
      'Tier',
      'Days since contact',
    ]);

    // What is taken away from a view does not come back from it.
    await page.getByRole('combobox', { name: 'Tier' }).selectOption('');
    await page.getByText('of 793').waitFor();
    await page.getByText('Changed since it was saved').waitFor();
    await page.getByRole('combobox', { name: 'Phase' }).selectOption('loyal');
    await menu(page, 'Save what you changed');
    await page.waitForURL(/\?view=[0-9a-f]+$/);
    expect(await page.getByRole('combobox', { name: 'Phase' }).inputValue()).toBe('loyal');

    await menu(page, 'Rename or share');
    const dialog = page.getByRole('dialog', { name: 'Rename or share' });
    expect(await dialog.getByRole('checkbox').count()).toBe(0);
    await dialog.getByLabel('Name').fill('Loyal ones');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await view(page).locator('option:checked').getByText('Loyal ones').waitFor({ state: 'attached' });

    await menu(page, 'Remove the view');
    await page.getByRole('button', { name: 'Remove “Loyal ones”' }).click();
    await page.getByText('View “Loyal ones” is removed.').waitFor();
    await open(address);
    await page.getByText('The view of this address is not there any more').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('an administrator shares one; a viewer opens it and cannot change it; one of their own is not seen', async () => {
    const ann = await world.window('ann');
    await ann.open(`${LIST}?tier=loss_making`);
    await save(ann.page, 'Too dear', true);
    await ann.page.getByText('View “Too dear” is saved.').waitFor();
    await ann.open(`${LIST}?gold=true`);
    await save(ann.page, 'For me', false);
    await ann.page.getByText('View “For me” is saved.').waitFor();

    const bob = await world.window('bob');
    await bob.open(LIST);
    await view(bob.page).selectOption({ label: 'Too dear (by Ann Admin)' });
    await bob.page.getByText('of 146').waitFor();
    await bob.page.getByRole('button', { name: 'This view' }).click();
    expect(await bob.page.getByRole('menuitem').allTextContents()).toEqual(['Copy its address']);
    await bob.page.keyboard.press('Escape');
    expect(await view(bob.page).locator('option').allTextContents()).not.toContain('For me');

    // A name that is taken is refused, and what was typed stays.
    await save(bob.page, 'Mine', false);
    await bob.page.getByText('View “Mine” is saved.').waitFor();
    await save(bob.page, 'Mine', false);
    const dialog = bob.page.getByRole('dialog', { name: 'Save as a view' });
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Mine');
    expect(ann.complaints).toEqual([]);
    await ann.close();
    await bob.close();
  });
});

/** Of the best customers the first brought the second, that one the third, and the third claims the first. */
async function referralsAmongTheBest(): Promise<readonly ListedCustomer[]> {
  const { store } = world.web.app;
  const { id } = await world.web.app.connection(CONNECTION);
  const list = { filter: {}, order: 'value', descending: true, after: null, limit: 3 } as const;
  const { items } = await store.customerList.page(id, list);
  const keys = items.map(({ key }) => key);
  const states = await store.scores.states(id, keys);
  for (const [at, key] of keys.entries()) {
    const score = await store.scores.get(id, key.id);
    const state = states.get(key.id);
    const brought = [keys[(at + 1) % keys.length] ?? key];
    if (!score?.profile.facts || !state) throw new Error('the best customers are scored, with facts');
    const facts = { ...score.profile.facts, brought, whyUs: at === 0 ? 'Their boats are fast' : null };
    await store.scores.save(id, [{ score: { ...score, profile: { ...score.profile, facts } }, state }]);
  }
  return items;
}

describe('a customer', () => {
  test('shows whom it brought over several levels, with sums, and the seven things', async () => {
    const [first, second, third] = await referralsAmongTheBest();
    const { page, open, close, complaints } = await world.window('bob');
    await open(`${LIST}/${first?.key.id}`);
    const tree = page.getByRole('table', { name: 'Brought' });

    await page.getByText('2 customers with').waitFor();
    expect(await tree.getByRole('link').allTextContents()).toEqual([second?.name, third?.name]);
    await tree.getByText(`through ${second?.name}`).waitFor();
    await page.getByRole('combobox', { name: 'Levels' }).selectOption('1');
    await page.getByText('1 customer with').waitFor();
    await page.getByText('There are more: choose more levels').waitFor();

    const known = page.getByRole('table', { name: 'What to know' });
    expect(await known.getByRole('rowheader').count()).toBe(7);
    await known.getByText('Their boats are fast').waitFor();
    await known.getByRole('row', { name: 'Whom it brought 1 customer' }).waitFor();
    await known.getByText('Not yet. Thank it, then note it here.').waitFor();
    // Who may only look logs nothing.
    expect(await page.getByRole('button', { name: 'Log thanks' }).count()).toBe(0);
    await page.waitForLoadState('networkidle');
    await expectAccessible(page);

    await tree.getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: second?.name ?? '' }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('an administrator logs thanks, which stand among the notes at once', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(LIST);
    await page.getByRole('table').getByRole('link').nth(4).click();
    await page.getByRole('button', { name: 'Log thanks' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log thanks' });
    await dialog.getByLabel('How').fill('A visit');
    await dialog.getByLabel('Day').fill('2999-01-01');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('lies ahead').waitFor();
    expect(await dialog.getByLabel('How').inputValue()).toBe('A visit');
    await dialog.getByLabel('Day').fill('2026-01-07');
    await dialog.getByLabel('Note').fill('with cake');
    await dialog.getByRole('button', { name: 'Save' }).click();

    await page.getByText('Thanks are noted: A visit.').waitFor();
    const notes = page.getByRole('region', { name: 'Thanks and goodwill' });
    await notes.getByText('Thanked: A visit: with cake').waitFor();
    await notes.getByText('7 Jan 2026').waitFor();
    // The one complaint is the refusal of the day to come.
    expect(complaints).toHaveLength(1);
    await close();
  });

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

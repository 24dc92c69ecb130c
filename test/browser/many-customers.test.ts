import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Phase, Tier } from '../../src/domain.ts';
import { minor } from '../../src/money.ts';
import type { CustomerFilter, CustomerOrder } from '../../src/store/view-stores.ts';
import { aScore, aState } from '../store/builders.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

/** The list of customers over 100,000 of them: what is paged, ordered, filtered and searched is what the store holds. */

const CUSTOMERS = 100_000;
const PAGE = 50;
/** As many as the store takes at once. */
const BATCH = 1_000;
const SOON = { timeout: 30_000 };
const LIST = `/c/${CONNECTION}/customers`;
const WORDS = ['Kafé', 'Bakery', 'Łódź Works', 'Øresund', 'Garden', 'Print', 'Kafeteria'] as const;
const TIERS: readonly Tier[] = ['top', 'good', 'marginal', 'loss_making'];
const PHASES: readonly Phase[] = ['new', 'established', 'loyal', 'leaving', 'lost'];

let world: BrowserWorld;
let connection: string;
beforeAll(async () => {
  world = await aBrowserWorld({ isScored: false });
  ({ id: connection } = await world.web.app.connection(CONNECTION));
  const packer = world.web.app.store.scores.packer(connection);
  for (let from = 0; from < CUSTOMERS; from += BATCH) {
    await packer.add(Array.from({ length: BATCH }, (_, at) => theCustomer(from + at)));
  }
  await packer.flush();
});
afterAll(() => world?.close());

const pick = <One>(of: readonly One[], at: number): One => of[at % of.length] as One; // there is one at each place
const nameOf = (at: number) => `${pick(WORDS, at)} ${String((at * 7_919) % CUSTOMERS).padStart(6, '0')}`;
const tierOf = (at: number) => pick(TIERS, Math.floor(at / 3));
const phaseOf = (at: number) => pick(PHASES, Math.floor(at / 11));

/** Profit goes up and down over the ids, so that no order is that of another column. */
function theCustomer(at: number) {
  const [tier, phase] = [tierOf(at), phaseOf(at)];
  const profit = minor(((at * 104_729) % 1_999_993) - 300_000);
  const score = aScore({
    id: String(5_000_000_000 + at),
    name: nameOf(at),
    ...{ tier, phase, gold: at % 97 === 0 },
    lastContact: at % 13 === 0 ? null : '2026-02-01',
  });
  const window12 = { ...score.window12, revenue: minor(profit + 400_000), profit };
  return { score: { ...score, window12 }, state: aState({ tier, phase }) };
}
/** Without the store: how many there must be. */
function counted(fits: (at: number) => boolean): number {
  let count = 0;
  for (let at = 0; at < CUSTOMERS; at += 1) if (fits(at)) count += 1;
  return count;
}

interface Asked {
  readonly filter?: CustomerFilter;
  readonly order?: CustomerOrder;
  readonly descending?: boolean;
  readonly skip?: number;
}
/** The names of one page as the store has them. */
async function stored({ filter = {}, order = 'value', descending = true, skip = 0 }: Asked) {
  const { customerList } = world.web.app.store;
  const page = { filter, order, descending, after: null, limit: skip + PAGE };
  const { items } = await customerList.page(connection, page);
  return items.slice(skip).map(({ name }) => name);
}
const table = (page: Page) => page.getByRole('table', { name: 'Customers', exact: true });
/** The names on the screen once they are no longer those of before. */
async function expectNames(page: Page, names: readonly string[]): Promise<void> {
  const shown = () => table(page).getByRole('link').allTextContents();
  await expect.poll(shown, SOON).toEqual(names);
}
const next = (page: Page) => page.getByRole('button', { name: 'Next', exact: true });
const header = (page: Page, name: string) =>
  page.getByRole('columnheader', { name }).getByRole('button', { name });
const inWords = (count: number) => count.toLocaleString('en-GB');

describe('100,000 customers', () => {
  test('are counted and paged: on, back, and to the first page again', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(LIST);
    await page.getByText(`1–50 of ${inWords(CUSTOMERS)}`).waitFor();
    await expectNames(page, await stored({}));

    await next(page).click();
    await page.getByText('51–100').waitFor();
    await expectNames(page, await stored({ skip: PAGE }));
    for (let turned = 2; turned <= 4; turned += 1) {
      await next(page).click();
      await page.getByText(`${turned * PAGE + 1}–${turned * PAGE + PAGE}`).waitFor();
    }
    await expectNames(page, await stored({ skip: 4 * PAGE }));
    await page.getByRole('button', { name: 'Previous' }).click();
    await expectNames(page, await stored({ skip: 3 * PAGE }));
    await page.getByRole('button', { name: 'First page' }).click();
    await expectNames(page, await stored({}));

    expect(complaints).toEqual([]);
    await close();
  });

  test.each([
    ['Name', 'name', true],
    ['Name', 'name', false],
    ['Revenue 12 months', 'revenue', true],
    ['Profit 12 months', 'value', false],
    ['Last contact', 'last_contact', true],
  ] as const)(
    'are ordered by %s (%s, descending: %s), also on the next page',
    async (head, order, descending) => {
      const { page, open, close } = await world.window('ann');
      await open(`${LIST}?sort=expected`);
      await page.getByText(`of ${inWords(CUSTOMERS)}`).waitFor();

      await header(page, head).click();
      if (!descending) await header(page, head).click();
      await page.waitForURL(descending ? /direction=desc|sort=/ : /direction=asc/);
      await expectNames(page, await stored({ order, descending }));
      const sorted = page.getByRole('columnheader', { name: head });
      expect(await sorted.getAttribute('aria-sort')).toBe(descending ? 'descending' : 'ascending');
      await next(page).click();
      await expectNames(page, await stored({ order, descending, skip: PAGE }));
      await close();
    },
  );

  test('are filtered by tier, phase and a part of the name; the number is theirs, and the last page ends', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    const isTop = (at: number) => tierOf(at) === 'top';
    const isLeaving = (at: number) => isTop(at) && phaseOf(at) === 'leaving';
    await open(LIST);

    await page.getByRole('combobox', { name: 'Tier' }).selectOption('Top');
    await page.getByText(`of ${inWords(counted(isTop))}`).waitFor(SOON);
    await page.getByRole('combobox', { name: 'Phase' }).selectOption('Leaving');
    await page.getByText(`of ${inWords(counted(isLeaving))}`).waitFor(SOON);
    // Letters of any case, without their accents, find those that have them.
    await page.getByRole('searchbox').fill('KAFE 05');
    const filter = { tiers: ['top'], phases: ['leaving'], search: 'kafe 05' } as const;
    const total = await world.web.app.store.customerList.count(connection, filter);
    await page.getByText(`1–50 of ${inWords(total)}`).waitFor(SOON);
    expect(total).toBe(counted((at) => isLeaving(at) && nameOf(at).startsWith('Kafé 05')));
    expect(total, 'more than a page').toBeGreaterThan(PAGE);

    const seen: string[] = [];
    for (let rows = 0; rows < total; rows += PAGE) {
      const last = Math.min(total, rows + PAGE);
      await page.getByText(new RegExp(`^${inWords(rows + 1)}–${inWords(last)}( |$)`)).waitFor(SOON);
      await expectNames(page, await stored({ filter, skip: rows }));
      seen.push(...(await table(page).getByRole('link').allTextContents()));
      if (rows + PAGE < total) await next(page).click();
    }
    expect(await next(page).getAttribute('aria-disabled')).toBe('true');
    expect(new Set(seen).size).toBe(total);
    expect(seen.filter((name) => !name.startsWith('Kafé 05'))).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('have one address for what is shown, which a colleague and a reload open at the same place', async () => {
    const ann = await world.window('ann');
    await ann.open(LIST);
    await ann.page.getByRole('combobox', { name: 'Tier' }).selectOption('Loss-making');
    await ann.page.getByRole('searchbox').fill('garden');
    await ann.page.waitForURL(/search=garden/);
    await header(ann.page, 'Name').click();
    await ann.page.waitForURL(/sort=name/);
    const asked = { filter: { tiers: ['loss_making'], search: 'garden' }, order: 'name' } as const;
    await expectNames(ann.page, await stored(asked));
    await next(ann.page).click();
    const names = await stored({ ...asked, skip: PAGE });
    await expectNames(ann.page, names);

    await ann.page.reload();
    await expectNames(ann.page, names);
    const colleague = await world.window('operator');
    await colleague.open(ann.page.url());
    await expectNames(colleague.page, names);
    expect(await colleague.page.getByRole('combobox', { name: 'Tier' }).inputValue()).toBe('loss_making');
    expect(await colleague.page.getByRole('searchbox').inputValue()).toBe('garden');
    await colleague.page.getByText('51–100').waitFor();
    await ann.close();
    await colleague.close();
  });

  test('are walked without a mouse: order, rows, next page, a customer and back', async () => {
    const { page, open, close } = await world.window('ann');
    await open(LIST);
    await page.getByText(`of ${inWords(CUSTOMERS)}`).waitFor();

    await header(page, 'Name').focus();
    await page.keyboard.press('Enter');
    await expectNames(page, await stored({ order: 'name' }));
    await page.keyboard.press('Enter');
    await expectNames(page, await stored({ order: 'name', descending: false }));
    await next(page).focus();
    await page.keyboard.press('Enter');
    const names = await stored({ order: 'name', descending: false, skip: PAGE });
    await expectNames(page, names);
    expect(await next(page).and(page.locator(':focus')).count(), 'the focus stays').toBe(1);

    await table(page).getByRole('link').first().focus();
    for (let down = 0; down < 3; down += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: names[2] ?? '' }).waitFor();
    await page.goBack();
    await expectNames(page, names);
    await close();
  });
});

import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ADDRESSES, type PageId, pagePath } from '../../src/admin/shell/addresses.ts';
import { expectAccessibleInBoth } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';
import { aFilledWorld, type FilledWorld } from '../support/filled-world.ts';
import { type Reads, readOf, readsOf } from '../support/page-reads.ts';
import { PAGE_ROWS, type PageRow } from '../support/page-rows.ts';

/** Every page while it loads, when it fails, and without data. A page that is added is added to PAGE_ROWS. */

const SOON = { timeout: 10_000 };
const ROWS = Object.entries(PAGE_ROWS) as [PageId, PageRow][];
/** What stands where a value was not looked at: neither is a word of ours. */
const NO_VALUE = /NaN|undefined|Invalid Date|\[object Object\]/;

type Window = Awaited<ReturnType<BrowserWorld['window']>>;
const main = (page: Page) => page.getByRole('main');
/** What failed; an alert may also tell good news, e.g. the next step with a customer. */
const alerts = (page: Page) =>
  main(page)
    .getByRole('alert')
    .filter({ has: page.getByRole('button', { name: 'Try again' }) });
const loading = (page: Page) => main(page).getByRole('status').filter({ hasText: 'Loading' });

/** The browser notes each failed answer itself; nothing else may stand there. */
function ownComplaints({ complaints }: Window): readonly string[] {
  return complaints.splice(0).filter((text) => !text.startsWith('Failed to load resource'));
}
async function expectWords(page: Page): Promise<void> {
  expect(await main(page).textContent()).not.toMatch(NO_VALUE);
  // Words of a part that come late take the page away for a moment.
  const heads = page.getByRole('heading', { level: 1 });
  await expect.poll(() => heads.count(), { ...SOON, message: 'one heading of the page' }).toBe(1);
}
/** Until every "Try again" that stands there was pressed. */
async function tryAgain(page: Page): Promise<void> {
  const buttons = alerts(page).getByRole('button', { name: 'Try again' });
  for (let left = await buttons.count(); left > 0; left -= 1) await buttons.first().click();
}

test('every page has its row', () => {
  expect(Object.keys(PAGE_ROWS).sort()).toEqual(Object.keys(ADDRESSES).sort());
});

describe('a page with data', () => {
  let world: FilledWorld;
  let window: Window;
  let reads: Reads;
  beforeAll(async () => {
    world = await aFilledWorld();
    window = await world.window('ann');
    reads = await readsOf(window.page);
  });
  afterEach(() => reads.restore());
  afterAll(() => world?.close());

  /** All that the page asks, as it asks when all is well. */
  async function readsOfPage(id: PageId): Promise<readonly string[]> {
    // What the page before asks again of itself is none of this one's.
    await window.page.goto('about:blank');
    reads.asked.clear();
    await window.page.goto(world.pathOf(id));
    await PAGE_ROWS[id].filled(window.page).waitFor();
    await reads.settled();
    return [...reads.asked].sort();
  }

  /** While this one answer is held back, and when it came. */
  async function expectLoading(id: PageId, held: string): Promise<void> {
    const { page } = window;
    const free = Promise.withResolvers<void>();
    const hold = async (route: Route) => {
      await free.promise;
      await route.fallback();
    };
    try {
      await reads.instead(hold, (read) => read === held);
      await page.goto(world.pathOf(id));
      // What stands above it comes first; in the end nothing but this answer is waited for.
      await expect.poll(() => [...new Set([...reads.open].map(readOf))], SOON).toEqual([held]);
      await expect.poll(() => loading(page).count(), { ...SOON, message: held }).toBeGreaterThan(0);
      await expectWords(page);
    } finally {
      free.resolve();
    }
    await PAGE_ROWS[id].filled(page).waitFor();
    await expect.poll(() => loading(page).count(), SOON).toBe(0);
    await reads.restore();
  }

  test.each(ROWS)(
    '%s says that it loads, for each answer that it waits for, and then shows it',
    async (id, row) => {
      const { page } = window;
      const all = await readsOfPage(id);
      await expectWords(page);
      await expectAccessibleInBoth(page);
      expect(await loading(page).count(), 'nothing loads any more').toBe(0);
      expect(await alerts(page).count(), 'nothing failed').toBe(0);
      const told = Object.keys(row.quiet ?? {});
      expect(all, 'the row names reads of the page').toEqual(expect.arrayContaining(told));

      for (const held of all.filter((read) => !told.includes(read))) await expectLoading(id, held);
      expect(window.complaints.splice(0)).toEqual([]);
    },
  );

  test.each(ROWS)(
    '%s tells of each answer that failed, and comes back when one tries again',
    async (id, row) => {
      const { page } = window;
      const all = await readsOfPage(id);
      const failed = new Set<string>();
      const healed = new Set<string>();
      await reads.instead(
        async (route, read) => {
          failed.add(read);
          const json = { title: 'Internal error', detail: `broken: ${read}`, requestId: 'r-1' };
          await route.fulfill({ status: 500, contentType: 'application/problem+json', json });
        },
        (read) => !healed.has(read),
      );
      const unhealed = () => [...failed].filter((read) => !healed.has(read));

      await page.goto(world.pathOf(id));
      for (let round = 0; round < all.length && healed.size < all.length; round += 1) {
        await expect
          .poll(async () => {
            await reads.skipPauses();
            return alerts(page)
              .getByText(/^broken: /)
              .count();
          }, SOON)
          .toBeGreaterThan(0);
        await reads.settled();
        if (round === 0) {
          await expectWords(page);
          await expectAccessibleInBoth(page);
          expect(await alerts(page).first().textContent()).toContain('tell whoever runs the service');
        }
        const told = await alerts(page)
          .getByText(/^broken: /)
          .allTextContents();
        for (const read of unhealed()) if (told.includes(`broken: ${read}`)) healed.add(read);
        await tryAgain(page);
        await reads.settled();
      }
      await row.filled(page).waitFor();
      await expect.poll(() => alerts(page).count(), SOON).toBe(0);
      expect([...healed].sort(), 'each failure was told').toEqual(all);

      await reads.restore();
      expect(ownComplaints(window)).toEqual([]);
    },
  );

  test.each(ROWS)('%s tells of a connection that dropped, and comes back', async (id, row) => {
    const { page } = window;
    const all = await readsOfPage(id);
    await reads.instead((route) => route.abort('connectionfailed'));

    await page.goto(world.pathOf(id));
    const told = async () => {
      await reads.skipPauses();
      return alerts(page).getByText('The service cannot be reached').count();
    };
    if (all.length > 0) await expect.poll(told, SOON).toBeGreaterThan(0);
    await reads.restore();
    // What stands beneath another answer is asked for after it.
    await expect
      .poll(async () => {
        await reads.skipPauses();
        await tryAgain(page);
        await reads.settled();
        return alerts(page).count();
      }, SOON)
      .toBe(0);
    await row.filled(page).waitFor();

    expect(ownComplaints(window)).toEqual([]);
  });
});

describe('a page of a connection that was linked a moment ago', () => {
  let world: BrowserWorld;
  let window: Window;
  beforeAll(async () => {
    world = await aBrowserWorld({ isScored: false });
    window = await world.window('ann');
  });
  afterAll(() => world?.close());

  test.each(ROWS)('%s says so and what to do next', async (id, { fresh: { says, next } }) => {
    const { page } = window;
    await page.goto(pagePath(CONNECTION, id, { customer: '999', lead: '999', plan: '1', run: '1' }));

    // A choice of a filter may say the same, unseen.
    await main(page).getByText(says).filter({ visible: true }).first().waitFor();
    await expect.poll(() => loading(page).count(), SOON).toBe(0);
    await expectWords(page);
    for (const table of await main(page).getByRole('table').all())
      expect(await table.getByRole('row').count(), 'no table without a row').toBeGreaterThan(0);
    await expectAccessibleInBoth(page);

    if (next !== null && 'link' in next) {
      await main(page).getByRole('link', { name: next.link, exact: true }).click();
      await expect.poll(() => new URL(page.url()).pathname, SOON).toBe(pagePath(CONNECTION, next.to));
      await page.getByRole('heading', { level: 1 }).waitFor();
    } else if (next !== null && 'asks' in next) {
      const answer = page.waitForResponse((one) => one.request().method() === 'POST');
      await main(page).getByRole('button', { name: next.asks }).first().click();
      expect((await answer).ok()).toBe(true);
    } else if (next !== null) {
      await main(page).getByRole('button', { name: next.opens }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    }
    expect(ownComplaints(window)).toEqual([]);
  });
});

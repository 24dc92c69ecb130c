import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADDRESSES, type PageId, pagePath } from '../../src/admin/shell/addresses.ts';
import type { BrowserWorld } from '../support/browser-world.ts';
import { aFilledWorld, type FilledWorld } from '../support/filled-world.ts';
import { type Reads, readsOf } from '../support/page-reads.ts';
import { PAGE_ROWS, type PageRow } from '../support/page-rows.ts';

/** Every page for those who may only look, for those who may not even look, and for those whose session ends meanwhile. */

const SOON = { timeout: 10_000 };
/** More than any page has. */
const MOST_CONTROLS = 80;
/** Longer than what was read counts as fresh (src/admin/shell/app.tsx). */
const STALE_MS = 20_000;
const ROWS = Object.entries(PAGE_ROWS) as [PageId, PageRow][];
const OF_A_CONNECTION = ROWS.filter(([id]) => ADDRESSES[id].startsWith('/c/'));

type Window = Awaited<ReturnType<BrowserWorld['window']>>;
const main = (page: Page) => page.getByRole('main');
/** The browser notes each refused answer itself; nothing else may stand there. */
function ownComplaints({ complaints }: Window): readonly string[] {
  return complaints.splice(0).filter((text) => !text.startsWith('Failed to load resource'));
}

let world: FilledWorld;
beforeAll(async () => {
  world = await aFilledWorld();
});
afterAll(() => world?.close());

/** What stands on a page for those who may not change anything; the audit log is closed to them. */
async function openAsViewer({ page }: Window, id: PageId): Promise<void> {
  await page.goto(world.pathOf(id));
  const closed: { readonly [Id in PageId]?: () => Promise<void> } = {
    auditLog: () => page.getByRole('heading', { name: 'For administrators' }).waitFor(),
    access: () => page.getByRole('table', { name: 'People' }).waitFor(),
  };
  await (closed[id]?.() ?? PAGE_ROWS[id].filled(page).waitFor());
}

/** Presses whatever can be pressed, also what comes to light by that; answers what was written or asked for a yes. */
async function deedsOf(page: Page): Promise<readonly string[]> {
  const deeds: string[] = [];
  await page.route('**/api/v1/**', async (route) => {
    const method = route.request().method();
    if (method === 'GET') return route.fallback();
    const { pathname } = new URL(route.request().url());
    // One's own sessions are one's own to end.
    if (!pathname.startsWith('/api/v1/me/')) deeds.push(`${method} ${pathname}`);
    await route.abort();
  });
  const able = ':visible:not(:disabled):not([aria-disabled=true])';
  const controls = main(page).locator(`:is(button, input[type=checkbox], input[type=radio], select)${able}`);
  const pressed = new Set<string>();
  for (let times = 0; times < MOST_CONTROLS; times += 1) {
    const labels = await controls.evaluateAll((found) =>
      found.map((one) => `${one.tagName} ${one.ariaLabel ?? one.textContent}`),
    );
    // Several may be called alike, one in each row.
    const names = labels.map(
      (label, at) => `${label} ${labels.slice(0, at).filter((one) => one === label).length}`,
    );
    const at = names.findIndex((name) => !pressed.has(name));
    if (at === -1) break;
    const name = names[at] ?? '';
    pressed.add(name);
    const control = controls.nth(at);
    if (name.startsWith('SELECT')) {
      await control.selectOption({ index: (await control.locator('option').count()) - 1 });
    } else await control.click({ force: true, timeout: 1_000 }).catch(() => undefined);
    await painted(page);
    if ((await page.getByRole('dialog').count()) > 0) {
      deeds.push(`dialog of ${name}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  }
  await painted(page);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  return deeds;
}

/** What a press leads to is there: the second frame comes after what the first one asked for. */
async function painted(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

describe('who may only look', () => {
  let window: Window;
  beforeAll(async () => {
    window = await world.window('bob');
  });
  afterAll(() => window?.close());

  test.each(ROWS)('finds nothing on %s that writes', async (id, { forAll }) => {
    await openAsViewer(window, id);

    const deeds = await deedsOf(window.page);
    expect(deeds.filter((deed) => !forAll?.test(deed))).toEqual([]);
    expect(ownComplaints(window)).toEqual([]);
  });

  test('is refused by the server whatever changes a connection', async () => {
    const bob = await world.web.signedIn('bob');
    const writes = world.web.routes.filter(
      ({ isWrite, access, path }) =>
        isWrite && access !== 'viewer' && path.startsWith('/connections/{connection}'),
    );
    expect(writes.length).toBeGreaterThan(40);
    const own = world.web.routes.filter(({ isWrite, access }) => isWrite && access === 'viewer');
    expect(own.filter(({ path }) => !/^\/me\/|\/customer-views/.test(path))).toEqual([]);

    for (const { method, path } of writes) {
      const filled = path.replace('{connection}', 'demo').replace(/\{\w+\}/g, '1');
      const answer = await bob.write(method, filled, method === 'DELETE' ? undefined : {});
      expect(answer.status, `${method} ${path}`).toBe(403);
    }
  });

  test('is found out: an administrator finds what writes by the same way', async () => {
    const { page, close } = await world.window('ann');
    for (const [id, deed] of [
      ['runs', /^dialog of .*Start a run/],
      ['alerts', /^POST .*\/ack$/],
      ['access', /^dialog of .*Make a token/],
    ] as const) {
      const deeds = async () => {
        await page.goto(world.pathOf(id));
        await PAGE_ROWS[id].filled(page).waitFor();
        return deedsOf(page);
      };
      await expect.poll(deeds).toEqual(expect.arrayContaining([expect.stringMatching(deed)]));
    }
    await close();
  });
});

describe('who may not look', () => {
  test.each(OF_A_CONNECTION)('is told so on %s, and led on', async (id) => {
    const { page, close } = await world.window('bob');
    await page.goto(pagePath('other', id, { customer: '1', lead: '1', plan: '1', run: '1' }));

    await main(page).getByRole('alert').getByText('not yours to see').waitFor();
    await main(page).getByRole('link', { name: 'To the connections' }).click();
    await page.getByRole('heading', { level: 1, name: 'Connections' }).waitFor();
    await main(page).getByRole('link', { name: 'demo' }).waitFor();
    await close();
  });

  test.each([
    ['customer', 'To the customers'],
    ['oneLead', 'To the leads'],
    ['plan', 'To the plans'],
    ['run', 'To the runs'],
  ] as const)('finds the way from a %s whose id is none', async (id, link) => {
    const { page, close } = await world.window('ann');
    for (const none of ['999999', 'no-id']) {
      await page.goto(pagePath('demo', id, { customer: none, lead: none, plan: none, run: none }));
      await main(page).getByRole('alert').getByRole('link', { name: link }).waitFor();
    }
    await close();
  });
});

describe('whose session ends', () => {
  let window: Window;
  let reads: Reads;
  beforeAll(async () => {
    window = await world.window('ann');
    reads = await readsOf(window.page);
  });
  afterAll(() => window?.close());

  /** What one comes back to after a look elsewhere is read anew. */
  async function lookAgain(page: Page): Promise<void> {
    await page.clock.fastForward(STALE_MS);
    await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
  }
  async function expectHere(id: PageId): Promise<void> {
    const { page } = window;
    await PAGE_ROWS[id].filled(page).waitFor();
    const { pathname, search } = new URL(page.url());
    expect(pathname + search).toBe(world.pathOf(id));
    const failed = main(page).getByRole('alert').getByRole('button', { name: 'Try again' });
    await expect.poll(() => failed.count(), SOON).toBe(0);
  }

  test.each(ROWS)('signs in again beside %s, or on the way back to it', async (id) => {
    const { page, context } = window;
    await page.goto(world.pathOf(id));
    await PAGE_ROWS[id].filled(page).waitFor();
    await reads.settled();
    const cookies = await context.cookies();

    await context.clearCookies();
    await lookAgain(page);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    const beside = dialog.getByRole('link', { name: 'Sign in in a new tab' });
    expect(await beside.getAttribute('href')).toBe('/sign-in');
    await context.addCookies(cookies);
    await dialog.getByRole('button', { name: 'I have signed in: go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expectHere(id);

    await context.clearCookies();
    await page.reload();
    world.web.freshCodes();
    world.web.simulator.control.setSwitches({ consentBy: 'ann' });
    await page.getByRole('link', { name: 'Sign in with Zoho' }).click();
    await expectHere(id);
    expect(ownComplaints(window)).toEqual([]);
  });

  test('signs in in the other tab and goes on in this one', async () => {
    const { page, context } = window;
    await page.goto(world.pathOf('customers'));
    await PAGE_ROWS.customers.filled(page).waitFor();
    await context.clearCookies();
    await page.getByRole('searchbox').fill('Ann');
    world.web.freshCodes();
    world.web.simulator.control.setSwitches({ consentBy: 'ann' });

    const other = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Sign in in a new tab' }).click();
    await (await other).getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('button', { name: 'I have signed in: go on' }).click();

    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.waitForURL(/search=Ann/);
    await PAGE_ROWS.customers.filled(page).waitFor();
  });
});

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

/** The first hour without a mouse: what has the focus is the right thing, and one sees where it is. */

const LONG_MS = 60_000;
// On a machine with other things to do; every stop is looked at.
vi.setConfig({ testTimeout: 600_000 });
/** More stops than any page has. */
const MOST_STOPS = 120;
type Role = 'button' | 'checkbox' | 'dialog' | 'link' | 'radio' | 'textbox';

function aWorld(options: Parameters<typeof aBrowserWorld>[0]): () => BrowserWorld {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await aBrowserWorld(options);
  });
  afterAll(() => world?.close());
  return () => world;
}

const focused = (page: Page) => page.locator(':focus');
async function isFocused(page: Page, place: Locator): Promise<boolean> {
  return (await place.and(focused(page)).count()) === 1;
}
function nameOfFocused(page: Page): Promise<string> {
  return focused(page).evaluateAll(([at]) => at?.outerHTML.slice(0, 200) ?? 'nothing');
}

/** An outline, a shadow or an edge that the same element has not without the focus. */
async function isSeen(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const at = document.activeElement;
    if (!at || at === document.body || !at.matches(':focus-visible')) return false;
    const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(at);
    if ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none') return true;
    if (!at.matches('input:not([type=radio]):not([type=checkbox]), select, textarea')) return false;
    const other = at.parentNode.appendChild(at.cloneNode());
    other.style.transition = 'none';
    const plain = getComputedStyle(other).borderColor;
    other.remove();
    return plain !== borderColor;
  })()`);
}
async function expectSeen(page: Page): Promise<void> {
  const what = await nameOfFocused(page);
  // An edge takes its colour in a moment.
  await expect.poll(() => isSeen(page), { message: `the focus is seen on ${what}` }).toBe(true);
}

/** The focus went there by itself. */
async function expectFocus(page: Page, place: Locator): Promise<void> {
  const where = async () => ((await isFocused(page, place)) ? 'there' : await nameOfFocused(page));
  await expect.poll(where, { timeout: LONG_MS, message: `the focus goes to ${String(place)}` }).toBe('there');
  await expectSeen(page);
}

/** Once it is there to be seen, Tab (or Shift+Tab) until the focus is on it, seeing every stop. Not round the page: nothing between is left out. */
async function tabTo(page: Page, role: Role, name: string | RegExp, key = 'Tab'): Promise<void> {
  const place = page.getByRole(role, { name, exact: true });
  await place.first().waitFor({ timeout: LONG_MS });
  const stops: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press(key);
    await expectSeen(page);
    if (await isFocused(page, place)) return;
    stops.push(await focused(page).evaluate((at) => (at.ariaLabel ?? at.textContent ?? '').slice(0, 40)));
  }
  throw new Error(`no ${role} ${String(name)} among ${stops.join(' | ')}`);
}
async function press(page: Page, role: Role, name: string | RegExp): Promise<void> {
  await tabTo(page, role, name);
  await page.keyboard.press('Enter');
}

/** What asks for a yes has the focus in it; it is answered by its button. */
async function confirm(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('dialog').waitFor();
  await expect.poll(() => page.getByRole('dialog').locator(':focus').count()).toBe(1);
  await press(page, 'button', name);
}
const head = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^\\d\\. ${name}`) });

describe('without a mouse, from nothing', () => {
  const here = aWorld({ isLinked: false, hasJobs: true });

  test('the first hour leads from no connection to a plan that is written', async () => {
    const world = here();
    const { page, close, complaints } = await world.window('operator');
    world.web.freshCodes();
    world.web.simulator.control.setSwitches({ consentBy: 'ann' });

    await page.goto('/');
    await page.getByRole('link', { name: 'Link a Zoho CRM' }).waitFor();
    await press(page, 'link', 'Link a Zoho CRM');
    await expectFocus(page, page.getByRole('main'));
    await tabTo(page, 'textbox', 'Name of the connection');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('firm');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Go on with the set-up' }).waitFor();
    await press(page, 'link', 'Go on with the set-up');
    await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor();
    await page.getByRole('button', { name: 'Test now' }).waitFor();

    // Before anything else, the way past the navigation.
    await page.keyboard.press('Tab');
    await expectFocus(page, page.getByRole('link', { name: 'Skip to the page' }));
    await page.keyboard.press('Enter');
    await expectFocus(page, page.getByRole('main'));
    await page.keyboard.press('Tab');
    await expectFocus(page, head(page, 'Connection'));

    await press(page, 'button', 'Test now');
    await expectFocus(page, head(page, 'What is in your CRM'));
    await press(page, 'button', 'Look into the CRM');
    await expectFocus(page, head(page, 'Fields'));

    // As one that came by a connect link begins.
    const { id } = await world.web.app.connection('firm');
    await world.web.app.store.connections.setMode(id, 'read-only');
    await page.reload();
    await page.getByRole('button', { name: 'Show what would be made' }).waitFor();
    await press(page, 'button', 'Show what would be made');
    const allow = page.getByRole('button', { name: 'Allow writing', exact: true });
    await allow.waitFor({ timeout: LONG_MS });
    await expectFocus(page, page.getByRole('button', { name: 'Show what would be made' }));
    await press(page, 'button', 'Allow writing');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expectFocus(page, allow);
    await page.keyboard.press('Enter');
    await confirm(page, /^Allow writing into/);
    // What asked is gone with the answer; the step that it stood in has the focus.
    await expectFocus(page, page.getByRole('region', { name: /^\d\. Fields/ }));
    await press(page, 'button', /^Make \d+ fields$/);
    await confirm(page, /^Make \d+ fields$/);
    await expectFocus(page, head(page, 'Rules'));

    // A group of choices is one stop; the arrows choose in it.
    await tabTo(page, 'radio', /^Balanced/);
    await page.keyboard.press('ArrowDown');
    await expectFocus(page, page.getByRole('radio', { name: 'Wholesale' }));
    expect(await page.getByRole('radio', { name: 'Wholesale' }).isChecked()).toBe(true);
    await press(page, 'button', 'Preview on your customers');
    await page.getByText('would stand elsewhere').waitFor({ timeout: LONG_MS });
    await expectFocus(page, page.getByRole('button', { name: 'Preview on your customers' }));
    await press(page, 'button', /^Put version \d in force$/);
    await confirm(page, 'Put it in force');
    await expectFocus(page, head(page, 'First dry run'));

    await press(page, 'button', 'Start the dry run');
    await expectFocus(page, head(page, 'Approval'));
    await press(page, 'button', 'Approve plan 1');
    await confirm(page, 'Approve plan 1');
    await expectFocus(page, page.getByRole('region', { name: /^\d\. Approval/ }));
    await press(page, 'button', 'Write the plan');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'checkbox', 'Only values, no tasks yet');
    await page.keyboard.press('Space');
    await tabTo(page, 'button', 'Cancel');
    await tabTo(page, 'checkbox', 'Only values, no tasks yet', 'Shift+Tab');
    await page.keyboard.press('Space');
    await press(page, 'button', 'Write the plan');
    await page.getByRole('region', { name: 'What was written' }).waitFor({ timeout: LONG_MS });
    await expectFocus(page, page.getByRole('region', { name: /^\d\. Approval/ }));
    await press(page, 'button', /^\d\. Schedule/);
    await page.getByRole('table', { name: 'What runs by itself' }).waitFor();
    await expectFocus(page, head(page, 'Schedule'));

    const rows = world.web.simulator.control.records('Accounts').filter((row) => row.Value_Tier);
    expect(rows.length).toBeGreaterThan(700);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('without a mouse, in a firm that is linked', () => {
  const here = aWorld({});

  test('a page that is chosen in the navigation begins at its content', async () => {
    const { page, open, close } = await here().window('operator');
    await open(`/c/${CONNECTION}/overview`);

    await press(page, 'link', 'Customers');
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();

    await expectFocus(page, page.getByRole('main'));
    await tabTo(page, 'link', 'Customers', 'Shift+Tab');
    await close();
  });

  test('what is hidden while more of the page is loaded has the focus again afterwards', async () => {
    const { page, open, close } = await here().window('ann');
    await open(`/c/${CONNECTION}/rules`);
    await page.getByLabel('Top: best customers (%)').fill('30');
    await page.getByRole('button', { name: 'Save as draft' }).click();
    const draft = page.getByRole('region', { name: /^Draft: version/ });
    await draft.waitFor();
    await page.reload();
    let letThrough = () => {};
    const isLetThrough = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    // Words that only the answer needs.
    await page.route('**/assets/setUp-*.js', async (route) => {
      await isLetThrough;
      await route.continue();
    });

    await press(page, 'button', 'See what it would do');
    await expectFocus(page, draft);
    await here().work({ what: 'what-if', version: 1 });
    await draft.waitFor({ state: 'hidden' });
    await expectFocus(page, page.getByRole('main'));
    letThrough();

    await draft.getByRole('table', { name: 'Tier' }).waitFor();
    await expectFocus(page, draft);
    await close();
  });

  test('a button that is switched off by being pressed leaves the focus in the part around it, and has it again once it is on', async () => {
    const { page, open, close } = await here().window('operator');
    await open(`/c/${CONNECTION}/customers`);
    await page.evaluate(`
      const part = document.createElement('section');
      part.ariaLabel = 'Switch';
      part.innerHTML = '<button>Off</button>';
      part.firstChild.addEventListener('click', () => { part.firstChild.disabled = true; });
      document.querySelector('main').prepend(part);
    `);

    await page.getByRole('main').focus();
    await press(page, 'button', 'Off');

    await expectFocus(page, page.getByRole('region', { name: 'Switch' }));
    const off = page.getByRole('button', { name: 'Off' });
    await page.evaluate("document.querySelector('main > section > button').disabled = false");
    await expectFocus(page, off);
    await close();
  });
});

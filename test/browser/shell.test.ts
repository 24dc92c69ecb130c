import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld();
});
afterAll(() => world?.close());

describe('signing in', () => {
  test('a stranger is asked to sign in; a colleague who was not invited is told why not', async () => {
    const { page, open, close } = await world.window(null);

    await open(`/c/${CONNECTION}/customers`);
    const link = page.getByRole('link', { name: 'Sign in with Zoho' });
    expect(await link.getAttribute('href')).toBe('/sign-in?returnTo=%2Fc%2Fdemo%2Fcustomers');
    await expectAccessible(page);

    world.web.freshCodes();
    world.web.simulator.control.setSwitches({ consentBy: 'bob' });
    await link.click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('main').textContent()).toContain('invite');
    expect((await page.request.get('/api/v1/me')).status()).toBe(401);
    await close();
  });

  test('an administrator comes back to the page that was asked for, and leaves again', async () => {
    const { page, open, close, complaints } = await world.window(null);
    world.web.freshCodes();
    world.web.simulator.control.setSwitches({ consentBy: 'ann' });

    await open(`/c/${CONNECTION}/overview`);
    complaints.length = 0; // the browser notes the 401 that led to the sign-in
    await page.getByRole('link', { name: 'Sign in with Zoho' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/c/${CONNECTION}/overview`);
    expect(complaints).toEqual([]);

    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-out');
    expect((await page.request.get('/api/v1/me')).status()).toBe(401);
    await close();
  });

  test('a session that ends is renewed beside the page, and what was typed stays', async () => {
    const { page, open, close, context } = await world.window('ann');
    await open(`/c/${CONNECTION}/customers`);
    const search = page.getByRole('searchbox');
    const cookies = await context.cookies();

    await context.clearCookies();
    await search.fill('Ann');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'I have signed in: go on' }).click();
    await dialog.getByRole('alert').waitFor();
    await context.addCookies(cookies);
    await dialog.getByRole('button', { name: 'I have signed in: go on' }).click();
    await dialog.waitFor({ state: 'hidden' });

    expect(await search.inputValue()).toBe('Ann');
    await page.getByRole('table').getByRole('link').first().waitFor();
    await close();
  });
});

describe('the shell', () => {
  test('the overview shows the customer base without a complaint of the browser', async () => {
    const { page, open, close, complaints } = await world.window('ann');

    await open('/');
    await page.getByRole('region', { name: 'Value of the customer base' }).waitFor();

    expect(await page.title()).toBe('Overview · Customer Value');
    expect(await page.getByRole('region', { name: 'Tiers', exact: true }).textContent()).toContain(
      'Loss-making',
    );
    expect(complaints).toEqual([]);
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
    const { page, open, close } = await world.window('ann', { colorScheme });

    await open(`/c/${CONNECTION}/overview`);
    await page.getByRole('region', { name: 'Phases', exact: true }).waitFor();
    await expectAccessible(page);

    await close();
  });

  test('the language is chosen in the head and kept', async () => {
    const { page, open, close } = await world.window('ann');
    await open(`/c/${CONNECTION}/overview`);

    await page.getByRole('combobox', { name: 'Language' }).selectOption('nl');
    await page.getByRole('heading', { level: 1, name: 'Overzicht' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overzicht' }).waitFor();

    expect(await page.locator('html').getAttribute('lang')).toBe('nl');
    await close();
  });

  test('on a phone the pages are behind a button, which closes after a choice', async () => {
    const { page, open, close } = await world.window('ann', { viewport: { width: 390, height: 844 } });
    await open(`/c/${CONNECTION}/overview`);

    await page.getByRole('button', { name: 'Open the menu' }).click();
    await page.getByRole('link', { name: 'Customers', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();

    expect(await page.getByRole('button', { name: 'Open the menu' }).isVisible()).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await close();
  });

  test('an address that is no page says so, and an unknown connection too', async () => {
    const { page, open, close } = await world.window('ann');

    await page.goto('/nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.goto('/c/other/overview');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('not yours to see');

    await open('/');
    await close();
  });
});

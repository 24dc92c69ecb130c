import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION, inviteViewer } from '../support/browser-world.ts';

/** The fleet, and one connection: its checks, what it may write, its pause and its end. */

let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ hasJobs: true });
});
afterAll(() => world?.close());

describe('the fleet', () => {
  test('an operator sees every connection with its trouble in words, searches, and exports', async () => {
    const { page, open, close, complaints } = await world.window('operator');
    const { id } = await world.web.app.connection(CONNECTION);
    await world.web.app.store.connections.setState(id, 'reconnect_needed', 'refused');

    await open('/connections');
    await page.getByRole('table').getByText('must be linked again').waitFor();
    await page.getByRole('searchbox').fill('nobody');
    await page.getByRole('heading', { name: 'No connection fits' }).waitFor();
    await page.getByRole('searchbox').fill('super');
    await page.getByRole('link', { name: CONNECTION }).waitFor();
    await page.getByRole('checkbox', { name: 'Only those in trouble' }).check();
    await page.waitForURL(/search=super&trouble=true/);
    await page.getByRole('link', { name: CONNECTION }).waitFor();

    const href = await page.getByRole('link', { name: 'Export all (CSV)' }).getAttribute('href');
    const csv = await (await page.request.get(href ?? '')).text();
    expect(csv).toContain('reconnect needed');
    expect(complaints).toEqual([]);
    // Live: the row changes by itself, and the filter of what is in the address goes on.
    await world.web.app.store.connections.setState(id, 'ready', null);
    await page.getByText('must be linked again').waitFor({ state: 'hidden', timeout: 30_000 });
    expect(page.url()).toContain('search=super&trouble=true');
    await page.getByRole('checkbox', { name: 'Only those in trouble' }).uncheck();
    await page.getByRole('link', { name: CONNECTION }).waitFor();
    await close();
  });

  test('others see their own connections, and no link for operators', async () => {
    const { page, open, close } = await world.window('ann');
    await open('/connections');
    await page.getByRole('link', { name: CONNECTION }).waitFor();
    expect(await page.getByRole('link', { name: 'Export all (CSV)' }).count()).toBe(0);
    await close();
  });
});

describe('a connection', () => {
  const path = `/c/${CONNECTION}/connection`;

  test('is tested now, made read only, paused with a reason and resumed', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    const { id } = await world.web.app.connection(CONNECTION);

    await open(path);
    await page.getByText('Not tested yet.').waitFor();
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.getByRole('table', { name: 'What was checked' }).waitFor({ timeout: 60_000 });

    await page.getByRole('radio', { name: 'Read only' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Read only' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect((await world.web.app.store.connections.byId(id))?.mode).toBe('read-only');

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('move of the office');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('move of the office').waitFor();
    expect((await world.web.app.store.jobs.paused()).map(({ why }) => why)).toEqual(['move of the office']);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Jobs run.').waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 90_000);

  test.each([
    ['nl', 'Wat is gecontroleerd', 'Ook tonen wat in orde is'],
    ['pl', 'Co sprawdzono', 'Pokaż też to, co w porządku'],
    ['da', 'Hvad der blev kontrolleret', 'Vis også det, der er i orden'],
  ] as const)('says every check in the language of the page, %s', async (locale, title, all) => {
    const { id } = await world.web.app.connection(CONNECTION);
    const run = await world.web.app.store.runs.latest(id, 'doctor');
    const { checks } = (run?.summary ?? { checks: [] }) as {
      checks: { message: string; repair: string | null }[];
    };
    const { page, open, close } = await world.window('ann', { locale });

    for (const address of [path, `/c/${CONNECTION}/set-up?step=checks`]) {
      await open(address);
      await page.getByRole('button', { name: all }).click();
      const shown = (await page.getByRole('table', { name: title }).textContent()) ?? '';
      expect(checks.length).toBeGreaterThan(20);
      const sentences = checks.flatMap(({ message, repair }) => [
        message,
        ...(repair === null ? [] : [repair]),
      ]);
      expect(sentences.filter((text) => !text.startsWith('zcv ') && shown.includes(text))).toEqual([]);
    }
    await close();
  });

  test('is not ended by a wrong name', async () => {
    const { page, open, close } = await world.window('ann');

    await open(path);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^Type its name/)
      .fill('other');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete everything here' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();

    expect(await world.web.app.store.connections.byName(CONNECTION)).not.toBeNull();
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious, %s', async (colorScheme) => {
    const { page, open, close } = await world.window('operator', { colorScheme });
    for (const address of [path, '/connections']) {
      await open(address);
      await page.waitForLoadState('networkidle');
      await expectAccessible(page);
    }
    await close();
  });

  test.each([360, 390])(
    'on a phone of %s pixels no button is cut, and each tick stands on the line of its permission',
    async (width) => {
      const { page, open, close } = await world.window('ann', { viewport: { width, height: 800 } });
      await open(path);
      const list = page.getByRole('list', { name: 'Permissions' });
      await list.waitFor();

      for (const button of await page.getByRole('main').getByRole('button').all()) {
        const box = await button.boundingBox();
        expect(box === null ? 0 : box.x + box.width, (await button.textContent()) ?? '').toBeLessThanOrEqual(
          width,
        );
      }
      const middle = (box: { y: number; height: number } | null) =>
        box === null ? NaN : box.y + box.height / 2;
      for (const item of await list.getByRole('listitem').all()) {
        const tick = middle(await item.locator('svg').boundingBox());
        const word = middle(await item.locator('b').boundingBox());
        expect(Math.abs(tick - word), (await item.textContent()) ?? '').toBeLessThan(4);
      }
      await close();
    },
  );

  test('who may only look finds no button that changes anything, on a phone nothing sticks out', async () => {
    const { id } = await world.web.app.connection(CONNECTION);
    await inviteViewer(world.web, id);
    const { page, open, close } = await world.window('bob', { viewport: { width: 390, height: 844 } });

    await open(path);
    await page.getByText('Jobs run.').waitFor();
    for (const name of ['Test now', 'Pause', 'Disconnect', 'Test and renew'])
      expect(await page.getByRole('button', { name }).count(), name).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const { csrfToken } = await (await page.request.get('/api/v1/me')).json();
    const answer = await page.request.put(`/api/v1/connections/${CONNECTION}/pause`, {
      headers: { 'x-csrf-token': csrfToken },
      data: { why: 'x' },
    });
    expect(answer.status()).toBe(403);
    await close();
  });
});

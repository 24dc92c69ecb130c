import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runLine } from '../../src/jobs/run-line.ts';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

/** Each picture has a table, and its table says what the API says. */

const BASE = `/api/v1/connections/${CONNECTION}`;
const TIERS: { readonly [code: string]: string } = {
  top: 'Top',
  good: 'Good',
  marginal: 'Marginal',
  loss_making: 'Loss-making',
  none: 'No business',
};
const PHASES = ['prospect', 'new', 'established', 'loyal', 'leaving', 'lost'];

let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld();
  await moveSome();
});
afterAll(() => world?.close());

/** A second full scoring, half a year on: some customers stand elsewhere by then. */
async function moveSome(): Promise<void> {
  const { app } = world.web;
  const connection = await app.connection(CONNECTION);
  const day = new Date(Date.now() + 180 * 86_400_000).toISOString().slice(0, 10);
  await runLine(await app.depsOf(connection), {
    connection,
    full: false,
    apply: false,
    asOf: day,
    plan: false,
  });
}

async function told<T>(page: Page, path: string): Promise<T> {
  return (await (await page.request.get(`${BASE}${path}`)).json()) as T;
}
/** The cells of the table behind a picture, without its head. */
async function tableOf(page: Page, name: string): Promise<string[][]> {
  const figure = page.getByRole('region', { name, exact: true }).first();
  await figure.waitFor();
  expect(await figure.getByRole('img').count(), name).toBe(1);
  await figure.getByText('Table', { exact: true }).click();
  const table = figure.getByRole('table', { name });
  await table.waitFor();
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
}
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const money = new Intl.NumberFormat('en-GB', {
  ...{ style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0 },
});

describe('the pictures of the overview', () => {
  test('the value curve: so many customers earn so much', async () => {
    const { page, open, close } = await world.window('ann');
    await open(`/c/${CONNECTION}/overview`);
    const { curve } = await told<{ curve: { customers: number; profit12: number }[] }>(
      page,
      '/overview?days=30',
    );

    const rows = await tableOf(page, 'Whale curve');

    expect(rows.slice(1)).toEqual(
      curve.map(({ customers, profit12 }) => [whole.format(customers), money.format(profit12 / 100)]),
    );
    expect(rows.length).toBeGreaterThan(10);
    await close();
  });

  test('the flow between tiers: from where to where, how many', async () => {
    const { page, open, close } = await world.window('ann');
    await open(`/c/${CONNECTION}/overview?days=90`);
    const { items } = await told<{ items: { from: string | null; to: string; customers: number }[] }>(
      page,
      '/overview/moves?days=90',
    );
    const moved = items.filter(({ from }) => from !== null);

    const figure = page.getByRole('region', { name: 'Moves between tiers', exact: true });
    await figure.locator('svg path').first().waitFor();
    expect(await figure.locator('svg path').count()).toBe(moved.length);
    const rows = await tableOf(page, 'Moves between tiers');

    expect(moved.length).toBeGreaterThan(2);
    expect(rows).toEqual(
      moved.map(({ from, to, customers }) => [
        `${TIERS[from ?? '']} → ${TIERS[to]}`,
        whole.format(customers),
      ]),
    );
    await close();
  });

  test('phases over time: a row a scoring, a column a phase', async () => {
    const { page, open, close } = await world.window('ann');
    await open(`/c/${CONNECTION}/overview?days=365`);
    type Day = { asOf: string; phases: { code: string; customers: number }[] };
    const { items } = await told<{ items: Day[] }>(page, '/overview/days?days=365');

    const rows = await tableOf(page, 'Customers by phase over time');

    expect(items).toHaveLength(2);
    const count = ({ phases }: Day, code: string) =>
      phases.find((phase) => phase.code === code)?.customers ?? 0;
    expect(rows.map(([, ...cells]) => cells)).toEqual(
      items.map((item) => PHASES.map((code) => whole.format(count(item, code)))),
    );
    await close();
  });

  test('credits: what we spent of what we may, and what Zoho says', async () => {
    const { page, open, close } = await world.window('ann');
    await open(`/c/${CONNECTION}/overview`);
    type Credits = { remaining: number | null; spent: number; ceiling: number };
    const { credits } = await told<{ credits: Credits }>(page, '');

    const rows = await tableOf(page, "Zoho's credits");

    expect(credits.spent).toBeGreaterThan(0);
    expect(rows.map(([, count]) => count)).toEqual([
      whole.format(credits.spent),
      whole.format(credits.ceiling - credits.spent),
      whole.format(credits.ceiling),
      credits.remaining === null ? '–' : whole.format(credits.remaining),
    ]);
    await close();
  });

  test.each(['light', 'dark'] as const)(
    'are accessible as pictures and as tables, %s',
    async (colorScheme) => {
      const { page, open, close } = await world.window('ann', { colorScheme });
      await open(`/c/${CONNECTION}/overview?days=90`);
      await page.getByRole('region', { name: 'Moves between tiers', exact: true }).locator('svg').waitFor();
      await expectAccessible(page);

      for (const name of ['Whale curve', 'Moves between tiers', "Zoho's credits"]) await tableOf(page, name);
      await expectAccessible(page);
      await close();
    },
  );
});

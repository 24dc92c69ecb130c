import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

const PAGE = `/c/${CONNECTION}/mapping`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ hasFields: true });
  const ann = await world.web.signedIn('ann');
  await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
});
afterAll(() => world?.close());

async function connectionId(): Promise<string> {
  return (await world.web.app.store.connections.list())[0]?.id ?? '';
}

describe('the mapping', () => {
  test('shows both directions; who wins over an edit is chosen field by field', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(PAGE);
    const step = page.getByRole('row', { name: /Next Step Accounts/ });
    expect(await step.textContent()).toMatch(/Accounts\.Next_Step.*we write/);

    const choice = page.getByRole('combobox', { name: 'When a person changes Accounts · Next Step' });
    expect(await choice.inputValue()).toBe('ours');
    await choice.selectOption('theirs');
    await page.getByText(/^Saved as version \d+\.$/).waitFor();
    await page.reload();
    expect(await choice.inputValue()).toBe('theirs');

    const amount = page.getByRole('row', { name: /^amount/ });
    expect(await amount.textContent()).toContain('Amount');
    expect(complaints).toEqual([]);
    await close();
  });

  test('where a value is read is changed; a name that none can be is refused and stays typed', async () => {
    const { page, open, close } = await world.window('ann');
    await open(`${PAGE}?module=Accounts`);

    await page.getByRole('button', { name: 'Change: survey' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change where Accounts.survey is read' });
    const names = dialog.getByLabel('API names, parted by commas');
    await names.fill('not a name');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await names.inputValue()).toBe('not a name');
    await names.fill('Last_NPS, NPS');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/The next sync reads it/).waitFor();

    const row = page.getByRole('row', { name: /^survey/ });
    await row.getByText('Last_NPS, NPS').waitFor();
    expect(await row.textContent()).toContain('not found');
    await close();
  });

  test('what is paused stands first, with its repair', async () => {
    const { store } = world.web.app;
    const id = await connectionId();
    const states = await store.mappingStates.of(id, 'Deals');
    const pausedSince = new Date('2026-11-01T09:00:00Z');
    const broken = { reason: 'retyped', repair: 'make Amount a currency again', pausedSince } as const;
    await store.mappingStates.replace(
      id,
      'Deals',
      states.map((state) => (state.input === 'amount' ? { ...state, ...broken } : state)),
    );
    const { page, open, close } = await world.window('ann');
    await open(PAGE);

    const first = page.getByRole('region', { name: '1 thing needs you' });
    expect(await first.textContent()).toMatch(
      /Deals\.amount: its type no longer holds.*make Amount a currency/,
    );
    await store.mappingStates.replace(id, 'Deals', states);
    await close();
  });

  test('an org without our fields is told where they are made; a failure can be tried again', async () => {
    const { page, open, close } = await world.window('ann');
    await page.route('**/mapping?*', (route) => route.abort());
    await open(PAGE);
    await page.getByRole('alert').waitFor();
    await page.unrouteAll();
    await page.route('**/mapping?*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...(await answer.json()), ours: [] } });
    });
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('link', { name: 'To the set-up' }).waitFor();
    await close();
  });

  test('who may only look sees words instead of choices, and the API refuses a change', async () => {
    const { page, open, close } = await world.window('bob');
    await open(PAGE);
    await page.getByRole('row', { name: /^amount/ }).waitFor();

    expect(await page.getByRole('button', { name: /^Change/ }).count()).toBe(0);
    expect(await page.getByRole('combobox', { name: /^When a person/ }).count()).toBe(0);
    const bob = await world.web.signedIn('bob');
    const set = { 'fields.mapping.deals.amount': 'Other' };
    expect((await bob.write('PATCH', `/connections/${CONNECTION}/settings`, { set })).status).toBe(403);
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
    const { page, open, close } = await world.window('ann', { colorScheme });
    await open(PAGE);
    await page.getByRole('row', { name: /^amount/ }).waitFor();
    await expectAccessible(page);
    await close();
  });
});

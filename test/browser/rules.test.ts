import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

const PATH = `/c/${CONNECTION}/rules`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld();
  const ann = await world.web.signedIn('ann');
  await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
});
afterAll(() => world?.close());

test('a number is changed into a draft, tried on all customers, put in force, compared and taken back', async () => {
  const { page, open, close } = await world.window('ann');
  await open(PATH);
  const top = page.getByLabel('Top: best customers, in %');
  expect(await top.inputValue()).toBe('20');

  await top.fill('120');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await page.getByText(/scoring\.tiers\.topPercent/).waitFor();
  expect(await top.getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByRole('alert').count()).toBe(0);

  await top.fill('30');
  await page.getByLabel('Why').first().fill('more of them');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  const draft = page.getByRole('region', { name: /^Draft: version/ });
  await draft.waitFor();
  await draft.getByRole('row', { name: /^scoring\.tiers\.topPercent.*30/ }).waitFor();
  expect(await draft.textContent()).toContain('more of them');
  await page.getByText('In force: 20').waitFor();

  await draft.getByRole('button', { name: 'See what it would do' }).click();
  await draft.getByText('being scored by the draft').waitFor();
  await world.work({ what: 'what-if', version: 1 });
  const tiers = draft.getByRole('table', { name: 'Tier' });
  await tiers.waitFor();
  expect(await tiers.getByRole('row', { name: /^Top/ }).textContent()).toMatch(/139\d{3}/);
  await draft
    .getByRole('table', { name: /^Who would change/ })
    .getByRole('link')
    .first()
    .waitFor();

  await draft.getByRole('button', { name: 'Put in force' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await draft.waitFor({ state: 'hidden' });
  const versions = page.getByRole('table', { name: 'Versions', exact: true });
  await versions.getByRole('row', { name: /^1 In force/ }).waitFor();
  await page.reload();
  await page.getByRole('table', { name: 'Compare two versions' }).waitFor();
  expect(await top.inputValue()).toBe('30');
  await close();
});

test('a draft is discarded after a question, and an earlier version put in force again', async () => {
  const { page, open, close } = await world.window('ann');
  await open(PATH);
  await page.getByLabel('Gold: best customers, in %').fill('5');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  const draft = page.getByRole('region', { name: /^Draft: version/ });
  await draft.getByRole('button', { name: 'Put in force' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await draft.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Back to 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back to 1' }).click();
  const versions = page.getByRole('table', { name: 'Versions', exact: true });
  await versions.getByRole('row', { name: /^3 In force.*back to version 1/ }).waitFor();

  await page.getByLabel('New for so many days').fill('60');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await draft.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await draft.waitFor({ state: 'hidden' });
  await close();
});

test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
  const { page, open, close } = await world.window('ann', { colorScheme });
  await open(PATH);
  await page.getByRole('table', { name: 'Versions', exact: true }).waitFor();
  await expectAccessible(page);
  await close();
});

test('a viewer reads and cannot write, and the API refuses them', async () => {
  const { page, open, close } = await world.window('bob');
  await open(PATH);
  await page.getByRole('table', { name: 'Versions', exact: true }).waitFor();
  expect(await page.getByRole('button', { name: /Save|Put in force|Discard|Back to/ }).count()).toBe(0);

  const bob = await world.web.signedIn('bob');
  const path = `/connections/${CONNECTION}/settings`;
  expect((await bob.write('PATCH', `${path}/draft`, { set: { 'scoring.tiers.topPercent': 1 } })).status).toBe(
    403,
  );
  expect((await bob.write('POST', `${path}/what-if`, { version: 1 })).status).toBe(403);
  await close();
});

test('fits a phone and speaks Polish', async () => {
  const { page, open, close } = await world.window('ann', {
    viewport: { width: 390, height: 844 },
    locale: 'pl-PL',
  });
  await open(PATH);
  await page.getByRole('table', { name: 'Wersje', exact: true }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await close();
});

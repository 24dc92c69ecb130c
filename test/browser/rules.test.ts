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
  const top = page.getByRole('textbox', { name: 'Top: best customers (%)' });
  expect(await top.inputValue()).toBe('20');

  await top.fill('120');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await page.getByText('Give at most 100.').waitFor();
  expect(await top.getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByRole('alert').count()).toBe(0);

  await top.fill('30');
  await page.getByLabel('Why').first().fill('more of them');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  const draft = page.getByRole('region', { name: /^Draft: version/ });
  await draft.waitFor();
  await draft.getByRole('row', { name: /^scoring\.tiers\.topPercent.*30/ }).waitFor();
  expect(await draft.textContent()).toContain('more of them');
  await page.getByText('Default: 20 % · In force: 20 %').waitFor();

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

  const who = draft.getByRole('table', { name: /^Who would change/ });
  const changed = who.getByRole('row').first();
  expect(await changed.textContent()).toMatch(/→.*(Top|Gold|Good).*\./);
  const before = await who.getByRole('row').count();
  await draft.getByRole('button', { name: `Show more (${before} of` }).click();
  expect(await who.getByRole('row').count()).toBeGreaterThan(before);

  const name = (await changed.getByRole('link').textContent()) ?? '';
  await draft.getByRole('searchbox', { name: 'Test one customer' }).fill(name);
  await draft
    .getByRole('button', { name: `Test ${name}` })
    .first()
    .click();
  await draft.getByText('being scored by the draft').waitFor();
  const id = ((await changed.getByRole('link').getAttribute('href')) ?? '').split('/').at(-1) ?? '';
  await world.work({ what: 'what-if', version: 1, customer: id });
  const tested = draft.getByRole('table', { name: `${name} by both rules` });
  await tested.waitFor();
  const tier = await tested.getByRole('row', { name: /^Tier/ }).textContent();
  expect(tier).toMatch(/^Tier(Good|Marginal|Top)(Top)/);
  const profit = await tested.getByRole('row', { name: /^Profit of 12 months/ }).textContent();
  expect(profit).toMatch(/\d\.\d\d/);
  await draft.getByRole('list', { name: 'Preview' }).getByText(/^Top/).first().waitFor();

  await draft.getByRole('button', { name: 'Put in force' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Comment').inputValue()).toBe('more of them');
  await dialog.getByLabel('Comment').fill('the board agreed');
  await dialog.getByRole('button', { name: 'Put in force' }).click();
  await draft.waitFor({ state: 'hidden' });
  const versions = page.getByRole('table', { name: 'Versions', exact: true });
  await versions.getByRole('row', { name: /^1 In force .* Ann Admin the board agreed/ }).waitFor();
  await page.reload();
  await page.getByRole('table', { name: 'Compare two versions' }).waitFor();
  expect(await top.inputValue()).toBe('30');
  await close();
});

test('a draft is discarded after a question, and an earlier version put in force again', async () => {
  const { page, open, close } = await world.window('ann');
  await open(PATH);
  await page.getByLabel('Gold: best customers (%)').fill('5');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  const draft = page.getByRole('region', { name: /^Draft: version/ });
  await draft.getByRole('button', { name: 'Put in force' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await draft.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Back to 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back to 1' }).click();
  const versions = page.getByRole('table', { name: 'Versions', exact: true });
  await versions.getByRole('row', { name: /^3 In force.*back to version 1/ }).waitFor();

  await page.getByRole('tab', { name: 'Phases' }).click();
  await page.getByLabel('New for (days)').fill('60');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await draft.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await draft.waitFor({ state: 'hidden' });
  await close();
});

test('rules of every kind are found, set, told by their default and taken back', async () => {
  const { page, open, complaints, close } = await world.window('ann');
  await open(PATH);
  const draft = page.getByRole('region', { name: /^Draft: version/ });
  const says = (text: RegExp) => draft.getByRole('row', { name: text }).waitFor();
  const save = page.getByRole('button', { name: 'Save as draft' });

  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('per hour');
  await page.getByLabel(/^Per hour of work \(/).fill('45.5');
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('');
  await page.getByRole('tab', { name: 'Costs' }).click();
  const margins = page.getByRole('group', { name: 'Margins by product' });
  await margins.getByRole('button', { name: 'Add a line' }).click();
  await margins.getByLabel('Name: the new line').fill('Desk X100');
  await margins.getByLabel('Margin (%): Desk X100').fill('41.5');
  await page.getByRole('tab', { name: 'Contact' }).click();
  await page.getByRole('combobox', { name: 'Words of a contact' }).fill('tea');
  await page.getByRole('combobox', { name: 'Words of a contact' }).press('Enter');
  await page.getByText('3 changes are not saved yet.').waitFor();
  await save.click();
  await says(/^scoring\.money\.unitCosts\.perHour .*45\.5/);
  await says(/^scoring\.money\.margins\.products\.Desk X100 .*41\.5/);
  await says(/^scoring\.touches\.taskWords .*tea/);

  await page.getByLabel('Only what differs from the default').check();
  const back = page.getByRole('button', { name: /^Back to default: / });
  await page.getByRole('button', { name: 'Back to default: Words of a contact' }).click();
  await page.getByRole('button', { name: 'Back to default: Margins by product' }).click();
  // What an earlier version said of the top, and the hour.
  expect(await back.count()).toBe(2);
  await save.click();
  await draft.getByRole('row', { name: /taskWords/ }).waitFor({ state: 'hidden' });
  await says(/^scoring\.money\.unitCosts\.perHour .*45\.5/);
  expect(complaints.filter((told) => !told.includes('status of 400'))).toEqual([]);
  await close();
});

test('experts edit the whole text; what is wrong is told by the line, in the language of the page', async () => {
  const { page, open, close } = await world.window('ann', { locale: 'da-DK' });
  await open(PATH);
  await page.getByRole('button', { name: 'Rediger som tekst' }).click();
  const text = page.getByRole('textbox', { name: 'Indstillinger som YAML' });
  const before = await text.inputValue();
  expect(before).toContain('perHour: 45.5');

  await text.fill(`${before}playbook:\n  rules:\n    - id: win_back\n      enabled: perhaps\n`);
  await page.getByRole('button', { name: 'Gem teksten som kladde' }).click();
  const wrong = page.getByRole('alert', { name: 'Hvad der er galt med teksten' });
  await wrong.getByText('En værdi af denne slags kan ikke stå her.').waitFor();
  const line = before.split('\n').length + 3;
  await wrong.getByRole('button', { name: `Linje ${line}` }).click();
  const selected = await page.evaluate(
    'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)',
  );
  expect(selected).toContain('enabled: perhaps');

  await text.fill(`${before}playbook:\n  rules:\n    - id: win_back\n      enabled: false\n`);
  await page.getByRole('button', { name: 'Gem teksten som kladde' }).click();
  const draft = page.getByRole('region', { name: /^Kladde: version/ });
  await draft.getByRole('row', { name: /^playbook\.rules\.win_back\.enabled/ }).waitFor();
  await draft.getByRole('row', { name: /^scoring\.money\.unitCosts\.perHour/ }).waitFor();
  await draft.getByRole('button', { name: 'Kassér' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kassér' }).click();
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

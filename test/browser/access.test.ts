import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

const PAGE = `/c/${CONNECTION}/access`;
let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ isScored: false });
});
afterAll(() => world?.close());

describe('access', () => {
  test('a colleague is invited, comes in, gets another role and loses it', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(PAGE);

    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('E-mail address in Zoho').fill('bob@office.test');
    await dialog.getByRole('button', { name: 'Invite somebody' }).click();
    const waiting = page.getByRole('region', { name: 'Invitations that wait' }).first();
    await waiting.waitFor();
    expect(await waiting.textContent()).not.toContain('bob@office.test'); // a hint alone is stored

    await world.web.signedIn('bob');
    await page.reload();
    const role = page.getByRole('combobox', { name: 'Role of Bob Clerk' });
    await role.selectOption('admin');
    await page.getByText('Bob Clerk: may change.').waitFor();
    expect(await page.getByRole('combobox', { name: 'Role of Ann Admin' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Remove Bob Clerk' }).click();
    await page
      .getByRole('dialog', { name: 'Remove Bob Clerk' })
      .getByRole('button', { name: 'Remove Bob Clerk' })
      .click();
    await page.getByText('Bob Clerk has no access any more.').waitFor();
    await role.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await close();
  });

  test('an invitation is withdrawn', async () => {
    const ann = await world.web.signedIn('ann');
    await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'carl@office.test' });
    const { page, open, close } = await world.window('ann');
    await open(PAGE);

    await page.getByRole('button', { name: /^Withdraw the invitation of/ }).click();

    await page.getByText('The invitation is withdrawn.').waitFor();
    await page.getByRole('region', { name: 'Invitations that wait' }).first().waitFor({ state: 'detached' });
    await close();
  });

  test('the secret of a token works, is shown once, and works no more when it is revoked', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(PAGE);

    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Make a token' });
    await dialog.getByLabel('Name').fill('reporting');
    await dialog.getByLabel('Days until it expires').fill('30');
    await dialog.getByRole('button', { name: 'Make a token' }).click();
    const shown = page.getByRole('dialog', { name: 'The secret of reporting' });
    const secret = await shown.getByLabel('Secret').inputValue();
    expect(secret).toMatch(/^zcv_/);
    const statusNow = async () => (await world.web.bearer(secret).go('/api/v1/connections')).status;
    expect(await statusNow()).toBe(200);
    await expectAccessible(page);

    await shown.getByRole('button', { name: 'I have copied it' }).click();
    await shown.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /reporting/ });
    expect(await row.textContent()).toMatch(/reads.*Ann Admin/);
    expect(await page.content()).not.toContain(secret);
    await page.reload();
    await row.waitFor();
    expect(await page.content()).not.toContain(secret);

    await row.getByRole('button', { name: 'Revoke reporting' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke reporting' }).click();
    await page.getByText('reporting is revoked.').waitFor();
    expect(await statusNow()).toBe(401);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a visit of an operator is seen and ended', async () => {
    const operator = await world.web.operator();
    const visit = { reason: 'ticket 4711', minutes: 30 };
    await operator.write('POST', `/connections/${CONNECTION}/support-visits`, visit);
    const { page, open, close } = await world.window('ann');
    await open(`/c/${CONNECTION}/plans`);
    const banner = page.getByRole('status').filter({ hasText: 'is looking at this connection to help' });
    await banner.getByText('ticket 4711').waitFor();
    await expectAccessible(page);
    await banner.getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'Access' }).waitFor();

    await page
      .getByRole('row', { name: /ticket 4711/ })
      .getByRole('button', { name: 'End it now' })
      .click();

    await page.getByText('The visit is over.').waitFor();
    await banner.waitFor({ state: 'hidden' });
    expect((await operator.go(`/api/v1/connections/${CONNECTION}`)).status).not.toBe(200);
    await operator.write('DELETE', '/me/support-visit');
    expect((await operator.go(`/api/v1/connections/${CONNECTION}`)).status).toBe(200); // an operator again
    await close();
  });

  test('an operator who visits sees so on every page, can change nothing, and leaves', async () => {
    const { page, open, close } = await world.window('operator');
    await open(`/c/${CONNECTION}/plans`);
    await page.getByRole('button', { name: 'Make a plan' }).waitFor();
    const { csrfToken } = await (await page.request.get('/api/v1/me')).json();
    const begun = await page.request.post(`/api/v1/connections/${CONNECTION}/support-visits`, {
      headers: { 'x-csrf-token': csrfToken },
      data: { reason: 'ticket 4712', minutes: 30 },
    });
    expect(begun.status()).toBe(201);

    await page.reload();
    const banner = page.getByRole('status').filter({ hasText: `You are visiting ${CONNECTION}` });
    await banner.getByText('Reason: ticket 4712').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Plans' }).waitFor();
    expect(await page.getByRole('button', { name: 'Make a plan' }).count()).toBe(0);
    await expectAccessible(page);

    await banner.getByRole('button', { name: 'Leave the visit' }).click();
    await page.getByRole('button', { name: 'Make a plan' }).waitFor();
    expect(await banner.count()).toBe(0);
    await close();
  });

  test('sessions in other browsers are ended from here', async () => {
    const other = await world.web.signedIn('ann');
    const { page, open, close } = await world.window('ann');
    await open(PAGE);
    const mine = page.getByRole('region', { name: 'Where you are signed in' }).first();
    await mine.getByText('this browser').waitFor();

    for (let left = await mine.getByRole('button').count(); left > 0; left -= 1) {
      await mine.getByRole('button').first().click();
      await expect.poll(() => mine.getByRole('button').count()).toBe(left - 1);
    }

    expect((await other.go('/api/v1/me')).status).toBe(401);
    await close();
  });

  test('who may only look sees people and visits, no button and no token', async () => {
    const ann = await world.web.signedIn('ann');
    await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
    const { page, open, close } = await world.window('bob');
    await open(PAGE);
    await page.getByRole('row', { name: /^Ann Admin/ }).waitFor();

    expect(await page.getByRole('button', { name: /Invite|Remove|Make a token|Revoke/ }).count()).toBe(0);
    expect(await page.getByRole('region', { name: 'API tokens' }).count()).toBe(0);
    const bob = await world.web.signedIn('bob');
    const refused = await bob.write('POST', `/connections/${CONNECTION}/tokens`, { name: 'mine' });
    expect(refused.status).toBe(403);
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
    const { page, open, close } = await world.window('ann', { colorScheme });
    await open(PAGE);
    await page.getByRole('row', { name: /^Ann Admin/ }).waitFor();
    await page.getByText('this browser').waitFor();
    await expectAccessible(page);
    await close();
  });
});

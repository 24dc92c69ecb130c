import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { aBrowserWorld, type BrowserWorld, CONNECTION } from '../support/browser-world.ts';

/** The apply of the first plan, of which Zoho refused some rows. */
const APPLY = '5';

let world: BrowserWorld;
beforeAll(async () => {
  world = await aBrowserWorld({ hasFields: true });
  const ann = await world.web.signedIn('ann');
  await ann.write('POST', `/connections/${CONNECTION}/invitations`, { email: 'bob@office.test' });
  world.web.simulator.control.addFaults({
    ...{ kind: 'half-failed', match: { method: 'PUT' }, every: 40, code: 'RECORD_LOCKED', times: 2 },
  });
  await world.work({ what: 'apply', plan: '1', fieldsOnly: false, canary: null });
});
afterAll(() => world?.close());

const pathOf = (run: string) => `/c/${CONNECTION}/runs/${run}`;
async function connectionId(): Promise<string> {
  const [connection] = await world.web.app.store.connections.list();
  return connection?.id ?? '';
}

describe('the runs', () => {
  test('are listed with what they spent, filtered by kind and state, and lead to their page', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(`/c/${CONNECTION}/runs`);

    await page.getByRole('combobox', { name: 'Kind' }).selectOption('Write');
    await page.waitForURL(/kind=apply/);
    const table = page.getByRole('table', { name: 'Runs' });
    await expect.poll(() => table.getByRole('row').count()).toBe(2);
    expect(await table.textContent()).toContain('Done in part');
    await page.getByRole('combobox', { name: 'State' }).selectOption('Failed');
    await page.getByRole('heading', { name: 'No run fits' }).waitFor();
    await page.getByRole('combobox', { name: 'State' }).selectOption('All');
    await table.getByRole('link', { name: `Write ${APPLY}` }).click();
    await page.getByRole('heading', { level: 1, name: `Write ${APPLY}` }).waitFor();

    expect(complaints).toEqual([]);
    await close();
  });

  test('show the stages of the newest line, live: one that starts meanwhile appears and ends by itself', async () => {
    const { page, open, close } = await world.window('ann');
    const { runs } = world.web.app.store;
    await open(`/c/${CONNECTION}/runs`);
    const line = page.getByRole('region', { name: /^The latest run/ });
    await line.getByText('Nothing at work').waitFor();

    const run = await runs.start(await connectionId(), 'sync', {}, new Date());
    await line.getByText('At work: Read').waitFor();
    await page.getByRole('row', { name: new RegExp(`Read ${run} At work`) }).waitFor();
    await runs.finish(run, 'failed', { error: 'Zoho was away' }, new Date());
    await line.getByText('Nothing at work').waitFor();
    await page.getByRole('row', { name: new RegExp(`Read ${run} Failed`) }).waitFor();

    await open(pathOf(run));
    expect(await page.getByRole('alert').textContent()).toContain('Zoho was away');
    await close();
  });

  test('are read anew all the same where no stream is to be had, and again live once there is one', async () => {
    const { page, open, close } = await world.window('ann');
    const { runs } = world.web.app.store;
    let refused = 0;
    await page.clock.install();
    await page.route('**/live', async (route) => {
      refused += 1;
      await route.fulfill({ status: 429, headers: { 'retry-after': '30' }, body: '{}' });
    });
    await open(`/c/${CONNECTION}/runs`);
    await expect.poll(() => refused).toBe(1);

    const run = await runs.start(await connectionId(), 'sync', {}, new Date());
    await page.clock.runFor(16_000);
    await page.getByRole('row', { name: new RegExp(`Read ${run} At work`) }).waitFor();
    await expect.poll(() => refused).toBeGreaterThan(1);

    await page.unroute('**/live');
    const stream = page.waitForRequest((request) => request.url().endsWith('/live'));
    await page.clock.runFor(61_000);
    await stream;
    await runs.finish(run, 'failed', { error: 'Zoho was away' }, new Date());
    await page.getByRole('row', { name: new RegExp(`Read ${run} Failed`) }).waitFor();
    await close();
  });

  test('are started by a job; writing into Zoho is chosen on its own', async () => {
    const { page, open, close } = await world.window('ann');
    await open(`/c/${CONNECTION}/runs`);

    await page.getByRole('button', { name: 'Start a run' }).click();
    await page.getByText('This writes nothing into Zoho.').waitFor();
    await page.getByRole('radio', { name: 'Read only' }).check();
    const asked = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Start it' }).click();
    expect((await asked).postDataJSON()).toEqual({ what: 'sync', full: false });

    const jobs = page.getByRole('table', { name: 'Waiting and at work' });
    await jobs.getByRole('row', { name: /Started by somebody.*waits/ }).waitFor();
    await close();
  });
});

describe('a run', () => {
  test('that wrote tells what, and what Zoho refused: code, field, value, record and repair; and tries again', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(pathOf(APPLY));

    const failed = page.getByRole('table', { name: 'What Zoho refused' });
    await failed.waitFor();
    expect(await failed.getByRole('row').count()).toBeGreaterThan(1);
    expect(await failed.getByRole('row').nth(1).textContent()).toMatch(/Accounts \d+.*RECORD_LOCKED/);
    const written = page.getByRole('region', { name: 'What was written' });
    expect(await written.textContent()).toMatch(/Records written7\d\d/);
    const asked = page.waitForRequest((request) => request.url().endsWith('/retry'));
    await page.getByRole('button', { name: 'Retry failed rows' }).click();
    await asked;
    await page.getByText('tried again with the values of today').waitFor();
    world.web.simulator.control.clearFaults();
    await world.work({ what: 'retry', run: APPLY });
    await page.reload();
    await page.getByText('Zoho refuses nothing of this run any more.').waitFor();

    expect(complaints).toEqual([]);
    await close();
  });

  test('lists the calls of Zoho it made, all or those that failed, without what they held; none is said, too', async () => {
    const { page, open, close, complaints } = await world.window('ann');
    await open(pathOf(APPLY));

    const section = page.getByRole('region', { name: /^Calls of Zoho, one/ }).first();
    const rows = () => section.getByRole('table').getByRole('row');
    await section.getByText('PUT /crm/v8/Accounts').first().waitFor();
    const all = await rows().count();
    await section.getByText('Failed', { exact: true }).click();
    await page.waitForURL(/calls=failed/);
    await section.getByText('RECORD_LOCKED').first().waitFor();
    await expect.poll(() => rows().count()).toBeLessThan(all);
    for (const row of (await rows().allTextContents()).slice(1)) expect(row).toContain('RECORD_LOCKED');
    await expectAccessible(page);

    await open(`${pathOf('1')}?calls=failed`);
    await page.getByText('No call failed.').waitFor();
    await page.getByText('All', { exact: true }).click();
    await page.getByText('rows of Deals').first().waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.waitForURL(/cursor=/);
    await section.getByRole('table').waitFor();
    const [scored] = (await world.web.app.store.runs.list(await connectionId(), 50)).filter(
      ({ kind }) => kind === 'score',
    );
    await open(pathOf(scored?.id ?? ''));
    await page.getByText('No call of this run is kept').waitFor();

    expect(complaints).toEqual([]);
    await close();
  });

  test('is undone after a look at what would be put back and what stays, and why', async () => {
    const { page, open, close } = await world.window('ann');
    const [customer] = (
      await world.web.app.store.lists.planItems('1', {
        kind: 'field',
        field: 'next_step',
        after: null,
        limit: 1,
      })
    ).items;
    if (customer?.kind !== 'field') throw new Error('the plan writes next steps');
    await open(pathOf(APPLY));

    await page.getByRole('button', { name: 'Undo …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Look at what would happen' }).click();
    await dialog.getByText('Zoho is being asked').waitFor();
    await world.work({ what: 'undo-preview', run: APPLY });
    const would = dialog.getByRole('table', { name: /^What an undo/ });
    await would.waitFor();
    expect(await would.textContent()).toMatch(/Records put back7\d\d/);
    const asked = page.waitForRequest((request) => request.url().endsWith(`/runs/${APPLY}/undo`));
    await dialog.getByRole('button', { name: `Undo run ${APPLY}` }).click();
    await asked;
    await page.getByText(`Run ${APPLY} is being undone.`).waitFor();

    await world.work({ what: 'undo', run: APPLY });
    const [undo] = await world.web.app.store.runs.list(await connectionId(), 1);
    await open(pathOf(undo?.id ?? ''));
    await page.getByRole('table', { name: /^What the undo/ }).waitFor();
    expect(await page.getByRole('main').textContent()).toMatch(/Records put back7\d\d/);
    await close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s colours', async (colorScheme) => {
    const { page, open, close } = await world.window('ann', { colorScheme });

    await open(`/c/${CONNECTION}/runs`);
    await page.getByRole('table', { name: 'Runs' }).waitFor();
    await expectAccessible(page);
    for (const run of ['1', '2', APPLY]) {
      await open(pathOf(run));
      await page.getByRole('table').first().waitFor();
      await expectAccessible(page);
    }

    await close();
  });

  test('shows a viewer no button, and the API refuses them', async () => {
    const { page, open, close } = await world.window('bob');
    for (const path of [`/c/${CONNECTION}/runs`, pathOf(APPLY)]) {
      await open(path);
      await page.getByRole('table').first().waitFor();
      expect(await page.getByRole('button', { name: /Start|Undo|Retry/ }).count()).toBe(0);
    }

    const bob = await world.web.signedIn('bob');
    for (const deed of ['retry', 'undo', 'undo-preview']) {
      const answer = await bob.write('POST', `/connections/${CONNECTION}/runs/${APPLY}/${deed}`);
      expect(answer.status, deed).toBe(403);
    }
    expect((await bob.write('POST', `/connections/${CONNECTION}/runs`, { what: 'score' })).status).toBe(403);
    await close();
  });

  test('fits a phone and speaks Dutch', async () => {
    const { page, open, close } = await world.window('ann', {
      viewport: { width: 390, height: 844 },
      locale: 'nl-NL',
    });
    for (const path of [`/c/${CONNECTION}/runs`, pathOf('1')]) {
      await open(path);
      await page.getByRole('table').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Lezen 1');
    await close();
  });
});

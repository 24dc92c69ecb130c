import { afterAll, beforeAll, expect, test } from 'vitest';
import { aScore } from '../store/builders.ts';
import { type ApiWorld, anApiWorld } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

/** The form of settings over the API: what each value is, what a draft changes, and what is refused, by key and line. */

interface Field {
  readonly key: string;
  readonly [told: string]: unknown;
}
interface Answer {
  readonly detail: string;
  readonly draft: number | null;
  readonly items: readonly Field[];
  readonly whatIf: { readonly changed: { readonly first: readonly unknown[] }; readonly tested: unknown };
  readonly errors: readonly {
    readonly path: string;
    readonly line: number | null;
    readonly message: string;
  }[];
}
const PATH = '/connections/mine/settings';

describeOnBoth('the form of settings', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
  });
  afterAll(() => world.close());
  const ask = async (method: string, path: string, body?: unknown, language = 'en') => {
    const headers = { 'accept-language': language };
    const answer = await world.call('admin', method, path, {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    // What is in it is what the assertions are about.
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
  const fieldOf = async (key: string, file = 'scoring') =>
    (await ask('GET', `${PATH}/form?file=${file}`)).body.items.find((one) => one.key === key);

  test('tells kind, unit and bounds of each value, as a person writes it', async () => {
    const number = { isWhole: false, unit: 'percent', min: 0, max: 100, isAboveMin: false };
    const days = { isWhole: true, unit: 'days', min: 0, max: null, isAboveMin: false };

    expect(await fieldOf('scoring.tiers.topPercent')).toMatchObject({
      ...{ kind: 'number', number, isNullable: false, usual: 20, inForce: 20, drafted: 20, isOwn: false },
    });
    expect(await fieldOf('scoring.contactDays.top')).toMatchObject({
      number: days,
      isNullable: true,
      usual: 30,
    });
    expect(await fieldOf('scoring.phases.loyalMonths')).toMatchObject({
      number: { unit: 'months' },
      usual: 24,
    });
    expect(await fieldOf('scoring.money.unitCosts.perHour')).toMatchObject({
      number: { unit: 'money' },
      usual: 0,
    });
    expect(await fieldOf('scoring.money.includeAcquisition')).toMatchObject({ kind: 'flag', usual: false });
    expect(await fieldOf('scoring.purchase.from')).toMatchObject({ kind: 'choice', usual: 'deals' });
    expect(await fieldOf('scoring.touches.taskWords')).toMatchObject({
      kind: 'words',
      choices: [],
      length: null,
    });
    expect(await fieldOf('scoring.rfm.names.5')).toMatchObject({ kind: 'words', length: 5 });
    expect(await fieldOf('scoring.leads.ratings')).toMatchObject({
      kind: 'table',
      columns: [
        { name: 'firstTouchDays', number: days },
        { name: 'everyDays', number: days },
      ],
    });
    expect(await fieldOf('scoring.nextSteps')).toMatchObject({ kind: 'document', usual: [] });
    expect(await fieldOf('fields.retention.runs', 'fields')).toMatchObject({ number: { unit: 'days' } });
  });

  test('lists, tables, amounts and steps of one’s own go into a draft and back to what the files say', async () => {
    const steps = [{ tier: 'top', step: { en: 'Call them' } }];
    const set = {
      'scoring.money.unitCosts.perHour': 45.5,
      'scoring.money.margins.products': { 'Desk X100': 41.5 },
      'scoring.leads.sources': { Fair: { everyDays: 7 } },
      'scoring.touches.taskWords': ['call', 'visit'],
      'scoring.nextSteps': steps,
      'scoring.tiers.goodMinProfit': 500,
    };

    const saved = await ask('PATCH', `${PATH}/draft`, { set });
    const hour = await fieldOf('scoring.money.unitCosts.perHour');
    const margins = await fieldOf('scoring.money.margins.products');
    const sources = await fieldOf('scoring.leads.sources');
    const step = await fieldOf('scoring.nextSteps');
    const back = await ask('PATCH', `${PATH}/draft`, { unset: Object.keys(set) });
    const after = await fieldOf('scoring.money.unitCosts.perHour');

    expect(saved.status).toBe(200);
    expect(hour).toMatchObject({ usual: 0, inForce: 0, drafted: 45.5, isOwn: true });
    expect(margins).toMatchObject({ usual: {}, drafted: { 'Desk X100': 41.5 } });
    expect(sources).toMatchObject({ drafted: { Fair: { everyDays: 7 } } });
    expect(step).toMatchObject({ drafted: steps, isOwn: true });
    expect(back.status).toBe(200);
    expect(after).toMatchObject({ drafted: 0, isOwn: false });
  });

  test('what is refused is told by key, in the language of who asks', async () => {
    const set = { 'scoring.tiers.topPercent': 120, 'scoring.purchase.from': 'invoice' };

    const dutch = await ask('PATCH', `${PATH}/draft`, { set }, 'nl');
    const polish = await ask('PATCH', `${PATH}/draft`, { set: { 'scoring.leads.everyDays': 0 } }, 'pl');

    expect(dutch.status).toBe(400);
    expect(dutch.body.detail).toContain('topPercent');
    expect(dutch.body.errors).toEqual([
      {
        ...{ in: 'body', path: 'scoring.tiers.topPercent', line: expect.any(Number) },
        message: 'Geef hoogstens 100.',
      },
      {
        ...{ in: 'body', path: 'scoring.purchase.from', line: expect.any(Number) },
        message: 'Geef een van deals, invoices, orders, imports. Bedoelde u invoices?',
      },
    ]);
    expect(polish.body.errors[0]).toMatchObject({
      path: 'scoring.leads.everyDays',
      message: 'co najmniej jeden dzień',
    });
  });

  test('a text that is refused is told by its own lines, and what the page does not show stays in it', async () => {
    const document = '# ours\nscoring:\n  tiers:\n\n    topPercent: 500\n  phase: {}\nfield: {}\n';

    const refused = await ask('PUT', `${PATH}/draft`, { document }, 'da');
    const broken = await ask('PUT', `${PATH}/draft`, { document: 'scoring:\n  tiers: [\n' });
    const kept = await ask('PUT', `${PATH}/draft`, {
      document: '# ours\nplaybook:\n  rules:\n    - id: win_back\n      enabled: false\n',
    });
    await ask('PATCH', `${PATH}/draft`, { set: { 'scoring.tiers.topPercent': 15 } });
    const stored = await world.store.settings.draft(world.mine);

    expect(refused.body.errors).toEqual([
      { in: 'body', path: 'scoring.tiers.topPercent', line: 5, message: 'Angiv højst 100.' },
      {
        ...{ in: 'body', path: 'scoring.phase', line: 6 },
        message: 'Der er ingen indstilling “phase”. Mente du phases?',
      },
      { in: 'body', path: 'field', line: 7, message: 'Der er ingen indstilling “field”. Mente du fields?' },
    ]);
    expect(broken.body.errors[0]?.message).toContain('This is no YAML');
    expect(broken.body.errors[0]?.line).toBeGreaterThan(1);
    expect(kept.status).toBe(200);
    expect(stored?.document).toBe(
      '# ours\nplaybook:\n  rules:\n    - id: win_back\n      enabled: false\nscoring:\n  tiers:\n    topPercent: 15\n',
    );
  });

  test('an input that no schema takes is told in the language of who asks', async () => {
    const answer = await ask('PATCH', `${PATH}/draft`, { set: 3 }, 'nl');

    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]?.message).toContain('Ongeldige invoer');
  });

  test('a version names who stored it', async () => {
    const at = new Date('2026-03-01T08:00:00Z');
    for (const who of ['cli', `token:${world.ids.token?.mine}`]) {
      await world.store.settings.add(world.mine, {
        ...{ document: '{}\n', note: who, who, at, baseHash: 'b' },
        basedOn: (await world.store.settings.current(world.mine))?.version ?? 0,
      });
    }

    const { body } = await ask('GET', `${PATH}/versions`);

    expect(body.items.slice(0, 2)).toMatchObject([{ whoName: 'reports' }, { who: 'cli', whoName: null }]);
  });

  test('a what-if tells why who changes stands elsewhere, and one customer whole, in the language of who asks', async () => {
    const score = aScore({ id: '100' });
    const why = [{ code: 'tier.none.never_bought', params: {} }];
    const standing = { tier: 'none', gold: false, phase: 'prospect', profit12: 0 };
    const counted = { customers: 1, gold: 0, tiers: {}, phases: {} };
    const at = new Date('2026-03-01T08:00:00Z');
    const input = { version: 2, customer: '100' };
    const id = await world.store.runs.start(world.mine, 'what-if', input, at);
    const summary = {
      ...{ asOf: '2026-03-01', version: 2, before: counted, after: counted },
      changed: {
        ...{ tier: 1, gold: 0, phase: 0, customers: 1 },
        first: [{ key: score.key, name: 'Firm 100', before: standing, after: standing, reasons: why }],
      },
      tested: { before: { ...score, reasons: [] }, after: { ...score, reasons: why } },
    };
    await world.store.runs.finish(id, 'done', summary, at);

    const { body } = await ask('GET', `/connections/mine/runs/${id}`, undefined, 'nl');

    const said = ['Geen omzet: er is nooit iets gekocht.'];
    expect(body.whatIf.changed.first[0]).toMatchObject({ name: 'Firm 100', reasons: said });
    expect(body.whatIf.tested).toMatchObject({
      before: { tier: score.tier, reasons: [] },
      after: { reasons: said, window12: { profit: score.window12.profit } },
    });
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, anApiWorld } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

interface Answer {
  readonly detail: string;
  readonly version: number;
  readonly changed: readonly unknown[];
  readonly items: readonly {
    readonly job: string;
    readonly nextRuns: readonly string[];
    readonly connection: string;
    readonly trouble: readonly string[];
  }[];
}

/** Schedules, stored settings and the fleet over the API: what each write does, and to nobody else. */

describeOnBoth('managing over the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
  });
  afterAll(() => world.close());
  const ask = async (as: 'admin' | 'viewer' | 'operator', method: string, path: string, body?: unknown) => {
    const answer = await world.call(as, method, path, body === undefined ? {} : { body });
    // What is in it is what the assertions are about.
    return { status: answer.status, body: (await answer.json()) as Answer };
  };

  test('a schedule is changed, told in words with its next times, and switched off', async () => {
    const path = '/connections/mine/schedules';
    const theirs = await world.store.schedules.of(world.theirs);

    const changed = await ask('admin', 'PATCH', `${path}/reconcile`, {
      expr: '15 3 * * *',
      timeZone: 'Europe/Warsaw',
    });
    const listed = await ask('viewer', 'GET', `${path}?lang=nl&count=2`);
    const off = await ask('admin', 'PATCH', `${path}/reconcile`, { enabled: false });

    expect(changed).toMatchObject({ status: 200, body: { expr: '15 3 * * *', spreadMinutes: 0 } });
    const row = listed.body.items.find(({ job }) => job === 'reconcile');
    expect(row).toMatchObject({ inWords: 'Om 03:15', timeZone: 'Europe/Warsaw' });
    const times = row?.nextRuns.map((at) =>
      new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Europe/Warsaw' }),
    );
    expect(times).toEqual(['03:15:00', '03:15:00']);
    expect(off.body).toMatchObject({ enabled: false, nextRuns: [] });
    expect(await world.store.schedules.of(world.theirs)).toEqual(theirs);
  });

  test('what no schedule can be is refused, and a job that has none is not there', async () => {
    const path = '/connections/mine/schedules';

    const wrong = await ask('admin', 'PATCH', `${path}/digest`, { expr: 'at tea time' });
    const empty = await ask('admin', 'PATCH', `${path}/digest`, {});
    const unknown = await ask('admin', 'POST', `${path}/backup/run`);

    expect([wrong.status, empty.status, unknown.status]).toEqual([400, 400, 404]);
  });

  test('a draft is judged, published once, and rolled back; who did it stands in the history', async () => {
    const path = '/connections/mine/settings';
    const draft = (document: string) => ask('admin', 'PUT', `${path}/draft`, { document });

    const broken = await draft('scoring:\n  tiers:\n    topPercents: 15\n');
    const saved = await draft('scoring:\n  tiers:\n    topPercent: 15\n');
    const { version } = saved.body;
    const published = await ask('admin', 'POST', `${path}/publish`, { version, note: 'fewer, better' });
    const again = await ask('admin', 'POST', `${path}/publish`, { version });
    const diff = await ask('viewer', 'GET', `${path}/diff?before=1&after=${version}`);
    const back = await ask('admin', 'POST', `${path}/rollback`, { version: 1 });

    expect(broken.status).toBe(400);
    expect(broken.body.detail).toContain('topPercent');
    expect([saved.status, published.status, again.status, back.status]).toEqual([200, 200, 409, 200]);
    expect(saved.body.changed).toContainEqual({ key: 'scoring.tiers.topPercent', old: null, new: 15 });
    expect(published.body).toMatchObject({ state: 'published', who: 'user:admin', note: 'fewer, better' });
    expect(diff.body.items).toEqual([
      { key: 'fields.language', old: 'nl', new: null },
      { key: 'scoring.tiers.topPercent', old: null, new: 15 },
    ]);
    expect((await world.store.settings.current(world.mine))?.document).toBe('fields:\n  language: nl\n');
    expect(await world.store.settings.history(world.theirs, 9)).toHaveLength(2);
  });

  test('single keys are set and taken back at once, and what is stored comes as a file', async () => {
    const path = '/connections/mine/settings';
    const stored = async () => (await world.store.settings.current(world.mine))?.document;
    const before = await stored();

    const set = await ask('admin', 'PATCH', path, {
      set: { 'fields.credits.ceilingPercent': 40 },
      note: 'they asked',
    });
    const file = await world.call('viewer', 'GET', `${path}/export`);
    const text = await file.text();
    const wrong = await ask('admin', 'PATCH', path, { set: { 'fields.credits.ceilingPercent': 400 } });
    const nothing = await ask('admin', 'PATCH', path, {});
    const byViewer = await ask('viewer', 'PATCH', path, { set: { 'fields.language': 'pl' } });
    const back = await ask('admin', 'PATCH', path, { unset: ['fields.credits.ceilingPercent'] });

    expect(set.body.changed).toEqual([{ key: 'fields.credits.ceilingPercent', old: null, new: 40 }]);
    expect(text).toBe('fields:\n  language: nl\n  credits:\n    ceilingPercent: 40\n');
    expect(file.headers.get('content-type')).toContain('application/yaml');
    expect(file.headers.get('content-disposition')).toContain('settings-mine.yaml');
    expect([wrong.status, nothing.status, byViewer.status]).toEqual([400, 400, 403]);
    expect(wrong.body.detail).toContain('ceilingPercent');
    expect(back.status).toBe(200);
    expect(await stored()).toBe(before);
    expect((await world.store.settings.history(world.mine, 2)).map(({ note }) => note)).toEqual([
      null,
      'they asked',
    ]);
  });

  test('the fleet shows all connections to operators, and alone what is in trouble when asked', async () => {
    await world.store.connections.setState(world.theirs, 'reconnect_needed', 'the grant was withdrawn');

    const rows = await ask('operator', 'GET', '/fleet');
    const refused = await ask('admin', 'GET', '/fleet');

    expect(refused.status).toBe(403);
    expect(rows.body.items.map(({ connection }) => connection)).toEqual(['theirs', 'mine']);
    expect(rows.body.items[0]?.trouble[0]).toBe('reconnect needed');
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEMPLATE_IDS } from '../../src/setup/rule-templates.ts';
import { type ApiWorld, anApiWorld } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

interface Step {
  readonly id: string;
  readonly state: string;
  readonly run: string | null;
  readonly why: string | null;
}
interface Answer {
  readonly steps: readonly Step[];
  readonly plan: string | null;
  readonly isAsked: boolean;
  readonly job: string;
  readonly fresh: boolean;
  readonly version: number;
  readonly changed: readonly { readonly key: string; readonly new: unknown }[];
}

/** The set-up over the API: each step by what was done, whoever did it and by whatever way. */

describeOnBoth('the set-up over the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
  });
  afterAll(() => world.close());
  const ask = async (as: 'admin' | 'viewer', method: string, path: string, body?: unknown) => {
    const answer = await world.call(
      as,
      method,
      `/connections/mine${path}`,
      body === undefined ? {} : { body },
    );
    // What is in it is what the assertions are about.
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
  const stateOf = async (id: string) => {
    const { body } = await ask('viewer', 'GET', '/set-up');
    return body.steps.find((step) => step.id === id);
  };

  test('a plan that is made, by command too, counts as the dry run, and its approval as such', async () => {
    const { body } = await ask('viewer', 'GET', '/set-up');

    expect(body.plan).toBe(world.ids.plan?.mine);
    expect(Object.fromEntries(body.steps.map(({ id, state }) => [id, state]))).toEqual({
      ...{ connect: 'done', checks: 'open', assess: 'open', fields: 'open' },
      ...{ rules: 'done', dry_run: 'done', approve: 'open', schedule: 'open' },
    });

    await world.store.plans.setState(world.ids.plan?.mine ?? '', 'approved');
    expect([(await stateOf('approve'))?.state, (await stateOf('schedule'))?.state]).toEqual(['done', 'done']);
    await world.call('admin', 'PATCH', '/connections/mine/schedules/score-and-write', {
      body: { enabled: false },
    });
    expect((await stateOf('schedule'))?.state).toBe('open');
  });

  test('checks that found something need attention, as do work that broke off and access that was lost', async () => {
    const run = async (kind: string) => world.store.runs.start(world.mine, kind, {}, new Date());
    const checks = await run('doctor');
    expect(await stateOf('checks')).toMatchObject({ state: 'working', run: checks });
    await world.store.runs.finish(checks, 'done', { ok: false, checks: [] }, new Date());
    expect(await stateOf('checks')).toMatchObject({ state: 'failed', why: null });

    const look = await run('assess');
    await world.store.runs.finish(look, 'failed', { error: 'Zoho is away' }, new Date());
    expect(await stateOf('assess')).toMatchObject({ state: 'failed', why: 'Zoho is away' });
    const again = await run('assess');
    await world.store.runs.finish(again, 'partial', { problems: ['invoices'] }, new Date());
    expect(await stateOf('assess')).toMatchObject({ state: 'done', run: again });

    await world.store.connections.setState(world.mine, 'reconnect_needed', 'refused');
    expect(await stateOf('connect')).toMatchObject({ state: 'failed', why: 'refused' });
    await world.store.connections.setState(world.mine, 'ready', null);
  });

  test.each(TEMPLATE_IDS)('the rules for %s can be used, with a margin and without', async (template) => {
    const plain = await ask('admin', 'PUT', '/settings/draft/template', { template });
    const withMargin = await ask('admin', 'PUT', '/settings/draft/template', { template, marginPercent: 31 });

    expect([plain.status, withMargin.status]).toEqual([200, 200]);
    expect(withMargin.body.changed).toContainEqual({
      ...{ key: 'scoring.money.defaultMarginPercent', old: null, new: 31 },
    });
    expect(withMargin.body.changed.length).toBe(plain.body.changed.length + 1);
  });

  test('what is asked for waits in the queue, once for the same and once more for other fields', async () => {
    const asked = async (sets: readonly string[]) =>
      (await ask('admin', 'POST', '/fields/plan', { sets, max: null })).body.fresh;

    expect([await asked(['essential']), await asked(['essential']), await asked(['full'])]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('no fields are made where nothing may be written; a look is allowed', async () => {
    await world.store.connections.setMode(world.mine, 'read-only');

    const make = await ask('admin', 'POST', '/fields/apply', { sets: ['essential'], max: null });
    const look = await ask('admin', 'POST', '/assess');

    expect([make.status, look.status]).toEqual([403, 202]);
    await world.store.connections.setMode(world.mine, 'manual');
  });
});

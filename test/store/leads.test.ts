import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Connection } from '../../src/domain.ts';
import { compareViews } from '../../src/jobs/compare-views.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import { rescoreSome, runScoring } from '../../src/jobs/run-scoring.ts';
import type { LeadScore } from '../../src/leads.ts';
import { minor } from '../../src/money.ts';
import { readSettings } from '../../src/settings.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aDeal, aLead, anAccount, aTask, collect, connected, hashed, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ASOF = '2026-03-01';
const on = (day: string) => new Date(`${day}T10:00:00Z`);
const open = (id: string, over: Parameters<typeof aLead>[0] = {}) =>
  aLead({ id, converted: false, convertedAt: null, createdAt: on('2026-02-20'), source: 'Web', ...over });
const callOf = (id: string, whatId: string, day: string, over: Parameters<typeof aTask>[0] = {}) =>
  aTask({
    id,
    module: 'Calls',
    whatId,
    callType: 'Outbound',
    startAt: on(day),
    durationSeconds: 60,
    ...over,
  });

describeOnBoth('leads', (database) => {
  async function setUp() {
    let ticks = 0;
    const now = () => {
      ticks += 1;
      return later(ticks);
    };
    const clock = { now, random: () => 0, sleep: async () => undefined };
    const store = createStore(await database.open(), keys, clock);
    const id = await connected(store);
    const connection = (await store.connections.byId(id)) as Connection; // just made
    const settings = readSettings('test/no-such-folder', []).settings;
    if (!settings) throw new Error('the defaults are wrong');
    const unused = () => {
      throw new Error('Zoho is not to be asked');
    };
    const deps: LineDeps = {
      store,
      zohoFor: unused,
      creditsLeft: unused,
      clock,
      log: pino({ level: 'silent' }),
      settings,
      holder: 'test',
      isHolderGone: () => false,
    };
    const scores = (): Promise<LeadScore[]> => collect(store.leadScores.inKeyOrder(id, 2));
    const score = () => runScoring(deps, { connection, asOf: ASOF });
    return { store, id, connection, deps, scores, score };
  }
  /** Two converted leads of three old ones; one account bought. */
  async function fill({ store, id }: Awaited<ReturnType<typeof setUp>>) {
    const old = { createdAt: on('2025-06-01'), source: 'Web' };
    await store.stages.learn(id, [{ pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' }]);
    await store.records.save(
      id,
      'Accounts',
      [anAccount({ id: '100', source: 'Web' }), anAccount({ id: '101', source: 'Web' })].map(hashed),
      null,
    );
    await store.records.save(
      id,
      'Deals',
      [hashed(aDeal({ accountId: '100', amount: '300', cost: '100' }))],
      null,
    );
    const leads = [
      aLead({ id: '600', ...old, convertedAccountId: '100', convertedAt: on('2025-07-01') }),
      aLead({ id: '601', ...old, convertedAccountId: '101', convertedAt: on('2025-07-01') }),
      open('602', { ...old, status: 'Lost Lead' }),
      open('603'),
      open('604', { createdAt: on('2026-02-27') }),
      open('605', { createdAt: on('2026-02-28'), source: null }),
    ];
    await store.records.save(id, 'Leads', leads.map(hashed), null);
    const calls = [
      callOf('700', '603', '2026-02-21'),
      callOf('701', '603', '2026-02-24', { durationSeconds: 0 }),
      callOf('702', '600', '2025-06-02'),
    ];
    await store.records.save(id, 'Calls', calls.map(hashed), null);
    const task = aTask({ id: '703', whoId: '605', status: 'Completed', closedAt: on('2026-02-28') });
    await store.records.save(id, 'Tasks', [hashed(task)], null);
  }

  test('a full scoring scores open and closed leads, and counts what became of each source', async () => {
    const world = await setUp();
    await fill(world);

    const { leads } = await world.score();

    expect(leads).toEqual({
      ...{ scored: 4, onTime: 2, due: 1, overdue: 0, closed: 1, converted: 2, valued: 3 },
      // Three times 1/3 of 200.00.
      expectedValue: '200.01',
      unfilled: { follow_up_status: { lead_closed: 1 }, expected_lead_value: { lead_closed: 1 } },
    });
    const scores = await world.scores();
    expect(scores.map(({ key, followUp, followUpBy }) => [key.id, followUp, followUpBy])).toEqual([
      ['602', null, null],
      ['603', 'on_time', '2026-03-10'],
      ['604', 'due', '2026-03-01'],
      ['605', 'on_time', '2026-03-14'],
    ]);
    const history = { leads: 3, converted: 2, became: 1, buyers: 1, profit12: minor(20_000) };
    expect(scores[1]).toMatchObject({ history, unansweredTouches: 1, lastContact: '2026-02-21' });
    expect(await world.store.leadScores.get(world.id, '603')).toEqual(scores[1]);
    expect(await world.store.leadScores.get(world.id, '600')).toBeNull();
    expect((await world.store.baselines.latest(world.id))?.leads).toEqual({
      all: history,
      sources: [['web', history]],
    });
  });

  test('leads scored alone get what the full scoring gave them', async () => {
    const world = await setUp();
    await fill(world);
    await world.score();
    const before = await world.scores();

    const ids = ['600', '603', '602', '999'];
    const { leads } = await rescoreSome(world.deps, {
      connection: world.connection,
      asOf: ASOF,
      keys: [],
      leads: ids,
    });

    expect(leads).toMatchObject({ scored: 2, onTime: 1, closed: 1, converted: 1 });
    expect(await world.scores()).toEqual(before);
  });

  test('a lead that is converted or deleted loses its score, by a full scoring and alone', async () => {
    const world = await setUp();
    await fill(world);
    await world.score();
    const { store, id } = world;

    await store.records.save(id, 'Leads', [hashed(aLead({ id: '603', convertedAccountId: '101' }))], null);
    await store.records.markDeleted(id, 'Leads', ['604'], AT);
    const alone = ['603', '604'];
    await rescoreSome(world.deps, { connection: world.connection, asOf: ASOF, keys: [], leads: alone });
    expect((await world.scores()).map(({ key }) => key.id)).toEqual(['602', '605']);

    await store.records.markDeleted(id, 'Leads', ['605'], AT);
    await world.score();
    expect((await world.scores()).map(({ key }) => key.id)).toEqual(['602']);
  });

  test('as of an earlier day only what had happened counts', async () => {
    const world = await setUp();
    await fill(world);

    const { leads } = await runScoring(world.deps, { connection: world.connection, asOf: '2026-02-22' });

    expect(leads).toMatchObject({ scored: 2, onTime: 1, closed: 1, converted: 2 });
    expect((await world.scores())[1]).toMatchObject({ lastFollowUp: '2026-02-21', unansweredTouches: 0 });
  });

  test('which leads a record is, or is about', async () => {
    const world = await setUp();
    await fill(world);
    const of = (...[module, ids]: [Parameters<typeof world.store.leads.of>[1], string[]]) =>
      world.store.leads.of(world.id, module, ids);

    expect(await of('Leads', ['605', '603', '999'])).toEqual(['603', '605']);
    expect(await of('Calls', ['700', '701', '702'])).toEqual(['600', '603']);
    expect(await of('Tasks', ['703', '700'])).toEqual(['605']);
    expect(await of('Deals', ['300'])).toEqual([]);
  });

  test('pages hold every lead once, and activities only of those asked for', async () => {
    const world = await setUp();
    await fill(world);

    const pages: number[] = [];
    const seen: [string, number][] = [];
    for await (const page of world.store.leads.inKeyOrder(world.id, 4, ({ id }) => id !== '605')) {
      pages.push(page.length);
      for (const { lead, activities } of page) seen.push([lead.id, activities.length]);
    }

    expect(pages).toEqual([4, 2]);
    expect(seen).toEqual([
      ...[
        ['600', 1],
        ['601', 0],
        ['602', 0],
        ['603', 2],
        ['604', 0],
        ['605', 0],
      ],
    ]);
  });

  test('scores go with their connection, and belong to one', async () => {
    const world = await setUp();
    await fill(world);
    await world.score();
    const other = await connected(world.store, { name: 'other' });

    expect(await world.store.leadScores.get(other, '603')).toBeNull();
    await world.store.connections.remove(world.id);
    expect(await world.scores()).toEqual([]);
  });

  test('that nobody converted come with what tells whom they stand for, deleted and nameless ones left out', async () => {
    const { store, id } = await setUp();
    const named = { company: 'Acme', domain: 'acme.test' };
    const leads = [
      open('610', { ...named, status: 'New' }),
      aLead({ id: '611', ...named }),
      open('612', named),
      open('613'),
      open('614', { domain: 'acme.test' }),
    ];
    await store.records.save(id, 'Leads', leads.map(hashed), null);
    await store.records.markDeleted(id, 'Leads', ['612'], AT);

    expect(await collect(store.leads.unconverted(id))).toEqual([
      { id: '610', createdAt: on('2026-02-20'), ...named, status: 'New' },
      { id: '614', createdAt: on('2026-02-20'), company: null, domain: 'acme.test', status: null },
    ]);
  });

  test('seen by two sets of rules tell whose follow-up and value differ, and nothing is saved', async () => {
    const setup = await setUp();
    await fill(setup);
    await setup.score();
    const saved = await setup.scores();
    const { scoring } = setup.deps.settings;
    const tried = {
      ...setup.deps.settings,
      scoring: { ...scoring, leads: { ...scoring.leads, firstTouchDays: 20 } },
    };
    const view = (settings: typeof tried) => ({ asOf: ASOF, settings });

    const { connection, deps } = setup;
    const same = await compareViews(deps, {
      connection,
      before: view(deps.settings),
      after: view(deps.settings),
      most: 5,
    });
    const other = await compareViews(deps, {
      connection,
      before: view(deps.settings),
      after: view(tried),
      most: 1,
    });

    const { leads } = await setup.score();
    const { onTime, due, overdue, closed, valued } = leads;
    expect(same.leads.before).toMatchObject({ onTime, due, overdue, closed, valued });
    expect(same.leads.after).toEqual(same.leads.before);
    expect(same.leads.changed).toEqual({ leads: 0, followUp: 0, expectedValue: 0, first: [] });
    expect(other.leads.after).toMatchObject({ due: 0, overdue: 0 });
    expect(other.leads.changed).toMatchObject({ followUp: due + overdue, expectedValue: 0 });
    expect(other.leads.changed.first).toHaveLength(1);
    expect((await setup.scores()).length).toBe(saved.length);
  });
});

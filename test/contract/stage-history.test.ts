import { afterEach, describe, expect, test } from 'vitest';
import type { Switches } from '../../src/simulator/switches.ts';
import { readStageHistory } from '../../src/sync/stage-history.ts';
import { syncOrg } from '../../src/sync/sync-org.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

/** The history of stages between a simulated org and the store, and what it costs. */

const CREATED = '2026-01-10T09:00:00+01:00';
const WON = '2026-03-02T10:00:00+01:00';
const LOST = '2026-04-01T10:00:00+02:00';
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const aStay = (key: string, deal: string, Stage: string, Modified_Time: string, Moved_To__s?: string) => ({
  $key: key,
  Potential_Name: { $ref: deal },
  Stage,
  Moved_To__s: Moved_To__s ?? null,
  Created_Time: Modified_Time,
  Modified_Time,
});

async function anOrg(switches: Partial<Switches> = {}, olderStays = 0) {
  const aDeal = (key: string, Stage: string) => ({
    $key: key,
    Deal_Name: key,
    Stage,
    Pipeline: 'Standard (Standard)',
    Account_Name: { $ref: 'mill' },
    Created_Time: CREATED,
    Modified_Time: LOST,
  });
  const seed = aSeed({
    stageHistory: false,
    records: {
      Accounts: [{ $key: 'mill', Account_Name: 'Mill & Sons', Created_Time: CREATED }],
      Deals: [aDeal('won', 'Closed Won'), aDeal('lost', 'Gone'), aDeal('open', 'Talking')],
      DealHistory: [
        aStay('w1', 'won', 'Talking', CREATED, 'Closed Won'),
        aStay('w2', 'won', 'Closed Won', WON),
        aStay('l1', 'lost', 'Gone', LOST),
        aStay('o1', 'open', 'Talking', CREATED),
        ...Array.from({ length: olderStays }, (_, index) => aStay(`x${index}`, 'lost', 'Gone', CREATED)),
      ],
    },
  });
  const world = await aWorld({ seed, switches });
  worlds.push(world);
  const { store } = world.deps;
  const { connection, warnings } = await world.connect();
  const zoho = await world.deps.zohoFor(connection);
  const deals = () =>
    syncOrg(
      { ...world.deps, zoho },
      {
        connection,
        full: false,
        modules: ['Accounts', 'Deals'],
        mapping: aMapping(),
        optionsOf: () => [],
      },
    );
  const history = async ({ full = false, hasReadDeals = true, mostCredits = 100 } = {}) => {
    const before = zoho.usage().credits;
    const told = await readStageHistory(
      { ...world.deps, zoho },
      { connection, full, hasReadDeals, mostCredits },
    );
    return { ...told, credits: zoho.usage().credits - before };
  };
  const idOf = (key: string) => world.simulator.control.idOf(key);
  const stays = async () => {
    const options = { basis: 'account', excludeAccountTypes: [] } as const;
    const keys = [{ module: 'Accounts', id: idOf('mill') }] as const;
    const [rows] = await store.customers.byKeys(connection.id, options, keys);
    return rows?.dealStages?.map((stay) => [stay.dealId, stay.stage, stay.enteredAt.toISOString()]);
  };
  return { ...world, connection, warnings, store, deals, history, stays, idOf };
}

describe('the history of stages', () => {
  test('is read of won and lost stages first, and costs nothing while no deal changes', async () => {
    const { deals, history, stays, idOf, warnings } = await anOrg();
    await deals();

    const first = await history();
    const quiet = await history({ hasReadDeals: false });

    // One call for the fields, one for the rows.
    expect(first).toMatchObject({
      row: { module: 'DealHistory', mode: 'full', method: 'coql', read: 2, quarantined: 0, error: null },
      warnings: [],
      credits: 2,
    });
    expect(await stays()).toEqual([
      [idOf('won'), 'Closed Won', '2026-03-02T09:00:00.000Z'],
      [idOf('lost'), 'Gone', '2026-04-01T08:00:00.000Z'],
    ]);
    expect(quiet).toMatchObject({ row: { mode: 'skipped', read: 0, error: null }, credits: 0 });
    expect(warnings.join()).not.toContain('history');
  });

  test('is followed through every stage once a deal changes, for one credit', async () => {
    const { deals, history, stays, idOf, simulator } = await anOrg();
    await deals();
    await history();
    simulator.control.writeRecords('Deals', [{ id: idOf('won'), Stage: 'Talking' }]);
    await deals();

    const next = await history();

    expect(next).toMatchObject({ row: { mode: 'incremental', read: 1, changed: 1 }, credits: 1 });
    expect((await stays())?.map(([deal, stage]) => [deal, stage])).toEqual([
      [idOf('won'), 'Closed Won'],
      [idOf('lost'), 'Gone'],
      [idOf('won'), 'Talking'],
    ]);
  });

  test('is read whole again when another stage has become a closed one', async () => {
    const { connection, deals, history, store, stays } = await anOrg();
    await deals();
    await history();
    const stages = await store.stages.all(connection.id);
    await store.stages.learn(connection.id, [
      ...stages,
      { pipeline: 'New', stage: 'Talking', outcome: 'won' },
    ]);

    const next = await history();

    expect(next).toMatchObject({ row: { mode: 'full', read: 4 }, credits: 1 });
    expect(await stays()).toHaveLength(4);
  });

  test('dearer than its budget is left out with its price, and what is new from then on is read', async () => {
    const { deals, history, idOf, simulator } = await anOrg({}, 5_000);
    await deals();

    const first = await history({ mostCredits: 5 });
    simulator.control.writeRecords('Deals', [{ id: idOf('won'), Stage: 'Talking' }]);
    const next = await history({ mostCredits: 5 });
    const whole = await history({ full: true });

    // The fields, a first look at 200 rows, and the count of the rest.
    expect(first).toMatchObject({ row: { mode: 'full', read: 200 }, credits: 3 });
    expect(first.warnings).toEqual([expect.stringContaining('4802 older rows of the history of stages')]);
    expect(next).toMatchObject({ row: { mode: 'incremental', read: 1 }, warnings: [], credits: 1 });
    expect(whole).toMatchObject({ row: { mode: 'full', read: 5_002 }, warnings: [] });
  });

  test('of a deleted deal is not handed over', async () => {
    const { deals, history, stays, idOf, simulator, store, connection } = await anOrg();
    await deals();
    await history();
    simulator.control.deleteRecords('Deals', [idOf('won')]);
    await store.records.markDeleted(connection.id, 'Deals', [idOf('won')], new Date());

    expect((await stays())?.map(([deal]) => deal)).toEqual([idOf('lost')]);
  });

  test('that the user may not see is named when connecting and costs nothing', async () => {
    const { deals, history, stays, warnings } = await anOrg({ stageHistoryVisible: 'none' });
    await deals();

    expect(await history()).toEqual({ row: null, warnings: [], credits: 0 });
    expect(await stays()).toBeUndefined();
    expect(warnings).toContainEqual(
      'history of stages: the connected user may not see DealHistory; closing dates stand for it',
    );
  });

  test.each(['NO_PERMISSION', 'INVALID_QUERY', 'INVALID_MODULE'])(
    'refused with %s is a note and is asked for again',
    async (code) => {
      const { deals, history, simulator } = await anOrg();
      await deals();
      const refusal = { kind: 'server-error', status: 400, code, match: { path: '/coql' } } as const;
      simulator.control.addFaults(refusal);

      const { row, warnings } = await history();

      expect(row).toMatchObject({ mode: 'skipped', read: 0 });
      expect(row?.error).toContain(code);
      expect(warnings).toEqual([
        `the history of stages cannot be read (${code}): closing dates stand for it`,
      ]);
      simulator.control.clearFaults();
      expect((await history()).row).toMatchObject({ mode: 'full', read: 2 });
    },
  );

  test('whose columns have other names is named and not used', async () => {
    const { connection, deals, history, store } = await anOrg();
    await deals();
    const fields = ['Potential_Name', 'Stage', 'Modified_Time'].map((apiName) => ({ apiName }));
    await store.metadata.set(connection.id, 'fields:DealHistory', fields, new Date());

    expect(await history()).toEqual({
      row: null,
      warnings: ['DealHistory has no field Moved_To__s: the history of stages is not used'],
      credits: 0,
    });
  });
});

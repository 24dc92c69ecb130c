import { afterEach, describe, expect, test } from 'vitest';
import type { ModuleName } from '../../src/domain.ts';
import { SYNCED_MODULES, syncOrg } from '../../src/sync/sync-org.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

const ORG = { mapping: aMapping(), optionsOf: () => [] };
const CREATED = '2026-01-10T09:00:00+01:00';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

function anOrg() {
  return aSeed({
    customFields: { Deals: [{ label: 'Cost', api_name: 'Cost', data_type: 'currency' }] },
    records: {
      Accounts: [
        { $key: 'mill', Account_Name: 'Mill & Sons', Created_Time: CREATED },
        { $key: 'yard', Account_Name: 'Łódź Yard', Created_Time: CREATED },
      ],
      Contacts: [{ $key: 'pia', Last_Name: 'Pia', Account_Name: { $ref: 'mill' }, Created_Time: CREATED }],
      Leads: [
        { $key: 'open', Last_Name: 'Open', Company: 'Open BV', Created_Time: CREATED },
        {
          $key: 'done',
          Last_Name: 'Done',
          Company: 'Done BV',
          Converted__s: true,
          Converted_Account: { $ref: 'yard' },
          Created_Time: CREATED,
        },
      ],
      Deals: [
        {
          $key: 'won',
          Deal_Name: 'Won',
          Stage: 'Closed Won',
          Pipeline: 'Standard (Standard)',
          Closing_Date: '2026-02-01',
          Amount: 1234.56,
          Cost: 1000.1,
          Account_Name: { $ref: 'mill' },
          Created_Time: CREATED,
        },
        {
          $key: 'talk',
          Deal_Name: 'Talk',
          Stage: 'Talking',
          Account_Name: { $ref: 'yard' },
          Created_Time: CREATED,
        },
      ],
    },
  });
}

async function aSyncedWorld(options: Parameters<typeof aWorld>[0] = {}) {
  const world = await aWorld({ seed: anOrg(), ...options });
  worlds.push(world);
  const connection = await world.connected();
  const zoho = await world.deps.zohoFor(connection);
  const sync = (full = false, modules: readonly ModuleName[] = SYNCED_MODULES) =>
    syncOrg({ ...world.deps, zoho }, { ...ORG, connection, full, modules });
  const of = async (module: ModuleName, result: Awaited<ReturnType<typeof sync>>) =>
    result.modules.find((row) => row.module === module);
  return { ...world, connection, sync, of, store: world.deps.store };
}

test('a first sync reads everything, converted leads among it, and keeps what scoring reads', async () => {
  const { sync, of, store, connection, simulator } = await aSyncedWorld();

  const first = await sync();

  expect(first).toMatchObject({ isPartial: false, warnings: [] });
  expect(await of('Leads', first)).toMatchObject({ mode: 'full', read: 2, changed: 2, error: null });
  const [won] = await store.records.get(connection.id, 'Deals', [simulator.control.idOf('won')]);
  expect(won).toMatchObject({
    amount: '1234.56',
    cost: '1000.1',
    stage: 'Closed Won',
    closingDay: '2026-02-01',
    accountId: simulator.control.idOf('mill'),
    wonAtFirstSync: true,
  });
  const [lead] = await store.records.get(connection.id, 'Leads', [simulator.control.idOf('done')]);
  expect(lead).toMatchObject({ converted: true, convertedAccountId: simulator.control.idOf('yard') });
});

test('the next one reads what changed, moves it, and marks what was deleted', async () => {
  const { sync, of, store, connection, simulator } = await aSyncedWorld();
  await sync();
  const [mill, yard, won, talk] = ['mill', 'yard', 'won', 'talk'].map((key) => simulator.control.idOf(key));
  if (!mill || !yard || !won || !talk) throw new Error('the seed lost a key');
  simulator.control.writeRecords('Deals', [
    { id: talk, Stage: 'Closed Won', Amount: 10, Account_Name: { id: mill } },
  ]);
  simulator.control.deleteRecords('Deals', [won]);

  const next = await sync();

  expect(await of('Deals', next)).toMatchObject({ mode: 'incremental', changed: 1, deleted: 1 });
  expect(await of('Accounts', next)).toMatchObject({ mode: 'incremental', changed: 0, deleted: 0 });
  const left = await store.records.get(connection.id, 'Deals', [won, talk]);
  expect(left).toMatchObject([{ id: talk, accountId: mill, wonAtFirstSync: false }]);
  const options = { basis: 'both', excludeAccountTypes: [] } as const;
  expect(await store.customers.of(connection.id, options, 'Deals', [talk])).toEqual([
    { module: 'Accounts', id: mill },
  ]);
});

test('a restored record lives, though Zoho goes on telling that it was deleted before', async () => {
  const { deps, connection, store, sync, simulator } = await aSyncedWorld();
  await sync();
  const id = simulator.control.idOf('won');
  simulator.control.writeRecords('Deals', [{ id, Amount: 7 }]);
  const zoho = await deps.zohoFor(connection);
  const stale = { id, type: 'recycle', deleted_time: '2026-01-11T09:00:00+01:00' };
  const telling: typeof zoho = {
    ...zoho,
    request: (call) =>
      call.path.endsWith('/Deals/deleted')
        ? Promise.resolve({ status: 200, headers: {}, body: { data: [stale], info: {} } })
        : zoho.request(call),
  };

  const input = { ...ORG, connection, full: false, modules: SYNCED_MODULES };
  await syncOrg({ ...deps, zoho: telling }, input);

  expect(await store.records.get(connection.id, 'Deals', [id])).toMatchObject([{ id, amount: '7' }]);
});

test('a record that a full sync does not find any more is marked deleted', async () => {
  const { sync, of, store, connection, simulator } = await aSyncedWorld();
  await sync();
  simulator.control.deleteRecords('Accounts', [simulator.control.idOf('yard')]);

  const full = await sync(true);

  expect(await of('Accounts', full)).toMatchObject({ mode: 'full', deleted: 1 });
  expect(await store.records.count(connection.id, 'Accounts')).toBe(1);
});

test('a module that breaks off is named and makes the sync partial; the others go on and it heals', async () => {
  const { sync, of, simulator } = await aSyncedWorld();
  await sync();
  simulator.control.addFaults({ kind: 'html', match: { path: '/Deals/deleted' } });
  simulator.control.writeRecords('Deals', [{ id: simulator.control.idOf('talk'), Amount: 7 }]);

  const broken = await sync();
  const deals = await of('Deals', broken);
  simulator.control.clearFaults();
  const healed = await sync();

  expect(broken.isPartial).toBe(true);
  expect(deals?.error).toContain('zoho_unavailable');
  expect(await of('Tasks', broken)).toMatchObject({ error: null });
  expect(healed.isPartial).toBe(false);
  expect(await of('Deals', healed)).toMatchObject({ mode: 'incremental', error: null });
});

describe('what an org does not grant', () => {
  const SCOPES = ['ZohoCRM.modules.ALL', 'ZohoCRM.settings.ALL', 'ZohoCRM.users.READ', 'ZohoCRM.org.READ'];

  test('without COQL the list is read instead, also for changes', async () => {
    const { sync, of, simulator } = await aSyncedWorld({ scopes: SCOPES });

    const first = await sync();
    simulator.control.writeRecords('Accounts', [
      { id: simulator.control.idOf('mill'), Account_Name: 'Mill' },
    ]);
    const next = await sync();

    expect(await of('Accounts', first)).toMatchObject({ mode: 'full', method: 'list', read: 2, error: null });
    expect(await of('Leads', first)).toMatchObject({ method: 'list', read: 2 });
    expect(await of('Accounts', next)).toMatchObject({ mode: 'incremental', method: 'list', changed: 1 });
  });

  test('a module without permission is named, is no partial sync, and the others are read', async () => {
    const { sync, of } = await aSyncedWorld({
      scopes: [
        ...['leads', 'contacts', 'accounts', 'deals', 'tasks', 'calls', 'events', 'products'].map(
          (module) => `ZohoCRM.modules.${module}.ALL`,
        ),
        'ZohoCRM.coql.READ',
        ...SCOPES.slice(1),
      ],
    });

    const result = await sync();

    expect(result.isPartial).toBe(false);
    expect((await of('Cases', result))?.error).toContain('OAUTH_SCOPE_MISMATCH');
    expect(await of('Deals', result)).toMatchObject({ read: 2, error: null });
  });

  test('without pipelines the names of stages tell won from lost, and the run says so', async () => {
    const { sync, store, connection } = await aSyncedWorld({
      scopes: [
        'ZohoCRM.modules.ALL',
        'ZohoCRM.coql.READ',
        'ZohoCRM.settings.fields.ALL',
        'ZohoCRM.settings.modules.READ',
        'ZohoCRM.users.READ',
        'ZohoCRM.org.READ',
      ],
    });

    const result = await sync();

    expect(result.warnings.join()).toContain('pipelines cannot be read');
    const stages = await store.stages.all(connection.id);
    expect(stages.find((row) => row.stage === 'Closed Won')?.outcome).toBe('won');
  });
});

test('a mapped field that the org lacks is named and the rest goes on', async () => {
  const world = await aSyncedWorld();
  const zoho = await world.deps.zohoFor(world.connection);

  const result = await syncOrg(
    { ...world.deps, zoho },
    {
      ...ORG,
      connection: world.connection,
      full: false,
      modules: ['Deals'],
      mapping: aMapping({ deals: { cost: 'No_Such_Field' } }),
    },
  );

  expect(result.warnings).toEqual([
    'Deals has no field No_Such_Field (cost): it stays empty; name the field that holds it in mapping.deals.cost of fields.yaml',
  ]);
  expect(result.modules).toMatchObject([{ module: 'Deals', read: 2, error: null }]);
});

describe('what a run costs', () => {
  const creditsOf = async (world: Awaited<ReturnType<typeof aSyncedWorld>>, full = false) => {
    world.simulator.control.resetReport();
    await world.sync(full);
    return world.simulator.control.report();
  };

  test('that finds nothing: a look and the deletions of each module, and no metadata', async () => {
    const world = await aSyncedWorld();
    await world.sync();

    const { calls, credits } = await creditsOf(world);

    // Nine modules at 1 + 2, and the leads in two halves with a look at conversions.
    expect(credits).toBe(29);
    expect(Object.keys(calls).filter((call) => /settings|users/.test(call))).toEqual([]);
  });

  test('a day later it asks for the metadata again', async () => {
    const world = await aSyncedWorld();
    await world.sync();
    await world.deps.clock.sleep(25 * 3_600_000);

    const { calls } = await creditsOf(world);

    expect(calls['GET /crm/v8/settings/fields']).toBe(9);
  });

  test('where two bounds on one column are refused: a call a day, and what it costs elsewhere', async () => {
    const world = await aSyncedWorld({ switches: { coqlRefusesDoubleRange: true } });
    const first = await creditsOf(world);
    const second = await creditsOf(world);
    world.simulator.control.setSwitches({ coqlRefusesDoubleRange: false });
    await world.deps.clock.sleep(25 * 3_600_000);
    await world.sync();
    world.simulator.control.setSwitches({ coqlRefusesDoubleRange: true });
    const afterADay = await creditsOf(world);
    const again = await creditsOf(world);

    expect([first, second, afterADay, again].map(({ statuses }) => statuses['400'] ?? 0)).toEqual([
      1, 0, 1, 0,
    ]);
    expect(second.credits).toBe(29);
    expect(again.credits).toBe(29);
  });

  test('with changes beyond the first look is priced by how many there are', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({ $key: `firm-${n}`, Account_Name: `Firm ${n}` }));
    const world = await aSyncedWorld({ seed: aSeed({ records: { Accounts: many } }) });
    await world.sync();
    await world.deps.clock.sleep(3_600_000);
    const ids = many.map(({ $key }) => world.simulator.control.idOf($key));
    world.simulator.control.writeRecords(
      'Accounts',
      ids.map((id, n) => ({ id, Account_Name: `Changed ${n}` })),
    );

    const { credits } = await creditsOf(world);

    // 200 rows (1), their count (1), the 800 that are left (2), deletions (2); the other eight modules and a half (25).
    expect(credits).toBe(32);
  });
});

test('a deal on a stage that nobody told of has the stages asked for again, and only once', async () => {
  const { sync, simulator } = await aSyncedWorld();
  await sync();
  simulator.control.writeRecords('Deals', [{ id: simulator.control.idOf('talk'), Stage: 'Made up today' }]);
  simulator.control.resetReport();

  await sync();
  const first = simulator.control.report().calls['GET /crm/v8/settings/pipeline'] ?? 0;
  await sync();

  expect(first).toBeGreaterThan(0);
  expect(simulator.control.report().calls['GET /crm/v8/settings/pipeline']).toBe(first);
});

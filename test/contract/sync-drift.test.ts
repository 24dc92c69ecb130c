import { afterEach, describe, expect, test } from 'vitest';
import type { ModuleName } from '../../src/domain.ts';
import { runDoctor } from '../../src/setup/doctor.ts';
import { applyFields } from '../../src/setup/fields.ts';
import { SYNCED_MODULES, syncOrg } from '../../src/sync/sync-org.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

/** Fields that change under a sync: what is paused, what stays, and that it comes back by itself. */

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const CREATED = '2026-01-10T09:00:00+01:00';
const seed = aSeed({
  customFields: { Deals: [{ label: 'Cost', api_name: 'Cost', data_type: 'currency' }] },
  records: {
    Accounts: [{ $key: 'mill', Account_Name: 'Mill & Sons', Created_Time: CREATED }],
    Deals: ['one', 'two'].map((key, index) => ({
      $key: key,
      Deal_Name: key,
      Stage: 'Closed Won',
      Pipeline: 'Standard (Standard)',
      Closing_Date: '2026-02-01',
      Amount: 100 + index,
      Cost: 60 + index,
      Account_Name: { $ref: 'mill' },
      Created_Time: CREATED,
    })),
  },
});

async function aSyncedWorld(options: Parameters<typeof aWorld>[0] = {}) {
  const world = await aWorld({ seed, ...options });
  worlds.push(world);
  const connection = await world.connected();
  const zoho = await world.deps.zohoFor(connection);
  const { control } = world.simulator;
  const sync = async (modules: readonly ModuleName[] = SYNCED_MODULES, mapping = aMapping()) => {
    const org = { mapping, optionsOf: () => [] };
    const result = await syncOrg({ ...world.deps, zoho }, { ...org, connection, full: false, modules });
    return { ...result, deals: result.modules.find((row) => row.module === 'Deals') };
  };
  const deal = async (key = 'one') => {
    const [found] = await world.deps.store.records.get(connection.id, 'Deals', [control.idOf(key)]);
    return found;
  };
  const touch = (key = 'one') =>
    control.writeRecords('Deals', [{ id: control.idOf(key), Deal_Name: 'touched' }]);
  await sync();
  return { ...world, connection, control, sync, deal, touch, store: world.deps.store };
}

const DOCTOR = {
  settings: {
    basis: 'both',
    rateDirection: 'unknown',
    defaultMarginPercent: 30,
    marginIsSet: true,
    purchaseFrom: 'deals',
    mapping: aMapping(),
    creditCeilingPercent: 30,
    moneyCodes: [],
    playbook: [],
    stageHistory: 'auto',
  },
  publicUrl: null,
} as const;

describe('a field that is removed', () => {
  test('pauses its mapping; what was read stays, nothing is read anew, and the rest goes on', async () => {
    const { control, sync, deal, touch } = await aSyncedWorld();
    control.removeField('Deals', 'Cost');
    touch();

    const result = await sync();

    expect(result.isPartial).toBe(false);
    expect(result.deals).toMatchObject({ mode: 'incremental', read: 1, error: null });
    expect(result.warnings).toEqual([expect.stringContaining('Deals.Cost (cost) is paused, removed')]);
    expect(await deal()).toMatchObject({ name: 'touched', cost: '60', amount: '100' });
  });

  test('between the metadata and the query is left out, and the run goes on without it', async () => {
    const { control, sync, deal, touch, simulator } = await aSyncedWorld();
    touch();
    // The metadata still shows the field; then it is gone.
    const stale = control.records('Deals').length;
    simulator.control.addFaults({ kind: 'slow', ms: 1, match: { path: '/coql' } });
    let hidden = false;
    const world = worlds.at(-1);
    const connection = await world?.deps.store.connections.byName('default');
    if (!world || !connection) throw new Error('no world');
    const inner = await world.deps.zohoFor(connection);
    const zoho = {
      ...inner,
      request: async (request: Parameters<typeof inner.request>[0]) => {
        const asks = request.path === '/crm/v8/coql' && JSON.stringify(request.body).includes('Cost');
        if (asks && !hidden) {
          hidden = true;
          control.removeField('Deals', 'Cost');
        }
        return inner.request(request);
      },
    };

    const result = await syncOrg(
      { ...world.deps, zoho },
      { mapping: aMapping(), optionsOf: () => [], connection, full: false, modules: ['Deals'] },
    );

    expect(stale).toBe(2);
    expect(result.modules).toMatchObject([{ mode: 'incremental', error: null, read: 1 }]);
    expect(result.warnings.join()).toContain('paused, removed');
    expect(await deal()).toMatchObject({ name: 'touched', cost: '60' });
    expect((await sync()).deals).toMatchObject({ mode: 'incremental', error: null });
  });
});

test('a field that was made and mapped a moment ago is read at once, although fields are remembered for a day', async () => {
  const { control, sync, deal } = await aSyncedWorld();
  control.addField('Deals', { label: 'Margin Cost', api_name: 'Margin_Cost', data_type: 'currency' });
  control.writeRecords('Deals', [{ id: control.idOf('one'), Margin_Cost: 71 }]);

  const result = await sync(SYNCED_MODULES, aMapping({ deals: { cost: 'Margin_Cost' } }));

  expect(result.warnings).toEqual([]);
  expect(await deal()).toMatchObject({ cost: '71' });
  // Rows that nobody touched hold the other field's values no longer.
  expect(await deal('two')).toMatchObject({ cost: null });
});

test('a field of another type pauses and comes back by itself with what it holds then', async () => {
  const { control, sync, deal, store, connection, touch } = await aSyncedWorld();
  control.changeField('Deals', 'Amount', { data_type: 'text' });
  touch();

  const paused = await sync();
  const [state] = await store.mappingStates.paused(connection.id);
  const again = await sync();
  control.changeField('Deals', 'Amount', { data_type: 'currency' });
  control.writeRecords('Deals', [{ id: control.idOf('one'), Amount: 250 }]);
  const back = await sync();

  expect(paused.warnings.join()).toContain('Deals.Amount (amount) is paused, retyped');
  expect(paused.deals).toMatchObject({ mode: 'incremental', quarantined: 0, error: null });
  expect(state).toMatchObject({ module: 'Deals', input: 'amount', reason: 'retyped', dataType: 'currency' });
  expect(await store.mappingStates.paused(connection.id)).toEqual([]);
  expect(again.deals).toMatchObject({ mode: 'incremental' });
  expect(back.deals).toMatchObject({ mode: 'full' });
  expect(back.warnings).toEqual([]);
  expect(await deal()).toMatchObject({ amount: '250' });
});

test('doctor names a paused mapping with its repair, and is content once it is back', async () => {
  const { control, sync, deps, connection } = await aSyncedWorld();
  const mappings = async () => {
    const report = await runDoctor({ ...deps, ...DOCTOR }, connection);
    return report.checks.filter(({ id }) => id.startsWith('mapping'));
  };
  control.changeField('Deals', 'Cost', { api_name: 'Inkoop' });

  await sync();
  const ill = await mappings();
  control.changeField('Deals', 'Inkoop', { api_name: 'Cost' });
  await sync();

  expect(ill).toMatchObject([{ id: 'mapping.Deals.cost', status: 'warn' }]);
  expect(ill[0]?.message).toContain('(renamed)');
  expect(ill[0]?.repair).toContain('Inkoop');
  expect(await mappings()).toMatchObject([{ id: 'mappings', status: 'ok' }]);
});

test('a field of ours that is renamed is followed, one that is removed is paused and not written', async () => {
  const { control, sync, deps, connection, store } = await aSyncedWorld();
  const fields = { ...deps, basis: 'account', language: 'en' } as const;
  await applyFields(fields, { connection, sets: ['essential'], max: null });
  await sync();
  control.changeField('Accounts', 'Next_Step', { api_name: 'Volgende_stap' });
  control.removeField('Accounts', 'Value_Explanation');

  const result = await sync();

  const writable = await store.fieldMap.writable(connection.id);
  expect(writable.find(({ key }) => key === 'next_step')?.apiName).toBe('Volgende_stap');
  expect(writable.some(({ key }) => key === 'value_explanation')).toBe(false);
  expect(writable).toHaveLength((await store.fieldMap.all(connection.id)).length - 1);
  expect(result.warnings).toEqual([expect.stringContaining('(ours.value_explanation) is paused, removed')]);
});

test('by the list, a field that the user may not see any more is not taken for an empty one', async () => {
  const scopes = ['ZohoCRM.modules.ALL', 'ZohoCRM.settings.ALL', 'ZohoCRM.users.READ', 'ZohoCRM.org.READ'];
  const { control, sync, deal, touch } = await aSyncedWorld({ scopes });
  control.changeField('Deals', 'Closing_Date', { hidden: true });
  control.changeField('Deals', 'Deal_Name', { hidden: true });
  control.writeRecords('Deals', [{ id: control.idOf('two'), Amount: 7 }]);
  touch();

  const result = await sync();

  expect(result.deals).toMatchObject({ method: 'list', mode: 'incremental', error: null });
  expect(await deal('two')).toMatchObject({ name: 'two', amount: '7', closingDay: '2026-02-01' });
});

test('a record with a value that cannot be read is named by the run and by doctor until it is mended', async () => {
  const { control, sync, touch, deps, connection } = await aSyncedWorld();
  const id = control.idOf('one');
  control.addFaults({ kind: 'garbled-row', ids: [id], values: { Amount: 'a lot' } });
  touch();
  const setAside = async () =>
    (await runDoctor({ ...deps, ...DOCTOR }, connection)).checks.find((check) => check.id === 'set_aside');

  const broken = await sync();
  const told = await setAside();
  control.clearFaults();
  touch();
  const mended = await sync();

  const words = `Deals ${id} is set aside (not a number: "a lot"); mend it in Zoho and it is read again`;
  expect(broken.warnings).toEqual([words]);
  expect(told).toMatchObject({
    status: 'warn',
    message: expect.stringContaining(`Deals ${id} (not a number`),
  });
  expect(mended.warnings).toEqual([]);
  expect(await setAside()).toMatchObject({ status: 'ok' });
});

test('doctor names the e-mail address of a rule that is no active user among those that a sync has read', async () => {
  const { deps, connection } = await aSyncedWorld();
  const rule = (id: string, owner: string) => ({ id, owner, enabled: true });
  const settings = {
    ...DOCTOR.settings,
    playbook: [rule('fine', 'Ann@office.test'), rule('lost', 'nobody@office.test')],
  };

  const { ok, checks } = await runDoctor({ ...deps, ...DOCTOR, settings }, connection);

  expect(ok).toBe(true);
  expect(checks.find(({ id }) => id === 'rule_owners')).toMatchObject({
    status: 'warn',
    message: 'lost.owner: nobody@office.test is no user of the org, its tasks go to the owner of the record',
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import type { ModuleName } from '../../src/domain.ts';
import { applyFields, planFields } from '../../src/setup/fields.ts';
import { removeFields } from '../../src/setup/fields-remove.ts';
import { syncOrg } from '../../src/sync/sync-org.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

/** Notes, and what people fill in, between a simulated org and the store. */

const CREATED = '2026-01-10T09:00:00+01:00';
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function anOrg() {
  const seed = aSeed({
    records: {
      Accounts: [
        { $key: 'mill', Account_Name: 'Mill & Sons', Created_Time: CREATED },
        { $key: 'yard', Account_Name: 'Yard', Created_Time: CREATED },
      ],
      Tasks: [
        {
          $key: 'task',
          Subject: 'Samples',
          Status: 'Completed',
          What_Id: { $ref: 'mill' },
          Created_Time: CREATED,
        },
      ],
      Notes: [
        {
          $key: 'note',
          Note_Title: 'Call',
          Note_Content: 'private matters',
          Parent_Id: { $ref: 'mill' },
          Created_Time: CREATED,
        },
      ],
    },
  });
  const world = await aWorld({ seed });
  worlds.push(world);
  const connection = await world.connected();
  const zoho = await world.deps.zohoFor(connection);
  const sync = (modules: readonly ModuleName[], mapping = aMapping()) =>
    syncOrg({ ...world.deps, zoho }, { connection, full: false, modules, mapping, optionsOf: () => [] });
  const idOf = (key: string) => world.simulator.control.idOf(key);
  const { store } = world.deps;
  const rowsOf = async (key: string) => {
    const options = { basis: 'account', excludeAccountTypes: [] } as const;
    const [rows] = await store.customers.byKeys(connection.id, options, [
      { module: 'Accounts', id: idOf(key) },
    ]);
    if (!rows) throw new Error(`no customer ${key}`);
    return rows;
  };
  return { ...world, connection, store, sync, idOf, rowsOf };
}

/** What Zoho says to a list of notes by anybody else. */
const ONLY_ADMINISTRATORS = {
  kind: 'server-error',
  status: 403,
  code: 'NOT_SUPPORTED',
  match: { path: '/Notes$' },
} as const;

describe('notes', () => {
  test('are listed by an administrator, belong to their customer, and are followed', async () => {
    const { sync, rowsOf, simulator, idOf } = await anOrg();

    const first = await sync(['Accounts', 'Notes']);

    expect(first.modules[1]).toMatchObject({ module: 'Notes', method: 'list', read: 1, error: null });
    const [note] = (await rowsOf('mill')).activities;
    expect(note).toMatchObject({ module: 'Notes', subject: 'Call', whatId: idOf('mill') });
    simulator.control.writeRecords('Notes', [{ id: idOf('note'), Note_Title: 'Visit' }]);
    const next = await sync(['Notes']);
    expect(next.modules).toMatchObject([{ mode: 'incremental', method: 'list', changed: 1 }]);
    expect((await rowsOf('mill')).activities).toMatchObject([{ subject: 'Visit' }]);
  });

  test('are asked for by COQL where the list is refused', async () => {
    const { sync, rowsOf, simulator } = await anOrg();
    simulator.control.addFaults(ONLY_ADMINISTRATORS);

    const { modules, isPartial } = await sync(['Accounts', 'Notes']);

    expect(modules[1]).toMatchObject({ module: 'Notes', method: 'coql', read: 1, error: null });
    expect(isPartial).toBe(false);
    expect((await rowsOf('mill')).activities).toMatchObject([{ subject: 'Call' }]);
  });

  test('that can be read in no way are named, and the sync is whole without them', async () => {
    const { sync, simulator } = await anOrg();
    simulator.control.addFaults(ONLY_ADMINISTRATORS);
    simulator.control.addFaults({
      kind: 'server-error',
      status: 400,
      code: 'INVALID_QUERY',
      match: { path: '/coql' },
    });

    const { modules, isPartial } = await sync(['Notes']);

    expect(modules).toMatchObject([{ module: 'Notes', mode: 'skipped', refused: true }]);
    expect(modules[0]?.error).toMatch(/NOT_SUPPORTED|INVALID_QUERY/);
    expect(isPartial).toBe(false);
  });
});

describe('the fields that people fill in', () => {
  test('are made, filled by people, read back, and kept when ours are removed', async () => {
    const { deps, connection, store, sync, rowsOf, simulator, idOf } = await anOrg();
    const fieldDeps = { ...deps, basis: 'account', language: 'en' } as const;
    await sync(['Accounts', 'Tasks']);

    const applied = await applyFields(fieldDeps, { connection, sets: ['inputs'], max: null });

    expect(applied.fields.filter(({ error }) => error !== null)).toEqual([]);
    const again = await planFields(fieldDeps, { connection, sets: ['inputs'], max: null });
    expect(new Set(again.fields.map(({ action }) => action))).toEqual(new Set(['exists']));
    const names = new Map(
      (await store.fieldMap.all(connection.id)).map((field) => [
        `${field.module}.${field.key}`,
        field.apiName,
      ]),
    );
    const nameOf = (place: string) => names.get(place) ?? place;
    simulator.control.writeRecords('Accounts', [
      {
        id: idOf('yard'),
        [nameOf('Accounts.referred_by')]: { id: idOf('mill') },
        [nameOf('Accounts.why_they_chose_us')]: 'Close by',
        [nameOf('Accounts.last_thanked')]: '2026-02-01',
        [nameOf('Accounts.reason_left')]: 'Price',
        [nameOf('Accounts.goodwill_given')]: '2026-02-01 49.50 late; 2026-02-02 5',
        [nameOf('Accounts.recalculation_asked')]: '2026-02-03 10:15',
      },
    ]);
    simulator.control.writeRecords('Tasks', [{ id: idOf('task'), [nameOf('Tasks.minutes_spent')]: 25 }]);
    const next = await sync(['Accounts', 'Tasks']);

    expect(next.modules).toMatchObject([
      { mode: 'incremental', changed: 1 },
      { mode: 'incremental', changed: 1 },
    ]);
    expect((await rowsOf('yard')).record).toMatchObject({
      inputs: {
        referredBy: idOf('mill'),
        whyUs: 'Close by',
        lastThanked: '2026-02-01',
        reasonLeft: 'Price',
        goodwillGiven: [
          { day: '2026-02-01', amount: 4950 },
          { day: '2026-02-02', amount: 500 },
        ],
        recalculationAsked: '2026-02-03 10:15',
      },
      ours: {},
    });
    expect((await rowsOf('mill')).activities).toMatchObject([{ minutesSpent: 25 }]);

    const removed = await removeFields(fieldDeps, { connection, sets: null });
    expect(removed.fields.filter(({ label }) => label !== 'CV Ref').map(({ action }) => action)).toEqual(
      Array.from({ length: 12 }, () => 'kept'),
    );
    const named = await removeFields(fieldDeps, { connection, sets: ['inputs'] });
    expect(new Set(named.fields.map(({ action }) => action))).toEqual(new Set(['removed']));
  });

  test('a date that people keep is read where a setting names it', async () => {
    const { sync, rowsOf, simulator, idOf } = await anOrg();
    await sync(['Accounts']);
    simulator.control.addField('Accounts', { label: 'Spoke On', api_name: 'Spoke_On', data_type: 'date' });
    simulator.control.writeRecords('Accounts', [{ id: idOf('mill'), Spoke_On: '2026-02-03' }]);

    const mapping = aMapping({ accounts: { lastContact: 'Spoke_On' } });
    const told = await sync(['Accounts'], mapping);
    const { modules } = told.warnings.length > 0 ? await sync(['Accounts'], mapping) : told;

    expect(modules).toMatchObject([{ mode: 'full', changed: 1 }]);
    expect((await rowsOf('mill')).record).toMatchObject({ keptContactDay: '2026-02-03' });
  });
});

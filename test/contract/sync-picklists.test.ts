import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain.ts';
import { customerOptionsOf } from '../../src/jobs/customer-options.ts';
import { readSettings } from '../../src/settings.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { SYNCED_MODULES, syncOrg } from '../../src/sync/sync-org.ts';
import type { ZohoClient } from '../../src/zoho/client.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

/** Which of an option's texts Zoho gives is not settled: what is stored must not depend on it. */

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const FREE_BULK = { bulkReadJob: 0, bulkReadPoll: 0, bulkReadDownload: 0 };
const DEAR_COQL = { coql200: 900, coql1000: 900, coql2000: 900 };
const PRICES = {
  coql: DEFAULT_PRICES,
  bulk: { ...DEFAULT_PRICES, ...FREE_BULK },
  list: { ...DEFAULT_PRICES, ...DEAR_COQL, bulkReadJob: 900 },
};
const DUTCH = [
  ['Accounts', 'Account_Type', { Vendor: 'Leverancier', Customer: 'Klant' }],
  ['Calls', 'Call_Type', { Missed: 'Gemist', Inbound: 'Inkomend', Outbound: 'Uitgaand' }],
  ['Calls', 'Outgoing_Call_Status', { Completed: 'Afgerond', Cancelled: 'Geannuleerd' }],
  ['Tasks', 'Status', { Completed: 'Voltooid', 'Not Started': 'Niet begonnen' }],
  ['Cases', 'Status', { Closed: 'Gesloten', New: 'Nieuw' }],
  ['Accounts', 'Regions', { North: 'Noord', 'East, far': 'Oost, ver' }],
] as const;

function aDutchOrg(): OrgSeed {
  const account = { What_Id: { $ref: 'one' } };
  const start = '2026-02-02T10:00:00+01:00';
  const call = { ...account, Call_Start_Time: start, Call_Duration: '05:00' };
  return aSeed({
    customFields: {
      Accounts: [
        {
          label: 'Regions',
          api_name: 'Regions',
          data_type: 'multiselectpicklist',
          pick_list_values: ['North', 'East, far'],
        },
      ],
    },
    records: {
      Accounts: [
        { $key: 'one', Account_Name: 'One', Account_Type: 'Vendor', Regions: ['North', 'East, far'] },
        { $key: 'two', Account_Name: 'Two', Account_Type: 'Of our own making' },
      ],
      Deals: [
        {
          $key: 'order',
          Deal_Name: 'Order',
          Stage: 'Closed Won',
          Pipeline: 'Standard (Standard)',
          Amount: 10,
          Closing_Date: '2026-01-31',
          Account_Name: { $ref: 'one' },
        },
      ],
      Calls: [
        { $key: 'in', Subject: 'In', Call_Type: 'Missed', ...call },
        { $key: 'out', Subject: 'Out', Call_Type: 'Outbound', Outgoing_Call_Status: 'Cancelled', ...call },
      ],
      Tasks: [{ $key: 'done', Subject: 'Done', Status: 'Completed', ...account }],
      Cases: [
        {
          $key: 'broken',
          Subject: 'Broken',
          Status: 'Closed',
          Case_Origin: 'Web',
          Account_Name: { $ref: 'one' },
        },
      ],
    },
  });
}

const TABLES = ['accounts', 'deals', 'activities', 'cases'] as const;
async function storedRows({ db }: World, { id }: Connection): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await sql<Record<string, unknown>>`
      select * from ${sql.table(table)} where connection_id = ${id} order by id`.execute(db.kysely);
    all[table] = rows.map(({ connection_id: _connection, seen_at: _seen, ...row }) => row);
  }
  return all;
}

async function aDutchWorld() {
  const world = await aWorld({ seed: aDutchOrg() });
  worlds.push(world);
  const { control } = world.simulator;
  const synced = async (connection: Connection, way: keyof typeof PRICES) => {
    const zoho: ZohoClient = { ...(await world.deps.zohoFor(connection)), prices: PRICES[way] };
    const mapping = aMapping({ accounts: { number: 'Regions' } });
    return syncOrg(
      { ...world.deps, zoho },
      { mapping, optionsOf: () => [], connection, full: false, modules: SYNCED_MODULES },
    );
  };
  const connected = (name: string) => world.connected({ name, grantCode: control.issueGrantCode() });
  return { world, control, synced, connected };
}

function settingsWithout(type: string) {
  const { settings } = readSettings('test/no-such-folder', []);
  if (!settings) throw new Error('the defaults are settings');
  const { scoring } = settings;
  const customer = { ...scoring.customer, excludeAccountTypes: [type] };
  return { ...settings, scoring: { ...scoring, customer } };
}

describe('an org whose options are shown in Dutch', () => {
  test.each(['coql', 'bulk', 'list'] as const)(
    'is stored by %s as one that answers with stored values',
    async (way) => {
      const { world, control, synced, connected } = await aDutchWorld();
      const plain = await connected('plain');
      await synced(plain, 'coql');
      const expected = await storedRows(world, plain);
      for (const [module, field, shown_as] of DUTCH) control.changeField(module, field, { shown_as });
      control.setSwitches({ picklistAnswer: 'display' });

      const dutch = await connected('dutch');
      const { modules, warnings } = await synced(dutch, way);

      expect(modules.map(({ error }) => error)).toEqual(modules.map(() => null));
      const rows = await storedRows(world, dutch);
      expect(rows).toEqual(expected);
      expect(rows.accounts).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'One', account_type: 'Vendor', number: 'North;East, far' }),
          expect.objectContaining({ name: 'Two', account_type: 'Of our own making', number: null }),
        ]),
      );
      expect(rows.deals).toMatchObject([{ stage: 'Closed Won', won_at_first_sync: true }]);
      expect(rows.activities).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ subject: 'In', call_type: 'Missed' }),
          expect.objectContaining({ subject: 'Out', status: 'Cancelled', cancelled: true }),
          expect.objectContaining({ subject: 'Done', status: 'Completed' }),
        ]),
      );
      expect(warnings.filter((words) => words.includes('picklist'))).toEqual([
        'Accounts: 1 record has a text that is no option of its picklist (Account_Type: Of our own making); kept as it is',
      ]);
    },
  );

  test('has an option that is renamed between two runs looked up at once, a free text only once', async () => {
    const { world, control, synced, connected } = await aDutchWorld();
    control.setSwitches({ picklistAnswer: 'display' });
    const connection = await connected('dutch');
    await synced(connection, 'coql');
    control.changeField('Accounts', 'Account_Type', { shown_as: { Vendor: 'Leverancier' } });
    control.writeRecords('Accounts', [{ id: control.idOf('one'), Account_Name: 'One BV' }]);

    await synced(connection, 'coql');
    const renamed = await storedRows(world, connection);
    control.writeRecords('Accounts', [{ id: control.idOf('two'), Account_Name: 'Two BV' }]);
    control.resetReport();
    await synced(connection, 'coql');

    expect(renamed.accounts).toContainEqual(
      expect.objectContaining({ name: 'One BV', account_type: 'Vendor' }),
    );
    expect(control.report().calls['GET /crm/v8/settings/fields'] ?? 0).toBe(0);
  });

  test('has a type of account left out by the name that it shows as well as by the one that is stored', async () => {
    const { world, control, synced, connected } = await aDutchWorld();
    for (const [module, field, shown_as] of DUTCH) control.changeField(module, field, { shown_as });
    control.setSwitches({ picklistAnswer: 'display' });
    const { id, ...connection } = await connected('dutch');
    await synced({ id, ...connection }, 'coql');
    const customers = async (type: string) => {
      const { store } = world.deps;
      const options = await customerOptionsOf({ store, settings: settingsWithout(type) }, id);
      const found: string[] = [];
      for await (const rows of store.customers.inKeyOrder(id, options, 10))
        found.push(...rows.map(({ key }) => (key.id === control.idOf('one') ? 'One' : 'Two')));
      return found;
    };

    const left = [await customers('Leverancier'), await customers('Vendor'), await customers('Klant')];

    expect(left.map((names) => names.toSorted())).toEqual([['Two'], ['Two'], ['One', 'Two']]);
  });
});

import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import type { Connection } from '../../src/domain.ts';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { SYNCED_MODULES, syncOrg } from '../../src/sync/sync-org.ts';
import type { ZohoClient } from '../../src/zoho/client.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { aMapping } from '../support/mapping.ts';
import { todayIn } from '../support/org.ts';
import { aWorld, type World } from './setup-world.ts';

/** One org, read by each of the three ways, at prices that make each the cheapest in its turn. */

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
const TABLES = ['accounts', 'contacts', 'leads', 'deals', 'activities', 'cases', 'products'] as const;

function anOddOrg(): OrgSeed {
  const org = generatedOrg({ customers: 120, today: todayIn(GENERATED_TIME_ZONE), seed: 8 });
  const odd = {
    $key: 'odd',
    Account_Name: 'Smith, "and" Sons\nsecond line; Łódź',
    Account_Type: 'Customer',
    Regions: ['North', 'East, far'],
    Said_No: true,
    Contract_Until: '2027-01-31',
    Score: 6.5,
  };
  return {
    ...org,
    customFields: {
      ...org.customFields,
      Accounts: [
        ...(org.customFields.Accounts ?? []),
        {
          label: 'Regions',
          api_name: 'Regions',
          data_type: 'multiselectpicklist',
          pick_list_values: ['North', 'East, far', 'East'],
        },
        { label: 'Said No', api_name: 'Said_No', data_type: 'boolean' },
        { label: 'Contract Until', api_name: 'Contract_Until', data_type: 'date' },
        { label: 'Score', api_name: 'Score', data_type: 'double' },
      ],
    },
    records: {
      ...org.records,
      Accounts: [...(org.records.Accounts ?? []), odd],
    },
  };
}

async function storedRows({ db }: World, { id }: Connection): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await sql<Record<string, unknown>>`
      select * from ${sql.table(table)} where connection_id = ${id} order by id`.execute(db.kysely);
    all[table] = rows.map(({ connection_id: _connection, seen_at: _seen, ...row }) => row);
  }
  return all;
}

test.each([',', ';'] as const)(
  'an org read by list, COQL and bulk gives the same rows to the byte (options in a CSV parted by "%s")',
  async (separator) => {
    const world = await aWorld({
      seed: anOddOrg(),
      switches: {
        bulkMultiSeparator: separator,
        bulkBom: separator === ';',
        bulkHidesConverted: separator === ';',
        bulkPageSize: 150,
      },
    });
    worlds.push(world);
    // Inputs of kinds that JSON and CSV write differently.
    const accounts = { type: 'Regions', closed: 'Said_No', contractEnd: 'Contract_Until', survey: 'Score' };
    const mapping = aMapping({ accounts });
    const rows: Record<string, Record<string, unknown[]>> = {};
    for (const [way, prices] of Object.entries(PRICES)) {
      const grantCode = world.simulator.control.issueGrantCode();
      const connection = await world.connected({ name: way, grantCode });
      const zoho: ZohoClient = { ...(await world.deps.zohoFor(connection)), prices };
      const input = { mapping, optionsOf: () => [], connection, full: false, modules: SYNCED_MODULES };

      const { modules, isPartial } = await syncOrg({ ...world.deps, zoho }, input);

      expect(isPartial).toBe(false);
      for (const { module, method } of modules)
        expect(method, module).toBe(module === 'Events' ? 'list' : way);
      rows[way] = await storedRows(world, connection);
    }

    expect(rows.coql?.accounts?.length).toBe(121);
    expect(rows.coql?.leads).toContainEqual(expect.objectContaining({ converted: true }));
    const terms = { closed: 'true', contract_end: '2027-01-31', survey: '6.5' };
    expect(rows.coql?.accounts).toContainEqual(
      expect.objectContaining({ account_type: 'North;East, far', ...terms }),
    );
    expect(rows.bulk).toEqual(rows.coql);
    expect(rows.list).toEqual(rows.coql);
  },
);

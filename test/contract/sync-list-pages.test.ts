import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModuleName } from '../../src/domain.ts';
import { syncOrg } from '../../src/sync/sync-org.ts';
import type { ZohoClient } from '../../src/zoho/client.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld } from './setup-world.ts';

/** Lists that say there is more and name no next page. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

const MODULES = ['Accounts', 'Contacts'] as const satisfies readonly ModuleName[];
const DAY = Date.parse('2026-01-01T08:00:00Z');
const at = (n: number) => new Date(DAY + n * 60_000).toISOString();
const contacts = Array.from({ length: 250 }, (_, n) => ({
  $key: `c${n}`,
  Last_Name: `Person ${n}`,
  Created_Time: at(n),
}));
/** The middle of them was changed in one second. */
function firms(count: number, inOneSecond: number) {
  const first = Math.floor((count - inOneSecond) / 2);
  return Array.from({ length: count }, (_, n) => ({
    $key: `a${n}`,
    Account_Name: `Firm ${n}`,
    Created_Time: at(0),
    Modified_Time: at(n < first ? n : n < first + inOneSecond ? first : n),
  }));
}

async function aListedOrg(count: number, inOneSecond: number) {
  const world = await aWorld({
    seed: aSeed({ records: { Accounts: firms(count, inOneSecond), Contacts: contacts } }),
    switches: { listNamesNextPage: false },
  });
  cleanUp.push(() => world.close());
  const connection = await world.connected();
  const real = await world.deps.zohoFor(connection);
  const prices = { ...DEFAULT_PRICES, coql200: 900, coql1000: 900, coql2000: 900, bulkReadJob: 900 };
  const sync = (client: ZohoClient = real) =>
    syncOrg(
      { ...world.deps, zoho: { ...client, prices } },
      { mapping: aMapping(), optionsOf: () => [], connection, full: false, modules: MODULES },
    );
  const names = async () => {
    const { rows } = await sql<{ name: string }>`
      select name from accounts where deleted_at is null order by name`.execute(world.db.kysely);
    return rows.map(({ name }) => name);
  };
  const truth = () =>
    world.simulator.control
      .records('Accounts')
      .map((row) => String(row.Account_Name))
      .sort();
  return { ...world, real, sync, names, truth };
}

describe('a list that names no next page', () => {
  test('is read by time of change, page by page where one second holds more than a page', async () => {
    const { sync, names, truth } = await aListedOrg(1_500, 700);

    const { modules, isPartial } = await sync();

    expect(isPartial).toBe(false);
    expect(modules.map(({ module, method, error }) => [module, method, error])).toEqual(
      MODULES.map((module) => [module, 'list', null]),
    );
    expect(await names()).toEqual(truth());
  });

  test('loses nothing that is edited between two pages', async () => {
    const { sync, names, truth, real, simulator } = await aListedOrg(1_000, 0);
    let calls = 0;
    const edited: ZohoClient = {
      ...real,
      request: async (request) => {
        const answer = await real.request(request);
        calls += request.path === '/crm/v8/Accounts' ? 1 : 0;
        // Rows of the first page go to the end, and those behind them move up.
        const ids = [0, 1, 2].map((n) => simulator.control.idOf(`a${calls * 7 + n}`));
        if (calls > 0 && calls < 6)
          simulator.control.writeRecords(
            'Accounts',
            ids.map((id) => ({ id, Account_Name: `Edited ${calls} ${id}` })),
          );
        return answer;
      },
    };

    await sync(edited);
    await sync();

    expect(await names()).toEqual(truth());
  });

  test('goes on where it was cut off', async () => {
    const { sync, names, truth, real } = await aListedOrg(1_500, 0);
    let left = 5;
    const asked: string[] = [];
    const cut: ZohoClient = {
      ...real,
      request: (request) => {
        if (request.path !== '/crm/v8/Accounts') return real.request(request);
        if (left === 0) throw new Error('the process is gone');
        left -= 1;
        return real.request(request);
      },
    };
    await expect(sync(cut)).rejects.toThrow('the process is gone');
    const counted: ZohoClient = {
      ...real,
      request: (request) => {
        if (request.path === '/crm/v8/Accounts') asked.push(String(request.headers?.['If-Modified-Since']));
        return real.request(request);
      },
    };

    const { isPartial } = await sync(counted);

    expect(isPartial).toBe(false);
    expect(asked[0]).toMatch(/^2026-01-01T/);
    expect(await names()).toEqual(truth());
  });

  test('gives way to a query where one second holds more than 2,000 records', async () => {
    const { sync, names, truth } = await aListedOrg(2_600, 2_400);

    const { modules, isPartial } = await sync();

    expect(isPartial).toBe(false);
    expect(modules.map(({ method }) => method)).toEqual(['coql', 'list']);
    expect(await names()).toEqual(truth());
  });

  test('with neither that nor queries ends its module, says what to do, and the others go on', async () => {
    const { sync, simulator } = await aListedOrg(2_600, 2_400);
    const refused = { kind: 'server-error', status: 403, code: 'NO_PERMISSION' } as const;
    simulator.control.addFaults({ ...refused, match: { path: '/coql$' } });

    const { modules, isPartial } = await sync();

    expect(isPartial).toBe(true);
    expect(modules[0]?.error).toMatch(/more than 2,000 records modified within a second of 2026.*coql\.READ/);
    expect(modules[1]).toMatchObject({ module: 'Contacts', method: 'list', error: null });
  });
});

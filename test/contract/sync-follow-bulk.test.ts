import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModuleName } from '../../src/domain.ts';
import { syncOrg } from '../../src/sync/sync-org.ts';
import type { ZohoClient, ZohoRequest } from '../../src/zoho/client.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld } from './setup-world.ts';

/** So many changes that they are exported, in runs that are cut off. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

const FIRMS = 3_500;
const MODULES = ['Accounts'] as const satisfies readonly ModuleName[];

async function anOrgOfChanges() {
  const firms = Array.from({ length: FIRMS }, (_, n) => ({ $key: `a${n}`, Account_Name: `Firm ${n}` }));
  const world = await aWorld({
    seed: aSeed({ records: { Accounts: firms } }),
    switches: { bulkPageSize: 1_000 },
  });
  cleanUp.push(() => world.close());
  const { control } = world.simulator;
  const connection = await world.connected();
  const real = await world.deps.zohoFor(connection);
  const sync = async (request: (asked: ZohoRequest) => void = () => undefined) => {
    const zoho: ZohoClient = {
      ...real,
      // From 2,000 rows on an export is the cheapest.
      prices: { ...DEFAULT_PRICES, bulkReadJob: 0, bulkReadPoll: 0, bulkReadDownload: 0 },
      request: (asked) => {
        request(asked);
        return real.request(asked);
      },
    };
    const input = { mapping: aMapping(), optionsOf: () => [], connection, full: false, modules: MODULES };
    const { modules } = await syncOrg({ ...world.deps, zoho }, input);
    return modules[0];
  };
  await sync();
  await sync();
  await world.deps.clock.sleep(3_600_000);
  control.writeRecords(
    'Accounts',
    firms.map(({ $key }, n) => ({ id: control.idOf($key), Account_Name: `Changed ${n}` })),
  );
  // Out of the overlap, within which everything is read again.
  await world.deps.clock.sleep(600_000);
  control.resetReport();
  const names = async () => {
    const { rows } = await sql<{ name: string }>`
      select name from accounts where deleted_at is null order by name`.execute(world.db.kysely);
    return rows.map(({ name }) => name);
  };
  const truth = () =>
    control
      .records('Accounts')
      .map((row) => String(row.Account_Name))
      .sort();
  const calls = () => {
    const told = control.report().calls;
    const path = '/crm/bulk/v8/read';
    return { jobs: told[`POST ${path}`] ?? 0, downloads: told[`GET ${path}/{id}/result`] ?? 0 };
  };
  return { ...world, control, sync, names, truth, calls };
}

/** Breaks off at the nth download. */
function cutAt(download: number) {
  let seen = 0;
  return ({ path }: ZohoRequest) => {
    if (path.endsWith('/result')) seen += 1;
    if (seen === download) throw new Error('the process is gone');
  };
}

describe('a window of changes that is exported', () => {
  test('goes on where it was cut off: no job and no file is asked for twice', async () => {
    const { sync, names, truth, calls, control } = await anOrgOfChanges();

    await expect(sync(cutAt(3))).rejects.toThrow('the process is gone');
    control.writeRecords('Accounts', [{ id: control.idOf('a0'), Account_Name: 'Edited meanwhile' }]);
    const resumed = await sync();

    expect(resumed).toMatchObject({ method: 'bulk', mode: 'incremental', error: null });
    // Four files of 1,000 rows; two were stored before.
    expect(calls()).toEqual({ jobs: 4, downloads: 4 });
    expect(await names()).toEqual(truth());
    expect(await sync()).toMatchObject({ method: 'coql', deleted: 0 });
    expect(calls().jobs).toBe(4);
  });

  test('is read anew where its job is gone, and still ends right', async () => {
    const { sync, names, truth, deps } = await anOrgOfChanges();

    await expect(sync(cutAt(2))).rejects.toThrow('the process is gone');
    // Zoho keeps results and page tokens for a day.
    await deps.clock.sleep(30 * 3_600_000);
    const resumed = await sync();

    expect(resumed).toMatchObject({ mode: 'incremental', error: null });
    expect(await names()).toEqual(truth());
  });
});

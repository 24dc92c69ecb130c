import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { Switches } from '../../src/simulator/switches.ts';
import { aCliHome, finished } from '../support/cli.ts';
import { describeOnBoth } from '../support/databases.ts';
import { recordsOf, todayIn } from '../support/org.ts';
import { expectStoreEqualsTruth } from '../support/store-truth.ts';

/** Reading an org that was read before: all of it again, what Zoho tells of deletions, and the comparison by night. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of cleanUp.splice(0).reverse()) await remove();
});

interface SyncAnswer {
  readonly modules: readonly { module: string; mode: string; read: number; deleted: number }[];
  readonly warnings: readonly string[];
  readonly credits: number;
  readonly reconcile?: {
    readonly modules: readonly {
      module: string;
      compared: string | null;
      missing: number;
      extra: number;
      stale: number;
      repaired: number;
      error: string | null;
    }[];
    readonly warnings: readonly string[];
    readonly credits: number;
  };
}

async function aSyncedOrg({
  customers = 60,
  switches = {},
  env = {},
}: {
  customers?: number;
  switches?: Partial<Switches>;
  env?: NodeJS.ProcessEnv;
} = {}) {
  const simulator = await startSimulator({
    seed: generatedOrg({ customers, today: todayIn(GENERATED_TIME_ZONE), seed: 11 }),
    switches,
  });
  cleanUp.push(() => simulator.close());
  const home = aCliHome(simulator, env);
  cleanUp.push(() => home.remove());
  const sync = async (...options: string[]) => {
    const { code, stderr, json } = await home.run('sync', '--json', ...options);
    expect(code, stderr).toBe(0);
    return json<SyncAnswer>();
  };
  expect((await home.run('connect')).code).toBe(0);
  await sync();
  return {
    control: simulator.control,
    simulator,
    home,
    sync,
    truth: () => expectStoreEqualsTruth(simulator, String(home.env.DATABASE_URL)),
  };
}

async function until(look: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!look()) {
    if (Date.now() > deadline) throw new Error('what the test waits for did not happen within a minute');
    await new Promise((done) => setTimeout(done, 10));
  }
}

test('a full read that is killed goes on: what it had read again is only followed, and nothing is lost', {
  timeout: 180_000,
}, async () => {
  const { control, simulator, home, sync, truth } = await aSyncedOrg({
    switches: { latencyMs: 50, mergeListsLoser: false, moveTouchesChildren: false },
  });
  const [winner = '', loser = ''] = recordsOf(simulator, 'Accounts').map(({ id }) => id);
  control.resetReport();
  await sync('--full');
  const needed = control.report().totalCalls;
  // Nothing tells of it but a whole read.
  control.mergeRecords('Accounts', winner, [loser]);
  control.resetReport();

  // It asks for the fields of all modules before it reads the first; the last ones are read when it is killed.
  const killed = home.start('sync', '--full', '--json');
  const end = finished(killed);
  await until(() => control.report().totalCalls >= needed - 5);
  killed.kill('SIGKILL');
  expect((await end).code).toBeNull();
  control.writeRecords('Accounts', [{ id: winner, Account_Name: 'Renamed meanwhile' }]);
  const resumed = await sync('--full');
  await truth();
  const again = await sync('--full');

  const modes = (answer: SyncAnswer) => answer.modules.slice(0, 9).map(({ mode }) => mode);
  // In the order in which modules are read: those that were read before the kill, then those that were not.
  expect(modes(resumed).join(' ')).toMatch(/^(incremental )+full( full)*$/);
  expect(new Set(modes(again))).toEqual(new Set(['full']));
  await truth();
});

describe.each([true, false])('where Zoho tells of no more than 2,000 deletions: %s', (deletedStopsAt2000) => {
  test('2,300 deleted deals are all gone after the next sync', { timeout: 120_000 }, async () => {
    const { control, simulator, sync, truth } = await aSyncedOrg({ switches: { deletedStopsAt2000 } });
    const [{ Pipeline } = { Pipeline: null }] = recordsOf(simulator, 'Deals');
    const orders = Array.from({ length: 2_300 }, (_, index) => ({
      Deal_Name: `Order ${index}`,
      Stage: 'Closed Won',
      Pipeline,
    }));
    const { ids } = control.writeRecords('Deals', orders);
    await sync();
    await truth();
    control.deleteRecords('Deals', ids);

    const after = await sync();
    const quiet = await sync();

    await truth();
    expect(after.modules).toContainEqual(
      expect.objectContaining({ module: 'Deals', mode: 'incremental', deleted: 2_300 }),
    );
    // Ten pages of 2 credits and the ids by query beside the 28 of a run that finds nothing; no deal is read by id.
    expect(after.credits).toBeLessThan(80);
    expect(quiet.modules).toContainEqual(expect.objectContaining({ module: 'Deals', deleted: 0 }));
  });
});

describeOnBoth('zcv sync --reconcile', (database) => {
  test('finds what no other way tells, repairs it, and is content the next time', {
    timeout: 180_000,
  }, async () => {
    const env = {
      DATABASE_URL: await database.url(),
      ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    };
    const switches = { restoreTouches: false, mergeListsLoser: false, moveTouchesChildren: false };
    const { control, simulator, sync, truth } = await aSyncedOrg({ env, switches });
    const [restored = '', swapped = ''] = recordsOf(simulator, 'Deals').map(({ id }) => id);
    const [winner = '', loser = ''] = recordsOf(simulator, 'Accounts').map(({ id }) => id);
    control.deleteRecords('Deals', [restored, swapped]);
    await sync();
    control.restoreRecords('Deals', [restored]);
    control.mergeRecords('Accounts', winner, [loser]);
    await expect(truth()).rejects.toThrow();

    const byIds = await sync('--reconcile', 'ids');
    await truth();
    const content = await sync('--reconcile', 'ids');
    const byCounts = await sync('--reconcile');

    const row = (answer: SyncAnswer, module: string) =>
      answer.reconcile?.modules.find((one) => one.module === module);
    expect(row(byIds, 'Deals')).toMatchObject({ compared: 'ids', missing: 1, extra: 0, error: null });
    expect(row(byIds, 'Accounts')).toMatchObject({ compared: 'ids', extra: 1, error: null });
    expect(byIds.reconcile?.warnings).toEqual(
      expect.arrayContaining([expect.stringContaining('Deals had drifted: 1 missing, 0 extra')]),
    );
    expect(content.reconcile?.warnings).toEqual([]);
    expect(row(content, 'Deals')).toMatchObject({ missing: 0, extra: 0, stale: 0, repaired: 0 });
    expect(byCounts.reconcile?.modules.map(({ compared }) => compared)).not.toContain('ids');
    expect(byCounts.reconcile?.credits).toBeLessThan(15);
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { Switches } from '../../src/simulator/switches.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { aCliHome } from './cli.ts';
import { recordsOf, todayIn } from './org.ts';
import { expectStoreEqualsTruth } from './store-truth.ts';

/** What a real org does to a sync. After each run the store holds exactly what the org holds. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of cleanUp.splice(0).reverse()) await remove();
});

interface ModuleRow {
  readonly module: string;
  readonly mode: string;
  readonly method: string | null;
  readonly read: number;
  readonly changed: number;
  readonly deleted: number;
  readonly quarantined: number;
  readonly error: string | null;
}
interface SyncAnswer {
  readonly modules: readonly ModuleRow[];
  readonly isPartial: boolean;
  readonly warnings: readonly string[];
  readonly credits: number;
  readonly reconcile?: {
    readonly modules: readonly (ModuleRow & {
      readonly counted: number;
      readonly stored: number;
      readonly compared: string;
      readonly missing: number;
      readonly extra: number;
      readonly stale: number;
      readonly repaired: number;
    })[];
    readonly warnings: readonly string[];
    readonly credits: number;
  };
}

/** Both answers where Zoho's is unconfirmed. */
export const POSITIONS: [string, Partial<Switches>][] = [
  ['as documented', {}],
  [
    'the other way',
    {
      coqlIdKey: 'Id',
      coqlRefusesDoubleRange: true,
      coqlHidesConverted: false,
      mergeListsLoser: false,
      moveTouchesChildren: false,
      restoreTouches: false,
      conversionTouchesLead: false,
      unknownListField: 'reject',
      bulkIdHeader: 'id',
      bulkBom: true,
      refusedCallsCost: 'all',
      invalidTokenCode: 'INVALID_OAUTHTOKEN',
    },
  ],
];

async function aLinkedOrg(switches: Partial<Switches>, { customers = 40, byBulk = false } = {}) {
  const simulator = await startSimulator({
    seed: generatedOrg({ customers, today: todayIn(GENERATED_TIME_ZONE), seed: 7 }),
    switches,
  });
  cleanUp.push(() => simulator.close());
  const home = aCliHome(simulator);
  cleanUp.push(() => home.remove());
  if (byBulk) home.env.CONFIG_DIR = aBulkConfig(home.folder);
  expect((await home.run('connect')).code).toBe(0);
  const url = String(home.env.DATABASE_URL);
  const sync = async (...options: string[]) => {
    const before = simulator.control.report();
    const result = await home.run('sync', '--json', ...options);
    const after = simulator.control.report();
    const spent = after.creditsSpent - before.creditsSpent;
    const answer = result.json<SyncAnswer>();
    // At the prices of a bulk configuration jobs cost us nothing, and Zoho what they always cost.
    const unpriced = byBulk ? bulkCredits(after) - bulkCredits(before) : 0;
    const told = answer.credits + (answer.reconcile?.credits ?? 0) + unpriced;
    const refused = refusedCalls(after) - refusedCalls(before);
    // Whether a refused call costs anything is not settled: it is counted, and Zoho may ask for less, never for more.
    expect(told, 'credits told').toBeGreaterThanOrEqual(spent);
    expect(told, 'credits told').toBeLessThanOrEqual(spent + refused * DEAREST_REFUSED);
    return { code: result.code, answer, spent };
  };
  const ids = (module: string, count: number) => {
    const rows = recordsOf(simulator, module).slice(0, count);
    expect(rows.length).toBe(count);
    return rows.map((row) => row.id);
  };
  return {
    simulator,
    control: simulator.control,
    home,
    sync,
    ids,
    truth: (options?: Parameters<typeof expectStoreEqualsTruth>[2]) =>
      expectStoreEqualsTruth(simulator, url, options),
  };
}

const DEAREST_REFUSED = 3;

function bulkCalls({ calls }: ReturnType<Simulator['control']['report']>) {
  const path = '/crm/bulk/v8/read';
  return {
    jobs: calls[`POST ${path}`] ?? 0,
    looks: calls[`GET ${path}/{id}`] ?? 0,
    downloads: calls[`GET ${path}/{id}/result`] ?? 0,
  };
}
function bulkCredits(report: ReturnType<Simulator['control']['report']>): number {
  const { jobs, looks, downloads } = bulkCalls(report);
  return jobs * DEFAULT_PRICES.bulkReadJob + looks + downloads;
}

/** Calls that were refused, and those whose answer a fault spoilt. */
function refusedCalls({ statuses, faults }: ReturnType<Simulator['control']['report']>): number {
  const failed = Object.entries(statuses).filter(([status]) => Number(status) >= 400);
  const struck = faults.reduce((sum, fault) => sum + fault.struck, 0);
  return failed.reduce((sum, [, calls]) => sum + calls, struck);
}

/** Where a bulk job costs nothing it is the cheapest way. */
function aBulkConfig(folder: string): string {
  const dir = mkdtempSync(join(folder, 'config-'));
  const prices = 'bulkReadJob: 0, bulkReadPoll: 0, bulkReadDownload: 0';
  writeFileSync(join(dir, 'fields.yaml'), `version: 1\ncredits:\n  prices: { ${prices} }\n`);
  return dir;
}

const of = (answer: SyncAnswer, module: string) => answer.modules.find((row) => row.module === module);

export function testSyncSurvival(positions: typeof POSITIONS): void {
  describe.each(positions)('a sync of an org that answers %s', (_name, switches) => {
    test('takes 5,000 deals that were changed in one second', async () => {
      const { simulator, control, sync, truth, ids } = await aLinkedOrg(switches);
      const pipeline = recordsOf(simulator, 'Deals')[0]?.Pipeline;
      const [account] = ids('Accounts', 1);
      expect((await sync()).code).toBe(0);
      const added = Array.from({ length: 5_000 }, (_, index) => ({
        Deal_Name: `Order ${index}`,
        Stage: 'Closed Won',
        Pipeline: pipeline,
        Amount: index,
        Account_Name: { id: account },
      }));
      const written = control.writeRecords('Deals', added);
      control.stampRecords('Deals', written.ids, `${new Date().toISOString().slice(0, 19)}+00:00`);

      const { code, answer, spent } = await sync();

      expect(code).toBe(0);
      expect(of(answer, 'Deals')).toMatchObject({
        mode: 'incremental',
        changed: 5_000,
        quarantined: 0,
        error: null,
      });
      // Three pages of 2,000 rows, or, where one bound is refused, the second read id by id.
      expect(spent).toBeLessThan(70);
      await truth();
    });

    test('misses nothing of what people edit and delete while its pages are read', async () => {
      const { simulator, control, sync, truth, ids } = await aLinkedOrg(switches);
      const pipeline = recordsOf(simulator, 'Deals')[0]?.Pipeline;
      const orders = Array.from({ length: 2_500 }, (_, index) => ({
        Deal_Name: `Order ${index}`,
        Stage: 'Closed Won',
        Pipeline: pipeline,
      }));
      const deals = control.writeRecords('Deals', orders).ids.slice(1_980, 2_020);
      control.addFaults({
        kind: 'edit-between-pages',
        match: { path: '/coql|/Events' },
        times: 12,
        edit: [
          { module: 'Deals', data: deals.slice(0, 20).map((id, index) => ({ id, Amount: 9_000 + index })) },
          {
            module: 'Accounts',
            data: ids('Accounts', 5).map((id) => ({ id, Account_Name: `Edited ${id}` })),
          },
        ],
      });
      const removal = { module: 'Deals', ids: deals.slice(30) };
      control.addFaults({
        kind: 'edit-between-pages',
        match: { path: '/coql' },
        after: 6,
        times: 1,
        remove: [removal],
      });

      const first = await sync();
      control.clearFaults();
      const second = await sync();

      expect([first.code, second.code]).toEqual([0, 0]);
      expect(second.answer).toMatchObject({ isPartial: false, warnings: [] });
      await truth();
    });

    test('follows deletion, restore, merge and conversion', async () => {
      const { control, sync, truth, ids } = await aLinkedOrg(switches);
      const [winner = '', loser = '', ...others] = ids('Accounts', 6);
      const [restored = '', ...gone] = ids('Deals', 5);
      const lead = recordsOf({ control } as Parameters<typeof recordsOf>[0], 'Leads').find(
        (row) => row.Converted__s !== true,
      );
      control.deleteRecords('Deals', [restored]);
      expect((await sync()).code).toBe(0);
      control.restoreRecords('Deals', [restored]);
      control.deleteRecords('Deals', gone);
      control.deleteRecords('Accounts', others.slice(0, 2));
      control.mergeRecords('Accounts', winner, [loser]);
      if (lead) control.convertLead(lead.id);

      const changed = await sync();
      const { code, answer } = await sync('--reconcile');

      expect(lead).toBeDefined();
      expect([changed.code, code]).toEqual([0, 0]);
      expect(answer.reconcile?.modules.every((row) => row.error === null)).toBe(true);
      await truth();
      const again = await sync('--reconcile');
      expect(again.answer.reconcile?.warnings).toEqual([]);
      // One count a module, and two for leads; the rest is the ordinary sync.
      expect(again.answer.reconcile?.credits).toBeLessThan(25);
    });

    test('stops with exit 5 when its access is withdrawn, and goes on after reconnecting', async () => {
      const { control, home, sync, truth } = await aLinkedOrg(switches);
      control.addFaults({ kind: 'revoked-grant', match: { path: '/coql' }, after: 4, times: 1 });

      const stopped = await home.run('sync', '--json');
      const still = await home.run('sync', '--json');
      const connected = await home.run('connect', '--grant-code', control.issueGrantCode());
      const resumed = await sync();

      expect([stopped.code, still.code]).toEqual([5, 5]);
      expect(stopped.json()).toMatchObject({ error: { code: 'zoho_auth' } });
      expect(stopped.stderr).toMatch(/connect/);
      expect(connected.code).toBe(0);
      expect(resumed.code).toBe(0);
      await truth();
    });

    test('gets through when a tenth of the calls answers 429 or 500', async () => {
      const { control, sync, truth, ids } = await aLinkedOrg(switches);
      control.addFaults([
        { kind: 'rate-limited', probability: 0.05, seed: 11, retryAfter: 0 },
        { kind: 'server-error', probability: 0.05, seed: 12 },
      ]);

      const first = await sync();
      control.writeRecords(
        'Deals',
        ids('Deals', 10).map((id) => ({ id, Amount: 5 })),
      );
      const second = await sync();
      const struck = control.report().faults.reduce((sum, fault) => sum + fault.struck, 0);

      expect([first.code, second.code]).toEqual([0, 0]);
      expect(struck).toBeGreaterThan(2);
      expect(second.answer).toMatchObject({ isPartial: false, warnings: [] });
      await truth();
    });

    test('downloads a broken zip again and does without a job that fails', async () => {
      const { control, sync, truth } = await aLinkedOrg(switches, { byBulk: true });
      control.addFaults([
        { kind: 'truncated-zip', times: 1 },
        { kind: 'not-a-zip', after: 1, times: 1 },
        { kind: 'failed-job', after: 2, times: 1 },
      ]);

      const { code, answer } = await sync();

      expect(code).toBe(0);
      expect(answer).toMatchObject({ isPartial: false });
      expect(answer.modules.map((row) => row.error)).toEqual(answer.modules.map(() => null));
      expect(answer.modules.some((row) => row.method === 'bulk')).toBe(true);
      expect(control.report().faults.map((fault) => fault.struck)).toEqual([1, 1, 1]);
      // A file that is broken, or none, is fetched once more; in the place of a job that failed another is made.
      const read = answer.modules.filter(({ method }) => method === 'bulk').length;
      const { jobs, downloads } = bulkCalls(control.report());
      expect({ jobs, downloads }).toEqual({ jobs: read + 1, downloads: read + 2 });
      await truth();
    });

    test('goes on without a field that was removed between two runs', async () => {
      const { control, home, sync, truth, ids } = await aLinkedOrg(switches);
      const deals = ids('Deals', 3);
      control.writeRecords(
        'Deals',
        deals.map((id, index) => ({ id, Cost: 10 + index })),
      );
      expect((await sync()).code).toBe(0);
      await truth();
      control.removeField('Deals', 'Cost');
      control.writeRecords(
        'Deals',
        deals.map((id) => ({ id, Amount: 321 })),
      );

      const { code, answer, spent } = await sync();
      const doctor = (await home.run('doctor', '--json')).json<{
        checks: { id: string; repair: string }[];
      }>();

      expect(code).toBe(0);
      // What was read of it stays; the org has nothing to compare it with any more.
      await truth({ except: ['cost'] });
      expect(of(answer, 'Deals')).toMatchObject({ mode: 'incremental', read: 3, error: null });
      expect(answer.warnings).toEqual([expect.stringContaining('Deals.Cost (cost) is paused, removed')]);
      expect(spent).toBeLessThan(60);
      expect(doctor.checks.find(({ id }) => id === 'mapping.Deals.cost')?.repair).toContain('fields.yaml');
    });
  });
}

export function testOddInput(): void {
  describe('input that no sync should meet', () => {
    test('rows that cannot be read are set aside, counted once, and stored when they can be', async () => {
      const { control, home, sync, ids } = await aLinkedOrg({});
      const [deal = '', other = '', account = ''] = [...ids('Deals', 2), ...ids('Accounts', 1)];
      control.addFaults([
        { kind: 'garbled-row', ids: [deal], values: { Amount: 'a lot' } },
        { kind: 'garbled-row', ids: [other], values: { Closing_Date: 'soon' } },
        {
          kind: 'garbled-row',
          ids: [account],
          values: { Account_Name: 'A\u0000B\ud800C', Created_Time: '0001-01-01T00:00:00+14:00' },
        },
      ]);
      const url = String(home.env.DATABASE_URL);
      const truth = (setAside: readonly string[]) =>
        expectStoreEqualsTruth({ control } as Parameters<typeof expectStoreEqualsTruth>[0], url, {
          setAside,
          modules: ['Deals', 'Contacts', 'Leads', 'Calls', 'Events', 'Cases'],
        });

      const first = await sync();
      await truth([deal, other]);
      const reconciled = await sync('--reconcile', 'ids');
      control.clearFaults();
      control.writeRecords(
        'Deals',
        [deal, other].map((id) => ({ id, Deal_Name: 'Mended' })),
      );
      const mended = await sync();

      // Done in part, once: rows that stay set aside are told by doctor.
      expect([first.code, reconciled.code, mended.code]).toEqual([4, 0, 0]);
      expect(first.answer.isPartial).toBe(false);
      expect(of(first.answer, 'Deals')).toMatchObject({ quarantined: 2, error: null });
      expect(of(first.answer, 'Accounts')).toMatchObject({ quarantined: 0, error: null });
      expect(reconciled.answer.reconcile?.warnings).toEqual([]);
      expect(of(mended.answer, 'Deals')).toMatchObject({ changed: 2, quarantined: 0 });
      await truth([]);
    });

    test('an answer that is not JSON breaks its module off and loses nothing', async () => {
      const { control, sync, truth } = await aLinkedOrg({});
      control.addFaults({ kind: 'not-json', match: { path: '/Deals/deleted' } });
      expect((await sync()).code).toBe(0);

      const broken = await sync();
      control.clearFaults();
      const healed = await sync();

      expect(broken.code).toBe(4);
      expect(of(broken.answer, 'Deals')?.error).toMatch(/zoho_/);
      expect(of(broken.answer, 'Cases')?.error).toBeNull();
      expect(healed.code).toBe(0);
      await truth();
    });
  });
}

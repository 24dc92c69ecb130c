import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { Switches } from '../../src/simulator/switches.ts';
import { aSeed } from '../contract/setup-world.ts';
import { aCliHome } from '../support/cli.ts';
import { type OrgRecord, recordsOf, todayIn } from '../support/org.ts';
import { OPEN_GUARDS } from '../support/right-org.ts';
import { expectStoreEqualsTruth } from '../support/store-truth.ts';

const LONG_ID = '1234567890123456789012345';
const isAges = (months: unknown) => Number(months) > 24_000;

/** What no org should hold, and an org that holds nothing: through the whole line, with one defined result each. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of cleanUp.splice(0).reverse()) await remove();
});

interface LineAnswer {
  readonly sync: {
    readonly modules: readonly {
      module: string;
      method: string | null;
      read: number;
      quarantined: number;
      error: string | null;
    }[];
    readonly warnings: readonly string[];
    readonly isPartial: boolean;
  };
  readonly score: { readonly customers: number; readonly tiers: Record<string, number> };
  readonly plan: { readonly records: number; readonly held: unknown };
}

async function anOrg(
  seed: OrgSeed,
  { switches = {}, byBulk = false }: { switches?: Partial<Switches>; byBulk?: boolean } = {},
) {
  const simulator = await startSimulator({ seed, switches });
  cleanUp.push(() => simulator.close());
  const home = aCliHome(simulator);
  cleanUp.push(() => home.remove());
  home.env.CONFIG_DIR = mkdtempSync(join(home.folder, 'config-'));
  writeFileSync(join(home.env.CONFIG_DIR, 'playbook.yaml'), OPEN_GUARDS);
  const prices = 'bulkReadJob: 0, bulkReadPoll: 0, bulkReadDownload: 0';
  if (byBulk)
    writeFileSync(
      join(home.env.CONFIG_DIR, 'fields.yaml'),
      `version: 1\ncredits:\n  prices: { ${prices} }\n`,
    );
  const run = async (code: number, ...args: string[]) => {
    const done = await home.run(...args, '--json');
    expect(done.code, `${args.join(' ')}\n${done.stderr}\n${done.stdout}`).toBe(code);
    return done;
  };
  await run(0, 'connect');
  return { simulator, control: simulator.control, home, run };
}

describe('an org without a record', () => {
  test('goes through the whole line', { timeout: 120_000 }, async () => {
    const { run } = await anOrg(aSeed());

    await run(0, 'assess');
    await run(0, 'fields', 'apply', '--yes');
    const { sync, score, plan } = (await run(0, 'run', '--apply', '--yes')).json<LineAnswer>();

    expect(sync.modules.map(({ read, error }) => [read, error])).toEqual(sync.modules.map(() => [0, null]));
    expect([sync.isPartial, sync.warnings]).toEqual([false, []]);
    expect([score.customers, plan.records, plan.held]).toEqual([0, 0, null]);
  });

  test.each(['header', 'empty-zip', '204'] as const)(
    'is read by exports that come as %s',
    async (bulkEmptyResult) => {
      const { run } = await anOrg(aSeed(), { switches: { bulkEmptyResult }, byBulk: true });

      const { modules, warnings } = (await run(0, 'sync')).json<LineAnswer['sync']>();

      expect(modules.filter(({ method }) => method === 'bulk').length).toBeGreaterThan(5);
      expect(modules.map(({ read, error }) => [read, error])).toEqual(modules.map(() => [0, null]));
      expect(warnings).toEqual([]);
    },
  );
});

describe('values at the edge of what a field can hold', () => {
  test('are read, scored and told; none of them costs another customer its fields', {
    timeout: 180_000,
  }, async () => {
    const today = todayIn(GENERATED_TIME_ZONE);
    const { simulator, control, home, run } = await anOrg(generatedOrg({ customers: 30, today, seed: 9 }));
    const accountOf = (deal: OrgRecord) => (deal.Account_Name as { id: string } | null)?.id; // a lookup
    const won = recordsOf(simulator, 'Deals').filter((deal) => deal.Stage === 'Closed Won');
    const ofOne = new Map(won.map((deal) => [accountOf(deal), deal]));
    const [first, last, rich, strange] = [...ofOne.values()];
    if (!first || !last || !rich || !strange) throw new Error('the sample has too few won deals');
    control.writeRecords('Deals', [
      { id: first.id, Closing_Date: '0001-01-01' },
      { id: last.id, Closing_Date: '9999-12-31' },
      { id: rich.id, Amount: 1_000_000_000_000_000 },
    ]);
    control.addFaults({
      kind: 'garbled-row',
      ids: [strange.id],
      values: { Account_Name: { id: LONG_ID, name: 'Nowhere' } },
    });
    const [person] = recordsOf(simulator, 'Contacts');
    control.addFaults({ kind: 'garbled-row', ids: [person?.id ?? ''], values: { id: LONG_ID } });
    await run(0, 'fields', 'apply', '--yes');

    const synced = (await run(4, 'sync')).json<LineAnswer['sync']>();
    await expectStoreEqualsTruth(simulator, String(home.env.DATABASE_URL), {
      setAside: [strange.id, person?.id ?? ''],
    });
    const line = (await run(0, 'run', '--apply', '--yes')).json<LineAnswer>();

    expect(synced.modules.find(({ module }) => module === 'Deals')).toMatchObject({ quarantined: 1 });
    expect(synced.warnings).toContainEqual(
      expect.stringMatching(`Deals ${strange.id} is set aside \\(not an id`),
    );
    expect(line.score.customers).toBeGreaterThan(20);
    expect(line.plan.held).toBeNull();
    const accounts = recordsOf(simulator, 'Accounts');
    expect(accounts.filter((row) => !row.Value_Tier)).toEqual([]);
    const of = (deal: OrgRecord) => accounts.find(({ id }) => id === accountOf(deal));
    expect(of(first)).toMatchObject({
      Value_Tier: 'No business',
      Relationship_Months: expect.toSatisfy(isAges),
    });
    // Won, so it counts from the day on which it was won, and not in eight thousand years.
    expect(of(last)?.Lifecycle_Phase).not.toBe('Prospect');
    expect(of(last)?.Value_Explanation).not.toContain('9999');
    expect(of(rich)?.Value_Explanation).toMatch(/too large to be true/);
    expect(Number(of(rich)?.Profit_12_Months ?? 0)).toBeLessThan(1_000_000);
    // The row that is set aside is missing from its customer, whose other purchases count.
    expect(of(strange)?.Value_Explanation).toMatch(/last purchase/);
  });
});

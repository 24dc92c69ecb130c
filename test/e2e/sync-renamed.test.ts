import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome } from '../support/cli.ts';
import { addDaysTo, recordsOf, todayIn } from '../support/org.ts';
import { OPEN_GUARDS } from '../support/right-org.ts';
import { expectStoreEqualsTruth } from '../support/store-truth.ts';

/** A firm that keeps its deals in a module called Opportunities: from connect to the fields in Zoho. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of cleanUp.splice(0).reverse()) await remove();
});

const MAPPING = 'mapping:\n  modules:\n    Deals: Opportunities\n';
const WAYS = { 'by query': '', 'by bulk': 'bulkReadJob: 0, bulkReadPoll: 0, bulkReadDownload: 0' };

async function anOrgOfOpportunities(prices: string) {
  const today = todayIn(GENERATED_TIME_ZONE);
  const simulator = await startSimulator({
    seed: { ...generatedOrg({ customers: 60, today, seed: 5 }), dealsModule: 'Opportunities' },
  });
  cleanUp.push(() => simulator.close());
  const home = aCliHome(simulator);
  cleanUp.push(() => home.remove());
  home.env.CONFIG_DIR = mkdtempSync(join(home.folder, 'config-'));
  const credits = prices === '' ? '' : `credits:\n  prices: { ${prices} }\n`;
  writeFileSync(join(home.env.CONFIG_DIR, 'fields.yaml'), `version: 1\n${MAPPING}${credits}`);
  writeFileSync(join(home.env.CONFIG_DIR, 'playbook.yaml'), OPEN_GUARDS);
  const { control } = simulator;
  const records = (module: string) => control.records(module === 'Deals' ? 'Opportunities' : module);
  const truth = () =>
    expectStoreEqualsTruth({ control: { ...control, records } }, String(home.env.DATABASE_URL));
  const run = async (...args: string[]) => {
    const done = await home.run(...args, '--json');
    expect(done, `${args.join(' ')}\n${done.stderr}`).toMatchObject({ code: 0 });
    return done;
  };
  return { simulator, control, today, truth, run };
}

test.each(Object.entries(WAYS))(
  'deals under another module name are read %s, scored, written to and followed',
  { timeout: 180_000 },
  async (_way, prices) => {
    const { simulator, control, today, truth, run } = await anOrgOfOpportunities(prices);

    await run('connect');
    await run('doctor');
    await run('fields', 'apply', '--set', 'essential', '--set', 'deals', '--yes');
    const read = await run('sync');
    await truth();
    const first = await run('run', '--apply', '--yes');

    const { modules } = read.json<{ modules: unknown[] }>();
    const { score } = first.json<{ score: { tiers: Record<string, number> } }>();
    const deals = recordsOf(simulator, 'Opportunities');
    expect(modules).toContainEqual(
      expect.objectContaining({ module: 'Deals', mode: 'full', changed: deals.length, error: null }),
    );
    expect(score.tiers.top).toBeGreaterThan(0);
    expect(deals.some((deal) => deal.Customer_Tier)).toBe(true);

    const [won, gone] = deals.filter((deal) => deal.Stage === 'Closed Won');
    if (!won || !gone) throw new Error('the sample has no won deals');
    control.writeRecords('Opportunities', [{ id: won.id, Amount: 500_000, Closing_Date: today }]);
    control.deleteRecords('Opportunities', [gone.id]);
    const next = await run('sync');
    await truth();
    await run('run', '--apply', '--yes', '--as-of', addDaysTo(today, 1));

    expect(next.json<{ modules: unknown[] }>().modules).toContainEqual(
      expect.objectContaining({ module: 'Deals', mode: 'incremental', deleted: 1, error: null }),
    );
    const account = recordsOf(simulator, 'Accounts').find(
      ({ id }) => id === (won.Account_Name as { id: string } | null)?.id, // a lookup
    );
    expect(account?.Value_Tier).toBe('Top');
  },
);

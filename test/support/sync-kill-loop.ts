import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome, finished } from './cli.ts';
import { todayIn } from './org.ts';
import { seededRandom } from './seeded-random.ts';
import { expectStoreEqualsTruth } from './store-truth.ts';

/** At this price bulk read pays from 4,000 records on, so that all three ways are killed. */
const PRICES = 'version: 1\ncredits:\n  prices:\n    bulkReadJob: 4\n';
/** What a run asks before it reads: the modules, stages and people, and of each module its columns and its count. */
const ASKED_BY_A_RUN = 40;

interface Calls {
  readonly jobs: number;
  readonly all: number;
}

/**
 * Kills first syncs with SIGKILL at random moments, a few times each, and then lets one end: the store must be what
 * the org is, and what was stored before a kill must not have been read again.
 */
export async function syncKillLoop(input: {
  kills: number;
  killsASync: number;
  seed: number;
  customers: number;
  /** Rows of a bulk job: small files, so that a kill finds a fill between two of them, and within one. */
  bulkRows: number;
  /** Of a new, empty database for each sync. */
  env: () => Promise<NodeJS.ProcessEnv>;
}): Promise<{ killed: number; records: number }> {
  const random = seededRandom(input.seed);
  const simulator = await startSimulator({
    seed: generatedOrg({ customers: input.customers, today: todayIn(GENERATED_TIME_ZONE), seed: input.seed }),
    switches: { latencyMs: 5, bulkPageSize: input.bulkRows },
  });
  const config = mkdtempSync(join(tmpdir(), 'zcv-sync-kill-'));
  writeFileSync(join(config, 'fields.yaml'), PRICES);
  const { control } = simulator;
  const callsSoFar = (): Calls => {
    const { calls, totalCalls } = control.report();
    return { jobs: calls['POST /crm/bulk/v8/read'] ?? 0, all: totalCalls };
  };
  const aHome = async (): Promise<CliHome> => {
    const home = aCliHome(simulator, { CONFIG_DIR: config, ...(await input.env()) });
    const code = control.issueGrantCode();
    expect((await home.run('connect', '--grant-code', code)).code).toBe(0);
    control.resetReport();
    return home;
  };
  let killed = 0;
  let records = 0;
  try {
    const undisturbed = await aHome();
    const startedAt = performance.now();
    expect((await undisturbed.run('sync')).code).toBe(0);
    const wholeMs = performance.now() - startedAt;
    const needed = callsSoFar();
    undisturbed.remove();

    while (killed < input.kills) {
      const home = await aHome();
      let kills = 0;
      // The later ones go on where the earlier stopped, and so end sooner.
      for (let runs = 0; kills < input.killsASync && runs < input.killsASync * 3; runs += 1) {
        const child = home.start('sync');
        const timer = setTimeout(() => child.kill('SIGKILL'), 400 + random() * wholeMs * 0.6);
        const { code } = await finished(child);
        clearTimeout(timer);
        if (code === null) kills += 1;
        else break;
      }
      killed += kills;
      const last = await home.run('sync', '--json');
      const told = callsSoFar();

      expect(last, last.stderr).toMatchObject({ code: 0 });
      // A job whose answer the kill took along is made again; every other one is read where it was left.
      expect(told.jobs, 'bulk jobs').toBeLessThanOrEqual(needed.jobs + kills);
      expect(told.all, 'calls').toBeLessThanOrEqual(needed.all + (kills + 1) * ASKED_BY_A_RUN);
      ({ records } = await expectStoreEqualsTruth(simulator, String(home.env.DATABASE_URL)));
      home.remove();
    }
    return { killed, records };
  } finally {
    rmSync(config, { recursive: true, force: true });
    await simulator.close();
  }
}

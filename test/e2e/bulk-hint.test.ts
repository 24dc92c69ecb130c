import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';
import { aServer } from '../support/server.ts';

/** Zoho tells the running service that a bulk job is done, and a sync in another process need not wait for its next look. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of cleanUp.splice(0).reverse()) await remove();
});

// Looks come 1, 2.6, 5.2, 9.3 and 15.8 seconds after the job was made: without a word the last one finds it done.
const DONE_AFTER_MS = 10_000;

test('a bulk job is read as soon as Zoho has told `zcv serve` that it is done', {
  timeout: 180_000,
}, async () => {
  const simulator = await startSimulator({
    seed: generatedOrg({ customers: 40, today: todayIn(GENERATED_TIME_ZONE), seed: 7 }),
  });
  cleanUp.push(() => simulator.close());
  const home = aCliHome(simulator);
  cleanUp.push(() => home.remove());
  home.env.CONFIG_DIR = mkdtempSync(join(home.folder, 'config-'));
  const prices = 'bulkReadJob: 0, bulkReadPoll: 0, bulkReadDownload: 0';
  writeFileSync(join(home.env.CONFIG_DIR, 'fields.yaml'), `version: 1\ncredits:\n  prices: { ${prices} }\n`);
  expect((await home.run('connect')).code).toBe(0);
  simulator.control.setSwitches({ bulkCompletedAfterMs: DONE_AFTER_MS });
  const syncedMs = async () => {
    simulator.control.resetReport();
    const done = await home.run('sync', '--full', '--module', 'Deals', '--json');
    expect(done, done.stderr).toMatchObject({ code: 0 });
    const answer = done.json<{ modules: unknown[]; durationMs: number }>();
    expect(answer.modules).toContainEqual(expect.objectContaining({ module: 'Deals', method: 'bulk' }));
    return answer.durationMs;
  };
  const alone = await syncedMs();
  const server = await aServer(home);
  cleanUp.push(() => server.stop());

  const told = await syncedMs();

  expect(alone).toBeGreaterThan(15_000);
  expect(told).toBeGreaterThan(DONE_AFTER_MS);
  expect(told).toBeLessThan(alone - 2_000);
  console.log(
    `bulk job done after ${DONE_AFTER_MS} ms: read after ${alone} ms by looks alone, ${told} ms when told`,
  );
});

import { afterEach, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, finished } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';
import { expectStoreEqualsTruth } from '../support/store-truth.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of cleanUp.splice(0).reverse()) await remove();
});

test('of two processes that sync one connection one works and the other says so; one token serves both', {
  timeout: 180_000,
}, async () => {
  const simulator = await startSimulator({
    seed: generatedOrg({ customers: 100, today: todayIn(GENERATED_TIME_ZONE), seed: 5 }),
  });
  cleanUp.push(() => simulator.close());
  const home = aCliHome(simulator);
  cleanUp.push(() => home.remove());
  expect((await home.run('connect')).code).toBe(0);
  // The token is a day old: whoever calls first has to refresh it, and both want to at once.
  simulator.control.expireAccessTokens();
  simulator.control.resetReport();
  // Slow enough that the one that waits gives up, half a minute later, while the other still works.
  simulator.control.setSwitches({ latencyMs: 1_000 });

  const first = finished(home.start('sync', '--full', '--json'));
  const second = finished(home.start('sync', '--json'));
  const results = await Promise.all([first, second]);

  const worked = results.filter(({ code }) => code === 0);
  const waited = results.filter(({ code }) => code === 1);
  expect([worked.length, waited.length], results.map(({ stderr }) => stderr).join('\n')).toEqual([1, 1]);
  expect(waited[0]?.stderr).toMatch(
    /another run of default is at work \(sync, since \d{4}-.*Z\); try again when it has ended/,
  );
  expect(waited[0]?.stderr).toMatch(
    /^another run of default is at work \(sync, since \d{4}-.*Z\); waiting up to 30 s for it to end$/m,
  );
  expect(worked[0]?.stderr).not.toContain('waiting up to 30 s');
  expect(simulator.control.report().refreshes).toBe(1);
  await expectStoreEqualsTruth(simulator, String(home.env.DATABASE_URL));
});

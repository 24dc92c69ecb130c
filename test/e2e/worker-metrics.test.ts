import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { GENERATED_TIME_ZONE } from '../../src/sample/generator.ts';
import { scaleOrg } from '../../src/sample/scale.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome } from '../support/cli.ts';
import { describeOnBoth } from '../support/databases.ts';
import { todayIn } from '../support/org.ts';

/** What a worker did, read from the worker. On SQLite there is none: zcv serve runs the jobs itself. */

describeOnBoth('the metrics of a worker', ({ url }) => {
  test('tell of its jobs, on the port that was named, and of nothing else', async () => {
    const today = todayIn(GENERATED_TIME_ZONE);
    const simulator = await startSimulator({
      seed: scaleOrg({ accounts: 20, contacts: 0, deals: 40, activities: 0, today }),
    });
    const databaseUrl = await url();
    const home = aCliHome(simulator, {
      ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      DATABASE_URL: databaseUrl,
      LOG_FORMAT: 'json',
    });
    const worker = home.start('worker', '--metrics-port', '0');
    let log = '';
    for (const stream of [worker.stdout, worker.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    const exit = once(worker, 'exit');
    try {
      if (databaseUrl.startsWith('file:')) {
        expect((await exit)[0]).toBe(2);
        expect(log).toContain('zcv serve runs the jobs itself');
        return;
      }
      await expect.poll(() => log, { timeout: 60_000 }).toContain('"metrics":"');
      const address = /"metrics":"([^"]+)"/.exec(log)?.[1] ?? '';
      const status = async (path: string) => (await fetch(`${address}${path}`)).status;
      expect([await status('/healthz'), await status('/readyz'), await status('/api/v1/me')]).toEqual([
        200, 404, 404,
      ]);
      expect((await home.run('connect')).code).toBe(0);
      expect((await home.run('schedule', 'run', 'sync-incremental')).code).toBe(0);

      const metrics = async () => (await fetch(`${address}/metrics`)).text();
      await expect
        .poll(metrics, { timeout: 60_000, interval: 500 })
        .toMatch(/zcv_job_duration_seconds_count\{job="sync-incremental",outcome="ok"\} 1/);
      expect(await metrics()).toMatch(/zcv_run_duration_seconds_count\{run="sync",outcome="done"\} 1/);
    } finally {
      worker.kill('SIGTERM');
      await exit;
      home.remove();
      await simulator.close();
    }
  }, 180_000);
});

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { startPostgres } from '../support/postgres.ts';
import { serviceKillLoop } from '../support/service-kill-loop.ts';

// Minutes of the same, with more processes and more kills, are in test/long/service-kill.test.ts; this is a short sample.
const SEED = Number(process.env.ZCV_SEED ?? 20_261_130);
const SHORT = { seed: SEED, customers: 60, kills: 3, everyMs: 2_500, changesPerSecond: 5 } as const;

test('servers and workers killed at random, PostgreSQL restarted: nothing lost, nothing doubled', {
  timeout: 240_000,
}, async (context) => {
  const cluster = await startPostgres();
  if (cluster.url === null) return context.skip(cluster.reason);
  console.log(`service kill loop (PostgreSQL): ZCV_SEED=${SEED}`);
  try {
    const result = await serviceKillLoop({
      ...SHORT,
      ...{ servers: 1, workers: 2 },
      env: { DATABASE_URL: cluster.url, ENCRYPTION_KEYS: randomBytes(32).toString('base64') },
      restartDatabase: cluster.restart,
    });

    expect(result).toMatchObject({ killed: 3, restarts: cluster.restart === null ? 0 : 2 });
    expect(result.answered).toBeGreaterThan(0);
  } finally {
    await cluster.stop();
  }
});

test('the SQLite server killed at random: nothing lost, nothing doubled', { timeout: 240_000 }, async () => {
  console.log(`service kill loop (SQLite): ZCV_SEED=${SEED}`);

  const result = await serviceKillLoop({
    ...SHORT,
    ...{ servers: 1, workers: 0, env: {}, restartDatabase: null },
  });

  expect(result).toMatchObject({ killed: 3, restarts: 0 });
  expect(result.answered).toBeGreaterThan(0);
});

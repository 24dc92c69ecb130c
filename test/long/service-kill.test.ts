import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { startPostgres } from '../support/postgres.ts';
import { serviceKillLoop } from '../support/service-kill-loop.ts';

const seedOf = (): number => Number(process.env.ZCV_SEED ?? randomBytes(4).readUInt32LE());
/** ZCV_KILLS: fewer, to look at one seed. */
const killsOf = (usual: number): number => Number(process.env.ZCV_KILLS ?? usual);
const keys = () => randomBytes(32).toString('base64');

test('2 servers and 4 workers: a random one killed every 5 s for 3 minutes, PostgreSQL restarted twice: nothing lost, nothing doubled', async (context) => {
  const cluster = await startPostgres();
  if (cluster.url === null) return context.skip(cluster.reason);
  const seed = seedOf();
  const kills = killsOf(36);
  console.log(`service kill loop (PostgreSQL): ZCV_SEED=${seed}`);
  try {
    const result = await serviceKillLoop({
      ...{ seed, customers: 200, servers: 2, workers: 4, kills, everyMs: 5_000, changesPerSecond: 5 },
      env: { DATABASE_URL: cluster.url, ENCRYPTION_KEYS: keys() },
      restartDatabase: cluster.restart,
    });

    console.log('service kill loop (PostgreSQL):', result);
    expect(result.killed).toBe(kills);
    expect(result.answered).toBeGreaterThan(0);
  } finally {
    await cluster.stop();
  }
});

test('the SQLite server killed 20 times: nothing lost, nothing doubled', async () => {
  const seed = seedOf();
  const kills = killsOf(20);
  console.log(`service kill loop (SQLite): ZCV_SEED=${seed}`);

  const result = await serviceKillLoop({
    ...{ seed, customers: 200, servers: 1, workers: 0, kills, everyMs: 5_000, changesPerSecond: 5 },
    env: {},
    restartDatabase: null,
  });

  console.log('service kill loop (SQLite):', result);
  expect(result.killed).toBe(kills);
  expect(result.answered).toBeGreaterThan(0);
});

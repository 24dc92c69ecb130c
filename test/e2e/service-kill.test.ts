import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { serviceKillLoop } from '../support/service-kill-loop.ts';

test('an SQLite server killed twice under a load of changes: nothing lost, nothing doubled', async () => {
  const seed = Number(process.env.ZCV_SEED ?? randomBytes(4).readUInt32LE());
  console.log(`service kill sample (SQLite): ZCV_SEED=${seed}`);

  const result = await serviceKillLoop({
    ...{ seed, customers: 30, servers: 1, workers: 0, kills: 2, everyMs: 1_500, changesPerSecond: 5 },
    env: {},
    restartDatabase: null,
  });

  console.log('service kill sample (SQLite):', result);
  expect(result.killed).toBe(2);
}, 360_000);

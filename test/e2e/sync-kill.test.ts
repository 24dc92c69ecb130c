import { expect, test } from 'vitest';
import { syncKillLoop } from '../support/sync-kill-loop.ts';

// Fifty kills on both databases are in test/long/sync-kill.test.ts; this is a short sample of the same.
test('a first sync killed three times loses nothing and reads nothing twice (SQLite)', {
  timeout: 240_000,
}, async () => {
  const seed = Number(process.env.ZCV_SEED ?? 20_261_129);
  console.log(`sync kill loop: ZCV_SEED=${seed}`);

  const { killed, records } = await syncKillLoop({
    kills: 3,
    killsASync: 3,
    seed,
    customers: 1_500,
    bulkRows: 1_500,
    env: async () => ({}),
  });

  console.log(`sync kill loop: ${killed} killed, ${records} records`);
  expect(killed).toBeGreaterThanOrEqual(3);
});

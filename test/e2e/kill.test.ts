import { expect, test } from 'vitest';
import { killLoop } from '../support/kill-loop.ts';

// Twenty kills on both databases are in test/long/kill.test.ts; this is a short sample of the same.
test('apply killed at random moments loses and doubles nothing (SQLite)', { timeout: 240_000 }, async () => {
  const seed = Number(process.env.ZCV_SEED ?? 20_261_124);
  console.log(`kill loop: ZCV_SEED=${seed}`);

  const { killed } = await killLoop({ kills: 5, seed, customers: 250, env: {} });

  expect(killed).toBe(5);
});

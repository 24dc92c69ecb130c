import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { killLoop } from '../support/kill-loop.ts';
import { aFreshPostgresUrl, postgresIsThere } from '../support/postgres.ts';

const KILLS = 20;

describe.each(['sqlite', 'postgres'] as const)('%s', (dialect) => {
  test.skipIf(dialect === 'postgres' && !postgresIsThere())(
    `apply killed ${KILLS} times at random moments loses and doubles nothing`,
    { timeout: 900_000 },
    async () => {
      const seed = Number(process.env.ZCV_SEED ?? randomBytes(4).readUInt32LE());
      console.log(`kill loop on ${dialect}: ZCV_SEED=${seed}`);
      const env =
        dialect === 'sqlite'
          ? {}
          : { DATABASE_URL: await aFreshPostgresUrl(), ENCRYPTION_KEYS: randomBytes(32).toString('base64') };

      const { killed, ended } = await killLoop({ kills: KILLS, seed, customers: 400, env });

      console.log(`kill loop on ${dialect}: ${killed} killed, ${ended} ended before the kill`);
      expect(killed).toBeGreaterThanOrEqual(KILLS / 2);
    },
  );
});

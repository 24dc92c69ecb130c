import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { syncKillLoop } from '../support/sync-kill-loop.ts';

const KILLS = 50;

describeOnBoth('kill -9', (database) => {
  test(`first syncs of 100,000 records killed ${KILLS} times lose nothing and read nothing twice`, {
    timeout: 3_600_000,
  }, async () => {
    const seed = Number(process.env.ZCV_SEED ?? randomBytes(4).readUInt32LE());
    console.log(`sync kill loop: ZCV_SEED=${seed}`);

    const { killed, records } = await syncKillLoop({
      kills: KILLS,
      killsASync: 5,
      seed,
      customers: 14_000,
      bulkRows: 10_000,
      env: async () => ({
        DATABASE_URL: await database.url(),
        ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      }),
    });

    console.log(`sync kill loop: ${killed} killed, ${records} records`);
    expect(records).toBeGreaterThan(100_000);
    expect(killed).toBeGreaterThanOrEqual(KILLS);
  });
});

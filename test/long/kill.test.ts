import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { killLoop } from '../support/kill-loop.ts';

const KILLS = 20;

describeOnBoth('kill -9', (database) => {
  test(`apply killed ${KILLS} times at random moments loses and doubles nothing`, {
    timeout: 900_000,
  }, async () => {
    const seed = Number(process.env.ZCV_SEED ?? randomBytes(4).readUInt32LE());
    console.log(`kill loop: ZCV_SEED=${seed}`);
    const env = {
      DATABASE_URL: await database.url(),
      ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    };

    const { killed, ended, seconds } = await killLoop({ kills: KILLS, seed, customers: 400, env });

    console.log(
      `kill loop: ${killed} killed, ${ended} ended before the kill, ${seconds} with a second apply beside it`,
    );
    expect(killed).toBe(KILLS);
  });
});

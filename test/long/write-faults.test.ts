import { randomBytes } from 'node:crypto';
import { test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { playCampaign } from '../support/write-campaign.ts';

const seed = Number(process.env.ZCV_SEED ?? randomBytes(3).readUIntBE(0, 3));
const runs = Number(process.env.ZCV_RUNS ?? 1_000);

describeOnBoth('apply under random faults', ({ open }) => {
  test.each([
    ['with a unique CV Ref', true],
    ['without a unique CV Ref', false],
  ])('loses, doubles and spoils nothing, %s', { timeout: 4 * 3_600_000 }, async (name, hasUniqueKey) => {
    await playCampaign(await open(), { name, seed, runs, hasUniqueKey, mustHitAll: runs >= 1_000 });
  });
});

import { test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { playCampaign } from '../support/write-campaign.ts';

// A thousand each are in test/long/write-faults.test.ts; these are the short seeded sample.
const seed = Number(process.env.ZCV_SEED ?? 20_261_129);
const runs = Number(process.env.ZCV_RUNS ?? 7);

describeOnBoth('apply under random faults', ({ open }) => {
  test.each([
    ['with a unique CV Ref', true],
    ['without a unique CV Ref', false],
  ])('loses, doubles and spoils nothing, %s', { timeout: 240_000 }, async (name, hasUniqueKey) => {
    await playCampaign(await open(), { name, seed, runs, hasUniqueKey, mustHitAll: false });
  });
});

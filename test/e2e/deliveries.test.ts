import { expect, test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { deliveryCampaign } from '../support/delivery-campaign.ts';
import { forgeAll } from '../support/forged-deliveries.ts';

const SEED = Number(process.env.ZCV_SEED ?? 41);

describeOnBoth(
  'deliveries lost, doubled, reordered and late, and channels dead for three days',
  ({ url }) => {
    test('leave the store as the org is, and the written fields as a full run would', async () => {
      const end = await deliveryCampaign(await url(), { seed: SEED, edits: 40, customers: 40 });

      console.log(JSON.stringify(end));
      expect(end.leftToWrite).toBe(0);
      expect(end.notifications.withheld).toBeGreaterThan(0);
      expect(end.deliveries.pending ?? 0).toBe(0);
      expect(end.missed).toBeGreaterThan(0);
      expect(end.replaced).toBeGreaterThanOrEqual(8);
    });
  },
);

describeOnBoth('forged deliveries', ({ url }) => {
  test('change nothing: no row, no job, no credit, no secret in the log', async () => {
    const table = await forgeAll(await url());

    console.table(table);
    for (const row of table) {
      expect(row, row.forgery).toMatchObject({
        answer: row.expected,
        rows: 0,
        jobs: 0,
        credits: 0,
        secrets: 0,
      });
    }
  }, 240_000);
});

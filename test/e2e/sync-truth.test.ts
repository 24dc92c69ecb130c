import { afterEach, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome } from '../support/cli.ts';
import { recordsOf, todayIn } from '../support/org.ts';
import { expectStoreEqualsTruth } from '../support/store-truth.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of cleanUp.splice(0).reverse()) await remove();
});

async function aLinkedHome(customers: number) {
  const simulator = await startSimulator({
    seed: generatedOrg({ customers, today: todayIn(GENERATED_TIME_ZONE), seed: 3 }),
  });
  cleanUp.push(() => simulator.close());
  const home = aCliHome(simulator);
  cleanUp.push(() => home.remove());
  expect((await home.run('connect')).code).toBe(0);
  const url = String(home.env.DATABASE_URL);
  return { simulator, home, expectTruth: () => expectStoreEqualsTruth(simulator, url) };
}

test('after a first sync and after changes the store holds what the org holds, column by column', async () => {
  const { simulator, home, expectTruth } = await aLinkedHome(300);
  const [deal, gone] = recordsOf(simulator, 'Deals');
  const [account] = recordsOf(simulator, 'Accounts');
  if (!deal || !gone || !account) throw new Error('the sample org is empty');

  const first = await home.run('sync', '--json');
  const { records } = await expectTruth();
  simulator.control.writeRecords('Deals', [{ id: deal.id, Amount: 77.5, Account_Name: { id: account.id } }]);
  simulator.control.writeRecords('Accounts', [{ id: account.id, Account_Name: 'Renamed "Ünder" BV' }]);
  simulator.control.deleteRecords('Deals', [gone.id]);

  // The comparison itself: it must see each of these before the next sync.
  await expect(expectTruth()).rejects.toThrow('in the store');
  const second = await home.run('sync', '--json');

  expect(records).toBeGreaterThan(1_500);
  expect([first.code, second.code]).toEqual([0, 0]);
  await expectTruth();
});

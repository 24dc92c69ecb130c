import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { DealStage } from '../../src/records.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aDeal, anAccount, connected, hashed, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const OPTIONS = { basis: 'both', excludeAccountTypes: [] } as const;
const KEY = { module: 'Accounts', id: '100' } as const;

function aStay(over: Partial<DealStage> = {}): DealStage {
  return { id: '1', dealId: '300', stage: 'Closed Won', leftTo: null, enteredAt: AT, ...over };
}

describeOnBoth('the history of stages', ({ open }) => {
  async function aFirm() {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.records.save(id, 'Accounts', [hashed(anAccount())], null);
    await store.records.save(id, 'Deals', [hashed(aDeal({ accountId: '100', modifiedAt: AT }))], null);
    const stays = async () => (await store.customers.byKeys(id, OPTIONS, [KEY]))[0]?.dealStages;
    return { store, id, stays };
  }

  test('comes with the customer, in the order in which stages were entered', async () => {
    const { store, id, stays } = await aFirm();
    expect(await stays()).toBeUndefined();
    const open = aStay({ id: '2', stage: 'Talking', enteredAt: later(-60), leftTo: 'Closed Won' });

    await store.dealStages.save(id, [aStay(), open, aStay({ id: '3', dealId: '999' })]);

    expect(await stays()).toEqual([open, aStay()]);
    const pages = await Array.fromAsync(store.customers.inKeyOrder(id, OPTIONS, 10));
    expect(pages.flat()[0]?.dealStages).toEqual([open, aStay()]);
  });

  test('takes a row that is read again as it is now', async () => {
    const { store, id, stays } = await aFirm();
    await store.dealStages.save(id, [aStay()]);

    await store.dealStages.save(id, [aStay({ leftTo: 'x' }), aStay({ leftTo: 'Talking' })]);

    expect(await stays()).toEqual([aStay({ leftTo: 'Talking' })]);
  });

  test('of a deleted deal is not handed over', async () => {
    const { store, id, stays } = await aFirm();
    await store.dealStages.save(id, [aStay()]);

    await store.records.markDeleted(id, 'Deals', ['300'], AT);

    expect(await stays()).toBeUndefined();
  });
});

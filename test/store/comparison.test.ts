import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import {
  aCase,
  aContact,
  aCursor,
  aDeal,
  anAccount,
  aTask,
  collect,
  connected,
  hashed,
  later,
} from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('the comparison of ids', ({ open }) => {
  async function aStore() {
    const store = createStore(await open(), keys);
    return { store, id: await connected(store) };
  }

  test('tells what is missing, what has another time of change, and what has not been met', async () => {
    const { store, id } = await aStore();
    const deals = ['900', '901', '902', '903'].map((deal) => aDeal({ id: deal, modifiedAt: later(0) }));
    await store.records.save(id, 'Deals', deals.map(hashed), null, { seenAt: later(1) });
    await store.records.markDeleted(id, 'Deals', ['903'], later(2));

    const rows = [
      { id: '900', modifiedAt: later(0) },
      { id: '901', modifiedAt: later(9) },
      { id: '903', modifiedAt: later(0) },
      { id: '999', modifiedAt: null },
    ];
    const met = await store.comparison.meet(id, 'Deals', rows, later(5));

    expect(met).toEqual({ missing: ['903', '999'], stale: ['901'] });
    expect(await collect(store.comparison.unmet(id, 'Deals', later(5)))).toEqual(['902']);
  });

  test('finds the living records that hang on an account or a contact', async () => {
    const { store, id } = await aStore();
    const account = anAccount({ id: '100' });
    await store.records.save(
      id,
      'Accounts',
      [account, anAccount({ id: '101', parentId: '100' })].map(hashed),
      null,
    );
    await store.records.save(id, 'Contacts', [hashed(aContact({ id: '200', accountId: '100' }))], null);
    await store.records.save(
      id,
      'Deals',
      [hashed(aDeal({ id: '300', accountId: null, contactId: '200' }))],
      null,
    );
    await store.records.save(id, 'Cases', [hashed(aCase({ id: '400', accountId: '100' }))], null);
    await store.records.save(id, 'Tasks', [hashed(aTask({ id: '500', whatId: '100' }))], null);
    await store.records.markDeleted(id, 'Cases', ['400'], later(1));

    expect(await store.comparison.children(id, ['100', '999'])).toEqual([
      { module: 'Accounts', ids: ['101'] },
      { module: 'Contacts', ids: ['200'] },
      { module: 'Tasks', ids: ['500'] },
    ]);
    expect(await store.comparison.children(id, ['200'])).toEqual([{ module: 'Deals', ids: ['300'] }]);
  });

  test('is dated by module, and a new cursor keeps the date', async () => {
    const { store, id } = await aStore();
    await store.cursors.set(id, 'Deals', aCursor());

    expect(await store.cursors.idsCheckedAt(id, 'Deals')).toBeNull();
    await store.cursors.noteIdsChecked(id, 'Deals', later(3));
    await store.cursors.set(id, 'Deals', aCursor());

    expect(await store.cursors.idsCheckedAt(id, 'Deals')).toEqual(later(3));
  });
});

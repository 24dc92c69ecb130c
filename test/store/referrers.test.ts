import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Connection } from '../../src/domain.ts';
import { customersOfReferrers } from '../../src/jobs/referrers.ts';
import { readSettings } from '../../src/settings.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { aContact, anAccount, connected, hashed } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

function settingsWith(rollUp: 'none' | 'parent') {
  const { settings } = readSettings('test/no-such-folder', []);
  if (!settings) throw new Error('the defaults are settings');
  const { scoring } = settings;
  return { ...settings, scoring: { ...scoring, customer: { ...scoring.customer, rollUp } } };
}

describeOnBoth('referrers', ({ open }) => {
  test('an account, a contact of one, and an account beneath one stand for the customer', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    const accounts = [anAccount({ id: '1001' }), anAccount({ id: '1002', parentId: '1001' })];
    const contacts = [aContact({ id: '2001', accountId: '1002' }), aContact({ id: '2002', accountId: null })];
    await store.records.save(id, 'Accounts', accounts.map(hashed), null);
    await store.records.save(id, 'Contacts', contacts.map(hashed), null);
    const named = ['1001', '1002', '2001', '2002', '9999'];
    const found = async (rollUp: 'none' | 'parent') =>
      customersOfReferrers({ store, settings: settingsWith(rollUp) }, { id } as Connection, named); // nothing else of it is read

    expect(Object.fromEntries(await found('none'))).toEqual({
      1001: '1001',
      1002: '1002',
      2001: '1002',
      2002: '2002',
    });
    expect(Object.fromEntries(await found('parent'))).toEqual({
      1001: '1001',
      1002: '1001',
      2001: '1001',
      2002: '2002',
    });
  });
});

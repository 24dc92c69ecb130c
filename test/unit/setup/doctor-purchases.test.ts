import { expect, test } from 'vitest';
import type { Connection } from '../../../src/domain.ts';
import type { DoctorDeps } from '../../../src/setup/check.ts';
import { checkPurchases } from '../../../src/setup/doctor-purchases.ts';

type From = DoctorDeps['settings']['purchaseFrom'];
/** What the store tells of imported purchases, and what the settings say of them. */
function check(purchaseFrom: From, { beside = 0, files = 0 }) {
  const imports = {
    besideDeals: async () => (beside > 0 ? [{ currency: 'EUR', lines: beside, amount: '1234567.50' }] : []),
    list: async () => Array.from({ length: files }),
  };
  const deps = { store: { imports }, settings: { purchaseFrom } } as unknown as DoctorDeps; // all that is asked
  return checkPurchases(deps, { id: 'c', org: { currency: 'EUR' } } as Connection);
}

test.each<[string, From, { beside?: number; files?: number }, 'ok' | 'warn', string]>([
  ['won deals alone', 'deals', { files: 2 }, 'ok', 'won deals'],
  ['invoices without a deal beside won deals', 'deals', { beside: 3 }, 'warn', '1,234,567.50 EUR in 3 lines'],
  ['imported documents', 'imports', { files: 2, beside: 3 }, 'ok', 'files: 2'],
  ['imported documents of which there are none', 'imports', {}, 'warn', 'none was imported'],
  ['invoices of the CRM', 'invoices', {}, 'ok', 'the invoices of the CRM'],
  ['invoices of the CRM beside imported ones', 'invoices', { files: 1 }, 'warn', 'count beside them'],
  ['orders of the CRM beside imported ones', 'orders', { files: 1 }, 'warn', 'the orders of the CRM'],
])('%s', async (_name, from, held, status, words) => {
  const found = await check(from, held);

  expect(found).toMatchObject({ id: 'purchases', status });
  expect(found.message).toContain(words);
  expect(found.repair === null).toBe(status === 'ok');
});

import type { Connection } from '../domain.ts';
import { grouped } from '../money.ts';
import { listed, phrase } from '../texts/doctor-text.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';

const ID = 'purchases';

/** Whether what is bought counts once: in deals, documents of the CRM and imported files the same business may stand. */
export async function checkPurchases(
  { store, settings }: DoctorDeps,
  connection: Connection,
): Promise<Check> {
  const { purchaseFrom: from } = settings;
  if (from === 'deals') {
    const beside = await store.imports.besideDeals(connection.id, connection.org.currency);
    if (beside.length === 0) return ok(ID, 'purchases.deals', {});
    const sums = beside.map(({ amount, currency, lines }) =>
      phrase('imported', { amount: grouped(amount), currency, lines }),
    );
    return finding(ID, 'warn', 'purchases.twice', { sums: listed(sums) });
  }
  const { length: files } = await store.imports.list(connection.id, 'purchases');
  if (from === 'imports') {
    return files > 0
      ? ok(ID, 'purchases.imports', { files })
      : finding(ID, 'warn', 'purchases.no_imports', {});
  }
  const documents = phrase(from, {});
  if (files === 0) return ok(ID, 'purchases.crm', { documents });
  return finding(ID, 'warn', 'purchases.crm_and_imports', { documents, files });
}

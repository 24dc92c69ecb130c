import type { Connection } from '../domain.ts';
import { grouped } from '../money.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

const ID = 'purchases';

/** Whether what is bought counts once: in deals, documents of the CRM and imported files the same business may stand. */
export async function checkPurchases(
  { store, settings }: DoctorDeps,
  connection: Connection,
): Promise<Check> {
  const { purchaseFrom: from } = settings;
  const warn = (message: string, repair: string): Check => ({ id: ID, status: 'warn', message, repair });
  if (from === 'deals') {
    const beside = await store.imports.besideDeals(connection.id, connection.org.currency);
    if (beside.length === 0) return ok(ID, 'Purchases are won deals, and nothing imported counts twice');
    const sums = beside.map(
      ({ amount, currency, lines }) => `${grouped(amount)} ${currency} in ${lines} lines`,
    );
    return warn(
      `Imported invoices without deal_id stand beside won deals: ${sums.join(', ')}; the same business may count twice`,
      'Fill deal_id in the file, or set purchase.from: imports in scoring.yaml, so that deals are no purchases (docs/imports.md)',
    );
  }
  const files = await store.imports.list(connection.id, 'purchases');
  if (from === 'imports') {
    if (files.length > 0) return ok(ID, `Purchases are imported documents; files: ${files.length}`);
    return warn(
      'Purchases are imported documents, and none was imported: no customer has a purchase',
      'zcv purchases import FILE, or set purchase.from: deals in scoring.yaml',
    );
  }
  if (files.length === 0) return ok(ID, `Purchases are the ${from} of the CRM`);
  return warn(
    `Purchases are the ${from} of the CRM, and imported documents count beside them (files: ${files.length})`,
    `Remove what the CRM holds too (zcv purchases list), or set purchase.from: imports`,
  );
}

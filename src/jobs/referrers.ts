import type { Connection, CustomerModule, RecordId } from '../domain.ts';
import { customerOptionsOf } from './customer-options.ts';
import type { LineDeps } from './line.ts';

/** Which customers the records stand for that were named as referrers; those that stand for none are left out. */
export async function customersOfReferrers(
  deps: Pick<LineDeps, 'store' | 'settings'>,
  { id: connection }: Connection,
  referrers: readonly RecordId[],
): Promise<Map<RecordId, RecordId>> {
  const options = await customerOptionsOf(deps, connection);
  const found = new Map<RecordId, RecordId>();
  for (const module of ['Accounts', 'Contacts'] as const satisfies readonly CustomerModule[]) {
    const left = referrers.filter((id) => !found.has(id));
    const keys = await deps.store.customers.of(connection, options, module, left);
    const customers = new Set(keys.map((key) => key.id));
    // Nearly all are customers themselves. The answer does not tell whose customer is whose, so the rest is asked one by one.
    for (const id of left) {
      if (customers.has(id)) found.set(id, id);
      else if (customers.size > 0) {
        const [key, another] = await deps.store.customers.of(connection, options, module, [id]);
        if (key && !another) found.set(id, key.id);
      }
    }
  }
  return found;
}

import type { ModuleName } from '../domain.ts';
import { SYNCED_MODULES } from '../sync/sync-org.ts';

const ASKED_FOR: readonly ModuleName[] = ['Notes', 'Quotes', 'Sales_Orders', 'Invoices'];
/** Notes and sales documents come along by themselves only where a setting asks for them. */
export const SYNCED_MODULE_NAMES: readonly string[] = [...SYNCED_MODULES, ...ASKED_FOR];

export function isSyncedModule(name: string): name is ModuleName {
  return SYNCED_MODULE_NAMES.includes(name);
}

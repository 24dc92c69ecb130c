import type { ModuleName } from '../domain.ts';
import { SYNCED_MODULES } from '../sync/sync-org.ts';

/** Notes come along by themselves only where a setting asks for them. */
export const SYNCED_MODULE_NAMES: readonly string[] = [...SYNCED_MODULES, 'Notes'];

export function isSyncedModule(name: string): name is ModuleName {
  return SYNCED_MODULE_NAMES.includes(name);
}

import type { ModuleName } from '../domain.ts';
import type { fetchModules } from '../zoho/metadata.ts';

/** What the consenting user may do in each module that we read or write. */

export const MODULES: readonly ModuleName[] = [
  'Accounts',
  'Contacts',
  'Leads',
  'Deals',
  'Tasks',
  'Calls',
  'Events',
  'Cases',
  'Products',
];
const EDITED: ReadonlySet<ModuleName> = new Set(['Accounts', 'Contacts', 'Deals', 'Tasks']);
/** Without these two there is nothing to score. */
const ESSENTIAL: ReadonlySet<ModuleName> = new Set(['Accounts', 'Deals']);

export interface ModuleAccess {
  readonly module: ModuleName;
  readonly isEssential: boolean;
  /** Null: all we need. */
  readonly problem: string | null;
}

export function moduleAccess(modules: Awaited<ReturnType<typeof fetchModules>>): ModuleAccess[] {
  const byName = new Map(modules.map((module) => [module.apiName, module]));
  const problemOf = (name: ModuleName): string | null => {
    const found = byName.get(name);
    if (!found) return 'the org does not have it';
    if (!found.apiSupported) return 'Zoho offers no API for it in this org';
    if (!found.viewable) return 'the connected user may not see it';
    if (EDITED.has(name) && !found.editable) return 'the connected user may not edit it';
    if (name === 'Tasks' && !found.creatable) return 'the connected user may not create tasks';
    return null;
  };
  return MODULES.map((module) => ({
    module,
    isEssential: ESSENTIAL.has(module),
    problem: problemOf(module),
  }));
}

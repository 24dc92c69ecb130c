import { ApiError } from './api-error.ts';
import type { ModuleState, OrgState, SimUser } from './state.ts';
import type { Switches } from './switches.ts';

export interface AccessDeps {
  state: OrgState;
  switches: Switches;
}

/** A module that the profile hides is one that does not exist, or one that is forbidden, as the switch says. */
export function findModule(deps: AccessDeps, name: string, user: SimUser): ModuleState | undefined {
  const module = deps.state.modules.get(name);
  if (module === undefined || !isHiddenFrom(deps, module, user)) return module;
  if (deps.switches.hiddenModule === 'NO_PERMISSION')
    throw new ApiError(403, 'NO_PERMISSION', 'permission denied', { permissions: [`Crm_View_${name}`] });
  return undefined;
}

export function isHiddenFrom({ switches }: AccessDeps, module: ModuleState, user: SimUser): boolean {
  if (module.kind !== 'field_tracker') return module.hidden;
  const { stageHistoryVisible: to } = switches;
  return module.hidden || to === 'none' || (to === 'admins' && !user.admin);
}

/** The word for the module in scopes; lines and histories are read with the scope of what they belong to. */
export function scopeWord({ kind, parent, apiName }: ModuleState): string {
  return kind === 'custom' ? 'custom' : (parent ?? apiName).toLowerCase();
}

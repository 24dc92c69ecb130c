import type { SimContext } from './context.ts';
import type { SeedIds } from './seed-rows.ts';
import type { ModuleState, SimUser } from './state.ts';

export interface ControlDeps extends SimContext {
  clientId: string;
  seedIds: SeedIds;
}

export function moduleNamed({ state }: ControlDeps, name: string): ModuleState {
  const module = state.modules.get(name);
  if (module === undefined) throw new RangeError(`unknown module: ${name}`);
  return module;
}

export function userNamed({ state }: ControlDeps, as: string | undefined): SimUser {
  if (as === undefined) return state.consentingUser;
  const user = [...state.users.values()].find(({ id, key }) => id === as || key === as);
  if (user === undefined) throw new RangeError(`unknown user: ${as}`);
  return user;
}

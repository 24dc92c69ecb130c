import type { Connection, ModuleName, RecordId, StageRow } from '../domain.ts';
import {
  AppError,
  ZohoAuthError,
  ZohoCreditsError,
  ZohoRejectedError,
  ZohoUnavailableError,
} from '../errors.ts';
import { fetchFields, fetchModules, fetchStages, fetchUsers } from '../zoho/metadata.ts';
import { getRecords } from '../zoho/records.ts';
import type { ModuleInput, ModuleResult, SyncDeps } from './module-input.ts';
import { isRefusal } from './read-pages.ts';
import { stagesFromPicklist } from './stages.ts';
import { syncModule, syncRecords } from './sync-module.ts';

export const SYNCED_MODULES: readonly ModuleName[] = [
  'Accounts',
  'Contacts',
  'Leads',
  'Deals',
  'Cases',
  'Products',
  'Events',
  'Calls',
  'Tasks',
];

/** What is the same for every module of an org. */
export type OrgInput = Pick<ModuleInput, 'connection' | 'mapping' | 'optionsOf'>;

export interface OrgSync {
  readonly modules: readonly ModuleResult[];
  /** A module broke off: what scoring reads is incomplete, so a plan from it is held. */
  readonly isPartial: boolean;
  readonly warnings: readonly string[];
}

async function refreshStages(
  deps: SyncDeps,
  connection: Connection,
  warnings: string[],
): Promise<StageRow[]> {
  try {
    const stages = await fetchStages(deps.zoho);
    if (stages.length > 0) {
      await deps.store.stages.replace(connection.id, stages);
      return stages;
    }
  } catch (error) {
    if (endsTheRun(error)) throw error;
    warnings.push(
      `pipelines cannot be read (${codeOf(error)}): the stages known before are kept, else names tell won from lost`,
    );
    const known = await deps.store.stages.all(connection.id);
    if (known.length > 0) return known;
  }
  const stages = await stagesByName(deps);
  if (stages.length === 0) return deps.store.stages.all(connection.id);
  await deps.store.stages.replace(connection.id, stages);
  return stages;
}

async function stagesByName(deps: SyncDeps): Promise<StageRow[]> {
  try {
    return stagesFromPicklist(await fetchFields(deps.zoho, 'Deals'));
  } catch (error) {
    if (endsTheRun(error)) throw error;
    return [];
  }
}

/** What no other module could survive either. */
function endsTheRun(error: unknown): boolean {
  return (
    error instanceof ZohoCreditsError ||
    (error instanceof ZohoAuthError && !error.scope) ||
    !(error instanceof AppError)
  );
}

function codeOf(error: unknown): string {
  if (error !== null && typeof error === 'object' && 'zohoCode' in error && error.zohoCode)
    return String(error.zohoCode);
  return error instanceof AppError ? error.code : 'internal_error';
}

/** Empty: Zoho did not tell, so each module is simply tried. */
async function availableModules(
  deps: SyncDeps,
  warnings: string[],
): Promise<ReadonlyMap<string, { apiSupported: boolean }>> {
  try {
    return new Map((await fetchModules(deps.zoho)).map((module) => [module.apiName, module]));
  } catch (error) {
    if (endsTheRun(error) || error instanceof ZohoUnavailableError) throw error;
    warnings.push(`modules cannot be listed (${codeOf(error)}): each is tried`);
    return new Map();
  }
}

function broken(module: ModuleName, error: AppError): ModuleResult {
  return {
    module,
    mode: 'skipped',
    method: null,
    read: 0,
    changed: 0,
    deleted: 0,
    quarantined: 0,
    error: `${codeOf(error)}: ${error.message}`,
    // Notes are an extra that somebody asked for: without them scoring still has all it needs.
    refused: isRefusal(error) || (module === 'Notes' && error instanceof ZohoRejectedError),
    notes: [],
  };
}

/** Zoho → store, module by module; one that fails is named and the others go on. */
export async function syncOrg(
  deps: SyncDeps,
  input: OrgInput & { readonly full: boolean; readonly modules: readonly ModuleName[] },
): Promise<OrgSync> {
  const { connection } = input;
  const warnings: string[] = [];
  // First, and the one call whose failure ends the run: a Zoho that cannot list its modules is not there.
  const available = await availableModules(deps, warnings);
  const stages = await refreshStages(deps, connection, warnings);
  await refreshUsers(deps, connection, warnings);
  const ours = await deps.store.fieldMap.all(connection.id);
  const results: ModuleResult[] = [];
  for (const module of input.modules) {
    const meta = available.get(module);
    if (available.size > 0 && !meta?.apiSupported && module !== 'Notes') {
      results.push({ ...broken(module, new NotInOrg(module)), refused: true });
      continue;
    }
    try {
      const result = await syncModule(deps, { ...input, module, stages, ours });
      results.push(result);
      warnings.push(...result.notes);
    } catch (error) {
      if (endsTheRun(error)) throw error;
      deps.log.warn({ err: error, module }, 'a module could not be synced');
      results.push(broken(module, error as AppError)); // endsTheRun let only AppErrors through
    }
  }
  const isPartial = results.some((result) => result.error !== null && !result.refused);
  return { modules: results, isPartial, warnings };
}

class NotInOrg extends AppError {
  readonly code = 'not_found';
  constructor(module: ModuleName) {
    super(`this org has no module ${module}, or the connected user may not see it`);
  }
}

async function refreshUsers(deps: SyncDeps, connection: Connection, warnings: string[]): Promise<void> {
  try {
    await deps.store.users.replace(connection.id, await fetchUsers(deps.zoho));
  } catch (error) {
    if (endsTheRun(error)) throw error;
    warnings.push(`users cannot be read (${codeOf(error)}): those known before are kept`);
  }
}

/** Re-reads the records that a notification named. */
export async function syncNotified(
  deps: SyncDeps,
  input: OrgInput & { readonly module: ModuleName; readonly ids: readonly RecordId[] },
): Promise<void> {
  const stages = await deps.store.stages.all(input.connection.id);
  const ours = await deps.store.fieldMap.all(input.connection.id);
  await syncRecords(deps, { ...input, full: false, stages, ours }, (module, ids, fields) =>
    getRecords(deps.zoho, module, [...ids], [...fields]),
  );
}

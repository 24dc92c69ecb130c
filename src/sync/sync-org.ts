import type { Connection, ModuleName, RecordId, StageRow } from '../domain.ts';
import { AppError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import { fetchFields, fetchModules, fetchStages, fetchUsers } from '../zoho/metadata.ts';
import { getRecords } from '../zoho/records.ts';
import type { DealMapping } from './columns.ts';
import { stagesFromPicklist } from './stages.ts';
import {
  isRefusal,
  type ModuleOutcome,
  type ModuleResult,
  type SyncDeps,
  syncModule,
  syncRecords,
} from './sync-module.ts';

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

export interface OrgSync {
  readonly modules: readonly ModuleResult[];
  /** A module broke off: what scoring reads is incomplete, so a plan from it is held. */
  readonly isPartial: boolean;
  readonly warnings: readonly string[];
  readonly changed: ReadonlyMap<ModuleName, readonly RecordId[]>;
  readonly movedFrom: readonly RecordId[];
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
    if (!isRefusal(error)) throw error;
    warnings.push(
      `pipelines cannot be read (${error.zohoCode ?? error.code}): won and lost are told by stage names`,
    );
  }
  const stages = stagesFromPicklist(await fetchFields(deps.zoho, 'Deals'));
  if (stages.length === 0) return deps.store.stages.all(connection.id);
  await deps.store.stages.replace(connection.id, stages);
  return stages;
}

/** What no other module could survive either. */
function endsTheRun(error: unknown): boolean {
  return (
    error instanceof ZohoCreditsError ||
    (error instanceof ZohoAuthError && !error.scope) ||
    !(error instanceof AppError)
  );
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
    error: `${'zohoCode' in error && error.zohoCode ? error.zohoCode : error.code}: ${error.message}`,
    refused: isRefusal(error),
    missing: [],
  };
}

/** Zoho → store, module by module; one that fails is named and the others go on. */
export async function syncOrg(
  deps: SyncDeps,
  input: { connection: Connection; full: boolean; modules: readonly ModuleName[]; mapping: DealMapping },
): Promise<OrgSync> {
  const { connection } = input;
  const warnings: string[] = [];
  const stages = await refreshStages(deps, connection, warnings);
  await refreshUsers(deps, connection, warnings);
  const available = new Map((await fetchModules(deps.zoho)).map((module) => [module.apiName, module]));
  const ours = await deps.store.fieldMap.all(connection.id);
  const results: ModuleResult[] = [];
  const changed = new Map<ModuleName, readonly RecordId[]>();
  const movedFrom: RecordId[] = [];
  for (const module of input.modules) {
    const meta = available.get(module);
    if (available.size > 0 && !meta?.apiSupported) {
      results.push({ ...broken(module, new NotInOrg(module)), refused: true });
      continue;
    }
    let outcome: ModuleOutcome;
    try {
      outcome = await syncModule(deps, { ...input, module, stages, ours });
    } catch (error) {
      if (endsTheRun(error)) throw error;
      deps.log.warn({ err: error, module }, 'a module could not be synced');
      results.push(broken(module, error as AppError)); // endsTheRun let only AppErrors through
      continue;
    }
    results.push(outcome.result);
    changed.set(module, outcome.changedIds);
    movedFrom.push(...outcome.movedFrom);
    for (const name of outcome.result.missing)
      warnings.push(`${module} has no field ${name}: it stays empty`);
  }
  const isPartial = results.some((result) => result.error !== null && !result.refused);
  return { modules: results, isPartial, warnings, changed, movedFrom };
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
    if (!isRefusal(error)) throw error;
    warnings.push(
      `users cannot be read (${error.zohoCode ?? error.code}): every owner is taken to be active`,
    );
  }
}

/** Re-reads the records that a notification named. */
export async function syncNotified(
  deps: SyncDeps,
  input: { connection: Connection; module: ModuleName; ids: readonly RecordId[]; mapping: DealMapping },
): Promise<ModuleOutcome> {
  const stages = await deps.store.stages.all(input.connection.id);
  const ours = await deps.store.fieldMap.all(input.connection.id);
  return syncRecords(deps, { ...input, full: false, stages, ours }, (module, ids, fields) =>
    getRecords(deps.zoho, module, [...ids], [...fields]),
  );
}

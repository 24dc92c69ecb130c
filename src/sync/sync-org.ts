import type { Connection, ModuleName, RecordId } from '../domain.ts';
import { AppError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import { fetchModules, fetchUsers } from '../zoho/metadata.ts';
import { rereadRecords } from './deletions.ts';
import { emptyTally, type ModuleInput, type ModuleResult, type SyncDeps } from './module-input.ts';
import { type Known, remembered } from './org-metadata.ts';
import { openStages } from './org-stages.ts';
import { isRefusal } from './read-pages.ts';
import { type ModuleReconcile, reconcileModule } from './reconcile.ts';
import { codeOf, endsTheRun } from './run-end.ts';
import { type ModuleTask, openModule, syncModule } from './sync-module.ts';

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
// Zoho documents no limit of bulk jobs in flight; two wait while one is read, whose next piece may be a third.
const JOBS_AHEAD = 2;

export interface OrgSync {
  readonly modules: readonly ModuleResult[];
  /** A module broke off: what scoring reads is incomplete, so a plan from it is held. */
  readonly isPartial: boolean;
  readonly warnings: readonly string[];
}
/** What is the same for every module of an org. */
export type OrgInput = Pick<ModuleInput, 'connection' | 'mapping' | 'optionsOf'>;

interface RunInput extends OrgInput {
  readonly full: boolean;
  /** When a full run began that was cut short and goes on now. */
  readonly fullSince?: Date | null;
  readonly modules: readonly ModuleName[];
}
type Available = ReadonlyMap<string, { apiSupported: boolean }>;

/** Empty: Zoho did not tell, so each module is simply tried. */
async function availableModules(
  deps: SyncDeps,
  connection: Connection,
  { refresh, warnings }: { refresh: boolean; warnings: string[] },
): Promise<Known<Available>> {
  try {
    const { value, isRemembered } = await remembered(deps, connection, { name: 'modules', refresh }, () =>
      fetchModules(deps.zoho),
    );
    return { value: new Map(value.map((module) => [module.apiName, module])), isRemembered };
  } catch (error) {
    if (endsTheRun(error) || error instanceof ZohoUnavailableError) throw error;
    warnings.push(`modules cannot be listed (${codeOf(error)}): each is tried`);
    return { value: new Map(), isRemembered: false };
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
    refused:
      error instanceof NotInOrg ||
      isRefusal(error) ||
      (module === 'Notes' && error instanceof ZohoRejectedError),
    notes: [],
  };
}

/** Zoho → store, module by module; one that fails is named and the others go on. */
export async function syncOrg(deps: SyncDeps, input: RunInput): Promise<OrgSync> {
  const { connection, full } = input;
  const warnings: string[] = [];
  const asking = { refresh: full, warnings };
  // First, and the one call whose failure ends the run: a Zoho that cannot list its modules is not there.
  let available = await availableModules(deps, connection, asking);
  const stages = await openStages(deps, connection, asking);
  await refreshUsers(deps, connection, asking);
  const ours = await deps.store.fieldMap.all(connection.id);
  const queue = new TaskQueue(input.modules, async (module) => {
    const meta = available.value.get(module);
    if (available.value.size > 0 && !meta?.apiSupported && module !== 'Notes') throw new NotInOrg(module);
    const task: ModuleInput = { ...input, module, fullSince: input.fullSince ?? null, stages, ours };
    return openModule(deps, task);
  });
  const results: ModuleResult[] = [];
  for (const module of input.modules) {
    try {
      const result = await syncModule(deps, await queue.next(module));
      results.push(result);
      warnings.push(...result.notes);
    } catch (error) {
      if (endsTheRun(error)) throw error;
      // Without the first call of a run nothing has told yet whether Zoho is there at all.
      if (error instanceof ZohoUnavailableError && available.isRemembered)
        available = await availableModules(deps, connection, { ...asking, refresh: true });
      deps.log.warn({ err: error, module }, 'a module could not be synced');
      results.push(broken(module, error as AppError)); // endsTheRun let only AppErrors through
    }
  }
  const isPartial = results.some((result) => result.error !== null && !result.refused);
  return { modules: results, isPartial, warnings };
}

/** Opens modules a little ahead of their reading, so that Zoho works on their bulk jobs meanwhile. */
class TaskQueue {
  readonly #open: (module: ModuleName) => Promise<ModuleTask>;
  readonly #waiting: ModuleName[];
  readonly #opened = new Map<ModuleName, ModuleTask | { readonly failure: unknown }>();

  constructor(modules: readonly ModuleName[], open: (module: ModuleName) => Promise<ModuleTask>) {
    this.#open = open;
    this.#waiting = [...modules];
  }

  /** Throws what its opening threw. */
  async next(module: ModuleName): Promise<ModuleTask> {
    while (this.#waiting.includes(module)) await this.#openOne();
    const task = this.#opened.get(module);
    this.#opened.delete(module);
    while (this.#jobsAhead() < JOBS_AHEAD && this.#waiting.length > 0) await this.#openOne();
    if (task === undefined) throw new Error(`${module} is read twice`);
    if ('failure' in task) throw task.failure;
    return task;
  }

  #jobsAhead(): number {
    return [...this.#opened.values()].filter((task) => !('failure' in task) && isBulk(task)).length;
  }

  async #openOne(): Promise<void> {
    const module = this.#waiting.shift();
    if (module === undefined) return;
    try {
      this.#opened.set(module, await this.#open(module));
    } catch (failure) {
      if (endsTheRun(failure)) throw failure;
      this.#opened.set(module, { failure });
    }
  }
}

function isBulk({ work }: ModuleTask): boolean {
  return work.kind === 'fill' && work.fill.method === 'bulk';
}

class NotInOrg extends AppError {
  readonly code = 'not_found';
  constructor(module: ModuleName) {
    super(`this org has no module ${module}, or the connected user may not see it`);
  }
}

async function refreshUsers(
  deps: SyncDeps,
  connection: Connection,
  { refresh, warnings }: { refresh: boolean; warnings: string[] },
): Promise<void> {
  try {
    await remembered(deps, connection, { name: 'users', refresh }, async () => {
      const users = await fetchUsers(deps.zoho);
      await deps.store.users.replace(connection.id, users);
      return users.length;
    });
  } catch (error) {
    if (endsTheRun(error)) throw error;
    warnings.push(`users cannot be read (${codeOf(error)}): those known before are kept`);
  }
}

/** Reads the records again that a notification named; answers those of which an input has changed, or that are gone. */
export async function syncNotified(
  deps: SyncDeps,
  input: OrgInput & { readonly module: ModuleName; readonly ids: readonly RecordId[] },
): Promise<ReadonlySet<RecordId>> {
  const changedIds = new Set<RecordId>();
  await rereadRecords(deps, await inputOf(deps, input, []), input.ids, { ...emptyTally(), changedIds });
  return changedIds;
}

async function inputOf(
  deps: SyncDeps,
  input: OrgInput & { readonly module: ModuleName },
  warnings: string[],
): Promise<ModuleInput> {
  const { connection } = input;
  const stages = await openStages(deps, connection, { refresh: false, warnings });
  const ours = await deps.store.fieldMap.all(connection.id);
  return { ...input, full: false, fullSince: null, stages, ours };
}

/** Every module that was read before, compared with the org; one that fails is named and the others go on. */
export async function reconcileOrg(
  deps: SyncDeps,
  input: OrgInput & { readonly modules: readonly ModuleName[]; readonly allIds: boolean },
): Promise<ModuleReconcile[]> {
  const results: ModuleReconcile[] = [];
  for (const module of input.modules) {
    const of = await inputOf(deps, { ...input, module }, []);
    results.push(await reconcileModule(deps, of, input));
  }
  return results;
}

import type { Connection, ModuleName, RunId } from '../domain.ts';
import type { ModuleReconcile } from '../sync/reconcile.ts';
import { reconcileOrg } from '../sync/sync-org.ts';
import { type LineDeps, recordRun, withLine } from './line.ts';
import { orgInput, runSync, type SyncSummary, syncedModules } from './run-sync.ts';

export interface ReconcileSummary {
  readonly runId: RunId;
  readonly modules: readonly ModuleReconcile[];
  readonly warnings: readonly string[];
  readonly calls: number;
  readonly credits: number;
  readonly durationMs: number;
}
export interface ReconcileResult {
  readonly sync: SyncSummary;
  readonly reconcile: ReconcileSummary;
}

/**
 * What changed is read first, so that what differs afterwards is what the ordinary ways have missed. `allIds`: compares
 * record by record even where the counts agree, as it does once a week.
 */
export function runReconcile(
  given: LineDeps,
  input: { connection: Connection; allIds: boolean; modules?: readonly ModuleName[] },
): Promise<ReconcileResult> {
  const { connection, allIds } = input;
  const modules = syncedModules(given.settings, input.modules);
  return withLine(given, connection, async (deps) => {
    const sync = await runSync(deps, { connection, full: false, modules });
    return { sync, reconcile: await compareModules(deps, { connection, allIds, modules }) };
  });
}

function compareModules(
  deps: LineDeps,
  {
    connection,
    allIds,
    modules,
  }: { connection: Connection; allIds: boolean; modules: readonly ModuleName[] },
): Promise<ReconcileSummary> {
  return recordRun(deps, connection, 'reconcile', { allIds, modules }, async (runId) => {
    const startedAt = deps.clock.now().getTime();
    const zoho = deps.zohoFor(connection);
    const before = zoho.usage();
    const results = await reconcileOrg({ ...deps, zoho }, { ...orgInput(deps, connection), modules, allIds });
    const after = zoho.usage();
    const summary: ReconcileSummary = {
      runId,
      modules: results,
      warnings: results.flatMap(warningOf),
      calls: after.calls - before.calls,
      credits: after.credits - before.credits,
      durationMs: deps.clock.now().getTime() - startedAt,
    };
    return { summary, isPartial: results.some(({ error }) => error !== null) };
  });
}

function warningOf(row: ModuleReconcile): string[] {
  const { module, counted, stored, missing, extra, stale, repaired, readAgain, error } = row;
  if (error !== null) return [`${module} could not be reconciled (${error}); the next run tries again`];
  if (missing + extra + stale === 0) return [];
  const how = readAgain ? 'the module was read again' : `${repaired} repaired`;
  const counts = counted === null ? '' : `; Zoho counts ${counted}, ${stored} were stored`;
  return [`${module} had drifted: ${missing} missing, ${extra} extra, ${stale} stale, ${how}${counts}`];
}

import type { Connection, ModuleName, RecordId, RunId } from '../domain.ts';
import { FIELD_CATALOG } from '../plan/field-catalog.ts';
import type { Settings } from '../rules.ts';
import type { ModuleResult } from '../sync/module-input.ts';
import { type OrgInput, SYNCED_MODULES, syncNotified, syncOrg } from '../sync/sync-org.ts';
import { type LineDeps, recordRun } from './line.ts';

export interface SyncSummary {
  readonly runId: RunId;
  readonly modules: readonly Omit<ModuleResult, 'refused' | 'notes'>[];
  readonly isPartial: boolean;
  readonly warnings: readonly string[];
  readonly calls: number;
  readonly credits: number;
  readonly durationMs: number;
}

function shown({ refused: _refused, notes: _notes, ...result }: ModuleResult) {
  return result;
}

function orgInput({ settings }: LineDeps, connection: Connection): OrgInput {
  return {
    connection,
    mapping: settings.mapping,
    // What people fill in has the options that people gave it.
    optionsOf: (key) =>
      (FIELD_CATALOG.find((field) => field.key === key)?.values ?? []).map(({ actual }) => actual),
  };
}

function modulesOf({ scoring }: Settings): readonly ModuleName[] {
  return scoring.touches.notes === 'off' ? SYNCED_MODULES : [...SYNCED_MODULES, 'Notes'];
}

/** Zoho → store. Modules that fail are named; only credits and a refused token end it. */
export function runSync(
  deps: LineDeps,
  input: { connection: Connection; full: boolean; modules?: readonly ModuleName[] },
): Promise<SyncSummary> {
  const { connection, full } = input;
  const modules = input.modules && input.modules.length > 0 ? input.modules : modulesOf(deps.settings);
  return recordRun(deps, connection, 'sync', { full, modules }, async (runId) => {
    const startedAt = deps.clock.now().getTime();
    const zoho = deps.zohoFor(connection);
    const before = zoho.usage();
    const sync = await syncOrg({ ...deps, zoho }, { ...orgInput(deps, connection), full, modules });
    const after = zoho.usage();
    const summary: SyncSummary = {
      runId,
      modules: sync.modules.map(shown),
      isPartial: sync.isPartial,
      warnings: sync.warnings,
      calls: after.calls - before.calls,
      credits: after.credits - before.credits,
      durationMs: deps.clock.now().getTime() - startedAt,
    };
    return { summary, isPartial: sync.isPartial };
  });
}

/** Re-reads the named records into the store. */
export async function refreshRecords(
  deps: LineDeps,
  connection: Connection,
  module: ModuleName,
  ids: readonly RecordId[],
): Promise<void> {
  await syncNotified(
    { ...deps, zoho: deps.zohoFor(connection) },
    { ...orgInput(deps, connection), module, ids },
  );
}

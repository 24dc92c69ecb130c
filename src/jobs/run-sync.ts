import type { Connection, ModuleName, RecordId, RunId } from '../domain.ts';
import { FIELD_CATALOG } from '../plan/field-catalog.ts';
import type { Settings } from '../rules.ts';
import { billedModule, documentModules } from '../sync/document-modules.ts';
import type { ModuleResult } from '../sync/module-input.ts';
import { readStageHistory, type StageHistoryRow } from '../sync/stage-history.ts';
import { type OrgInput, SYNCED_MODULES, syncNotified, syncOrg } from '../sync/sync-org.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { STAGE_HISTORY } from '../zoho/stage-history.ts';
import { bulkHints } from './bulk-hints.ts';
import { limitHeapGrowth } from './heap-growth.ts';
import { type LineDeps, recordRun } from './line.ts';
import { type EmailRow, readEmails } from './read-emails.ts';
import { syncLines, syncLinesOf } from './sync-lines.ts';

export interface SyncSummary {
  readonly runId: RunId;
  /** Lines of documents stand among them under the name of their subform. */
  readonly modules: readonly (SyncedModule | StageHistoryRow | EmailRow)[];
  readonly isPartial: boolean;
  readonly warnings: readonly string[];
  readonly calls: number;
  readonly credits: number;
  readonly durationMs: number;
}

type SyncedModule = Omit<ModuleResult, 'refused' | 'notes' | 'module'> & { readonly module: string };

function shown({ refused: _refused, notes: _notes, ...result }: ModuleResult) {
  return result;
}

export function orgInput({ settings }: LineDeps, connection: Connection): OrgInput {
  return {
    connection,
    mapping: settings.mapping,
    // What people fill in has the options that people gave it.
    optionsOf: (key) =>
      (FIELD_CATALOG.find((field) => field.key === key)?.values ?? []).map(({ actual }) => actual),
  };
}

/** Those asked for, or all that are read. */
export function syncedModules(
  { scoring }: Settings,
  asked: readonly ModuleName[] = [],
): readonly ModuleName[] {
  if (asked.length > 0) return asked;
  const notes = scoring.touches.notes === 'off' ? [] : (['Notes'] as const);
  return [...SYNCED_MODULES, ...notes, ...documentModules(scoring.purchase)];
}

// Later than this a full read is wanted of today, not the rest of an old one.
const FULL_RESUMES_MS = 24 * 3_600_000;

/** When the last full run began, if it was cut short and this one can go on with it: what it filled is not filled again. */
async function interruptedFull(
  deps: LineDeps,
  connection: Connection,
  modules: readonly ModuleName[],
): Promise<Date | null> {
  const last = await deps.store.runs.latest(connection.id, 'sync');
  // The caller holds the line: a run still open has lost its process.
  if (!last || (last.state !== 'failed' && last.state !== 'running')) return null;
  const input = last.input as { full?: boolean; modules?: readonly string[]; since?: string }; // as written below
  if (!input.full || !modules.every((module) => input.modules?.includes(module))) return null;
  const since = input.since === undefined ? last.startedAt : new Date(input.since);
  return deps.clock.now().getTime() - since.getTime() < FULL_RESUMES_MS ? since : null;
}

/** Zoho → store. Modules that fail are named; only credits and a refused token end it. */
export async function runSync(
  deps: LineDeps,
  input: { connection: Connection; full: boolean; modules?: readonly ModuleName[] },
): Promise<SyncSummary> {
  const { connection, full } = input;
  limitHeapGrowth('sync');
  const modules = syncedModules(deps.settings, input.modules);
  const fullSince = full ? await interruptedFull(deps, connection, modules) : null;
  const asked = { full, modules, ...(full ? { since: fullSince ?? deps.clock.now() } : {}) };
  const isWhole = modules !== input.modules;
  return recordRun(deps, connection, 'sync', asked, async (runId) => {
    const startedAt = deps.clock.now().getTime();
    const zoho = deps.zohoFor(connection);
    const before = zoho.usage();
    const hints = await bulkHints(deps, connection);
    const sync = await syncOrg(
      { ...deps, zoho, hints },
      { ...orgInput(deps, connection), full, fullSince, modules },
    );
    const history = await stageHistory({ ...deps, zoho }, { connection, full, results: sync.modules });
    const lines = await syncLines({ ...deps, zoho }, connection, modules);
    const unbilled = unbilledNote(deps.settings, sync.modules);
    const isPartial = sync.isPartial || lines.isPartial || unbilled.length > 0;
    const emails = isWhole ? await readEmails({ ...deps, zoho }, connection) : null;
    const after = zoho.usage();
    const summary: SyncSummary = {
      runId,
      modules: [
        ...sync.modules.filter((one) => isWorthNaming(one, deps.settings.scoring)).map(shown),
        ...(history.row ? [history.row] : []),
        ...lines.modules,
        ...(emails ? [emails.row] : []),
      ],
      isPartial,
      warnings: [
        ...sync.warnings,
        ...history.warnings,
        ...lines.warnings,
        ...unbilled,
        ...(emails?.warnings ?? []),
      ],
      calls: after.calls - before.calls,
      credits: after.credits - before.credits,
      durationMs: deps.clock.now().getTime() - startedAt,
    };
    return { summary, isPartial };
  });
}

/** Rows of this run that could not be read. A stay of a deal that is gone names no deal: nothing is lost with it. */
export function hasRowsAside({ modules }: SyncSummary): boolean {
  return modules.some(({ module, quarantined }) => module !== STAGE_HISTORY && quarantined > 0);
}

/** After the deals, and never of others alone. */
async function stageHistory(
  deps: LineDeps & { readonly zoho: ZohoClient },
  { connection, full, results }: { connection: Connection; full: boolean; results: readonly ModuleResult[] },
) {
  const deals = results.find(({ module }) => module === 'Deals');
  const { stageHistory: wanted, stageHistoryCredits: mostCredits } = deps.settings;
  if (wanted === 'off' || !deals) return { row: null, warnings: [] };
  return readStageHistory(deps, { connection, full, hasReadDeals: deals.read > 0, mostCredits });
}

/** Quotes and orders count where the org has them; one without them lacks nothing. */
function isWorthNaming({ module, error }: ModuleResult, { purchase }: Settings['scoring']): boolean {
  const isExtra = module === 'Quotes' || (module === 'Sales_Orders' && billedModule(purchase) !== module);
  return !(isExtra && error?.startsWith('not_found'));
}

/** Without the documents that purchases are made of nobody has bought anything: no plan is to be made of that. */
function unbilledNote({ scoring }: Settings, results: readonly ModuleResult[]): string[] {
  const billed = billedModule(scoring.purchase);
  const failed = results.find(({ module, error }) => module === billed && error !== null);
  if (!failed) return [];
  return [
    `purchase.from is ${scoring.purchase.from}, but ${failed.module} cannot be read: no customer has a purchase; set purchase.from to deals, or let the connected user see ${failed.module}`,
  ];
}

/** Re-reads the named records into the store; answers those of which an input has changed, or may have. */
export async function refreshRecords(
  deps: LineDeps,
  connection: Connection,
  module: ModuleName,
  ids: readonly RecordId[],
): Promise<ReadonlySet<RecordId>> {
  const zoho = deps.zohoFor(connection);
  const changed = await syncNotified({ ...deps, zoho }, { ...orgInput(deps, connection), module, ids });
  const hasLines = await syncLinesOf({ ...deps, zoho }, connection, module, ids);
  return hasLines ? new Set(ids) : changed;
}

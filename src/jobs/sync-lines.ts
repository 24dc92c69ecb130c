import type { Connection, ModuleName, RecordId } from '../domain.ts';
import { AppError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import type { Settings } from '../rules.ts';
import {
  type LineDeps as LineReadDeps,
  type LinesResult,
  readLines,
  readLinesOf,
} from '../sync/document-lines.ts';
import { billedModule } from '../sync/document-modules.ts';
import { isRefusal } from '../sync/read-pages.ts';

/** The lines of the documents that purchases are made of, read after the documents themselves. */

type Deps = LineReadDeps & { readonly settings: Settings };

interface LineSync {
  readonly modules: readonly {
    readonly module: string;
    readonly mode: 'full' | 'incremental' | 'skipped';
    readonly method: LinesResult['method'];
    readonly read: number;
    readonly changed: number;
    readonly deleted: number;
    readonly quarantined: number;
    readonly error: string | null;
  }[];
  readonly isPartial: boolean;
  readonly warnings: readonly string[];
}
const NOTHING: LineSync = { modules: [], isPartial: false, warnings: [] };

export async function syncLines(
  deps: Deps,
  connection: Connection,
  modules: readonly ModuleName[],
): Promise<LineSync> {
  const module = billedModule(deps.settings.scoring.purchase);
  if (module === null || !modules.includes(module)) return NOTHING;
  const subform = deps.settings.mapping.lines[module];
  const credits = deps.settings.documentLineCredits;
  const result = { module: subform, changed: 0, deleted: 0 };
  try {
    const { method, lines, left, unreadable } = await readLines(deps, {
      connection,
      module,
      subform,
      credits,
    });
    const warnings = [
      ...(left === 0
        ? []
        : [
            `${subform}: the lines of ${left} documents are read in later runs (credits.documentLines allows ${credits} credits a run); until then margins stand for their cost`,
          ]),
      ...(unreadable === 0 ? [] : [`${subform}: ${unreadable} lines cannot be read and do not count`]),
    ];
    const mode = method === null ? 'skipped' : 'incremental';
    const told = { mode, method, read: lines, quarantined: unreadable, error: null } as const;
    return { modules: [{ ...result, ...told }], isPartial: false, warnings };
  } catch (error) {
    const endsTheRun =
      error instanceof ZohoCreditsError ||
      (error instanceof ZohoAuthError && !error.scope) ||
      !(error instanceof AppError);
    if (endsTheRun) throw error;
    deps.log.warn({ err: error, module: subform }, 'lines of documents could not be read');
    const told = { mode: 'skipped', method: null, read: 0, quarantined: 0 } as const;
    const isRefused = isRefusal(error) || !error.retryable;
    return {
      modules: [{ ...result, ...told, error: `${error.code}: ${error.message}` }],
      isPartial: !isRefused,
      warnings: isRefused ? [`${subform} cannot be read: margins stand for the cost of its documents`] : [],
    };
  }
}

/** After a notification: the lines of these documents alone. False: the module has none that are read. */
export async function syncLinesOf(
  deps: Deps,
  connection: Connection,
  module: ModuleName,
  ids: readonly RecordId[],
): Promise<boolean> {
  const billed = billedModule(deps.settings.scoring.purchase);
  if (billed === null || billed !== module) return false;
  const subform = deps.settings.mapping.lines[billed];
  const credits = deps.settings.documentLineCredits;
  await readLinesOf(deps, { connection, module: billed, subform, credits, ids });
  return true;
}

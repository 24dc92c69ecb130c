import type { ModuleName } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { coql, literal } from '../zoho/coql.ts';
import { countRecords } from '../zoho/records.ts';
import { integerOf } from '../zoho/values.ts';
import type { Columns } from './columns.ts';
import { compareIds } from './compare-ids.ts';
import { emptyTally, type ModuleInput, type SyncDeps } from './module-input.ts';
import { readColumns } from './read-columns.ts';
import { isWorthAnotherWay } from './read-pages.ts';
import { codeOf, endsTheRun } from './run-end.ts';
import { openModule, syncModule } from './sync-module.ts';

/** Stored records against the org's own count, and where they differ, or once a week, id by id. */

export interface ModuleReconcile {
  readonly module: ModuleName;
  /** What Zoho counts; null where it does not. */
  readonly counted: number | null;
  /** Living records here, and those set aside. */
  readonly stored: number;
  readonly compared: 'counts' | 'ids' | null;
  readonly missing: number;
  readonly extra: number;
  readonly stale: number;
  /** Records that now stand as Zoho has them. */
  readonly repaired: number;
  /** The differences were so many that the module was read whole. */
  readonly readAgain: boolean;
  readonly error: string | null;
}

// A week, less the hours by which a nightly job may start early.
const IDS_EVERY_MS = 6.5 * 86_400_000;

export async function reconcileModule(
  deps: SyncDeps,
  input: ModuleInput,
  { allIds }: { readonly allIds: boolean },
): Promise<ModuleReconcile> {
  const { connection, module } = input;
  const cursor = await deps.store.cursors.get(connection.id, module);
  if (cursor?.state !== 'following') return skipped(module, null);
  try {
    return await compare(deps, input, { allIds, filledAt: cursor.filledAt });
  } catch (error) {
    if (endsTheRun(error)) throw error;
    deps.log.warn({ err: error, module }, 'a module could not be reconciled');
    return skipped(module, error as AppError); // endsTheRun let only AppErrors through
  }
}

async function compare(
  deps: SyncDeps,
  input: ModuleInput,
  { allIds, filledAt }: { allIds: boolean; filledAt: Date | null },
): Promise<ModuleReconcile> {
  const { connection, module } = input;
  const tally = emptyTally();
  const { columns } = await readColumns(deps, input, tally, { refresh: false });
  const counted = await countAll(deps, module, columns);
  const stored = await countStored(deps, input);
  const checkedAt = (await deps.store.cursors.idsCheckedAt(connection.id, module)) ?? filledAt;
  const isDue = checkedAt === null || deps.clock.now().getTime() - checkedAt.getTime() > IDS_EVERY_MS;
  const equal = {
    module,
    counted,
    stored,
    missing: 0,
    extra: 0,
    stale: 0,
    repaired: 0,
    readAgain: false,
    error: null,
  };
  if (!allIds && !isDue && counted === stored) return { ...equal, compared: 'counts' };
  const found = await compareIds(deps, input, columns, { expected: counted ?? stored, tally });
  const { isTooMuch, ...differences } = found;
  if (!isTooMuch) {
    const repaired = tally.changed + tally.deleted;
    return { ...equal, ...differences, compared: 'ids', repaired };
  }
  const again = await syncModule(deps, await openModule(deps, { ...input, full: true, fullSince: null }));
  return {
    ...equal,
    ...differences,
    compared: 'ids',
    repaired: again.changed + again.deleted,
    readAgain: true,
    error: again.error,
  };
}

function skipped(module: ModuleName, error: AppError | null): ModuleReconcile {
  return {
    module,
    counted: null,
    stored: 0,
    compared: null,
    missing: 0,
    extra: 0,
    stale: 0,
    repaired: 0,
    readAgain: false,
    error: error === null ? null : `${codeOf(error)}: ${error.message}`,
  };
}

/** Whether a query on leads hides the converted ones is not settled, so both kinds are counted by name. */
async function countAll(deps: SyncDeps, module: ModuleName, columns: Columns): Promise<number | null> {
  const { converted } = columns.names;
  try {
    if (module !== 'Leads' || converted === undefined) return await countRecords(deps.zoho, module);
    let count = 0;
    for (const value of ['true', 'false']) {
      const query = `select COUNT(id) as leads from Leads where ${converted} = ${literal(value)}`;
      const { rows } = await coql(deps.zoho, query, 1);
      count += integerOf(rows[0]?.leads) ?? 0;
    }
    return count;
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module }, 'records could not be counted');
    return null;
  }
}

/** With rows that were set aside and of which nothing older is stored. */
async function countStored(deps: SyncDeps, { connection, module }: ModuleInput): Promise<number> {
  const { records, quarantine } = deps.store;
  const aside = await quarantine.ids(connection.id, module);
  const known = await records.get(connection.id, module, aside);
  return (await records.count(connection.id, module)) + aside.length - known.length;
}

import type { Clock } from '../clock.ts';
import type { ModuleName, RecordId } from '../domain.ts';
import { ZohoAuthError, ZohoContractError, ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import { bulkRead } from '../zoho/bulk-read.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { scanModule } from '../zoho/coql.ts';
import { countRecords, listRecords, type ZohoRow } from '../zoho/records.ts';
import type { Columns } from './columns.ts';
import { refusedFields } from './field-refusal.ts';

/** The ways to read a module from Zoho: which is cheapest, and which remains when one is refused. */

export interface ReadDeps {
  readonly zoho: ZohoClient;
  readonly clock: Clock;
  readonly log: Log;
}
export type Method = 'coql' | 'bulk' | 'list';

// COQL costs 1.5 credits per 1,000 rows, a bulk job 50 for up to 200,000 (Zoho docs, API limits).
const BULK_BREAK_EVEN_ROWS = 33_000;

/** Errors that say "this org does not let us read this module": the others go on and the sync is not partial. */
export function isRefusal(error: unknown): error is ZohoRejectedError | ZohoAuthError {
  if (error instanceof ZohoAuthError) return error.scope;
  const refusals = [
    'INVALID_MODULE',
    'NO_PERMISSION',
    'NOT_SUPPORTED',
    'AUTHORIZATION_FAILED',
    'MODULE_NOT_AVAILABLE',
    'MODULE_NOT_SUPPORTED',
  ];
  return error instanceof ZohoRejectedError && refusals.includes(error.zohoCode ?? '');
}

/** Converted leads may be hidden from a plain query, so both halves are asked for by name. */
export function wheresOf(module: ModuleName, columns: Columns): (string | undefined)[] {
  if (module !== 'Leads' || columns.names.converted === undefined) return [undefined];
  return ['false', 'true'].map((value) => `${columns.names.converted} = '${value}'`);
}

export async function* listAll(
  deps: ReadDeps,
  module: ModuleName,
  columns: Columns,
  modifiedSince: Date | null,
): AsyncGenerator<ZohoRow[]> {
  let pageToken: string | null = null;
  do {
    const page: { rows: ZohoRow[]; nextPageToken: string | null } = await listRecords(deps.zoho, module, {
      fields: columns.fields,
      sortBy: modifiedSince ? 'Modified_Time' : 'id',
      sortOrder: 'asc',
      ...(pageToken === null ? {} : { pageToken }),
      ...(modifiedSince ? { modifiedSince } : {}),
      ...(module === 'Leads' ? { converted: 'both' as const } : {}),
    });
    yield page.rows;
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
}

/** The next dearer way may still work: without the right to bulk jobs or to COQL, or with a column that one of them refuses. */
export function isWorthAnotherWay(error: unknown): boolean {
  return error instanceof ZohoRejectedError || error instanceof ZohoContractError || isRefusal(error);
}

/** Of notes there is no bulk read; who is no administrator may not list them either, and then COQL is tried. */
const LISTED: ReadonlySet<ModuleName> = new Set(['Events', 'Notes']);
export function methodToFollow(module: ModuleName): Method {
  return LISTED.has(module) ? 'list' : 'coql';
}

/** Only the list tells whether a meeting was cancelled ($event_cancelled); above its 100,000 rows bulk read takes over. */
export async function chooseMethod(deps: ReadDeps, module: ModuleName): Promise<Method> {
  if (module === 'Notes') return 'list';
  let rows = 0;
  try {
    rows = await countRecords(deps.zoho, module);
  } catch (error) {
    // An org that does not count is taken for a small one.
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module }, 'records could not be counted');
  }
  if (module === 'Events' && rows <= 100_000) return 'list';
  return rows > BULK_BREAK_EVEN_ROWS ? 'bulk' : 'coql';
}

/** Reads by the chosen method, then by those that ask for less; what was read before a refusal is only read again. */
export async function readByAny(
  deps: ReadDeps,
  { module, columns }: { module: ModuleName; columns: Columns },
  chosen: Method,
  read: (method: Method) => Promise<void>,
): Promise<Method> {
  const methods = [...new Set<Method>([chosen, 'coql', 'list'])];
  for (const [index, method] of methods.entries()) {
    try {
      await read(method);
      return method;
    } catch (error) {
      const next = methods[index + 1];
      // A field that is gone is gone whatever the way; without it this way still works.
      const isField = refusedFields(error, columns.fields).length > 0;
      if (next === undefined || isField || !isWorthAnotherWay(error)) throw error;
      deps.log.warn({ err: error, module, method, next }, 'another way of reading is tried');
    }
  }
  return chosen;
}

export async function* fullPages(
  deps: ReadDeps,
  module: ModuleName,
  columns: Columns,
  method: Method,
  afterId: RecordId | null,
): AsyncGenerator<ZohoRow[]> {
  const fields = [...columns.fields];
  if (method === 'list') return yield* listAll(deps, module, columns, null);
  if (method === 'bulk') return yield* bulkRead(deps.zoho, { module, fields }, deps);
  for (const where of wheresOf(module, columns)) {
    const rest = afterId === null ? where : `id > '${afterId}'`;
    yield* scanModule(deps.zoho, {
      module,
      fields,
      order: 'id',
      ...(rest === undefined ? {} : { where: rest }),
    });
  }
}

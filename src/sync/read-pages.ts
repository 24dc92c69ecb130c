import type { ModuleName } from '../domain.ts';
import { ZohoAuthError, ZohoContractError, ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { FillPosition, ListPosition } from '../store/store.ts';
import type { BulkDeps } from '../zoho/bulk-jobs.ts';
import { bulkRead } from '../zoho/bulk-read.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { scanModule } from '../zoho/coql.ts';
import { listByTime } from '../zoho/list-by-time.ts';
import { cheapestRead, type ReadWay } from '../zoho/prices.ts';
import { countRecords, type ListPage, listRecords, type ZohoRow } from '../zoho/records.ts';
import type { Columns } from './columns.ts';
import { refusedFields } from './field-refusal.ts';

/** The ways to read a module from Zoho: which is cheapest, and which remains when one is refused. */

export interface ReadDeps extends BulkDeps {
  readonly zoho: ZohoClient;
  readonly log: Log;
}
export type Method = ReadWay;

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

/** Converted leads may be hidden from a plain query, so both halves are asked for by name, the converted ones last. */
export function wheresOf(module: ModuleName, columns: Columns): (string | undefined)[] {
  if (module !== 'Leads' || columns.names.converted === undefined) return [undefined];
  return ['false', 'true'].map((value) => `${columns.names.converted} = '${value}'`);
}

interface ListedPage {
  readonly rows: ZohoRow[];
  /** Where the list goes on; null: it does not. */
  readonly next: ListPosition | null;
}

export async function* listAll(
  deps: ReadDeps,
  module: ModuleName,
  columns: Columns,
  { modifiedSince, after = null }: { modifiedSince: Date | null; after?: ListPosition | null },
): AsyncGenerator<ListedPage> {
  const query = {
    fields: columns.fields,
    ...(module === 'Leads' ? { converted: 'both' as const } : {}),
  };
  let since = modifiedSince;
  if (after !== null && 'since' in after) since = after.since === null ? null : new Date(after.since);
  else {
    for (let pageToken = after?.pageToken ?? null; ; ) {
      const page: ListPage = await listRecords(deps.zoho, module, {
        ...query,
        sortBy: modifiedSince ? 'Modified_Time' : 'id',
        sortOrder: 'asc',
        ...(pageToken === null ? {} : { pageToken }),
        ...(modifiedSince ? { modifiedSince } : {}),
      });
      pageToken = page.nextPageToken;
      const isTold = !page.more || pageToken !== null;
      yield { rows: page.rows, next: isTold ? tokenPosition(pageToken) : timePosition(since) };
      if (!page.more) return;
      if (pageToken === null) break;
    }
    deps.log.warn({ module }, 'Zoho names no next page of a list: it is read by time of change');
  }
  for await (const { rows, next } of listByTime(deps.zoho, module, query, since))
    yield { rows, next: next && timePosition(next.since) };
}

function tokenPosition(pageToken: string | null): ListPosition | null {
  return pageToken === null ? null : { pageToken };
}
function timePosition(since: Date | null): ListPosition {
  return { since: since?.toISOString() ?? null };
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

/** By price from the number of records; `rows` null: the org does not count, and is taken for a small one. */
export async function chooseMethod(
  deps: ReadDeps,
  module: ModuleName,
  columns: Columns,
): Promise<{ method: Method; rows: number | null }> {
  if (module === 'Notes') return { method: 'list', rows: null };
  let rows: number | null = null;
  try {
    rows = await countRecords(deps.zoho, module);
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    deps.log.warn({ err: error, module }, 'records could not be counted');
  }
  const { way } = cheapestRead(deps.zoho.prices, {
    rows: rows ?? 0,
    columns: columns.fields.length,
    ways: waysOf(module, rows ?? 0),
  });
  return { method: way, rows };
}

const LIST_REACHES_ROWS = 100_000;

/** Only the list tells whether a meeting was cancelled ($event_cancelled), as far as it reaches (docs/adr/0005). */
export function waysOf(module: ModuleName, rows: number): readonly Method[] {
  if (module === 'Events') return rows <= LIST_REACHES_ROWS ? ['list'] : ['coql', 'bulk'];
  return ['coql', 'bulk', 'list'];
}

/** Reads by the chosen method, then by those that ask for less; what was read before a refusal is only read again. */
export async function readByAny(
  deps: ReadDeps,
  { module, columns }: { module: ModuleName; columns: Columns },
  chosen: Method,
  read: (method: Method) => Promise<void>,
): Promise<Method> {
  const methods = [...new Set<Method>([chosen, 'coql', 'list'])];
  let trouble: unknown = null;
  for (const [index, method] of methods.entries()) {
    try {
      await read(method);
      return method;
    } catch (error) {
      const next = methods[index + 1];
      // A field that is gone is gone whatever the way; without it this way still works.
      const isField = refusedFields(error, columns.fields).length > 0;
      // What broke a way tells more than that another one is not granted.
      if (!isRefusal(error)) trouble ??= error;
      if (isField || !isWorthAnotherWay(error)) throw error;
      if (next === undefined) throw trouble ?? error;
      deps.log.warn({ err: error, module, method, next }, 'another way of reading is tried');
    }
  }
  return chosen;
}

interface FillInput {
  readonly module: ModuleName;
  readonly columns: Columns;
  /** How many records there are, where that is known. */
  readonly expected: number | null;
  /** Of an earlier attempt by the same method. */
  readonly from: FillPosition | null;
}
/** `at`: where the read goes on once the rows are stored. */
export interface FillPiece {
  readonly rows: ZohoRow[];
  readonly at: FillPosition | 'end';
}

export async function* fillPieces(
  deps: ReadDeps,
  method: Method,
  input: FillInput,
): AsyncGenerator<FillPiece> {
  if (method === 'list') return yield* listPieces(deps, input);
  if (method === 'coql') return yield* coqlPieces(deps, input);
  const { module, columns, from } = input;
  const query = { module, fields: [...columns.fields] };
  const known = from?.method === 'bulk' ? from : null;
  let hasConverted = false;
  for await (const { rows, position } of bulkRead(deps.zoho, query, deps, known)) {
    hasConverted ||= rows.some((row) => isConverted(row, columns));
    yield { rows, at: { method: 'bulk', ...position } };
  }
  // An export may hide converted leads, as lists do; one that shows none has them asked for by name.
  const part = wheresOf(module, columns).length - 1;
  if (part === 0 || hasConverted) return;
  yield* coqlPieces(deps, { ...input, from: { method: 'coql', part, afterId: null } });
}

function isConverted(row: ZohoRow, { names }: Columns): boolean {
  return names.converted !== undefined && String(row[names.converted]) === 'true';
}

async function* coqlPieces(
  deps: ReadDeps,
  { module, columns, expected, from }: FillInput,
): AsyncGenerator<FillPiece> {
  const known = from?.method === 'coql' ? from : { part: 0, afterId: null };
  const wheres = wheresOf(module, columns);
  for (const [part, where] of wheres.entries()) {
    if (part < known.part) continue;
    const after = part === known.part ? known.afterId : null;
    const pages = scanModule(deps.zoho, {
      module,
      fields: [...columns.fields],
      where,
      order: 'id',
      after,
      // The count is of all records and not of what is left of them.
      expected: wheres.length === 1 && after === null ? expected : null,
    });
    for await (const rows of pages) {
      yield { rows, at: { method: 'coql', part, afterId: rows.at(-1)?.id ?? null } };
    }
    if (part + 1 < wheres.length) {
      yield { rows: [], at: { method: 'coql', part: part + 1, afterId: null } };
    }
  }
}

async function* listPieces(deps: ReadDeps, { module, columns, from }: FillInput): AsyncGenerator<FillPiece> {
  let after: ListPosition | null = from?.method === 'list' ? from : null;
  for (;;) {
    try {
      for await (const { rows, next } of listAll(deps, module, columns, { modifiedSince: null, after })) {
        yield { rows, at: next === null ? 'end' : { method: 'list', ...next } };
        after = null;
      }
      return;
    } catch (error) {
      // A page token lives for 24 hours and only with the same parameters; without it the list starts anew.
      if (after === null || !(error instanceof ZohoRejectedError)) throw error;
      deps.log.warn({ err: error, module }, 'a list could not be continued and starts anew');
      after = null;
    }
  }
}

import { zohoInstant } from '../clock.ts';
import { ZohoAuthError, ZohoContractError, ZohoRejectedError } from '../errors.ts';
import type { ZohoClient, ZohoRequest } from './client.ts';
import { coql } from './coql.ts';
import { isObject } from './json.ts';
import { isSubConcurrentWrite, writePrice } from './prices.ts';
import { type RowResult, rowResults } from './row-results.ts';
import { inChunks, mergeById, rowsIn, type ZohoRow } from './rows.ts';
import { instantOf, integerOf } from './values.ts';

export type { RowResult } from './row-results.ts';
export type { ZohoRow } from './rows.ts';

/** The record API: pages, single records, deletions, counts and writes. */

export interface ListQuery {
  readonly fields: readonly string[];
  /** At most 50: longer lists do not fit into the parameter. */
  readonly ids?: readonly string[];
  readonly pageToken?: string;
  /** By number only the first 2,000 rows can be had. */
  readonly page?: number;
  readonly sortBy?: 'id' | 'Created_Time' | 'Modified_Time';
  readonly sortOrder?: 'asc' | 'desc';
  readonly modifiedSince?: Date;
  /** Leads: whether converted ones come along. */
  readonly converted?: 'true' | 'false' | 'both';
}

const MOST_FIELDS = 50;
const MOST_IDS = 50;
const MOST_WRITES = 100;
const PER_PAGE = 200;

function pathOf(module: string, rest = ''): string {
  return `/crm/v8/${encodeURIComponent(module)}${rest}`;
}

export interface ListPage {
  readonly rows: ZohoRow[];
  readonly nextPageToken: string | null;
  /** Some servers name no next page although there is more. */
  readonly more: boolean;
}

/** Up to 200 rows. More than 50 fields cost a call more for every 50 rows. */
export async function listRecords(client: ZohoClient, module: string, query: ListQuery): Promise<ListPage> {
  const fields = [...new Set(query.fields)];
  const first = fields.slice(0, MOST_FIELDS);
  const page = await listPage(client, module, { ...query, fields: first });
  const others = fields.slice(MOST_FIELDS);
  if (others.length === 0 || page.rows.length === 0) return page;
  const ids = page.rows.map((row) => row.id);
  const rest = new Map((await getRecords(client, module, ids, others)).map((row) => [row.id, row]));
  return { ...page, rows: mergeById(page.rows, rest) };
}

async function listPage(client: ZohoClient, module: string, query: ListQuery): Promise<ListPage> {
  const { body } = await client.request({
    method: 'GET',
    path: pathOf(module),
    query: {
      fields: query.fields.join(','),
      per_page: PER_PAGE,
      ...(query.ids ? { ids: query.ids.join(',') } : {}),
      ...(query.pageToken ? { page_token: query.pageToken } : {}),
      ...(query.page === undefined ? {} : { page: query.page }),
      ...(query.sortBy ? { sort_by: query.sortBy } : {}),
      ...(query.sortOrder ? { sort_order: query.sortOrder } : {}),
      ...(query.converted ? { converted: query.converted } : {}),
    },
    ...(query.modifiedSince ? { headers: { 'If-Modified-Since': zohoInstant(query.modifiedSince) } } : {}),
    credits: client.prices.listPage,
    sub: query.sortBy !== undefined,
  });
  const rows = rowsIn(body, `the list of ${module}`);
  const info = isObject(body) && isObject(body.info) ? body.info : {};
  const more = info.more_records === true && rows.length > 0;
  const token = more && typeof info.next_page_token === 'string' ? info.next_page_token : '';
  return { rows, nextPageToken: token === '' ? null : token, more };
}

/** With its subforms, which no list gives; null where Zoho does not show it. */
export async function getRecord(client: ZohoClient, module: string, id: string): Promise<ZohoRow | null> {
  const { body } = await client.request({
    method: 'GET',
    path: pathOf(module, `/${encodeURIComponent(id)}`),
    credits: client.prices.listPage,
  });
  return rowsIn(body, `record ${id} of ${module}`)[0] ?? null;
}

/** Any number of ids. Records that Zoho does not show are left out. */
export async function getRecords(
  client: ZohoClient,
  module: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<ZohoRow[]> {
  const columnSets = inChunks([...new Set(fields)], MOST_FIELDS);
  const chunks = inChunks([...new Set(ids)], MOST_IDS);
  const found = await Promise.all(chunks.map((chunk) => getChunk(client, module, chunk, columnSets)));
  return found.flat();
}

async function getChunk(
  client: ZohoClient,
  module: string,
  ids: readonly string[],
  columnSets: readonly string[][],
): Promise<ZohoRow[]> {
  // A converted lead is a record like any other when it is asked for by id.
  const extra = module === 'Leads' ? { converted: 'both' as const } : {};
  const [first = ['id'], ...others] = columnSets;
  let { rows } = await listPage(client, module, { fields: first, ids, ...extra });
  for (const fields of others) {
    const more = await listPage(client, module, { fields, ids, ...extra });
    rows = mergeById(rows, new Map(more.rows.map((row) => [row.id, row])));
  }
  return rows;
}

/**
 * Pages of what was deleted since then. Zoho may refuse what lies beyond 2,000 rows (ZohoRejectedError, code
 * DISCRETE_PAGINATION_LIMIT_EXCEEDED): only a comparison of all ids then tells.
 */
export async function* listDeleted(
  client: ZohoClient,
  module: string,
  since: Date,
): AsyncGenerator<{ id: string; deletedAt: Date }[]> {
  for (let page = 1; ; page += 1) {
    const { body } = await client.request({
      method: 'GET',
      path: pathOf(module, '/deleted'),
      query: { type: 'all', page, per_page: PER_PAGE },
      headers: { 'If-Modified-Since': zohoInstant(since) },
      credits: client.prices.deletedPage,
    });
    const rows = rowsIn(body, `the deleted ${module}`).map((row) => ({
      id: row.id,
      deletedAt: instantOf(row.deleted_time) ?? since,
    }));
    if (rows.length > 0) yield rows;
    const info = isObject(body) && isObject(body.info) ? body.info : {};
    if (info.more_records !== true || rows.length === 0) return;
  }
}

/** Exact by COQL; where that is refused, by Zoho's counter, which may lag by minutes. */
export async function countRecords(client: ZohoClient, module: string): Promise<number> {
  try {
    const { rows } = await coql(client, `select COUNT(id) from ${module} where id is not null`, 1);
    return rows[0] ? counted(rows[0], module) : 0;
  } catch (error) {
    const isRefused =
      error instanceof ZohoRejectedError ||
      error instanceof ZohoContractError ||
      (error instanceof ZohoAuthError && error.scope);
    if (!isRefused) throw error;
    const { body } = await client.request({
      method: 'GET',
      path: pathOf(module, '/actions/count'),
      credits: client.prices.count,
    });
    return body === null ? 0 : counted(isObject(body) ? body : {}, module);
  }
}

function counted(row: Record<string, unknown>, module: string): number {
  const key = Object.keys(row).find((name) => /^count(\(id\))?$/i.test(name));
  try {
    const count = key === undefined ? null : integerOf(row[key]);
    if (count !== null) return count;
  } catch {
    // Falls through: a count that is no number is as good as none.
  }
  throw new ZohoContractError(`Zoho did not say how many ${module} there are`);
}

/** No workflow, approval or cadence starts from our writes (Zoho docs, insert records). */
function writeBody(data: readonly Record<string, unknown>[]) {
  return { data, trigger: [], skip_feature_execution: [{ name: 'cadences' }] };
}

async function write(
  client: ZohoClient,
  module: string,
  input: {
    method: 'POST' | 'PUT';
    rows: readonly Record<string, unknown>[];
    unmodifiedSince?: Date | null;
  },
): Promise<RowResult[]> {
  const { method, rows, unmodifiedSince } = input;
  requireAtMost(rows.length);
  if (rows.length === 0) return [];
  return results(client, rows.length, {
    method,
    path: pathOf(module),
    body: writeBody(rows),
    credits: writePrice(client.prices, rows.length),
    sub: isSubConcurrentWrite(rows.length),
    ...(unmodifiedSince ? { headers: { 'If-Unmodified-Since': zohoInstant(unmodifiedSince) } } : {}),
  });
}

async function results(client: ZohoClient, expected: number, request: ZohoRequest): Promise<RowResult[]> {
  const { body } = await client.request(request);
  return rowResults(body, expected, `${request.method} ${request.path}`);
}

function requireAtMost(rows: number): void {
  if (rows > MOST_WRITES) throw new RangeError(`${rows} rows in one write; Zoho takes ${MOST_WRITES}`);
}

/**
 * Element i of the answer tells about row i. With `unmodifiedSince` nothing is written when one of the records was
 * written to since: ZohoRejectedError, code ALREADY_MODIFIED.
 */
export function updateRecords(
  client: ZohoClient,
  module: string,
  rows: readonly ZohoRow[],
  options: { readonly unmodifiedSince?: Date | null } = {},
): Promise<RowResult[]> {
  return write(client, module, { method: 'PUT', rows, ...options });
}

export function createRecords(
  client: ZohoClient,
  module: string,
  rows: readonly Record<string, unknown>[],
): Promise<RowResult[]> {
  return write(client, module, { method: 'POST', rows });
}

/** They go to the recycle bin, from which a person can restore them for 60 days. */
export async function deleteRecords(
  client: ZohoClient,
  module: string,
  ids: readonly string[],
): Promise<RowResult[]> {
  requireAtMost(ids.length);
  if (ids.length === 0) return [];
  return results(client, ids.length, {
    method: 'DELETE',
    path: pathOf(module),
    query: { ids: ids.join(','), wf_trigger: 'false' },
    credits: client.prices.deleteRecords,
  });
}

import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { createPageTokens, type PageStart, type PageTokens, type Place } from './page-tokens.ts';
import {
  DISCRETE_ROWS,
  instantHeader,
  invalidParam,
  moduleFor,
  pageParams,
  readyFields,
  requiredParam,
} from './requests.ts';
import { compareRowIds, type Row } from './row-table.ts';
import { showRow } from './row-values.ts';
import type { FieldState, ModuleState } from './state.ts';
import { formatInstant } from './times.ts';

const TOKEN_ROWS = 100_000;
const MOST_FIELDS = 50;
const SORTS = ['id', 'Created_Time', 'Modified_Time'] as const;

interface ListQuery {
  module: ModuleState;
  fields: FieldState[];
  sortBy: (typeof SORTS)[number];
  descending: boolean;
  ids: ReadonlySet<string> | null;
  isMatch: (row: Row) => boolean;
}

/** `GET /crm/v8/{module}`: pages of at most 200 rows, 2,000 by number and 100,000 by token. */
export function listRecords(context: SimContext): (call: Call) => Answer {
  const tokens = createPageTokens({ nowMs: () => context.clock.nowMs(), newToken: () => context.newToken() });
  return (call) => {
    const module = moduleFor(context, call, 'READ');
    call.charge(call.query.cvid === undefined ? 1 : 3);
    if (call.query.sort_by !== undefined) call.enterSub();
    if (module.apiName === 'Notes' && !call.user.admin)
      throw new ApiError(403, 'NOT_SUPPORTED', 'only administrators may list notes');
    const since = instantHeader(call, 'if-modified-since');
    const query = readQuery(context, call, module, since);
    const { page, perPage } = pageParams(call);
    const bound = boundParams(call);
    const start = pageStart(call, tokens, { page, perPage, bound });
    const rows = takeRows(
      query,
      start,
      call.query.page_token === undefined ? (page - 1) * perPage : 0,
      perPage,
    );
    if (rows.found.length === 0) return { status: since === null ? 204 : 304 };
    const viewer = context.viewer(call.user.timeZone);
    const data = rows.found.map((row) => showRow(viewer, row, query.fields));
    const info = {
      per_page: perPage,
      count: data.length,
      page: Math.floor(start.served / perPage) + 1,
      more_records: rows.hasMore,
      sort_by: query.sortBy,
      sort_order: query.descending ? 'desc' : 'asc',
      ...(context.switches.listNamesNextPage ? nextPage(call, tokens, { bound, start, query, rows }) : {}),
      call: false,
      email: false,
    };
    return { status: 200, json: { data, info } };
  };
}

function readQuery(context: SimContext, call: Call, module: ModuleState, since: number | null): ListQuery {
  const fields = listedFields(context, call, module);
  if (call.query.cvid !== undefined) throw invalidParam('cvid');
  const sortBy = SORTS.find((sort) => sort === (call.query.sort_by ?? 'id'));
  if (sortBy === undefined) throw invalidParam('sort_by', { supported_values: SORTS });
  const order = call.query.sort_order ?? 'desc';
  if (order !== 'asc' && order !== 'desc')
    throw invalidParam('sort_order', { supported_values: ['asc', 'desc'] });
  const isConvertedMatch = convertedFilter(call, module);
  return {
    module,
    fields,
    sortBy,
    descending: order === 'desc',
    ids: idList(call, context.switches.idsMaxLength),
    isMatch: (row) => (since === null || row.modifiedMs > since) && isConvertedMatch(row),
  };
}

/** The fields of a list, which must be named; lines are shown with one record only. Also for related lists. */
export function listedFields({ switches, clock }: SimContext, call: Call, module: ModuleState): FieldState[] {
  return fieldList(module, requiredParam(call, 'fields'), {
    nowMs: clock.nowMs(),
    rejects: switches.unknownListField === 'reject',
  }).filter(({ dataType }) => dataType !== 'subform');
}

/** The named fields that exist; also for reading one record. */
export function fieldList(
  module: ModuleState,
  text: string,
  { nowMs, rejects }: { nowMs: number; rejects: boolean },
): FieldState[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length > MOST_FIELDS)
    throw new ApiError(400, 'LIMIT_EXCEEDED', 'the limit of fields is exceeded', {
      limit: MOST_FIELDS,
      param: 'fields',
    });
  const ready = new Map(readyFields(module, nowMs).map((field) => [field.apiName, field]));
  return [...new Set(names)].flatMap((name) => {
    const field = ready.get(name);
    if (field === undefined && rejects) throw invalidParam('fields', { field: name });
    return field ?? [];
  });
}

export function convertedFilter(call: Call, module: ModuleState): (row: Row) => boolean {
  const { converted } = call.query;
  if (module.apiName !== 'Leads') return () => true;
  if (converted !== undefined && !['true', 'false', 'both'].includes(converted))
    throw invalidParam('converted', { supported_values: ['true', 'false', 'both'] });
  if (converted === 'both') return () => true;
  const wanted = converted === 'true';
  return (row) => (row.values.Converted__s === true) === wanted;
}

function idList(call: Call, maxLength: number): ReadonlySet<string> | null {
  const { ids } = call.query;
  if (ids === undefined) return null;
  if (ids.length > maxLength) throw invalidParam('ids', { maximum_length: maxLength });
  const list = ids.split(',').map((id) => id.trim());
  if (!list.every((id) => /^\d+$/.test(id))) throw invalidParam('ids', { expected_data_type: 'bigint' });
  return new Set(list);
}

/** Everything a page token is bound to. */
function boundParams(call: Call): string {
  const { page_token: _token, page: _page, ...rest } = call.query;
  const since = call.headers['if-modified-since'] ?? '';
  return JSON.stringify([call.params.module, since, ...Object.entries(rest).sort()]);
}

function pageStart(
  call: Call,
  tokens: PageTokens,
  { page, perPage, bound }: { page: number; perPage: number; bound: string },
): PageStart {
  const { page_token: token } = call.query;
  if (token === undefined) {
    if (page * perPage > DISCRETE_ROWS)
      throw new ApiError(
        400,
        'DISCRETE_PAGINATION_LIMIT_EXCEEDED',
        'use page_token to fetch more than 2000 records',
        { page_token: 'page_token' },
      );
    return { after: null, served: (page - 1) * perPage, previous: null };
  }
  if (call.query.page !== undefined)
    throw new ApiError(400, 'AMBIGUITY_DURING_PROCESSING', 'page and page_token cannot be used together', {
      ambiguity_due_to: [{ param_name: 'page' }, { param_name: 'page_token' }],
    });
  const start = tokens.open(token, bound, call.user.id);
  if (start.served >= TOKEN_ROWS)
    throw new ApiError(400, 'PAGINATION_LIMIT_EXCEEDED', 'only 100000 records can be fetched', {
      limit: TOKEN_ROWS,
    });
  return start;
}

interface Taken {
  found: Row[];
  hasMore: boolean;
}

function takeRows(query: ListQuery, start: PageStart, skipped: number, count: number): Taken {
  const found: Row[] = [];
  let skip = skipped;
  for (const row of inOrder(query, start.after)) {
    if (!query.isMatch(row)) continue;
    if (skip > 0) skip -= 1;
    else if (found.length === count) return { found, hasMore: true };
    else found.push(row);
  }
  return { found, hasMore: false };
}

function inOrder(query: ListQuery, after: Place | null): Iterable<Row> {
  const { module, sortBy, descending, ids } = query;
  if (ids === null && sortBy === 'id') return module.rows.fromId(after?.id ?? null, descending);
  if (ids === null && sortBy === 'Modified_Time') return module.rows.fromTime(after, descending);
  const rows = ids === null ? [...module.rows.values()] : [...ids].flatMap((id) => module.rows.get(id) ?? []);
  const sign = descending ? -1 : 1;
  const order = (a: Place, b: Place) => sign * (a.ms - b.ms || compareRowIds(a.id, b.id));
  const placed = rows.map((row) => ({ row, ...placeOf(row, sortBy) })).sort(order);
  return placed.filter((place) => after === null || order(place, after) > 0).map(({ row }) => row);
}

function placeOf(row: Row, sortBy: ListQuery['sortBy']): Place {
  const ms = sortBy === 'id' ? 0 : sortBy === 'Created_Time' ? row.createdMs : row.modifiedMs;
  return { ms, id: row.id };
}

function nextPage(
  call: Call,
  tokens: PageTokens,
  page: { bound: string; start: PageStart; query: ListQuery; rows: Taken },
) {
  const { bound, start, query, rows } = page;
  const last = rows.found.at(-1);
  if (!rows.hasMore || last === undefined)
    return { next_page_token: null, previous_page_token: start.previous, page_token_expiry: null };
  const { id: userId, timeZone } = call.user;
  const current = call.query.page_token ?? tokens.issue({ ...start, served: 0 }, bound, userId).token;
  const served = start.served + rows.found.length;
  const after = placeOf(last, query.sortBy);
  const next = tokens.issue({ after, served, previous: current }, bound, userId);
  return {
    next_page_token: next.token,
    previous_page_token: start.previous,
    page_token_expiry: formatInstant(next.expiresMs, timeZone),
  };
}

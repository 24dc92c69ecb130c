import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { convertedFilter, fieldList } from './record-list.ts';
import { DISCRETE_ROWS, invalidParam, moduleFor, pageParams, readyFields } from './requests.ts';
import type { Row } from './row-table.ts';
import { showRow } from './row-values.ts';
import { compileSearch } from './search-criteria.ts';
import type { ModuleState } from './state.ts';

const WAYS = ['criteria', 'email', 'phone', 'word'] as const;

/** `GET /crm/v8/{module}/search`. */
export function searchRecords(context: SimContext, call: Call): Answer {
  const module = moduleFor(context, call, 'READ');
  call.need('securesearch', 'READ');
  call.enterSub();
  call.charge(context.switches.searchCredits);
  if (module.kind === 'field_tracker') throw new ApiError(403, 'NO_PERMISSION', 'permission denied', {});
  const isFound = searchTest(context, call, module);
  if (isFound === null)
    throw new ApiError(400, 'EXPECTED_PARAM_MISSING', 'One of the expected parameter is missing', {
      expected_params: WAYS,
    });
  const { page, perPage } = pageParams(call);
  if (page * perPage > DISCRETE_ROWS)
    throw new ApiError(400, 'LIMIT_REACHED', 'only 2000 records can be searched', { limit: DISCRETE_ROWS });
  const rows = indexedRows(context, call, module).filter(isFound);
  const fields = fieldsIn(context, call, module);
  const viewer = context.viewer(call.user.timeZone);
  const data = rows.slice((page - 1) * perPage, page * perPage).map((row) => showRow(viewer, row, fields));
  if (data.length === 0) return { status: 204 };
  const reach = Math.min(rows.length, DISCRETE_ROWS);
  const info = { per_page: perPage, count: data.length, page, more_records: reach > page * perPage };
  return { status: 200, json: { data, info } };
}

/** `GET /crm/v8/{module}/actions/count`: of all records, or of those a search finds. */
export function countRecords(context: SimContext, call: Call): Answer {
  const module = moduleFor(context, call, 'READ');
  call.need('securesearch', 'READ');
  call.charge(1);
  if (call.query.cvid !== undefined) throw invalidParam('cvid');
  const isFound = searchTest(context, call, module);
  const rows = indexedRows(context, call, module);
  if (isFound !== null) return { status: 200, json: { count: rows.filter(isFound).length } };
  const { clock, switches } = context;
  const since = clock.nowMs() - switches.searchDelayMs;
  const stillIndexed = module.deleted.filter(({ deletedMs }) => deletedMs > since).length;
  return { status: 200, json: { count: rows.length + stillIndexed } };
}

/** What the index knows: it lags behind new records. Newest ids first. */
function indexedRows({ clock, switches }: SimContext, call: Call, module: ModuleState): Row[] {
  const until = clock.nowMs() - switches.searchDelayMs;
  const isShown = convertedFilter(call, module);
  const rows: Row[] = [];
  for (const row of module.rows.fromId(null, true))
    if (row.createdMs <= until && isShown(row)) rows.push(row);
  return rows;
}

/** The first of the ways that the call takes, in Zoho's order of priority; null when it takes none. */
function searchTest(context: SimContext, call: Call, module: ModuleState): ((row: Row) => boolean) | null {
  const { criteria, email, phone, word } = call.query;
  if (criteria !== undefined) {
    const test = compileSearch(criteria, module.apiName, context.catalog(call.user));
    const source = context.source(call.user.timeZone);
    return (row) => {
      const view = source.row(row.id);
      return view !== null && test(view, source);
    };
  }
  if (email !== undefined) return anyValue(module, 'email', (text) => text === email.toLowerCase());
  if (phone !== undefined) {
    const sought = digits(phone);
    return anyValue(module, 'phone', (text) => sought !== '' && digits(text).includes(sought));
  }
  return word === undefined ? null : anyValue(module, null, (text) => text.includes(word.toLowerCase()));
}

const digits = (text: string) => text.replace(/\D/g, '');

function anyValue(
  module: ModuleState,
  dataType: string | null,
  isMatch: (text: string) => boolean,
): (row: Row) => boolean {
  const fields = [...module.fields.values()].filter(
    (field) => dataType === null || field.dataType === dataType,
  );
  return ({ values }) =>
    fields.some(({ apiName }) => {
      const value = values[apiName];
      return typeof value === 'string' && isMatch(value.toLowerCase());
    });
}

function fieldsIn({ clock, switches }: SimContext, call: Call, module: ModuleState) {
  const nowMs = clock.nowMs();
  const rejects = switches.unknownListField === 'reject';
  const { fields } = call.query;
  const named =
    fields === undefined ? readyFields(module, nowMs) : fieldList(module, fields, { nowMs, rejects });
  return named.filter(({ dataType }) => dataType !== 'subform');
}

import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { findModule, scopeWord } from './module-access.ts';
import { listedFields } from './record-list.ts';
import { DISCRETE_ROWS, instantHeader, moduleFor, pageParams } from './requests.ts';
import { compareRowIds, type Row } from './row-table.ts';
import { showRow } from './row-values.ts';
import { STAGE_HISTORY } from './stage-history.ts';
import type { ModuleState } from './state.ts';

/** `GET /crm/v8/{module}/{id}/{related list}`: rows of another module that hang on one record. */
export function listRelatedRecords(context: SimContext, call: Call): Answer {
  const parent = moduleFor(context, call, 'READ');
  call.charge(1);
  const { id = '', list = '' } = call.params;
  const module = relatedModule(context, call, parent, list);
  call.need('modules', scopeWord(module), 'READ');
  if (!/^\d+$/.test(id) || parent.rows.get(id) === undefined)
    throw new ApiError(400, 'INVALID_DATA', 'the id given seems to be invalid', { resource_path_index: 1 });
  const fields = listedFields(context, call, module);
  const { page, perPage } = pageParams(call);
  if (page * perPage > DISCRETE_ROWS)
    throw new ApiError(400, 'DISCRETE_PAGINATION_LIMIT_EXCEEDED', 'only 2000 records can be fetched');
  const since = instantHeader(call, 'if-modified-since');
  const rows = relatedRows(context, parent, module, id).filter(
    (row) => since === null || row.modifiedMs > since,
  );
  const viewer = context.viewer(call.user.timeZone);
  const shown = rows.slice((page - 1) * perPage, page * perPage).map((row) => showRow(viewer, row, fields));
  if (shown.length === 0) return { status: since === null ? 204 : 304 };
  const info = {
    per_page: perPage,
    count: shown.length,
    page,
    more_records: rows.length > page * perPage,
    ...{ next_page_token: null, previous_page_token: null, page_token_expiry: null },
  };
  return { status: 200, json: { data: shown, info } };
}

function relatedModule(context: SimContext, call: Call, parent: ModuleState, list: string): ModuleState {
  const isHistory = parent.apiName === context.state.dealsModule && list === 'Stage_History';
  const module = findModule(context, isHistory ? STAGE_HISTORY : list, call.user);
  const isList = module !== undefined && (isHistory || module.kind !== 'field_tracker');
  if (isList && module.kind !== 'subform' && pointers(module, parent).length > 0) return module;
  throw new ApiError(400, 'INVALID_DATA', 'the relation name given seems to be invalid', {
    resource_path_index: 2,
  });
}

function pointers(module: ModuleState, { apiName: target }: ModuleState): string[] {
  return [...module.fields.values()]
    .filter(({ dataType, lookup }) => dataType === 'lookup' && (lookup === target || lookup === null))
    .map(({ apiName }) => apiName);
}

/** Newest ids first, as lists come. */
function relatedRows({ writing }: SimContext, parent: ModuleState, module: ModuleState, id: string): Row[] {
  const rows = pointers(module, parent).flatMap((name) => writing.index.findAll(module, name, id));
  return [...new Set(rows)].sort((a, b) => compareRowIds(b.id, a.id));
}

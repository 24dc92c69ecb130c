import { ApiError } from './api-error.ts';
import type { Answer, Call, Endpoint, SimContext } from './context.ts';
import type { ActiveFault } from './faults.ts';
import type { Change } from './notifier.ts';
import { DEFAULT_DUPLICATE_FIELD, NO_UPSERT } from './record-rules.ts';
import type { Written } from './record-writer.ts';
import { instantHeader, listIn, moduleFor } from './requests.ts';
import { isObject, type RowFault } from './row-input.ts';
import type { Row } from './row-table.ts';
import { showUser } from './row-values.ts';
import type { ModuleState } from './state.ts';
import { formatInstant } from './times.ts';

const MOST_ROWS = 100;
const ROWS_PER_CREDIT = 10;
/** Writes of more rows than this share the slots for heavy calls. */
const LIGHT_ROWS = 10;
const TRIGGERS = ['workflow', 'approval', 'blueprint', 'pathfinder', 'orchestration'];

type RowAnswer = { code: string; status: string; message: string; details: unknown } & Record<
  string,
  unknown
>;

interface Batch {
  call: Call;
  module: ModuleState;
  rows: unknown[];
  withLayoutRules: boolean;
  isQuiet: boolean;
  inserted: Change[];
  updated: Change[];
}

/** Creates, changes and deletes records; answers row by row in the order of the input. */
export function recordWrites(
  context: SimContext,
): Record<'create' | 'update' | 'upsert' | 'remove', Endpoint> {
  return {
    create: (call) => {
      const batch = openBatch(context, call, moduleFor(context, call, 'CREATE'), call.json());
      return answerBatch(context, batch, 201, (row, at) => insertRow(context, batch, row, at));
    },
    update: (call) => {
      const batch = openBatch(context, call, moduleFor(context, call, 'UPDATE'), call.json());
      const { id } = call.params;
      if (id !== undefined && batch.rows.length > 1)
        throw new ApiError(400, 'INVALID_DATA', 'one record only', { maximum_length: 1, api_name: 'data' });
      const rows =
        id === undefined ? batch.rows : batch.rows.map((row) => (isObject(row) ? { ...row, id } : row));
      refuseIfModified(call, batch.module, rows);
      return answerBatch(context, { ...batch, rows }, 200, (row, at) => updateRow(context, batch, row, at));
    },
    upsert: (call) => upsertRows(context, call),
    remove: (call) => removeRows(context, call),
  };
}

function openBatch(context: SimContext, call: Call, module: ModuleState, body: unknown): Batch {
  const rows = listIn(body, 'data', MOST_ROWS);
  const options = isObject(body) ? body : {};
  call.charge(Math.ceil(rows.length / ROWS_PER_CREDIT));
  if (rows.length > LIGHT_ROWS) call.enterSub();
  const { trigger } = options;
  const isKnown = Array.isArray(trigger) && trigger.every((word) => TRIGGERS.includes(String(word)));
  if (trigger !== undefined && !isKnown)
    throw new ApiError(400, 'INVALID_DATA', 'invalid data', { api_name: 'trigger', json_path: '$.trigger' });
  const isQuiet = Array.isArray(trigger) && trigger.length === 0;
  const { method, path } = call;
  if (!isQuiet) context.report.triggered({ method, path, module: module.apiName, rows: rows.length });
  const skipped = options.skip_feature_execution ?? options.$skip_feature_execution;
  if (!hasName(skipped, 'cadences')) context.report.cadenced();
  const withLayoutRules = hasName(options.apply_feature_execution, 'layout_rules');
  return { call, module, rows, withLayoutRules, isQuiet, inserted: [], updated: [] };
}

function hasName(list: unknown, name: string): boolean {
  return Array.isArray(list) && list.some((item) => isObject(item) && item.name === name);
}

function answerBatch(
  context: SimContext,
  batch: Batch,
  okStatus: 200 | 201,
  write: (row: unknown, at: number) => RowAnswer,
): Answer {
  const { call, module, isQuiet, inserted, updated } = batch;
  const answers = batch.rows.map((row, at) => forcedFailure(call, row, at) ?? write(row, at));
  const base = { module: module.apiName, user: call.user, isQuiet };
  context.notifier.changed({ ...base, operation: 'insert', changes: inserted });
  context.notifier.changed({ ...base, operation: 'update', changes: updated });
  return { status: statusOf(context, answers, okStatus), json: bodyOf(context, answers) };
}

function statusOf({ switches }: SimContext, answers: readonly RowAnswer[], okStatus: number): number {
  const failed = answers.filter(({ status }) => status === 'error').length;
  if (failed === 0) return okStatus;
  if (failed === answers.length) return 400;
  return switches.partialStatus === 200 ? okStatus : switches.partialStatus;
}

function bodyOf({ switches }: SimContext, answers: readonly RowAnswer[]): unknown {
  const [only] = answers;
  const isBare = switches.allFailedShape === 'bare' && answers.length === 1 && only?.status === 'error';
  return isBare ? only : { data: answers };
}

function forcedFailure(call: Call, row: unknown, at: number): RowAnswer | null {
  const half = call.fault('half-failed');
  if (half !== null && (at + 1) % (half.every ?? 2) === 0)
    return failed({
      code: half.code ?? 'INVALID_DATA',
      message: half.message ?? 'invalid data',
      details: {},
    });
  const id = isObject(row) ? String(row.id) : null;
  if (id === null) return null;
  if (call.fault('locked')?.ids?.includes(id)) return lockedAnswer(id);
  const refused = call.faultsOf('refused').find(({ ids, field }) => {
    const isMeant = field === undefined || (isObject(row) && field in row);
    return isMeant && ids?.includes(id);
  });
  return refused === undefined ? null : refusedAnswer(refused, at);
}

/** As Zoho words its refusals of a record; those about a field name it. */
const REFUSALS: Readonly<Record<string, string>> = {
  RECORD_LOCKED: 'The record under merge is locked',
  RECORD_IN_BLUEPRINT: 'The record is in blueprint',
  NOT_APPROVED: 'The record is not approved',
  NO_PERMISSION: 'permission denied',
  AUTHORIZATION_FAILED: 'User does not have sufficient privilege to update the record',
  INVALID_DATA: 'invalid data',
  DUPLICATE_DATA: 'duplicate data',
  MANDATORY_NOT_FOUND: 'required field not found',
  LIMIT_EXCEEDED: 'the value is too large',
};

function refusedAnswer({ code = 'INVALID_DATA', message, field }: ActiveFault, at: number): RowAnswer {
  const details = field === undefined ? {} : { api_name: field, json_path: `$.data[${at}].${field}` };
  return failed({ code, message: message ?? REFUSALS[code] ?? 'refused', details });
}

const lockedAnswer = (id: string) =>
  failed({ code: 'RECORD_LOCKED', message: 'The record under merge is locked', details: { id } });

function failed({ code, message, details }: RowFault): RowAnswer {
  return { code, status: 'error', message, details };
}

function insertRow(context: SimContext, batch: Batch, input: unknown, at: number): RowAnswer {
  const written = context.writer.insert(batch.module, input, options(batch, at));
  return answerRow(context, batch, written, 'insert');
}

function updateRow(context: SimContext, batch: Batch, input: unknown, at: number): RowAnswer {
  const id = isObject(input) ? input.id : undefined;
  const place = { api_name: 'id', json_path: `$.data[${at}].id` };
  if (id === undefined)
    return failed({ code: 'MANDATORY_NOT_FOUND', message: 'required field not found', details: place });
  const row = typeof id === 'string' ? batch.module.rows.get(id) : undefined;
  if (row === undefined)
    return failed({ code: 'INVALID_DATA', message: 'the id given seems to be invalid', details: place });
  if (row.values.Locked__s === true) return lockedAnswer(row.id);
  const written = context.writer.update(batch.module, row, input, options(batch, at));
  return answerRow(context, batch, written, 'update');
}

function options({ call, withLayoutRules }: Batch, position: number) {
  return { user: call.user, position, withLayoutRules, isPerson: false };
}

function answerRow(
  context: SimContext,
  batch: Batch,
  written: Written,
  action: 'insert' | 'update',
): RowAnswer {
  if (!written.ok) return faultyRow(context, written.faults);
  const { row, fields } = written;
  context.report.write(row.module, row.id, fields, action === 'insert');
  const change = { id: row.id, fields };
  if (action === 'insert') batch.inserted.push(change);
  else batch.updated.push(change);
  const message = action === 'insert' ? 'record added' : 'record updated';
  return { code: 'SUCCESS', status: 'success', message, details: stamps(context, batch.call, row) };
}

function faultyRow({ switches }: SimContext, faults: readonly RowFault[]): RowAnswer {
  const [first] = faults;
  if (switches.rowErrors === 'multiple' && faults.length > 1) {
    const errors = faults.map(failed);
    return {
      code: 'MULTIPLE_OR_MULTI_ERRORS',
      status: 'error',
      message: 'multiple errors',
      details: {},
      errors,
    };
  }
  return failed(first ?? { code: 'INVALID_DATA', message: 'invalid data', details: {} });
}

function stamps({ state }: SimContext, { user }: Call, row: Row) {
  return {
    Modified_Time: formatInstant(row.modifiedMs, user.timeZone),
    Modified_By: person(state, row.modifiedBy),
    Created_Time: formatInstant(row.createdMs, user.timeZone),
    id: row.id,
    Created_By: person(state, row.createdBy),
  };
}

function person(state: SimContext['state'], id: string) {
  const { name } = showUser(state, id) ?? { name: null };
  return { name, id };
}

function refuseIfModified(call: Call, module: ModuleState, rows: readonly unknown[]): void {
  const since = instantHeader(call, 'if-unmodified-since');
  if (since === null) return;
  for (const input of rows) {
    const row = isObject(input) ? module.rows.get(String(input.id)) : undefined;
    if (row !== undefined && row.modifiedMs > since)
      throw new ApiError(412, 'ALREADY_MODIFIED', 'the record has been modified', { id: row.id });
  }
}

function upsertRows(context: SimContext, call: Call): Answer {
  const module = moduleFor(context, call, 'CREATE', 'UPDATE');
  if (NO_UPSERT.has(module.apiName))
    throw new ApiError(400, 'INVALID_MODULE', 'the module does not support upsert');
  const body = call.json();
  const batch = openBatch(context, call, module, body);
  const checked = duplicateFields(module, isObject(body) ? body.duplicate_check_fields : undefined);
  refuseIfModified(call, module, batch.rows);
  const answer = answerBatch(context, batch, 200, (input, at) => {
    const row = isObject(input) ? input : {};
    const same = row.id === undefined ? context.writer.findSame(module, checked, row) : null;
    const action = same === null && row.id === undefined ? 'insert' : 'update';
    const written =
      action === 'insert'
        ? insertRow(context, batch, input, at)
        : updateRow(context, batch, { ...row, id: row.id ?? same?.row.id }, at);
    return written.status === 'error'
      ? written
      : { ...written, action, duplicate_field: same?.field ?? null };
  });
  const isAllNew = answer.status === 200 && batch.updated.length === 0;
  return isAllNew ? { ...answer, status: 201 } : answer;
}

/** In order of priority: those of the call, else the system's field; always the unique ones. */
function duplicateFields(module: ModuleState, given: unknown): string[] {
  if (given !== undefined) {
    const names = Array.isArray(given) ? given.map(String) : [];
    if (names.length === 0 || !names.every((name) => module.fields.has(name)))
      throw new ApiError(400, 'INVALID_DATA', 'invalid data', {
        api_name: 'duplicate_check_fields',
        json_path: '$.duplicate_check_fields',
      });
    return [...names, ...uniqueFields(module)];
  }
  return [
    DEFAULT_DUPLICATE_FIELD[module.apiName] ?? (module.kind === 'custom' ? 'Name' : 'id'),
    ...uniqueFields(module),
  ];
}

function uniqueFields(module: ModuleState): string[] {
  return [...module.fields.values()].filter(({ unique }) => unique).map(({ apiName }) => apiName);
}

function removeRows(context: SimContext, call: Call): Answer {
  const module = moduleFor(context, call, 'DELETE');
  call.charge(1);
  const ids = (call.params.id ?? call.query.ids ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0)
    throw new ApiError(400, 'REQUIRED_PARAM_MISSING', 'One of the expected parameter is missing', {
      param: 'ids',
    });
  if (ids.length > MOST_ROWS)
    throw new ApiError(400, 'LIMIT_EXCEEDED', 'too many ids', { limit: MOST_ROWS, param: 'ids' });
  const { method, path, user } = call;
  const isQuiet = call.query.wf_trigger === 'false';
  if (!isQuiet) context.report.triggered({ method, path, module: module.apiName, rows: ids.length });
  const removed: Change[] = [];
  const answers = ids.map((id, at): RowAnswer => {
    const forced = forcedFailure(call, { id }, at);
    if (forced !== null) return forced;
    if (!/^\d{1,19}$/.test(id))
      return failed({
        code: 'UNABLE_TO_PARSE_DATA_TYPE',
        message: 'the id is not a number',
        details: { id },
      });
    const row = module.rows.get(id);
    if (row === undefined)
      return failed({ code: 'INVALID_DATA', message: 'record not deleted', details: { id } });
    context.writer.remove(module, row, user);
    removed.push({ id, fields: ['Record_Status__s'] });
    return { code: 'SUCCESS', status: 'success', message: 'record deleted', details: { id } };
  });
  context.notifier.changed({ module: module.apiName, user, isQuiet, operation: 'delete', changes: removed });
  return { status: statusOf(context, answers, 200), json: { data: answers } };
}

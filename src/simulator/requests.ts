import { ApiError } from './api-error.ts';
import type { Call, SimContext } from './context.ts';
import { findModule, scopeWord } from './module-access.ts';
import { isObject } from './row-input.ts';
import type { FieldState, ModuleState } from './state.ts';
import { parseInstant } from './times.ts';

const PAGE_ROWS = 200;
export const DISCRETE_ROWS = 2_000;

/** The module that the call names, with the scope it needs checked. */
export function moduleFor(
  context: SimContext,
  call: Call,
  ...operations: ('READ' | 'CREATE' | 'UPDATE' | 'DELETE')[]
): ModuleState {
  const name = call.params.module ?? '';
  const module = findModule(context, name, call.user);
  const isRead = operations.every((operation) => operation === 'READ');
  // Lines are reached by queries and exports, histories can only be read.
  const isServed = module?.kind !== 'subform' && (module?.kind !== 'field_tracker' || isRead);
  if (module === undefined || !isServed)
    throw new ApiError(400, 'INVALID_MODULE', 'The module name given seems to be invalid', {
      resource_path_index: 0,
    });
  for (const operation of operations) call.need('modules', scopeWord(module), operation);
  return module;
}

/** Fields that exist by now. */
export function knownFields(module: ModuleState, nowMs: number): FieldState[] {
  return [...module.fields.values()].filter(({ readyMs }) => readyMs <= nowMs);
}

/** Those of them that the connected user's profile shows. */
export function readyFields(module: ModuleState, nowMs: number): FieldState[] {
  return knownFields(module, nowMs).filter(({ hidden }) => !hidden);
}

export function invalidParam(name: string, more: Record<string, unknown> = {}): ApiError {
  return new ApiError(400, 'INVALID_DATA', 'invalid data', {
    param_name: name,
    ...more,
  });
}

export function pageParams(call: Call): { page: number; perPage: number } {
  const page = wholeNumber(call, 'page', 1);
  const perPage = wholeNumber(call, 'per_page', PAGE_ROWS);
  if (perPage > PAGE_ROWS) throw invalidParam('per_page', { maximum_length: PAGE_ROWS });
  return { page, perPage };
}

function wholeNumber(call: Call, name: string, otherwise: number): number {
  const text = call.query[name];
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidParam(name, { expected_data_type: 'integer' });
  return Number(text);
}

/** The header's instant in epoch milliseconds; null without the header. */
export function instantHeader(call: Call, name: 'if-modified-since' | 'if-unmodified-since'): number | null {
  const text = call.headers[name];
  if (text === undefined) return null;
  const ms = parseInstant(text);
  if (ms === null)
    throw new ApiError(400, 'INVALID_DATA', `invalid value in the header ${name}`, {
      header: name,
      expected_data_type: 'datetime',
    });
  return ms;
}

/** The array under a key of the body, of 1 to `maximum` elements. */
export function listIn(body: unknown, key: string, maximum: number): unknown[] {
  const place = { api_name: key, json_path: `$.${key}` };
  if (!isObject(body))
    throw new ApiError(400, 'INVALID_DATA', 'invalid data', { expected_data_type: 'jsonobject' });
  const list = body[key];
  if (list === undefined) throw new ApiError(400, 'MANDATORY_NOT_FOUND', 'required field not found', place);
  if (!Array.isArray(list))
    throw new ApiError(400, 'INVALID_DATA', 'invalid data', { expected_data_type: 'jsonarray', ...place });
  if (list.length === 0) throw new ApiError(400, 'MANDATORY_NOT_FOUND', 'required field not found', place);
  if (list.length > maximum)
    throw new ApiError(400, 'INVALID_DATA', 'invalid data', { maximum_length: maximum, ...place });
  return list;
}

export function requiredParam(call: Call, name: string): string {
  const value = call.query[name];
  if (value !== undefined && value !== '') return value;
  throw new ApiError(400, 'REQUIRED_PARAM_MISSING', 'One of the expected parameter is missing', {
    param: name,
    param_name: name,
  });
}

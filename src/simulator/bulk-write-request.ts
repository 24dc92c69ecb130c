import { ApiError } from './api-error.ts';
import type { Mapping, Operation, UploadedFile } from './bulk-write-types.ts';
import { knownFields } from './requests.ts';
import { isObject } from './row-input.ts';
import type { FieldState, ModuleState } from './state.ts';

/** Modules that the page of bulk write names, beside custom ones and lines. */
const MODULES = new Set([
  'Leads',
  'Accounts',
  'Contacts',
  'Deals',
  'Campaigns',
  'Cases',
  'Solutions',
  'Products',
  'Vendors',
  'Price_Books',
  'Tasks',
]);
const OPERATIONS: readonly string[] = ['insert', 'update', 'upsert'];
const DATED = new Set(['date', 'datetime']);
const LOOKUPS = new Set(['lookup', 'ownerlookup', 'userlookup']);

export interface BulkWriteBody {
  operation: Operation;
  ignoreEmpty: boolean;
  moduleName: string;
  fileId: string;
  findBy: string | null;
  mappings: unknown;
  callbackUrl: string | null;
}

/** What can be judged without the file and the module. */
export function judgeBody(body: unknown): BulkWriteBody {
  if (!isObject(body))
    throw new ApiError(400, 'INVALID_DATA', 'invalid data', { expected_data_type: 'jsonobject' });
  const { operation } = body;
  if (operation === undefined) throw missing('operation');
  if (!OPERATIONS.includes(String(operation))) throw invalid('operation');
  const resources = body.resource;
  if (resources === undefined) throw missing('resource');
  if (!Array.isArray(resources) || !resources.every(isObject)) throw invalid('resource');
  const [resource] = resources;
  if (resource === undefined) throw missing('resource');
  if (resources.length > 1) throw new ApiError(400, 'LIMIT_EXCEEDED', 'one resource only', { limit: 1 });
  if (resource.type !== undefined && resource.type !== 'data') throw invalid('type');
  const moduleName = isObject(resource.module) ? resource.module.api_name : undefined;
  if (typeof moduleName !== 'string') throw missing('module');
  if (typeof resource.file_id !== 'string') throw missing('file_id');
  const { find_by: findBy } = resource;
  if (findBy === undefined && operation !== 'insert') throw missing('find_by');
  if (findBy !== undefined && typeof findBy !== 'string') throw invalid('find_by');
  const ignoreEmpty = body.ignore_empty ?? resource.ignore_empty ?? false;
  if (typeof ignoreEmpty !== 'boolean') throw invalid('ignore_empty');
  return {
    operation: operation as Operation, // the list of OPERATIONS was asked above
    ignoreEmpty,
    moduleName,
    fileId: resource.file_id,
    findBy: findBy ?? null,
    mappings: resource.field_mappings,
    callbackUrl: callbackOf(body.callback),
  };
}

function callbackOf(callback: unknown): string | null {
  if (callback === undefined) return null;
  if (!isObject(callback) || typeof callback.url !== 'string') throw invalid('callback');
  if (callback.method !== 'post')
    throw new ApiError(400, 'INVALID_CALLBACK_METHOD', 'invalid callback method', {
      supported_callback_methods: ['post'],
    });
  return callback.url;
}

export function requireBulkModule(module: ModuleState | undefined, name: string): ModuleState {
  const isServed = module?.kind === 'custom' || (module !== undefined && MODULES.has(module.apiName));
  if (module !== undefined && isServed) return module;
  throw new ApiError(400, 'MODULE_NOT_AVAILABLE', `Requested module '${name}' is not available.`, {
    api_name: name,
  });
}

/** How the columns of the file become fields. Without mappings the header names them. */
export function judgeMappings(
  { operation, findBy, mappings }: BulkWriteBody,
  { module, file, nowMs }: { module: ModuleState; file: UploadedFile; nowMs: number },
): Mapping[] {
  const fields = new Map(knownFields(module, nowMs).map((field) => [field.apiName, field]));
  const given: unknown = mappings ?? file.header.map((api_name, index) => ({ api_name, index }));
  if (!Array.isArray(given) || !given.every(isObject)) throw invalid('field_mappings');
  const judged = given.map((mapping) => judgeMapping(mapping, fields, file.header.length));
  const names = judged.map(({ apiName }) => apiName);
  const doubled = names.find((name, at) => names.indexOf(name) !== at);
  if (doubled !== undefined) throw new ApiError(400, 'INVALID_FIELD', 'mapped twice', { api_name: doubled });
  requireFound(findBy, names, fields);
  if (operation !== 'update') requireMandatory(names, fields);
  return judged;
}

function judgeMapping(
  mapping: Record<string, unknown>,
  fields: ReadonlyMap<string, FieldState>,
  columns: number,
): Mapping {
  const apiName = String(mapping.api_name ?? '').replace(/\.id$/, '');
  const field = apiName === 'id' ? 'id' : fields.get(apiName);
  if (field === undefined || (field !== 'id' && field.hidden))
    throw new ApiError(400, 'INVALID_FIELD_NAME', `invalid mapping. invalid api_name ${apiName}.`, {
      api_name: apiName,
    });
  if (field !== 'id' && (field.readOnly || field.dataType === 'subform'))
    throw new ApiError(400, 'INVALID_FIELD', 'the field cannot be written', { api_name: apiName });
  const constant = isObject(mapping.default_value) ? String(mapping.default_value.value ?? '') : null;
  const { index, format, find_by: findBy } = mapping;
  if (index === undefined && constant === null) throw missing(`index for field ${apiName}`);
  if (index !== undefined && !Number.isInteger(index)) throw invalid('index');
  if (typeof index === 'number' && (index < 0 || index >= columns))
    throw new ApiError(400, 'COLUMN_INDEX_NOT_FOUND', 'the file has no such column', { index });
  if (format !== undefined && (field === 'id' || !DATED.has(field.dataType)))
    throw new ApiError(400, 'INVALID_FORMAT', 'a format is for dates only', { api_name: apiName });
  if (field !== 'id' && LOOKUPS.has(field.dataType) && findBy === undefined)
    throw missing(`find_by for field ${apiName}`);
  return {
    field,
    apiName,
    index: typeof index === 'number' ? index : null,
    constant,
    format: typeof format === 'string' ? format : null,
    findBy: typeof findBy === 'string' ? findBy : null,
  };
}

function requireFound(
  findBy: string | null,
  names: readonly string[],
  fields: ReadonlyMap<string, FieldState>,
): void {
  if (findBy === null) return;
  if (findBy !== 'id' && fields.get(findBy)?.unique !== true)
    throw new ApiError(400, 'INVALID_FIELD', 'find_by must be the id or a unique field', {
      api_name: findBy,
    });
  if (!names.includes(findBy)) throw notMapped(findBy);
}

function requireMandatory(names: readonly string[], fields: ReadonlyMap<string, FieldState>): void {
  const absent = [...fields.values()].find(({ mandatory, apiName }) => mandatory && !names.includes(apiName));
  if (absent !== undefined) throw notMapped(absent.apiName);
}

const notMapped = (apiName: string) =>
  new ApiError(400, 'MANDATORY_FIELDS_NOT_MAPPED', 'All mandatory fields are not mapped for the layout', {
    api_name: apiName,
  });
const missing = (key: string) =>
  new ApiError(400, 'MISSING_REQUIRED_KEY', `required key ${key} is not found in request body.`, { key });
const invalid = (key: string) => new ApiError(400, 'INVALID_DATA', 'invalid data', { api_name: key });

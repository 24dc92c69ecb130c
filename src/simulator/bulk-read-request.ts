import { compileCriteria, isObject } from './bulk-read-criteria.ts';
import { BulkReadError, type BulkReadSwitches, type Export } from './bulk-read-types.ts';
import { resolvePath, UNSELECTABLE_TYPES } from './coql-path.ts';
import type { CoqlCatalog, Path } from './coql-types.ts';

/** Modules that bulk read never exports. */
const UNSUPPORTED_MODULES = new Set(['Notes', 'Attachments', 'Emails']);
const QUERY_KEYS = new Set(['module', 'fields', 'criteria', 'page', 'page_token', 'cvid']);

export interface RequestContext {
  catalog: CoqlCatalog;
  switches: Pick<BulkReadSwitches, 'bulkPages'>;
  negationMatchesEmpty: boolean;
}

interface Callback {
  url: string;
}

export type BulkReadRequest = { callback: Callback | null } & (
  | { kind: 'new'; export: Export; page: number }
  | { kind: 'continued'; pageToken: string }
);

export function judgeRequest(body: unknown, context: RequestContext): BulkReadRequest {
  if (!isObject(body))
    throw new BulkReadError('REQUEST_BODY_NOT_SUPPORTED', 'the body must be a JSON object');
  const { query } = body;
  if (!isObject(query)) throw invalid('query is missing');
  const fileType = body.file_type ?? 'csv';
  if (fileType !== 'csv') {
    throw new BulkReadError('NOT_SUPPORTED_FEATURE', 'the file type is not supported', {
      file_type: fileType,
    });
  }
  if ('file_type' in query) throw invalid('file_type belongs beside query');
  const strange = Object.keys(query).find((key) => !QUERY_KEYS.has(key));
  if (strange !== undefined) {
    throw new BulkReadError('QUERY_NOT_SUPPORTED', 'the key is not supported in query', {
      api_name: strange,
    });
  }
  const callback = callbackOf(body.callback);
  if ('page_token' in query) {
    if (Object.keys(query).length > 1) throw invalid('page_token stands alone in query');
    if (typeof query.page_token !== 'string') throw invalid('page_token must be a string');
    return { callback, kind: 'continued', pageToken: query.page_token };
  }
  if (query.cvid !== undefined && query.cvid !== null) {
    throw new BulkReadError('CVID_NOT_SUPPORTED', 'the custom view is not supported');
  }
  const module = moduleOf(query.module, context.catalog);
  const page = pageOf(query.page ?? 1, context.switches);
  const columns = columnsOf(query.fields, module, context.catalog);
  const { criteria } = query;
  const isMatch =
    criteria === undefined || criteria === null
      ? () => true
      : compileCriteria(criteria, { ...context, module });
  const shownQuery = {
    module: query.module,
    ...shown('fields', query.fields),
    ...shown('criteria', criteria),
  };
  return { callback, kind: 'new', page, export: { module, columns, isMatch, shownQuery } };
}

function shown(key: string, value: unknown): Record<string, unknown> {
  return value === undefined || value === null ? {} : { [key]: value };
}

function invalid(reason: string): BulkReadError {
  return new BulkReadError('INVALID_REQUEST', 'the request is invalid', { info_message: reason });
}

function callbackOf(callback: unknown): Callback | null {
  if (callback === undefined || callback === null) return null;
  if (!isObject(callback) || typeof callback.url !== 'string' || !/^https?:\/\/[^/\s]+/.test(callback.url)) {
    throw new BulkReadError('INVALID_CALLBACK_URL', 'the callback URL is invalid');
  }
  if (callback.method !== 'post') {
    throw new BulkReadError('INVALID_CALLBACK_METHOD', 'the callback method is invalid', {
      supported: ['post'],
    });
  }
  return { url: callback.url };
}

function moduleOf(module: unknown, catalog: CoqlCatalog): string {
  if (!isObject(module) || typeof module.api_name !== 'string')
    throw invalid('query.module is an object with api_name');
  const name = module.api_name;
  if (UNSUPPORTED_MODULES.has(name)) {
    throw new BulkReadError('MODULE_NOT_SUPPORTED', 'the module is not supported', { api_name: name });
  }
  if (catalog.module(name) === null) {
    throw new BulkReadError('MODULE_NOT_AVAILABLE', 'the module is not available', { api_name: name });
  }
  return name;
}

function pageOf(page: unknown, { bulkPages }: RequestContext['switches']): number {
  if (typeof page !== 'number' || !Number.isInteger(page) || page < 1) {
    throw new BulkReadError('PAGE_NOT_SUPPORTED', 'the page is not supported');
  }
  const highest = bulkPages === 'token-only' ? 1 : 500;
  if (page > highest)
    throw new BulkReadError('PAGE_RANGE_EXCEEDED', 'the page is out of range', { max_limit: highest });
  return page;
}

function columnsOf(fields: unknown, module: string, catalog: CoqlCatalog): Path[] {
  if (fields === undefined || fields === null) return allColumns(module, catalog);
  if (!Array.isArray(fields) || fields.length === 0 || !fields.every((field) => typeof field === 'string')) {
    throw invalid('query.fields is a list of names');
  }
  return fields.map((name: string) => column(name, module, catalog));
}

function allColumns(module: string, catalog: CoqlCatalog): Path[] {
  const fields = [...(catalog.module(module)?.fields ?? [])];
  const readable = fields.filter(([, field]) => !UNSELECTABLE_TYPES.has(field.data_type));
  return readable.map(([name]) => column(name, module, catalog));
}

function column(name: string, module: string, catalog: CoqlCatalog): Path {
  const path = resolvePath({ text: name, quoted: false }, module, catalog);
  const details = { api_name: name, module };
  if (path === 'unknown')
    throw new BulkReadError('FIELD_NOT_AVAILABLE', 'the field is not available', details);
  if (path === 'too many joins') throw new BulkReadError('JOIN_LIMIT_EXCEEDED', 'too many joins', details);
  if (UNSELECTABLE_TYPES.has(path.type.data_type)) {
    throw new BulkReadError('FIELD_NOT_SUPPORTED', 'the field is not supported', details);
  }
  return path;
}

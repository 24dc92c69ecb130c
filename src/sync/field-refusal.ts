import { ZohoRejectedError } from '../errors.ts';
import { COMMON_FIELDS } from './inputs.ts';

/** A field that was removed, or hidden, between the reading of the metadata and the query. */

const CODES = new Set(['INVALID_QUERY', 'FIELD_NOT_AVAILABLE', 'INVALID_DATA', 'NO_PERMISSION']);
const NEVER_LEFT_OUT: ReadonlySet<string> = new Set(['id', ...COMMON_FIELDS]);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}

/** The fields of `asked` that a refusal names; Zoho names them under various keys. */
export function refusedFields(error: unknown, asked: readonly string[]): string[] {
  if (!(error instanceof ZohoRejectedError) || !CODES.has(error.zohoCode ?? '')) return [];
  const named = new Set(textsIn(error.details));
  return asked.filter((name) => named.has(name) && !NEVER_LEFT_OUT.has(name));
}

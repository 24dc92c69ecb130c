import { ZohoContractError } from '../errors.ts';
import { isObject } from './json.ts';

/** A record as Zoho sends it, from JSON or CSV: `id` is always there and always text. */
export type ZohoRow = { id: string } & Record<string, unknown>;

/** The list under `key`; null (204, 304) is an empty one. */
export function listIn(body: unknown, key: string, what: string): Record<string, unknown>[] {
  if (body === null) return [];
  const list = isObject(body) ? body[key] : undefined;
  if (!Array.isArray(list) || !list.every(isObject)) {
    throw new ZohoContractError(`Zoho's answer to ${what} has no list "${key}"; nothing of it was used`);
  }
  return list;
}

/** Some answers spell it Id; a stand-in may send a number. */
export function withId(row: Record<string, unknown>): ZohoRow | null {
  const key = 'id' in row ? 'id' : Object.keys(row).find((name) => name.toLowerCase() === 'id');
  const value = key === undefined ? null : row[key];
  if (key === undefined || (typeof value !== 'string' && typeof value !== 'number')) return null;
  if (key === 'id' && typeof value === 'string') return row as ZohoRow; // checked on the line above
  const { [key]: _spelled, ...rest } = row;
  return { ...rest, id: String(value) };
}

export function rowsIn(body: unknown, what: string): ZohoRow[] {
  return listIn(body, 'data', what).map((row) => {
    const known = withId(row);
    if (known === null) throw new ZohoContractError(`Zoho's answer to ${what} holds a record without id`);
    return known;
  });
}

/** Takes what `extra` has and `base` lacks, record by record. */
export function mergeById(base: readonly ZohoRow[], extra: ReadonlyMap<string, ZohoRow>): ZohoRow[] {
  return base.flatMap((row) => {
    const more = extra.get(row.id);
    return more ? [{ ...more, ...row }] : [];
  });
}

export function inChunks<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

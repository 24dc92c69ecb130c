import type { RowResult, ZohoRow } from '../zoho/records.ts';
import { instantOf } from '../zoho/values.ts';

/**
 * Zoho's optimistic lock costs nothing: a call with If-Unmodified-Since writes nothing when one of its records was
 * written to since (zoho-api.md 3.4). The instant is Zoho's own, so no clock of ours comes into it.
 */

const CODES = new Set(['ALREADY_MODIFIED', 'RECORD_MODIFIED']);

/** The newest change among records as they were read; null where one of them does not tell. */
export function newestOf(rows: readonly (ZohoRow | undefined)[]): Date | null {
  let newestMs: number | null = null;
  for (const row of rows) {
    const ms = modifiedMs(row);
    if (ms === null) return null;
    newestMs = Math.max(newestMs ?? ms, ms);
  }
  return newestMs === null ? null : new Date(newestMs);
}

function modifiedMs(row: ZohoRow | undefined): number | null {
  try {
    return instantOf(row?.Modified_Time)?.getTime() ?? null;
  } catch {
    // A time that cannot be read protects nothing.
    return null;
  }
}

export function isModifiedSince({ code }: Extract<RowResult, { ok: false }>): boolean {
  return CODES.has(code);
}

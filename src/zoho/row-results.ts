import { ZohoUnavailableError } from '../errors.ts';
import { isSuccess, problemOf, resultRows } from './answers.ts';
import { isObject } from './json.ts';
import { instantOf } from './values.ts';

/** What became of each row of a write. The status of the whole call says nothing about it. */

export type RowResult =
  | {
      readonly ok: true;
      readonly id: string;
      readonly action: 'insert' | 'update' | null;
      readonly modifiedAt: Date | null;
    }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly field: string | null;
      readonly details: unknown;
      /** DUPLICATE_DATA: the record that already holds the value, where Zoho names it. */
      readonly duplicateId?: string;
    };

function idText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function modifiedAtOf(details: Record<string, unknown>): Date | null {
  try {
    return instantOf(details.Modified_Time);
  } catch {
    // The row was written; a time that cannot be read must not turn that into a failure.
    return null;
  }
}

function rowResult(row: unknown): RowResult {
  const details = isObject(row) && isObject(row.details) ? row.details : {};
  const action = isObject(row) && (row.action === 'insert' || row.action === 'update') ? row.action : null;
  const id = idText(details.id);
  if (isSuccess(row) && id !== null) return { ok: true, id, action, modifiedAt: modifiedAtOf(details) };
  const problem = problemOf(row) ?? { code: 'UNKNOWN', message: 'no code given', details: null };
  const inner = isObject(problem.details) ? problem.details : {};
  const duplicateId =
    problem.code === 'DUPLICATE_DATA'
      ? (idText(inner.id) ?? (isObject(inner.duplicate_record) ? idText(inner.duplicate_record.id) : null))
      : null;
  return {
    ok: false,
    code: problem.code,
    message: problem.message,
    field: typeof inner.api_name === 'string' ? inner.api_name : null,
    details: problem.details,
    ...(duplicateId === null ? {} : { duplicateId }),
  };
}

/** Element i answers input i. */
export function rowResults(body: unknown, expected: number, what: string): RowResult[] {
  const rows = resultRows(body);
  if (rows !== null && rows.length === expected) return rows.map(rowResult);
  // The write went through, but which rows of it did is not told.
  throw new ZohoUnavailableError(
    `Zoho answered ${what} with ${rows?.length ?? 'no'} results for ${expected} rows; what was written is read back first`,
    { answerLost: true },
  );
}

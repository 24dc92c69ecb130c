import { stringify } from 'csv-stringify/sync';
import { harmless } from './row-lines.ts';

interface Row {
  readonly trouble: readonly string[];
  readonly causes: unknown;
}

/** One line a connection, as the command line and the API export it; the trouble in words. */
export function fleetCsv(rows: readonly Row[]): string {
  const told = rows.map(({ causes: _causes, trouble, ...row }) => ({ ...row, trouble: trouble.join('; ') }));
  return stringify(told, { header: true, cast: { string: harmless } });
}

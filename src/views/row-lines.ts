import { stringify } from 'csv-stringify/sync';
import type { ExportRow } from './customer-rows.ts';

export type RowFormat = 'csv' | 'ndjson';

// What a spreadsheet would compute instead of show; a number with its sign is none.
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A text that no spreadsheet takes for a formula. */
export function harmless(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** Rows as the lines of a file; CSV begins with its head. */
export async function* rowLines(
  rows: AsyncIterable<ExportRow>,
  columns: readonly string[],
  format: RowFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\n`;
  for await (const row of rows) {
    yield format === 'ndjson'
      ? `${JSON.stringify(row)}\n`
      : stringify([columns.map((column) => row[column])], { cast: { boolean: String, string: harmless } });
  }
}

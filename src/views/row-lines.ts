import { stringify } from 'csv-stringify/sync';
import type { ExportRow } from './customer-rows.ts';

export type RowFormat = 'csv' | 'ndjson';

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
      : stringify([columns.map((column) => row[column])], { cast: { boolean: (value) => String(value) } });
  }
}

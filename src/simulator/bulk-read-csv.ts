import type { BulkReadSwitches } from './bulk-read-types.ts';
import { readPath } from './coql-filter.ts';
import type { CoqlSource, Path, RowView } from './coql-types.ts';

const ROWS_PER_CHUNK = 500;

/** The file, piece by piece. The id comes first unless it was asked for at another place. */
export function* csvChunks(
  rows: readonly RowView[],
  columns: readonly Path[],
  source: CoqlSource,
  switches: Pick<BulkReadSwitches, 'bulkBom' | 'bulkIdHeader' | 'bulkMultiSeparator'>,
): Generator<string> {
  const hasId = columns.some(({ text }) => text === 'id');
  const names = columns.map(({ text }) => (text === 'id' ? switches.bulkIdHeader : text));
  const header = hasId ? names : [switches.bulkIdHeader, ...names];
  yield (switches.bulkBom ? '\uFEFF' : '') + line(header);
  for (let start = 0; start < rows.length; start += ROWS_PER_CHUNK) {
    let chunk = '';
    for (const row of rows.slice(start, start + ROWS_PER_CHUNK)) {
      const cells = columns.map((path) => cell(cellValue(path, row, source), switches.bulkMultiSeparator));
      chunk += line(hasId ? cells : [String(row.get('id') ?? row.id), ...cells]);
    }
    yield chunk;
  }
}

function cellValue(path: Path, row: RowView, source: CoqlSource): unknown {
  const isJoined = path.through.length > 0 || path.field === 'id';
  return isJoined || row.cell === undefined ? readPath(path, row, source) : row.cell(path.field);
}

function line(cells: string[]): string {
  return `${cells.map(quoted).join()}\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lookups shrink to their id, tags to their names; an empty text and nothing look the same. */
function cell(value: unknown, separator: string): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value))
    return value.map((part: unknown) => name(part)).join(isTags(value) ? ',' : separator);
  if (typeof value === 'object') return 'id' in value ? String(value.id) : JSON.stringify(value);
  return String(value);
}

function isTags(values: unknown[]): boolean {
  return values.some((value) => typeof value === 'object');
}

function name(part: unknown): string {
  return typeof part === 'object' && part !== null && 'name' in part ? String(part.name) : String(part);
}

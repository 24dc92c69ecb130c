import Table from 'cli-table3';

/** Tables and lines of the command line: plain text, no colour, narrow enough for 110 columns. */

export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const numeric = head.map((_, column) =>
    rows.every((row) => typeof row[column] === 'number' || row[column] === null),
  );
  const plain = new Table({
    head: [...head],
    colAligns: numeric.map((isNumeric) => (isNumeric ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
  plain.push(...rows.map((row) => row.map((cell) => (cell === null ? '' : whole(cell)))));
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function whole(cell: string | number): string {
  return typeof cell === 'number' ? cell.toLocaleString('en') : cell;
}

/** "top 158 · good 241 · marginal 301"; counts of zero are left out. */
export function counts(of: { readonly [name: string]: number | undefined }): string {
  const parts = Object.entries(of).filter(([, n]) => (n ?? 0) > 0);
  return parts.length === 0
    ? 'none'
    : parts.map(([name, n]) => `${name} ${(n ?? 0).toLocaleString('en')}`).join(' · ');
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

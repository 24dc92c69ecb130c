import { readFileSync } from 'node:fs';

/** Tables of the documents, so that tests can hold them to the code. */

export type Row = ReadonlyMap<string, string>;

/** All rows of all tables under `heading` (up to the next one of its level or above), by their column titles. */
export function tableRows(file: string, heading: string): Row[] {
  return rowsIn(sectionOf(readFileSync(file, 'utf8'), heading, file));
}

function sectionOf(text: string, heading: string, file: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`${file} has no heading "${heading}"`);
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const isEnd = (line: string) => new RegExp(`^#{1,${level}} `).test(line);
  const length = lines.slice(start + 1).findIndex(isEnd);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

function rowsIn(text: string): Row[] {
  const rows: Row[] = [];
  let titles: string[] | null = null;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) {
      titles = null;
      continue;
    }
    const cells = line
      .slice(1, line.trimEnd().lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (titles === null) titles = cells;
    else if (!/^:?-+:?$/.test(cells[0] ?? '')) {
      rows.push(new Map(titles.map((title, index) => [title, cells[index] ?? ''])));
    }
  }
  return rows;
}

/** The cell; throws where the table has no such column. */
export function cell(row: Row, title: string): string {
  const found = row.get(title);
  if (found === undefined) throw new Error(`the table has no column "${title}"`);
  return found;
}

export const withoutMarks = (text: string): string => text.replaceAll('`', '');

/** The content of the block "```json NAME". */
export function jsonBlock<T>(file: string, name: string): T {
  const block = new RegExp(`\`\`\`json ${name}\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(file, 'utf8'))?.[1];
  if (!block) throw new Error(`${file} has no example "${name}"`);
  return JSON.parse(block) as T; // the shape is that of the block in the document
}

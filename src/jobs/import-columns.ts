import { closest, distance } from 'fastest-levenshtein';
import { InputError } from '../errors.ts';

/** Which cell of a record is which column of ours. */

interface Columns {
  /** Place in the record → our name; null: a column that is none of ours. */
  readonly names: readonly (string | null)[];
  /** As the file writes them. */
  readonly ignored: readonly string[];
}
interface Known {
  readonly columns: { readonly [name: string]: readonly string[] };
  readonly required: readonly (readonly string[])[];
}

/** In any order and any case. Throws InputError that names every problem of the header at once. */
export function readHeader(file: string, header: readonly string[], { columns, required }: Known): Columns {
  const byAlias = new Map<string, string>();
  for (const [name, aliases] of Object.entries(columns)) {
    for (const alias of aliases) byAlias.set(alias, name);
  }
  for (const name of Object.keys(columns)) byAlias.set(name, name);
  const problems: string[] = [];
  const ignored: string[] = [];
  const names = header.map((cell) => {
    const word = cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    const name = byAlias.get(word);
    if (name !== undefined) return name;
    const near = word === '' ? '' : closest(word, [...byAlias.keys()]);
    if (near !== '' && distance(word, near) <= Math.min(2, Math.floor(word.length / 4))) {
      problems.push(`unknown column ${cell.trim()}; did you mean ${near}?`);
    } else if (word !== '') ignored.push(cell.trim());
    return null;
  });
  for (const name of new Set(names)) {
    if (name !== null && names.indexOf(name) !== names.lastIndexOf(name))
      problems.push(`two columns are the ${name}; keep one`);
  }
  for (const group of required) {
    if (!group.some((name) => names.includes(name)))
      problems.push(`a column is missing: ${group.join(' or ')}`);
  }
  if (problems.length === 0) return { names, ignored };
  const all = Object.keys(columns).join(', ');
  throw new InputError(
    `${file}: ${problems.join('; ')}. Nothing was imported. Columns: ${all} (docs/imports.md)`,
  );
}

/** The filled cells by our names; null when the record has another number of cells than the header. */
export function cellsByName(
  { names }: Columns,
  cells: readonly string[],
): ReadonlyMap<string, string> | null {
  if (cells.length !== names.length) return null;
  const values = new Map<string, string>();
  for (const [place, cell] of cells.entries()) {
    const name = names[place];
    const value = cell.trim();
    if (name !== null && name !== undefined && value !== '') values.set(name, value);
  }
  return values;
}

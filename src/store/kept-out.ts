import type { ModuleName, RecordId } from '../domain.ts';
import { ERASED } from './erased-text.ts';
import type { Suppressions } from './suppressions.ts';

/** What may be stored of a record when people were erased: nothing of theirs, and everything of their accounts. */

type Cells = { [name: string]: unknown };
const PEOPLE: ReadonlySet<string> = new Set(['Contacts', 'Leads']);
const IS_ID = /^\d+$/;

/** Null: the record is that of an erased person. */
export function keptOut<R extends { readonly id: RecordId }>(
  suppressions: Suppressions,
  module: ModuleName | 'Emails',
  record: R,
): R | null {
  const isErased = (value: unknown): value is string =>
    typeof value === 'string' && IS_ID.test(value) && suppressions.isErased(value);
  if (isErased(record.id)) return null;
  const cells: Cells = { ...record };
  let account: RecordId | null = null;
  let isAbout = false;
  for (const [name, value] of Object.entries(record)) {
    if (isErased(value)) {
      cells[name] = null;
      isAbout = true;
      account ??= suppressions.accountOf(value);
    } else if (!(name === 'name' && PEOPLE.has(module))) cells[name] = cleaned(suppressions, isErased, value);
  }
  if (isAbout) relink(cells, account);
  return cells as R; // the same keys; ids that may be missing became null, texts stayed texts
}

/** What hung on the person alone hangs on the account, and what was said is not kept. */
function relink(cells: Cells, account: RecordId | null): void {
  if ('subject' in cells) cells.subject = ERASED;
  const link = 'whatId' in cells ? 'whatId' : 'accountId';
  if (link in cells && cells[link] === null) cells[link] = account;
}

function cleaned(suppressions: Suppressions, isErased: (value: unknown) => boolean, value: unknown): unknown {
  if (typeof value === 'string') return IS_ID.test(value) ? value : suppressions.text(value);
  if (Array.isArray(value) || value === null || typeof value !== 'object' || value instanceof Date)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isErased(inner) ? null : cleaned(suppressions, isErased, inner),
    ]),
  );
}

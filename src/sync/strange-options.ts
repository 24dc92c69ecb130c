import type { ZohoRow } from '../zoho/records.ts';
import { strangeOptions } from '../zoho/values.ts';
import type { Columns } from './columns.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { ColumnsOutdated } from './read-columns.ts';

/**
 * Values of picklists that their field does not offer: imported, of an option that was deleted, or of one that is newer
 * than what we know of the field. They are stored as they came, and counted.
 */

// An org that imports free texts into a picklist would have every new one asked about.
const MOST_REMEMBERED = 200;
const MOST_NAMED = 3;
// Counted apart, since a fill that catches up meets a record twice.
const MOST_COUNTED = 10_000;

const nameOf = (module: string) => `strange:${module}`;

/**
 * To be called before changes are read: a text that Zoho was asked about before is no reason to ask again, nor to tell
 * of it in every run. A whole read tells of all.
 */
export async function recallStrangeOptions(deps: SyncDeps, input: ModuleInput, tally: Tally): Promise<void> {
  const { connection, module } = input;
  const known = await deps.store.metadata.get<string[]>(connection.id, nameOf(module));
  tally.knownStrange = new Set(known?.body ?? []);
}

/** Throws ColumnsOutdated at a text that nobody has told of, while the fields are those of an earlier run. */
export function noteStrangeOptions(
  { module }: ModuleInput,
  { shapes }: Columns,
  rows: readonly ZohoRow[],
  tally: Tally,
): void {
  const { knownStrange } = tally;
  const isAsking = tally.columnsAreRemembered && knownStrange !== null && knownStrange.size < MOST_REMEMBERED;
  for (const [name, shape] of shapes) {
    // Lookups, and picklists whose options nobody told.
    if (shape.options.size === 0) continue;
    for (const row of rows) {
      for (const text of strangeOptions(row[name], shape)) {
        const one = `${name}: ${text}`;
        if (knownStrange?.has(one)) continue;
        if (isAsking) throw new ColumnsOutdated(`${module} has an option that is new to us (${one})`);
        if (tally.strange.texts.size < MOST_REMEMBERED) tally.strange.texts.add(one);
        if (tally.strange.ids.size < MOST_COUNTED) tally.strange.ids.add(row.id);
      }
    }
  }
}

/** To be called when a module was read: names them, and remembers them where Zoho was asked in this run. */
export async function settleStrangeOptions(deps: SyncDeps, input: ModuleInput, tally: Tally): Promise<void> {
  const { connection, module } = input;
  const { strange, knownStrange } = tally;
  if (strange.ids.size === 0) return;
  if (!tally.columnsAreRemembered) {
    const all = [...new Set([...(knownStrange ?? []), ...strange.texts])].slice(0, MOST_REMEMBERED);
    await deps.store.metadata.set(connection.id, nameOf(module), all, deps.clock.now());
  }
  const { size } = strange.ids;
  const count = size < MOST_COUNTED ? `${size}` : `at least ${MOST_COUNTED}`;
  const texts = [...strange.texts];
  const more = texts.length > MOST_NAMED ? `; and ${texts.length - MOST_NAMED} more` : '';
  tally.notes.push(
    `${module}: ${count} ${size === 1 ? 'record has' : 'records have'} a text that is no option of its picklist (${texts.slice(0, MOST_NAMED).join('; ')}${more}); kept as it is`,
  );
}

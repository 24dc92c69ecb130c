import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import { type Columns, columnsOf } from './columns.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { isWorthAnotherWay } from './read-pages.ts';

/** Which fields of a module are read: by its metadata, or the standard ones where Zoho gives none. */
export async function readColumns(deps: SyncDeps, input: ModuleInput, tally: Tally): Promise<Columns> {
  const { module, mapping, ours } = input;
  let meta: FieldMeta[] = [];
  try {
    meta = await fetchFields(deps.zoho, module);
  } catch (error) {
    // Without metadata the standard fields are taken to exist; a module that is not there says so when it is read.
    if (!isWorthAnotherWay(error)) throw error;
    tally.notes.push(`${module}: its fields cannot be listed, so the standard ones are read`);
  }
  const columns = columnsOf(module, meta, mapping, ours);
  tally.notes.push(...columns.missing.map((name) => `${module} has no field ${name}: it stays empty`));
  return columns;
}

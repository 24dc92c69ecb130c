import type { Connection, ModuleName } from '../domain.ts';
import type { Store } from '../store/store.ts';
import { isInputKey } from '../sync/columns.ts';
import { inputsOf } from '../sync/inputs.ts';

/** What Zoho is to notify us of: one channel a module, so that one that Zoho refuses takes no other with it. */

export interface Watch {
  readonly module: ModuleName;
  readonly part: number;
  readonly events: string[];
  /** Fields that we read and never write: our own writes must not notify us of themselves. */
  readonly fields: string[];
}

// Zoho takes ten fields in the conditions of a channel.
const MOST_FIELDS = 10;
// Zoho fills these by itself, along with a change that is told anyway, and may not take them in a condition.
const FILLED_BY_ZOHO: { readonly [M in ModuleName]?: ReadonlySet<string> } = {
  Contacts: new Set(['fullName']),
  Leads: new Set([
    'fullName',
    'converted',
    'convertedAt',
    'convertedAccount',
    'convertedContact',
    'convertedDeal',
  ]),
  Tasks: new Set(['closed']),
};

export interface WatchesStore {
  readonly mappingStates: Pick<Store['mappingStates'], 'of'>;
  readonly fieldMap: Pick<Store['fieldMap'], 'all'>;
}

export async function wantedWatches(
  store: WatchesStore,
  connection: Connection,
  modules: readonly ModuleName[],
): Promise<Watch[]> {
  const filledIn = (await store.fieldMap.all(connection.id)).filter(({ key }) => isInputKey(key));
  const watches: Watch[] = [];
  for (const module of modules) {
    const fields = [
      ...(await readFields(store, connection, module)),
      'Owner',
      ...filledIn.filter((field) => field.module === module).map(({ apiName }) => apiName),
    ];
    watches.push(...watchesOf(module, [...new Set(fields)]));
  }
  return watches;
}

/** As the last sync found them; before the first one those that Zoho itself has. */
async function readFields(
  store: Pick<WatchesStore, 'mappingStates'>,
  { id }: Connection,
  module: ModuleName,
): Promise<string[]> {
  const isTold = (input: string) => !input.startsWith('ours.') && FILLED_BY_ZOHO[module]?.has(input) !== true;
  const states = await store.mappingStates.of(id, module);
  if (states.length > 0) {
    return states
      .filter(({ input, reason }) => reason === null && isTold(input))
      .map(({ apiName }) => apiName);
  }
  return inputsOf(module).flatMap(([input, { names, isCustom }]) =>
    isCustom || !isTold(input) ? [] : names.slice(0, 1),
  );
}

function watchesOf(module: ModuleName, fields: readonly string[]): Watch[] {
  const watches: Watch[] = [];
  for (let part = 0; part * MOST_FIELDS < fields.length; part++) {
    watches.push({
      module,
      part,
      events: part === 0 ? [`${module}.create`, `${module}.edit`, `${module}.delete`] : [`${module}.edit`],
      fields: fields.slice(part * MOST_FIELDS, (part + 1) * MOST_FIELDS),
    });
  }
  return watches;
}

import type { Connection, ModuleName } from '../domain.ts';
import type { Settings } from '../rules.ts';
import type { CustomerOptions } from '../store/record-stores.ts';
import type { Store } from '../store/store.ts';
import { storedTexts } from '../sync/columns.ts';
import { documentModules } from '../sync/document-modules.ts';
import type { FieldMeta } from '../zoho/metadata.ts';

/** Who is a customer, as the settings have it. */

export function customerOptions(settings: Settings) {
  const { basis, excludeAccountTypes, rollUp } = settings.scoring.customer;
  return { basis, excludeAccountTypes, rollUp, documents: documentModules(settings.scoring.purchase) };
}

interface Deps {
  readonly store: Pick<Store, 'metadata' | 'mappingStates'>;
  readonly settings: Settings;
}

/** The settings may name a type of account as this org shows it; stored is the text behind it. */
export async function customerOptionsOf(
  { store, settings }: Deps,
  id: Connection['id'],
): Promise<CustomerOptions> {
  const options = customerOptions(settings);
  if (options.excludeAccountTypes.length === 0) return options;
  const texts = await textsOfOptions({ store }, id, 'Accounts', 'type');
  const byLower = new Map([...texts].map(([text, stored]) => [text.trim().toLowerCase(), stored]));
  return {
    ...options,
    excludeAccountTypes: options.excludeAccountTypes.map(
      (type) => texts.get(type) ?? byLower.get(type.trim().toLowerCase()) ?? type,
    ),
  };
}

/** Every text of the options of an input's field, with the one that is stored; empty where it is no picklist. */
export async function textsOfOptions(
  { store }: Pick<Deps, 'store'>,
  id: Connection['id'],
  module: ModuleName,
  input: string,
): Promise<ReadonlyMap<string, string>> {
  const states = await store.mappingStates.of(id, module);
  const apiName = states.find((state) => state.input === input)?.apiName;
  const fields = await store.metadata.get<FieldMeta[]>(id, `fields:${module}`);
  return storedTexts(fields?.body.find((field) => field.apiName === apiName)?.picklist ?? []);
}

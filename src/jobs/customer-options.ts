import type { Connection } from '../domain.ts';
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
  const states = await store.mappingStates.of(id, 'Accounts');
  const apiName = states.find(({ input }) => input === 'type')?.apiName;
  const fields = await store.metadata.get<FieldMeta[]>(id, 'fields:Accounts');
  const texts = storedTexts(fields?.body.find((field) => field.apiName === apiName)?.picklist ?? []);
  return {
    ...options,
    excludeAccountTypes: options.excludeAccountTypes.map((type) => texts.get(type) ?? type),
  };
}

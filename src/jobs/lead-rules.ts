import type { Connection } from '../domain.ts';
import type { LeadRules, Settings } from '../rules.ts';
import type { Store } from '../store/store.ts';
import { textsOfOptions } from './customer-options.ts';

interface Deps {
  readonly store: Pick<Store, 'metadata' | 'mappingStates'>;
  readonly settings: Settings;
}

/** The settings may name statuses, ratings and sources as this org shows them; stored is the text behind each. */
export async function leadRulesOf({ store, settings }: Deps, id: Connection['id']): Promise<LeadRules> {
  const rules = settings.scoring.leads;
  const storedOf = async (input: 'status' | 'rating' | 'source') => {
    const lower = (text: string) => text.trim().toLowerCase();
    const texts = await textsOfOptions({ store }, id, 'Leads', input);
    const stored = new Map([...texts].map(([text, kept]) => [lower(text), lower(kept)]));
    return (name: string) => stored.get(name) ?? name;
  };
  const [status, rating, source] = [
    await storedOf('status'),
    await storedOf('rating'),
    await storedOf('source'),
  ];
  const renamed = <T>(table: { readonly [name: string]: T }, of: (name: string) => string) =>
    Object.fromEntries(Object.entries(table).map(([name, value]) => [of(name), value]));
  return {
    ...rules,
    closedStatuses: rules.closedStatuses.map(status),
    ratings: renamed(rules.ratings, rating),
    sources: renamed(rules.sources, source),
  };
}

import { closest } from 'fastest-levenshtein';
import type { Connection, ModuleName, RecordId, Tier } from '../domain.ts';
import { InputError } from '../errors.ts';
import type { PlanItem } from '../store/plan-stores.ts';
import type { LineDeps } from './line.ts';

/** Part of a plan: changes that fit every kind of word that was given, and one of each kind. */
export interface PlanSelection {
  /** Modules that are written; Tasks for reminders. */
  readonly modules: readonly string[];
  /** Of the customer. */
  readonly tiers: readonly string[];
  /** Id or name of who owns the customer, of a reminder whoever gets it. */
  readonly owners: readonly string[];
}
type Matcher = (items: readonly PlanItem[]) => Promise<boolean[]>;

const MODULES: readonly ModuleName[] = ['Accounts', 'Contacts', 'Leads', 'Deals', 'Cases', 'Tasks'];
const TIERS: readonly Tier[] = ['top', 'good', 'marginal', 'loss_making', 'none'];

/** Null: nothing was selected, so everything fits. Throws InputError that names what there is. */
export async function matcherOf(
  deps: LineDeps,
  connection: Connection,
  { modules, tiers, owners }: PlanSelection,
): Promise<Matcher | null> {
  if (modules.length + tiers.length + owners.length === 0) return null;
  const wanted = {
    modules: new Set<string>(modules.map((word) => known(word, MODULES, 'module'))),
    tiers: new Set<string>(tiers.map((word) => known(word.replace('-', '_'), TIERS, 'tier'))),
    owners: await ownersOf(deps, connection, owners),
  };
  return async (items) => {
    const people = await peopleOf(deps, connection, items);
    return items.map((item) => {
      const { module, customer, ownerId } = subjectOf(item);
      const person = people.get(customer);
      const owner = ownerId ?? person?.ownerId ?? null;
      return (
        (wanted.modules.size === 0 || wanted.modules.has(module)) &&
        (wanted.tiers.size === 0 || wanted.tiers.has(person?.tier ?? '')) &&
        (wanted.owners.size === 0 || (owner !== null && wanted.owners.has(owner)))
      );
    });
  };
}

function known<T extends string>(word: string, all: readonly T[], what: string): T {
  const found = all.find((one) => one.toLowerCase() === word.toLowerCase());
  if (found) return found;
  throw new InputError(
    `there is no ${what} ${word}; did you mean ${closest(word, [...all])}? There are: ${all.join(', ')}`,
  );
}

async function ownersOf(
  deps: LineDeps,
  connection: Connection,
  words: readonly string[],
): Promise<Set<RecordId>> {
  if (words.length === 0) return new Set();
  const users = await deps.store.users.all(connection.id);
  const ids = words.flatMap((word) => {
    const found = users.filter(({ id, name }) => id === word || name.toLowerCase() === word.toLowerCase());
    if (found.length > 0) return found.map(({ id }) => id);
    const names = users.map(({ name }) => name);
    const near = names.length > 0 ? `; did you mean ${closest(word, names)}?` : '';
    throw new InputError(`nobody in this org is called ${word} or has that id${near}`);
  });
  return new Set(ids);
}

interface Subject {
  readonly module: string;
  readonly customer: RecordId;
  readonly ownerId: RecordId | null;
}

function subjectOf(item: PlanItem): Subject {
  if (item.kind === 'field') {
    return { module: item.change.module, customer: item.change.customer.id, ownerId: null };
  }
  if (item.kind === 'edited') {
    return { module: item.edit.module, customer: item.edit.recordId, ownerId: null };
  }
  if (item.kind === 'suppressed') return { module: 'Tasks', customer: item.task.customer.id, ownerId: null };
  const about = item.task.kind === 'create' ? item.task.draft : item.task.reminder;
  return { module: 'Tasks', customer: about.customer.id, ownerId: about.ownerId };
}

/** Owner and tier of whom the changes are about; leads have no tier. */
async function peopleOf(
  { store }: LineDeps,
  connection: Connection,
  items: readonly PlanItem[],
): Promise<Map<RecordId, { tier: Tier | null; ownerId: RecordId | null }>> {
  const ids = [...new Set(items.map((item) => subjectOf(item).customer))];
  const people = new Map<RecordId, { tier: Tier | null; ownerId: RecordId | null }>();
  for (const { key, tier, ownerId } of await store.scores.of(connection.id, ids)) {
    people.set(key.id, { tier, ownerId });
  }
  const others = ids.filter((id) => !people.has(id));
  for (const { id, ownerId } of await store.records.get(connection.id, 'Leads', others)) {
    people.set(id, { tier: null, ownerId });
  }
  return people;
}

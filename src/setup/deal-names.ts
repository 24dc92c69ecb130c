import type { MappedName, Mapping } from '../rules.ts';

/** What the org calls the fields of deals that setup asks for, by fields.yaml and by what it has. */

const ASKED = [
  'name',
  'amount',
  'purchaseDate',
  'account',
  'contact',
  'currency',
  'exchangeRate',
  'stage',
  'pipeline',
] as const;
export type DealNames = { readonly [K in (typeof ASKED)[number]]: string };

/** One name must exist; of a list the first that exists is taken. */
export function mappedField(wanted: MappedName | undefined, names: ReadonlySet<string>): string | null {
  const candidates = wanted === null || wanted === undefined ? [] : [wanted].flat();
  return candidates.find((name) => names.has(name)) ?? null;
}

/** Without metadata, or where none exists, the first choice is asked for and Zoho says what is wrong with it. */
export function dealNames(mapping: Mapping, names: ReadonlySet<string>): DealNames {
  const { Deals } = mapping.inputs;
  const nameOf = (input: string) =>
    mappedField(Deals[input], names) ?? [Deals[input] ?? []].flat()[0] ?? 'id';
  return Object.fromEntries(ASKED.map((input) => [input, nameOf(input)])) as DealNames; // every key of ASKED
}

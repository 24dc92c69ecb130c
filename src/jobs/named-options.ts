import { closest, distance } from 'fastest-levenshtein';
import type { Connection, ModuleName } from '../domain.ts';
import type { ScoringRules, Settings } from '../rules.ts';
import type { Store } from '../store/store.ts';
import { textsOfOptions } from './customer-options.ts';
import { leadRulesOf } from './lead-rules.ts';

/**
 * Settings name options of picklists as people see them, whatever their case; stored is the text behind each. What a word
 * finds in any text of an option stands for what is stored of it.
 */

type PhaseWords = 'closedValues' | 'leftValues' | 'projectValues' | 'competitorReasons' | 'refusalReasons';
type Texts = ReadonlyMap<string, string>;
interface Deps {
  readonly store: Pick<Store, 'metadata' | 'mappingStates'>;
  readonly settings: Settings;
}
type Field = readonly [module: ModuleName, input: string];

const isWhole = (text: string, word: string) => text === word;
const isWithin = (text: string, word: string) => text.includes(word);
/** A word of a status, from its beginning. */
const beginsAWord = (text: string, word: string) => ` ${text}`.includes(` ${word}`);

const PHASE_WORDS: { readonly [W in PhaseWords]: { fields: readonly Field[]; fits: typeof isWhole } } = {
  closedValues: {
    fields: [
      ['Accounts', 'closed'],
      ['Contacts', 'closed'],
    ],
    fits: isWhole,
  },
  leftValues: { fields: [['Contacts', 'closed']], fits: isWhole },
  projectValues: {
    fields: [
      ['Accounts', 'buyerType'],
      ['Contacts', 'buyerType'],
    ],
    fits: isWhole,
  },
  competitorReasons: { fields: [['Deals', 'lossReason']], fits: isWithin },
  refusalReasons: { fields: [['Deals', 'lossReason']], fits: isWithin },
};
const STATUSES: readonly Field[] = [
  ['Quotes', 'status'],
  ['Sales_Orders', 'status'],
  ['Invoices', 'status'],
];

const lower = (text: string) => text.trim().toLowerCase();

/** The words, and the stored text of every option of which another text has one of them. */
function withStored(words: readonly string[], options: Texts, fits: typeof isWhole): readonly string[] {
  const found = new Set(words);
  for (const [text, stored] of options) {
    if (words.some((word) => fits(lower(text), word)) && !words.some((word) => fits(lower(stored), word)))
      found.add(lower(stored));
  }
  return found.size === words.length ? words : [...found];
}

async function optionsOf(deps: Deps, id: Connection['id'], fields: readonly Field[]): Promise<Texts> {
  const all = new Map<string, string>();
  for (const [module, input] of fields) {
    for (const [text, stored] of await textsOfOptions(deps, id, module, input)) all.set(text, stored);
  }
  return all;
}

/** The rules in the words that are stored of this org. */
export async function storedRulesOf(deps: Deps, id: Connection['id']): Promise<ScoringRules> {
  const { scoring } = deps.settings;
  const phases: { [W in PhaseWords]?: readonly string[] } = {};
  for (const [name, { fields, fits }] of Object.entries(PHASE_WORDS) as [
    PhaseWords,
    (typeof PHASE_WORDS)[PhaseWords],
  ][]) {
    // Object.entries forgets the key type.
    phases[name] = withStored(scoring.phases[name], await optionsOf(deps, id, fields), fits);
  }
  const statuses = await optionsOf(deps, id, STATUSES);
  return {
    ...scoring,
    purchase: {
      ...scoring.purchase,
      notCounted: withStored(scoring.purchase.notCounted, statuses, beginsAWord),
    },
    phases: { ...scoring.phases, ...phases },
    leads: await leadRulesOf(deps, id),
  };
}

/** A word of a setting that no option of its field has. */
export interface UnknownOption {
  /** As in scoring.yaml. */
  readonly setting: string;
  readonly word: string;
  /** The option that was probably meant; null: none is alike. */
  readonly near: string | null;
  readonly options: readonly string[];
}

function unknownOption(setting: string, word: string, options: readonly string[]): UnknownOption {
  const near = closest(word, options);
  return { setting, word, near: distance(word, near) <= Math.max(2, word.length / 3) ? near : null, options };
}

/** Names that stand for one option each; a field whose options are not known is not judged. */
export async function unknownOptions(deps: Deps, id: Connection['id']): Promise<UnknownOption[]> {
  const { customer, leads } = deps.settings.scoring;
  const named: readonly { setting: string; field: Field; words: readonly string[] }[] = [
    {
      setting: 'customer.excludeAccountTypes',
      field: ['Accounts', 'type'],
      words: customer.excludeAccountTypes,
    },
    { setting: 'leads.ratings', field: ['Leads', 'rating'], words: Object.keys(leads.ratings) },
    { setting: 'leads.sources', field: ['Leads', 'source'], words: Object.keys(leads.sources) },
  ];
  const unknown: UnknownOption[] = [];
  for (const { setting, field, words } of named) {
    if (words.length === 0) continue;
    const options = [...(await optionsOf(deps, id, [field])).keys()];
    if (options.length === 0) continue;
    const known = new Set(options.map(lower));
    for (const word of words)
      if (!known.has(lower(word))) unknown.push(unknownOption(setting, word, options));
  }
  // A list that speaks for many orgs is wrong only where none of it is found.
  const statuses = [...(await optionsOf(deps, id, [['Leads', 'status']])).keys()];
  const [first] = leads.closedStatuses;
  if (
    first !== undefined &&
    statuses.length > 0 &&
    !statuses.some((text) => leads.closedStatuses.includes(lower(text)))
  ) {
    unknown.push(unknownOption('leads.closedStatuses', first, statuses));
  }
  return unknown;
}

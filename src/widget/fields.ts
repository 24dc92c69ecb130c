import { LANGUAGES, TEXTS } from './texts/tables.ts';

/** Where our fields lie: Zoho makes an API name of the label, and nobody tells the widget which. Pure. */

export type FieldKey = keyof (typeof TEXTS)['en']['field'];
export type ZohoRecord = { readonly [name: string]: unknown };
export type FieldNames = ReadonlyMap<FieldKey, string>;

const CARD_KEYS = [
  'value_tier',
  'lifecycle_phase',
  'last_contact',
  'next_step',
  'value_explanation',
  'profit_12_months',
  'contact_gap_days',
  'relationship_months',
  'goodwill_budget',
  'expected_profit_12_months',
  'gold_customer',
  'customer_since',
  'last_contact_summary',
  'contact_status',
  'churn_risk',
  'value_rank',
  'customer_tier',
  'customer_phase',
  'follow_up_status',
  'expected_lead_value',
  'goodwill_at_opening',
  'cv_ref',
  'last_thanked',
  'goodwill_given',
  'recalculation_asked',
] as const satisfies readonly FieldKey[];
/** Fields of Zoho itself bear these names on deals. */
const OF_ZOHO_TOO: ReadonlySet<string> = new Set(['Next_Step']);

/** Ours get it where the label is taken (src/setup/fields-plan.ts). */
const SUFFIX = ' (CV)';
// Zoho counts up where a name is taken.
const NUMBERS = ['', '1', '2', '3'];

/** What Zoho makes of a label: letters, digits and spaces, the spaces as underscores. */
export function apiNamesOf(label: string): string[] {
  const base = label
    .replace(/[^A-Za-z0-9 ]/g, '')
    .trim()
    .replace(/ +/g, '_');
  return NUMBERS.map((number) => base + number);
}

function labelsOf(key: FieldKey): string[] {
  return [...new Set(LANGUAGES.map((language) => TEXTS[language].field[key]))];
}

/** By the names that a record has. `named` comes from config.json and wins. */
export function fieldsOfRecord(
  module: string,
  record: ZohoRecord,
  named: { readonly [key: string]: string } = {},
): FieldNames {
  const found = new Map<FieldKey, string>();
  for (const key of CARD_KEYS) {
    const derived = labelsOf(key).flatMap((label) => [...apiNamesOf(label + SUFFIX), ...apiNamesOf(label)]);
    const candidates = named[key] === undefined ? derived : [named[key], ...derived];
    const isOurs = (name: string) => module !== 'Deals' || !OF_ZOHO_TOO.has(name);
    const name = candidates.find((candidate) => Object.hasOwn(record, candidate) && isOurs(candidate));
    if (name !== undefined) found.set(key, name);
  }
  return found;
}

const LABELLED = /^(.*?)(?: \(CV\))?$/;

/** By the labels of the module's fields, as META.getFields tells them. */
export function fieldsOfMeta(fields: readonly ZohoRecord[]): FieldNames {
  const found = new Map<FieldKey, string>();
  for (const key of CARD_KEYS) {
    const labels = new Set(labelsOf(key).map((label) => label.toLowerCase()));
    const field = fields.find(({ field_label: label, api_name: name, custom_field: custom }) => {
      const [, bare = ''] = LABELLED.exec(String(label)) ?? [];
      return typeof name === 'string' && custom !== false && labels.has(bare.toLowerCase());
    });
    if (field) found.set(key, String(field.api_name));
  }
  return found;
}

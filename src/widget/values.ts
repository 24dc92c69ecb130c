import type { FieldKey, FieldNames, ZohoRecord } from './fields.ts';
import { LANGUAGES, TEXTS } from './texts/tables.ts';

/** What our fields of a record say; anything that cannot be read is null. Pure. */

type WordSet = 'tier' | 'phase' | 'contact_status' | 'follow_up';
/** `code` is null where people gave the list options of their own; then `text` is theirs. */
export interface Option {
  readonly code: string | null;
  readonly text: string;
}

/** As the server wrote the amounts. */
export interface Range {
  readonly cases: string;
  readonly low: string;
  readonly high: string;
}

export interface CustomerValues {
  readonly tier: Option | null;
  readonly phase: Option | null;
  readonly isGold: boolean;
  readonly rank: number | null;
  readonly profit: number | null;
  readonly expected: number | null;
  readonly range: Range | null;
  readonly relationshipMonths: number | null;
  readonly since: string | null;
  readonly goodwill: number | null;
  readonly churnPercent: number | null;
  readonly lastContact: string | null;
  readonly contactSummary: string | null;
  readonly contactStatus: Option | null;
  readonly nextStep: string | null;
  readonly reasons: readonly string[];
}

export interface FieldReader {
  readonly text: (key: FieldKey) => string | null;
  readonly number: (key: FieldKey) => number | null;
  readonly day: (key: FieldKey) => string | null;
  readonly option: (key: FieldKey, set: WordSet) => Option | null;
}

export function readerOf(record: ZohoRecord, names: FieldNames): FieldReader {
  const raw = (key: FieldKey) => {
    const name = names.get(key);
    return name === undefined ? null : record[name];
  };
  const text = (key: FieldKey) => textOf(raw(key));
  return {
    text,
    number: (key) => numberOf(raw(key)),
    day: (key) => /^\d{4}-\d\d-\d\d/.exec(text(key) ?? '')?.[0] ?? null,
    option: (key, set) => {
      const shown = text(key);
      return shown === null || shown === '-None-' ? null : { code: codeOf(set, shown), text: shown };
    },
  };
}

export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return typeof value === 'number' ? String(value) : null;
  return value.trim() || null;
}

function numberOf(value: unknown): number | null {
  if (value === null || value === '' || typeof value === 'boolean') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Zoho stores the English text of ours; where people see another one, either may come. */
export function codeOf(set: WordSet, text: string): string | null {
  for (const language of LANGUAGES) {
    const words: { readonly [code: string]: string } = TEXTS[language][set];
    const code = Object.keys(words).find((one) => words[one]?.toLowerCase() === text.toLowerCase());
    if (code !== undefined) return code;
  }
  return null;
}

export function customerValues(record: ZohoRecord, names: FieldNames): CustomerValues {
  const { text, number, day, option } = readerOf(record, names);
  const reasons = (text('value_explanation') ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const gold = names.get('gold_customer');
  return {
    tier: option('value_tier', 'tier'),
    phase: option('lifecycle_phase', 'phase'),
    isGold: gold !== undefined && String(record[gold]) === 'true',
    rank: number('value_rank'),
    profit: number('profit_12_months'),
    expected: number('expected_profit_12_months'),
    range: rangeOf(reasons),
    relationshipMonths: number('relationship_months'),
    since: day('customer_since'),
    goodwill: number('goodwill_budget'),
    churnPercent: number('churn_risk'),
    lastContact: day('last_contact'),
    contactSummary: text('last_contact_summary'),
    contactStatus: option('contact_status', 'contact_status'),
    nextStep: text('next_step'),
    reasons,
  };
}

/** Nothing was ever written to the record. */
export function isUnscored({ tier, phase }: Pick<CustomerValues, 'tier' | 'phase'>): boolean {
  return tier === null && phase === null;
}

// The range stands only in the sentence on the expected profit, in the language of the org.
const RANGES = LANGUAGES.map((language) => {
  const [cases, low, high] = ['(?<cases>\\d+)', '(?<low>.+?)', '(?<high>.+?)'];
  const words = TEXTS[language].label.range
    .replace('{cases}', cases)
    .replace('{low}', low)
    .replace('{high}', high);
  return new RegExp(`; ${words}\\.(?:\\s\\p{Lu}|$)`, 'u');
});

export function rangeOf(reasons: readonly string[]): Range | null {
  for (const range of RANGES)
    for (const reason of reasons) {
      const { cases, low, high } = range.exec(reason)?.groups ?? {};
      if (cases && low && high) return { cases, low, high };
    }
  return null;
}

/** Whom a record belongs to. */
export function lookupId(value: unknown): string | null {
  if (value === null || typeof value !== 'object' || !('id' in value)) return null;
  const id = String(value.id);
  return /^\d+$/.test(id) ? id : null;
}

export function lookupName(value: unknown): string | null {
  return value !== null && typeof value === 'object' && 'name' in value ? textOf(value.name) : null;
}

import type { CustomerTerms } from '../records.ts';
import { storable } from './rows.ts';

/** What the org says of a relation, as it lies in the tables of accounts and of contacts. */

export const TERMS_COLUMNS = ['closed', 'contract_end', 'notice_day', 'buyer_type', 'survey'] as const;

const kept = (value: string | undefined) => (value === undefined ? null : storable(value));

/** In the order of the columns. */
export function termsValues(terms: CustomerTerms): unknown[] {
  const { closed, contractEnd, noticeGiven, buyerType, survey } = terms;
  return [kept(closed), contractEnd ?? null, noticeGiven ?? null, kept(buyerType), survey ?? null];
}

const NO_TERMS: CustomerTerms = Object.freeze({});
const KEYS = ['closed', 'contractEnd', 'noticeGiven', 'buyerType', 'survey'] as const;

/** Most records have none, and share one. */
export function termsOf(cells: readonly unknown[], first: number): CustomerTerms {
  let terms: { -readonly [K in keyof CustomerTerms]: CustomerTerms[K] } | null = null;
  for (const [index, key] of KEYS.entries()) {
    const cell = cells[first + index];
    if (cell === null || cell === undefined) continue;
    terms ??= {};
    terms[key] = cell as string; // text columns
  }
  return terms ?? NO_TERMS;
}

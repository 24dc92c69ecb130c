import type { Language } from '../domain.ts';
import { TEXTS } from './tables.ts';

/** What people see for a code of a picklist; the code itself where there are no words for it. */
export function picklistLabel(
  set: 'tier' | 'phase' | 'contact_status' | 'follow_up' | 'reason_left',
  code: string,
  language: Language,
): string {
  const words: { readonly [code: string]: string } = TEXTS[language][set];
  return words[code] ?? code;
}

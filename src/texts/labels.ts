import type { FieldKey, InputKey, Language } from '../domain.ts';
import { TEXTS } from './tables.ts';

export function fieldLabel(key: FieldKey | InputKey, language: Language): string {
  return TEXTS[language].field[key];
}

/** Why a field stays empty, in words; a code without words is shown as it is. */
export function emptyReason(code: string, language: Language): string {
  const words: { readonly [code: string]: string } = TEXTS[language].unfilled;
  return words[code] ?? code;
}

import type { FieldKey, Language } from '../domain.ts';
import { TEXTS } from './tables.ts';

export function fieldLabel(key: FieldKey, language: Language): string {
  return TEXTS[language].field[key];
}

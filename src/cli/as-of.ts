import { isDay } from '../days.ts';
import type { Day } from '../domain.ts';
import { InputError } from '../errors.ts';

export const AS_OF = ['--as-of <day>', 'analysis date YYYY-MM-DD instead of today'] as const;

export function asOfFrom(text: string | undefined, option = '--as-of'): Day | null {
  if (text === undefined) return null;
  if (!isDay(text)) throw new InputError(`${option} ${text}: give a calendar day as YYYY-MM-DD`);
  return text;
}

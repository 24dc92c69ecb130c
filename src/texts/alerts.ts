import type { AlertCode, AlertParams } from '../alerts.ts';
import type { Language } from '../domain.ts';
import { ALERTS_EN, type AlertWords } from './alert-words.ts';
import { ALERTS_DA } from './alert-words-da.ts';
import { ALERTS_NL } from './alert-words-nl.ts';
import { ALERTS_PL } from './alert-words-pl.ts';
import type { Format } from './format.ts';
import { fill, type Values } from './template.ts';

const ALERT_WORDS: { readonly [L in Language]: AlertWords } = {
  en: ALERTS_EN,
  nl: ALERTS_NL,
  pl: ALERTS_PL,
  da: ALERTS_DA,
};

/** What a message says around the words of its alerts. */
export type AlertMailWords = Omit<AlertWords, 'alerts' | 'held'>;
export function alertMailWords(language: Language): AlertMailWords {
  return ALERT_WORDS[language];
}

export interface AlertText {
  /** What is the matter. */
  readonly title: string;
  readonly todo: string;
}

/** `names`: how the connection and its org are called. */
export function alertText(
  alert: { readonly code: AlertCode; readonly params: AlertParams },
  names: { readonly connection: string; readonly org: string },
  format: Format,
): AlertText {
  const words = ALERT_WORDS[format.language];
  const { title, todo } = words.alerts[alert.code];
  const values: Record<string, Values[string]> = { ...names };
  for (const [name, value] of Object.entries(alert.params)) {
    if (typeof value === 'string' || typeof value === 'number') values[name] = value;
    else if (Array.isArray(value)) values[name] = value.join(', ');
  }
  const held: { readonly [reason: string]: string } = words.held;
  if (alert.code === 'plan_held') values.reason = held[String(alert.params.reason)] ?? null;
  // Long lists and commands are shown whole.
  const whole = (template: string) => template.replaceAll(/\{(\w+)\}/g, '{$1:text}');
  return { title: fill(whole(title), values, format), todo: fill(whole(todo), values, format) };
}

import type { AlertCode, AlertParams } from '../alerts.ts';
import type { Language } from '../domain.ts';
import { alertText } from './alerts.ts';
import {
  DOCTOR_EN,
  type DoctorWords,
  type FindingCode,
  type PhraseCode,
  type PhraseNames,
} from './doctor-words.ts';
import { DOCTOR_DA } from './doctor-words-da.ts';
import { DOCTOR_NL } from './doctor-words-nl.ts';
import { DOCTOR_PL } from './doctor-words-pl.ts';
import { fillPlain, type PlainValues } from './fill-plain.ts';
import { sentenceIn } from './known-sentences.ts';
import { scopeBreaks } from './scope-words.ts';

/** A finding of doctor in words, of its code and what stands in it. Kept as JSON with the run, and worded when it is read. */

export const DOCTOR_WORDS: { readonly [L in Language]: DoctorWords } = {
  en: DOCTOR_EN,
  nl: DOCTOR_NL,
  pl: DOCTOR_PL,
  da: DOCTOR_DA,
};

/** Part of a sentence with words of its own. */
interface Phrase {
  readonly phrase: PhraseCode;
  readonly params: FindingParams;
}
export type FindingParam =
  | string
  | number
  | null
  | Phrase
  /** An English sentence of somebody else, translated where it is known. */
  | { readonly sentence: string }
  | { readonly list: readonly FindingParam[]; readonly by: string }
  | {
      readonly alert: AlertCode;
      readonly part: 'title' | 'todo';
      readonly about: AlertParams;
      readonly names: { readonly connection: string; readonly org: string };
      readonly currency: string;
    };
export interface FindingParams {
  readonly [name: string]: FindingParam;
}

export function phrase<C extends PhraseCode>(
  code: C,
  params: { readonly [N in PhraseNames<C>]: FindingParam },
): Phrase {
  return { phrase: code, params };
}
/** `by`: what stands between two; "and" is a word of the language. */
export function listed(list: readonly FindingParam[], by = ', '): FindingParam {
  return { list, by };
}

export interface FindingText {
  readonly message: string;
  readonly repair: string | null;
}

/** Null: a code of another version, that has no words here. */
export function findingText(
  finding: { readonly code: string; readonly params: FindingParams },
  language: Language,
): FindingText | null {
  const { findings } = DOCTOR_WORDS[language];
  if (!Object.hasOwn(findings, finding.code)) return null;
  const { message, repair } = findings[finding.code as FindingCode]; // it has words of that code
  const values = valuesOf(finding.params, language);
  return { message: fillPlain(message, values), repair: repair === null ? null : fillPlain(repair, values) };
}

function valuesOf(params: FindingParams, language: Language): PlainValues {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, worded(value, language)] as const),
  );
}

function worded(value: FindingParam, language: Language): string | number | null {
  if (value === null || typeof value !== 'object') return value;
  const { phrases } = DOCTOR_WORDS[language];
  if ('sentence' in value) return sentenceIn(language, value.sentence);
  if ('list' in value) {
    const between = value.by === 'and' ? phrases.and : value.by;
    return value.list.map((one) => worded(one, language)).join(between);
  }
  if ('alert' in value) {
    const { alert: code, about: params, names, currency, part } = value;
    return alertText({ code, params }, names, { language, currency })[part];
  }
  const values = valuesOf(value.params, language);
  if (value.phrase === 'scope') {
    const breaks = scopeBreaks(language, String(values.scope), String(values.breaks));
    return fillPlain(phrases.scope, { ...values, breaks });
  }
  return fillPlain(phrases[value.phrase], values);
}

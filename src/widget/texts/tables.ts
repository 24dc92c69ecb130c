import { da } from './da.ts';
import { en } from './en.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';

type Widened<T> = T extends string ? string : { readonly [Key in keyof T]: Widened<T[Key]> };
/** Same keys as English, any words. A language that lacks a key does not compile. */
export type Texts = Widened<typeof en>;
export type Language = 'en' | 'nl' | 'pl' | 'da';
export type StateName = keyof Texts['state'];

export const LANGUAGES = ['en', 'nl', 'pl', 'da'] as const satisfies readonly Language[];
export const TEXTS: { readonly [L in Language]: Texts } = { en, nl, pl, da };

/** From Zoho's locale (nl_NL) or a browser's (nl-NL); English where it is none of ours. */
export function languageOf(...locales: readonly unknown[]): Language {
  for (const locale of locales) {
    const start = typeof locale === 'string' ? locale.slice(0, 2).toLowerCase() : '';
    const found = LANGUAGES.find((language) => language === start);
    if (found) return found;
  }
  return 'en';
}

/** A value is put in as it is: nothing in it is taken for a hole or a pattern. */
export function fill(template: string, values: { readonly [hole: string]: string }): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
}

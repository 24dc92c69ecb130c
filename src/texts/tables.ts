import type { Language } from '../domain.ts';
import { da } from './da.ts';
import { en } from './en.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';

/** Same keys as English, any words. A language that lacks a key does not compile. */
export type Texts = {
  readonly [Section in keyof typeof en]: (typeof en)[Section] extends string
    ? string
    : { readonly [Key in keyof (typeof en)[Section]]: string };
};

export const TEXTS: { readonly [L in Language]: Texts } = { en, nl, pl, da };

import type { Request } from 'express';
import { z } from 'zod';
import type { Language } from '../domain.ts';
import { schemaWords } from '../texts/setting-problems.ts';

/** The language of who asks, as the browser or program says it; English where it says none of ours. */

const LANGUAGES = ['en', 'nl', 'pl', 'da'] as const satisfies readonly Language[];

export function languageOf(req: Request): Language {
  return LANGUAGES.find((language) => language === req.acceptsLanguages(...LANGUAGES)) ?? 'en';
}

const wordings = new Map<Language, z.core.$ZodErrorMap>();
/** How zod words what is wrong with an input. */
export function zodWording(language: Language): z.core.$ZodErrorMap {
  const known = wordings.get(language);
  if (known) return known;
  const made = z.locales[language]().localeError;
  wordings.set(language, made);
  return made;
}

/** Of an issue; words that a schema has of its own are translated where we know them. */
export function issueText({ message }: { readonly message: string }, language: Language): string {
  return schemaWords(message, language) ?? message;
}

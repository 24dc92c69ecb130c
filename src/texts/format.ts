import type { Language } from '../domain.ts';

/** In which language and home currency codes become words. */
export interface Format {
  readonly language: Language;
  readonly currency: string;
}

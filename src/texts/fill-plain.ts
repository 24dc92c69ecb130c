import type { Language } from '../domain.ts';

/** Sentences with `{name}` in them, filled as the values stand; a part in `[brackets]` is left out where a value in it is empty. */

export type InAll = { readonly [L in Language]: string };
export interface PlainValues {
  readonly [name: string]: string | number | null | undefined;
}

export function fillPlain(template: string, values: PlainValues): string {
  return template
    .replace(/\[([^\]]*)\]/g, (_all, part: string) => {
      const names = [...part.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      return names.every((name) => (values[name] ?? '') !== '') ? part : '';
    })
    .replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ''));
}

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');

/** Of sentences that are known by their English words, `{…}` standing for whatever is there. Null: it is none of them. */
export function translator(known: readonly InAll[]): (english: string, language: Language) => string | null {
  const patterns = known.map((words) => ({
    words,
    pattern: new RegExp(
      `^${escaped(words.en).replace(/\{(\w+)\}/g, (_all, name: string) => `(?<${name}>.+?)`)}$`,
      's',
    ),
  }));
  return (english, language) => {
    for (const { words, pattern } of patterns) {
      const found = pattern.exec(english);
      if (found) return fillPlain(words[language], found.groups ?? {});
    }
    return null;
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fill, LANGUAGES, languageOf, TEXTS } from '../../../src/widget/texts/tables.ts';

type Leaves = ReadonlyMap<string, string>;
function leavesOf(texts: object, under = ''): Leaves {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[`${under}${key}`, value] as const]
        : [...leavesOf(value, `${under}${key}.`)],
    ),
  );
}
const english = leavesOf(TEXTS.en);
// Said alike, or said by nobody.
const SAME = /^(locale|state\.loading\.text|field\.cv_ref)$/;

test.each(LANGUAGES)('%s says everything, with the values of English', (language) => {
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
  const texts = leavesOf(TEXTS[language]);

  expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [key, text] of texts) {
    expect(holes(text), key).toEqual(holes(english.get(key) ?? ''));
    expect(text.trim() !== '' || SAME.test(key), key).toBe(true);
  }
});

test.each(LANGUAGES.filter((language) => language !== 'en'))(
  '%s leaves no sentence in English',
  (language) => {
    const sentences = [...leavesOf(TEXTS[language])].filter(([, text]) => text.split(' ').length > 2);
    const left = sentences.filter(([key, text]) => english.get(key) === text && !SAME.test(key));

    expect(sentences.length).toBeGreaterThan(40);
    expect(left).toEqual([]);
  },
);

test('no words for people stand outside the files of translations', () => {
  const folder = new URL('../../../src/widget/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  // Two words with a space between, in quotes: a sentence, unless it is a selector, a query or the text of an error.
  const sentence = /(['"`])([A-Z][a-z]+ [a-z]+[^'"`]*)\1/g;
  const found = files.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(sentence)].map(
      ([, , text]) => `${name}: ${text}`,
    ),
  );

  expect(files.length).toBeGreaterThan(15);
  expect(found).toEqual([]);
});

test('a language is known by either form of locale, and another one is English', () => {
  expect(
    ['nl_NL', 'nl-BE', 'NL', 'pl', 'da_DK', 'en_US', 'de_DE', '', null, 7].map((one) => languageOf(one)),
  ).toEqual(['nl', 'nl', 'nl', 'pl', 'da', 'en', 'en', 'en', 'en', 'en']);
  expect(languageOf(null, 'da-DK')).toBe('da');
});

test('a value is put in as it is', () => {
  expect(fill('{a} and {b}', { a: '$& {b}', b: '$1' })).toBe('$& {b} and $1');
});

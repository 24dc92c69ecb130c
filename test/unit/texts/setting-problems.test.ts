import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  SCHEMA_WORDS,
  SETTING_PROBLEMS,
  schemaWords,
  settingProblemText,
} from '../../../src/texts/setting-problems.ts';

const LANGUAGES = ['en', 'nl', 'pl', 'da'] as const;
const SRC = new URL('../../../src/', import.meta.url);
const sources = [
  'mapping-file.ts',
  ...globSync('settings-{values,scoring,phases,labels,playbook,fields,notify}.ts', { cwd: SRC }),
];

/** The words that schemas of settings say of their own: after `refine`, `regex`, `report` and `message:`. */
function wordsIn(source: string): string[] {
  const said = [
    /(?:refine|regex)\([^;]*?,\s*'([^']{8,})',?\s*\)/gs,
    /(?:refine|regex)\([^;]*?,\s*`([^`]{8,})`,?\s*\)/gs,
    /message: '([^']{8,})'/g,
    /message: `([^`]{8,})`/g,
    /report\([^;]*?'([^']{8,})'\)/g,
    /report\([^;]*?`([^`]{8,})`\)/g,
  ];
  return said.flatMap((pattern) => [...source.matchAll(pattern)].map(([, words = '']) => words));
}
/** As it would be said, where a value or a hint stands in it. */
const example = (words: string) =>
  words
    .replaceAll(/\$\{didYouMean\([^`]*?\)\}|\$\{hint\}/g, '; did you mean this?')
    .replaceAll(/\$\{unit === 'd' \? '([^']*)' : '[^']*'\}/g, '$1')
    .replaceAll(/\$\{[^}]*\}/g, 'x');

describe('what is wrong with a setting', () => {
  test('is said in four languages, with the same values in each', () => {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const words of [...Object.values(SETTING_PROBLEMS), ...SCHEMA_WORDS]) {
      for (const language of LANGUAGES) {
        expect(words[language], words.en).not.toBe('');
        expect(names(words[language]), words.en).toEqual(names(words.en));
      }
    }
  });

  test('every sentence of the schemas is known to the translation', () => {
    const said = sources.flatMap((file) => wordsIn(readFileSync(new URL(file, SRC), 'utf8')));
    const unknown = said.map(example).filter((words) => schemaWords(words, 'nl') === null);

    expect(said.length).toBeGreaterThan(15);
    expect(unknown).toEqual([]);
  });

  test('a hint is left out where nothing is near, and a sentence of nobody stays as it is', () => {
    const choice = { code: 'choice', params: { choices: 'a, b', near: '' }, message: '' };

    expect(settingProblemText(choice, 'en')).toBe('Give one of a, b.');
    expect(settingProblemText({ ...choice, params: { choices: 'a, b', near: 'a' } }, 'nl')).toBe(
      'Geef een van a, b. Bedoelde u a?',
    );
    expect(settingProblemText({ code: 'other', params: {}, message: 'odd' }, 'da')).toBe('odd');
    expect(schemaWords('win_back is there twice', 'nl')).toBe('win_back staat er twee keer');
  });
});

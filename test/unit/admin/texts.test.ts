import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { daNames } from '../../../src/texts/da-names.ts';
import { enNames } from '../../../src/texts/en-names.ts';
import { nlNames } from '../../../src/texts/nl-names.ts';
import { plNames } from '../../../src/texts/pl-names.ts';
import { looseText } from '../../support/loose-text.ts';
import { textProblems } from '../../support/text-files.ts';

const ADMIN = fileURLToPath(new URL('../../../src/admin', import.meta.url));
const LANGUAGES = ['en', 'nl', 'pl', 'da'];
const texts = (language: string, file: string) =>
  JSON.parse(readFileSync(join(ADMIN, 'texts', language, file), 'utf8'));

describe('words of the admin pages', () => {
  const components = globSync('**/*.{ts,tsx}', { cwd: ADMIN }).filter((file) => !file.startsWith('texts'));

  test('stand in translation files, not in components', () => {
    expect(components.length).toBeGreaterThan(30);
    for (const file of components)
      expect(looseText(readFileSync(join(ADMIN, file), 'utf8')), file).toEqual([]);
  });

  test.each([
    ['text between tags', '<p>Hello there</p>', 'Hello there'],
    ['a label', '<Button aria-label="Close it" />', 'Close it'],
    ['a label that depends', '<Box title={isOpen ? "Close" : t("open")} />', 'Close'],
    ['a literal in braces', '<p>{isDone && "Done now"}</p>', 'Done now'],
    ['words around a value', '<p>{`customers: $' + '{count}`}</p>', 'customers:'],
    ['the label of a choice', 'const all = { value: "", label: "Everything" };', 'Everything'],
    ['an element handed on', '<Page actions={<b>Export</b>} />', 'Export'],
    ['a toast', 'tellDone("It is saved");', 'It is saved'],
  ])('are found by this check: %s', (_what, source, found) => {
    expect(looseText(source)).toEqual([found]);
  });

  test('commands, colours and keys are no words', () => {
    expect(
      looseText('<Text size="sm" c="dimmed">{t("signIn.what")} <Code>zcv run</Code> – 12</Text>'),
    ).toEqual([]);
  });
});

describe('translation files', () => {
  const files = readdirSync(join(ADMIN, 'texts', 'en'));

  test.each(LANGUAGES)('%s has every text with its placeholders and plural forms', (language) => {
    expect(readdirSync(join(ADMIN, 'texts', language))).toEqual(files);
    for (const file of files)
      expect(textProblems(texts('en', file), texts(language, file), language), file).toEqual([]);
  });

  test('what is missing, left over, empty or without its placeholder is found', () => {
    const english = { a: 'one {{x}}', b: 'two', c: { d_one: '{{count}} day', d_other: '{{count}} days' } };
    const polish = { a: 'jeden', c: { d_one: 'dzień', d_few: '{{count}} dni', d_other: '' }, e: 'nic' };

    expect(textProblems(english, polish, 'pl').map(({ key, why }) => `${key} ${why}`)).toEqual([
      'a has placeholders "" instead of "x"',
      'b is missing',
      'c.d has no form many',
      'c.d is empty',
      'c.d has placeholders "" instead of "count"',
      'e stands in no English file',
    ]);
  });

  test('every file is known to the compiler, so that a wrong key does not build', () => {
    const types = readFileSync(join(ADMIN, 'texts', 'types.d.ts'), 'utf8');

    for (const file of files) expect(types).toContain(`typeof ${basename(file, '.json')};`);
  });

  test('tiers, phases and states of contact are called what Zoho shows', () => {
    const ofTheServer = { en: enNames, nl: nlNames, pl: plNames, da: daNames };
    for (const [language, { tier, phase, contact_status }] of Object.entries(ofTheServer)) {
      const { tiers, phases, contactStatuses } = texts(language, 'common.json');
      expect(tiers).toEqual(tier);
      expect(phase).toMatchObject(phases);
      expect(contactStatuses).toEqual(contact_status);
    }
  });
});

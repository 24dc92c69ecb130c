import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { refusalPolicy } from '../../../src/plan/refusal-policy.ts';
import { DOCTOR_WORDS, findingText, listed, phrase } from '../../../src/texts/doctor-text.ts';
import { DOCTOR_EN } from '../../../src/texts/doctor-words.ts';
import { KNOWN_SENTENCES, sentenceIn } from '../../../src/texts/known-sentences.ts';
import { KNOWN_TROUBLES } from '../../../src/texts/known-troubles.ts';

const OTHERS = ['nl', 'pl', 'da'] as const;
const LANGUAGES = ['en', ...OTHERS] as const;
const SRC = new URL('../../../src/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, SRC), 'utf8');
const names = (text: string | null) => [...(text ?? '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const sorted = (text: string | null) => names(text).sort();
/** Commands, names of settings and values are the same in every language. */
const hasWords = (text: string) =>
  / /.test(
    text
      .replaceAll(/\{\w+\}/g, '')
      .replaceAll(/zcv .*/g, '')
      .replaceAll(/[^A-Za-z ]/g, '')
      .trim(),
  );

const findings = Object.entries(DOCTOR_EN.findings);
const phrases = Object.entries(DOCTOR_EN.phrases);

describe('a finding of doctor', () => {
  test.each(OTHERS)('has words of its own in %s, with the same values in them', (language) => {
    const words = DOCTOR_WORDS[language];
    for (const [code, english] of findings) {
      const { message, repair } = words.findings[code as keyof typeof DOCTOR_EN.findings];
      expect(sorted(message), code).toEqual(sorted(english.message));
      expect(sorted(repair), code).toEqual(sorted(english.repair));
      if (hasWords(english.message)) expect(message, code).not.toBe(english.message);
      if (english.repair !== null && hasWords(english.repair)) expect(repair, code).not.toBe(english.repair);
    }
    for (const [code, english] of phrases) {
      const said = words.phrases[code as keyof typeof DOCTOR_EN.phrases];
      expect(sorted(said), code).toEqual(sorted(english));
      if (hasWords(english)) expect(said, code).not.toBe(english);
    }
  });

  test.each(LANGUAGES)('leaves no place unfilled in %s', (language) => {
    for (const [code, { message, repair }] of findings) {
      const params = Object.fromEntries(names(`${message} ${repair}`).map((name) => [name, `<${name}>`]));
      const said = findingText({ code, params }, language);
      const all = `${said?.message} ${said?.repair}`;

      expect(all, code).not.toMatch(/[{}[\]]/);
      for (const name of Object.keys(params)) expect(all, code).toContain(`<${name}>`);
    }
  });

  test('every code is said by a check', () => {
    const said = globSync('setup/{doctor*,check}.ts', { cwd: SRC }).map(read).join('\n');
    const built = [/^paused_/, /_(owner|escalation)$/, /^(and|invoices|orders)$/];
    const unsaid = [...findings, ...phrases]
      .map(([code]) => code)
      .filter((code) => !said.includes(`'${code}'`) && !built.some((made) => made.test(code)));

    expect(unsaid).toEqual([]);
  });

  test('says parts of sentences, lists, scopes and alerts in its language too', () => {
    const scopes = listed(
      [
        phrase('scope', { scope: 'ZohoCRM.coql.READ', breaks: 'incremental sync does not work' }),
        phrase('scope_needed', { scope: 'ZohoCRM.new.READ' }),
      ],
      '; ',
    );
    expect(
      findingText({ code: 'scopes.missing', params: { scopes, connection: 'firm' } }, 'pl')?.message,
    ).toBe(
      'Nieprzyznane uprawnienia: ZohoCRM.coql.READ (nie można śledzić zmian); ZohoCRM.new.READ (potrzebne)',
    );

    const alert = {
      alert: 'fields_full',
      about: { left: 3, fields: ['Value_Tier'] },
      currency: 'EUR',
      names: { connection: 'firm', org: 'Fjord Bikes' },
    } as const;
    const params = {
      at: '2026-06-10',
      title: { ...alert, part: 'title' },
      todo: { ...alert, part: 'todo' },
    } as const;
    const dutch = findingText({ code: 'alerts.open', params }, 'nl');
    expect(dutch?.message).toMatch(/^Sinds 2026-06-10: .*ruimte.*3.*Value_Tier/);
    expect(dutch?.repair).not.toBe(findingText({ code: 'alerts.open', params }, 'en')?.repair);
  });

  test('a code of another version has no words', () => {
    expect(findingText({ code: 'toString', params: {} }, 'nl')).toBeNull();
  });
});

describe('a sentence that is stored in English', () => {
  test('is known in four languages, with the same values in each', () => {
    for (const sentence of [...KNOWN_SENTENCES, ...KNOWN_TROUBLES])
      for (const language of LANGUAGES) {
        expect(sorted(sentence[language]), sentence.en).toEqual(sorted(sentence.en));
        if (language !== 'en') expect(sentence[language], sentence.en).not.toBe(sentence.en);
      }
  });

  test('every repair of a refusal, of a paused mapping, every reason and every trouble of a module is one', () => {
    const codes = [...read('plan/refusal-policy.ts').matchAll(/^ {2}([A-Z_]{8,}): /gm)].map(
      ([, code = '']) => code,
    );
    const columns = [
      ...read('sync/columns.ts').matchAll(
        /(?:repair = |repair: |SHOW_IT = |paused\('\w+', |^ {6})(['`])(.+?)\1/gm,
      ),
    ];
    const values = [...read('zoho/values.ts').matchAll(/RangeError\((`)(.+?)`\)/g)];
    const rows = [...read('sync/to-record.ts').matchAll(/reason: (')(.+?)'/g)];
    const modules = [
      ...`${read('setup/module-access.ts')}${read('zoho/stage-history.ts')}`.matchAll(
        /(?:return|:) (['`])(\w+ \w+ .+?)\1/g,
      ),
    ];
    const written = [...columns, ...values, ...rows, ...modules]
      .map(([, , text = '']) =>
        text
          .replace(/in \$\{key\}/, 'in mapping.deals.cost of fields.yaml')
          .replace(/\$\{spec\.kind === 'day'[^}]*\}/, 'date')
          .replaceAll(/\$\{[^}]*\}/g, 'x'),
      )
      .filter((text) => text.includes(' '));
    const unknown = [...codes.map((code) => refusalPolicy(code).repair), ...written].filter(
      (text) => sentenceIn('nl', text) === text,
    );

    expect([codes.length, columns.length, values.length, modules.length].every((count) => count > 4)).toBe(
      true,
    );
    expect(unknown).toEqual([]);
  });

  test('is told from one that begins alike, and what is nobody’s stays as it is', () => {
    expect(sentenceIn('nl', 'not a date and time: "soon"')).toBe('geen datum met tijd: "soon"');
    expect(sentenceIn('nl', 'not a date: "soon"')).toBe('geen datum: "soon"');
    expect(sentenceIn('da', 'ECONNREFUSED 127.0.0.1:5432')).toBe('ECONNREFUSED 127.0.0.1:5432');
    expect(sentenceIn('en', 'not a date: 7')).toBe('not a date: 7');
  });
});

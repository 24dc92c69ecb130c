import { describe, expect, test } from 'vitest';
import type { FieldKey, InputKey, Language } from '../../../src/domain.ts';
import { FIELD_CATALOG, INPUT_CATALOG } from '../../../src/plan/field-catalog.ts';
import { customerSubject } from '../../../src/plan/reminder-subject.ts';
import type { Score } from '../../../src/scores.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { en } from '../../../src/texts/en.ts';
import { renderExplainPage } from '../../../src/texts/explain-page.ts';
import { fieldLabel } from '../../../src/texts/labels.ts';
import { picklistLabel } from '../../../src/texts/picklists.ts';
import { renderReason } from '../../../src/texts/reasons.ts';
import { renderContactSummary, renderExplanation } from '../../../src/texts/render.ts';
import { TEXTS } from '../../../src/texts/tables.ts';
import { taskText } from '../../../src/texts/task-text.ts';
import { fill } from '../../../src/texts/template.ts';
import { shippedRule } from '../plan/builders.ts';
import { ASOF, aBaseline, aTouch, rulesWith, someFacts } from '../scoring/builders.ts';

const LANGUAGES: readonly Language[] = ['en', 'nl', 'pl', 'da'];
const formatOf = (language: Language, currency = 'EUR') => ({ language, currency });
function taskOf(score: Score, name: string, language: Language) {
  const { values, facts } = customerSubject({ ...score, name });
  return taskText({ template: shippedRule('contact_gap').task, values, facts }, formatOf(language));
}
const scoreOf = (facts = someFacts(), rules = rulesWith({})) =>
  scoreCustomer(facts, null, aBaseline(), rules, ASOF).score;

describe('the languages say the same', () => {
  const holes = (text: string) => [...text.matchAll(/\{\w+(:\w+)?\}/g)].map(([hole]) => hole).sort();

  test.each(LANGUAGES)('%s has the values of English in every text', (language) => {
    for (const [section, texts] of Object.entries(en)) {
      if (typeof texts === 'string') continue;
      const others: { readonly [key: string]: string } = Reflect.get(TEXTS[language], section);
      for (const [key, text] of Object.entries(texts)) {
        // A step that the firm words itself comes in every language.
        const expected = key === 'next.own' ? [`{${language}:text}`] : holes(text);
        expect(holes(others[key] ?? ''), `${language} ${section} ${key}`).toEqual(expected);
      }
    }
  });

  test.each(LANGUAGES)('%s gives every option and every field of a module a label of its own', (language) => {
    const { tier, phase, contact_status, reason_left, field } = TEXTS[language];
    for (const labels of [tier, phase, contact_status, reason_left, field].map(Object.values)) {
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  test('English labels are what the field catalog creates', () => {
    const catalog = [...FIELD_CATALOG, ...INPUT_CATALOG];
    for (const { key, label, picklist, values } of catalog) {
      expect(fieldLabel(key, 'en')).toBe(label);
      for (const { code, actual } of values ?? []) {
        expect(picklist && picklistLabel(picklist, code, 'en')).toBe(actual);
      }
    }
    expect(new Set<FieldKey | InputKey>(catalog.map(({ key }) => key))).toEqual(
      new Set(Object.keys(en.field) as (FieldKey | InputKey)[]),
    );
  });
});

describe('what is counted stands in its right form', () => {
  const counted = (n: number) => (language: Language) =>
    fill('{n:n_days} {n:n_orders} {n:n_customers}', { n }, formatOf(language));

  test.each([
    [1, '1 dzień 1 zamówienie 1 klienta'],
    [2, '2 dni 2 zamówienia 2 klientów'],
    [4, '4 dni 4 zamówienia 4 klientów'],
    [5, '5 dni 5 zamówień 5 klientów'],
    [12, '12 dni 12 zamówień 12 klientów'],
    [22, '22 dni 22 zamówienia 22 klientów'],
    [0, '0 dni 0 zamówień 0 klientów'],
    [1.58, '1,58 dnia 1,58 zamówienia 1,58 klienta'],
  ])('%s in Polish', (n, text) => {
    expect(counted(n)('pl')).toBe(text);
  });

  test('one and many in the other languages', () => {
    expect(counted(1)('en')).toBe('1 day 1 order 1 customer');
    expect(counted(1234)('en')).toBe('1,234 days 1,234 orders 1,234 customers');
    expect(counted(1)('nl')).toBe('1 dag 1 bestelling 1 klant');
    expect(counted(2)('nl')).toBe('2 dagen 2 bestellingen 2 klanten');
    expect(counted(1)('da')).toBe('1 dag 1 ordre 1 kunde');
    expect(counted(2)('da')).toBe('2 dage 2 ordrer 2 kunder');
  });

  test.each(LANGUAGES)(
    'every noun has the forms that %s asks for, and every text names nouns there are',
    (language) => {
      const { counted: nouns, reasons, page } = TEXTS[language];

      for (const [noun, forms] of Object.entries(nouns)) {
        expect(forms.split('|'), noun).toHaveLength(language === 'pl' ? 4 : 2);
      }
      for (const text of [...Object.values(reasons), ...Object.values(page)]) {
        for (const [, noun = ''] of text.matchAll(/:n_(\w+)\}/g)) expect(nouns, text).toHaveProperty(noun);
      }
    },
  );

  test('an error has a direction', () => {
    const off = (error: number, language: Language) => fill('{error:off}', { error }, formatOf(language));

    expect(off(-39, 'en')).toBe('39% too low');
    expect(off(4, 'pl')).toBe('o 4% za wysoka');
    expect(off(0, 'nl')).toBe('goed');
  });
});

describe('numbers and dates are written as people write them', () => {
  const reason = { code: 'tier.good', params: { profit: 123456789, cut: 100000 } };

  test.each([
    ['en', 'Good: profit of €1,234,568 in 12 months; good begins at €1,000.'],
    ['nl', 'Goed: winst van € 1.234.568 in 12 maanden; goed begint bij € 1.000.'],
    ['da', 'God: fortjeneste på 1.234.568 € i 12 måneder; god begynder ved 1.000 €.'],
    ['pl', 'Dobry: zysk 1 234 568 € w ciągu 12 miesięcy; poziom dobry zaczyna się od 1000 €.'],
  ] as const)('money in %s', (language, text) => {
    expect(renderReason(reason, formatOf(language))).toBe(text);
  });

  test.each([
    ['en', 'Welcome call by 5 Mar 2026'],
    ['nl', 'Welkomstgesprek uiterlijk 5 mrt 2026'],
    ['da', 'Velkomstopkald senest 5. mar. 2026'],
    ['pl', 'Rozmowa powitalna do 5 mar 2026'],
  ] as const)('dates in %s', (language, text) => {
    const step = { code: 'next.new.welcome_call', params: { by: '2026-03-05' } };
    expect(renderReason(step, formatOf(language))).toBe(text);
  });

  test('a part whose value is not known is left out', () => {
    const params = { profit: 100, cut: null };
    expect(renderReason({ code: 'tier.marginal', params }, formatOf('en', 'USD'))).toBe(
      'Marginal: profit of $1 in 12 months.',
    );
  });

  test('a code from another version is shown as it is', () => {
    expect(renderReason({ code: 'tier.platinum', params: {} }, formatOf('en'))).toBe('tier.platinum');
  });

  test('braces and brackets in what people wrote stay theirs', () => {
    const params = { subject: 'Leak {last} [x]\n in hall', opened: '2026-03-05' };
    expect(renderReason({ code: 'next.leaving.case', params }, formatOf('en'))).toBe(
      'Solve the open case first: "Leak {last} [x] in hall" of 5 Mar 2026',
    );
  });
});

describe('what is written into Zoho', () => {
  const overdue = scoreOf(
    someFacts({
      bought: [['2026-11-01', 1000, 950]],
      touches: [aTouch('2026-08-12', { channel: 'meeting', direction: 'both', subject: 'Yearly review' })],
    }),
  );

  test('a reminder says who, since when and at which plan, and what is at stake', () => {
    const task = taskOf(overdue, 'Bakkerij Vermeer', 'en');
    expect(task.subject).toBe('Call Bakkerij Vermeer: last contact 12 Aug 2026 (plan: every 60 days)');
    expect(task.body.split('\n')).toEqual([
      'Ask how they are doing and what they need next.',
      'Value: Good, profit of 12 months €50',
      'Phase: New since 1 Nov 2026',
      'Suggested: Welcome call by 8 Nov 2026',
      'Last contact: meeting, both sides: Yearly review',
    ]);
  });

  test('for who was never spoken with it says so', () => {
    const score = scoreOf(someFacts({ bought: [['2026-01-01', 1000, 950]] }));
    const task = taskOf(score, 'Nowak', 'nl');
    expect(task.subject).toBe('Bel Nowak: nog geen contact bekend (plan: elke 60 dagen)');
    expect(task.body).not.toContain('Laatste contact');
  });

  test('long names and subjects are cut between characters and fit their fields', () => {
    const long = '🚚'.repeat(400);
    const score = scoreOf(someFacts({ touches: [aTouch('2026-08-12', { subject: long })] }));
    const summary = renderContactSummary(score, formatOf('en')) ?? '';
    const { subject } = taskOf(overdue, long, 'en');

    expect(summary.length).toBeLessThanOrEqual(255);
    expect(summary.endsWith('🚚…')).toBe(true);
    expect(subject).toMatch(/🚚…: last contact 12 Aug 2026/u);
    expect(subject.isWellFormed() && summary.isWellFormed()).toBe(true);
  });

  test('an explanation that would not fit loses its least important sentences', () => {
    const withMany = { ...overdue, reasons: [...overdue.reasons, ...Array(40).fill(overdue.reasons[0])] };
    const text = renderExplanation(withMany, formatOf('pl'));
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text.length).toBeGreaterThan(1900);
    expect(text.startsWith('Dobry: zysk 50 €')).toBe(true);
  });
});

test('the page for a person shows the sum, counts, ranks and what is missing', () => {
  const facts = someFacts({
    key: { module: 'Accounts', id: '4876876000000000042' },
    bought: [
      ['2026-06-01', 1000, 850],
      ['2026-08-01', 1000.5, 850],
      ['2026-10-01', -10, 0],
    ],
    touches: [aTouch('2026-08-12')],
    cases: [{ id: '77', subject: 'Leak', openedDay: '2026-11-02', open: true, high: true }],
  });
  const page = renderExplainPage(
    scoreOf(facts, rulesWith({ unitCosts: { perOrder: 4.5, perReturn: 25 } })),
    formatOf('en'),
  );

  for (const line of [
    'Bakkerij Vermeer, account, as of 24 Nov 2026',
    '  From 25 Nov 2025 to 24 Nov 2026',
    'Value: Top (gold), rank 1 of 100',
    '  Revenue, 12 months   €1,990.50',
    '  - direct cost        €1,700.00',
    '  - cost to serve         €34.00',
    '  = profit, 12 months    €256.50',
    '  * Cost to serve: handling of returns 1 × €25.00 = €25.00.',
    'Relation: Leaving',
    '  2 purchases: first 1 Jun 2026, last 1 Aug 2026; customer for 5 full months',
    '  Usual interval: 60 days; since the last purchase: 115 days = 1.9 intervals',
    '  * Sign of leaving: urgent case "Leak" open since 2 Nov 2026.',
    '  Days since the last contact: 104; plan: every 30 days; Silent',
    '  Expected Profit 12 Months: no purchase model yet',
    'Record in Zoho: 4876876000000000042',
  ]) {
    expect(page.split('\n')).toContain(line);
  }
});

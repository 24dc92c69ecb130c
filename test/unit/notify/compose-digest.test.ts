import { describe, expect, test } from 'vitest';
import type { Language } from '../../../src/domain.ts';
import { DigestComposer, type DigestInput } from '../../../src/notify/compose-digest.ts';
import type { Score } from '../../../src/scores.ts';
import type { ScoreMove } from '../../../src/store/outcome-stores.ts';
import { type Digest, digestText } from '../../../src/texts/digest.ts';
import { ruleTitles } from '../../../src/texts/rule-title.ts';
import { aReminder, aScore, SHIPPED_RULES } from '../plan/builders.ts';

const ANN = '700';
const BOB = '701';
const FROM = '2026-03-02';
const UNTIL = '2026-03-08';
const ORG = { unmatchedDeals: 3, setAside: 1, oddities: 2 };

const plain = { tier: 'good', phase: 'established', subPhase: null, gold: false } as const;
const moved = (id: string, after: Partial<ScoreMove['after']>, before: Partial<ScoreMove['after']> = {}) => ({
  key: { module: 'Accounts' as const, id },
  before: { ...plain, ...before },
  after: { ...plain, ...after },
});
const owned = (id: string, change: Parameters<typeof aScore>[0] = {}) =>
  aScore({ id, name: `Firm ${id}`, ownerId: ANN, ...change });

function composed(scores: readonly Score[], change: Partial<DigestInput> = {}): Digest[] {
  const composer = new DigestComposer({
    ...{ from: FROM, until: UNTIL, moves: [], reminders: [], suppressed: [] },
    users: new Map([
      [ANN, 'Ann Admin'],
      [BOB, 'Bob Buyer'],
    ]),
    ...change,
  });
  for (const score of scores) composer.add(score);
  return composer.finish(ORG);
}
const all = (digests: readonly Digest[]) => digests[0] as Digest; // the first is always of everybody
const of = (digests: readonly Digest[], owner: string) => digests.find(({ ownerId }) => ownerId === owner);

describe('whom a digest is of', () => {
  test('each active owner gets its own, and everybody one of all with the state of the org', () => {
    const digests = composed([owned('1'), owned('2', { ownerId: BOB }), owned('3', { ownerId: '799' })]);

    expect(digests.map(({ ownerId, customers }) => [ownerId, customers])).toEqual([
      [null, 3],
      [ANN, 1],
      [BOB, 1],
    ]);
    expect(all(digests).quality.org).toEqual({ ...ORG, ownerless: 1 });
    expect(of(digests, ANN)?.quality.org).toBeNull();
  });

  test('tasks are told to who has them, whoever owns the customer', () => {
    const reminders = [aReminder({ ownerId: BOB, createdOn: FROM })];

    const digests = composed([owned('1')], { reminders });

    expect(of(digests, BOB)).toMatchObject({ customers: 0, tasks: { made: 1, open: 1 } });
    expect(of(digests, ANN)?.tasks.made).toBe(0);
  });
});

describe('what moved', () => {
  test('up and down by tier and gold, the most profit first; who has just come did not move', () => {
    const moves = [
      moved('1', { tier: 'top' }),
      moved('2', { tier: 'top', gold: true }, { tier: 'top' }),
      moved('3', { tier: 'loss_making' }, { tier: 'none' }),
      { ...moved('4', { tier: 'top' }), before: null },
    ];
    const scores = [owned('1', { profit: 10 }), owned('2', { profit: 20 }), owned('3'), owned('4')];

    const { up, down } = all(composed(scores, { moves }));

    expect(up.list.map(({ key }) => key.id)).toEqual(['2', '1']);
    expect(up.list[0]).toMatchObject({ before: 'top', after: 'top', goldBefore: false, goldAfter: true });
    expect(down.list).toMatchObject([{ key: { id: '3' }, before: 'none', after: 'loss_making' }]);
  });

  test('won back and lost are those of this week, at risk is whoever is leaving now', () => {
    const moves = [
      moved('1', { phase: 'new', subPhase: 'won_back' }, { phase: 'lost' }),
      moved('2', { phase: 'lost' }, { phase: 'leaving' }),
    ];
    const scores = [
      owned('1', { phase: 'new' }),
      owned('2', { phase: 'lost' }),
      owned('3', { phase: 'leaving', profit: 500 }),
      owned('4', { phase: 'leaving', profit: -900 }),
      owned('5', { phase: 'lost' }),
    ];

    const digest = all(composed(scores, { moves }));

    expect(digest.wonBack).toMatchObject({ count: 1, list: [{ key: { id: '1' } }] });
    expect(digest.lost).toMatchObject({ count: 1, list: [{ key: { id: '2' } }] });
    expect(digest.atRisk).toMatchObject({ count: 2, profit12: 500 });
  });

  test('a long list is cut at ten and says how many there are', () => {
    const scores = Array.from({ length: 14 }, (_, n) => owned(String(n), { phase: 'leaving' }));

    const { atRisk } = all(composed(scores));

    expect([atRisk.count, atRisk.list.length]).toEqual([14, 10]);
  });
});

test('tasks are counted within the week, overdue by their day, and the rest over the cap is listed', () => {
  const reminder = (change: Parameters<typeof aReminder>[0]) => aReminder({ ownerId: ANN, ...change });
  const reminders = [
    reminder({ createdOn: FROM, dueDay: '2026-03-20' }),
    reminder({ createdOn: '2026-03-01', dueDay: '2026-03-07', subject: 'Call Firm 1' }),
    reminder({ createdOn: UNTIL, dueDay: UNTIL }),
    reminder({ createdOn: '2026-02-01', state: 'closed_by_person', closedOn: UNTIL }),
    reminder({ createdOn: '2026-02-01', state: 'closed_by_person', closedOn: '2026-03-01' }),
    reminder({ createdOn: '2026-02-01', state: 'closed_by_us', closedOn: FROM }),
  ];
  const suppressed = (['cap', 'cool_down', 'cool_down'] as const).map((why, n) => ({
    ...{ customer: { module: 'Accounts' as const, id: `${n}` }, name: `Firm ${n}` },
    ...{ reason: 'contact_gap' as const, why, ownerId: ANN },
  }));

  const { tasks } = all(composed([owned('1')], { reminders, suppressed }));

  expect(tasks).toEqual({
    ...{ made: 2, done: 1, notNeeded: 1, open: 3 },
    overdue: { count: 1, list: [{ subject: 'Call Firm 1', dueDay: '2026-03-07' }] },
    overCap: { count: 1, list: [{ name: 'Firm 0', rule: 'contact_gap' }] },
    suppressed: { cool_down: 2 },
  });
});

describe('the text', () => {
  const digests = composed(
    [owned('1', { phase: 'leaving', profit: 1_234_500 }), owned('2', { lastContact: null })],
    {
      moves: [moved('1', { tier: 'top', gold: true }), moved('2', { tier: 'marginal' })],
      reminders: [aReminder({ ownerId: ANN, dueDay: '2026-03-03', subject: 'Bel Firm 1' })],
    },
  );
  const text = (language: Language, digest = all(digests)) =>
    digestText(digest, { language, currency: 'EUR' }, ruleTitles(SHIPPED_RULES, language)).split('\n');

  test('says in plain words what happened', () => {
    expect(text('en')).toEqual([
      '2 Mar 2026 – 8 Mar 2026: everybody, 2 customers',
      '',
      'Moved up: 1',
      '  Firm 1: Good → Top, now gold (profit of 12 months €12,345)',
      'Moved down: 1',
      '  Firm 2: Good → Marginal (profit of 12 months €1,000)',
      'Money at risk: €12,345 profit of 12 months; leaving: 1 customer',
      '  Firm 1, since 1 Jun 2025 (€12,345)',
      'Tasks: 0 new, 0 done, 0 not needed any more; open 1, of these overdue 1',
      'Overdue:',
      '  Bel Firm 1 (due 3 Mar 2026)',
      'Data: never spoken with 1, value incomplete 0, profiles 25 % complete',
      'Data of the org: deals no customer explains 3, records set aside 1, oddities 2, customers without active owner 0',
    ]);
  });

  test.each([
    ['en', '  Firm 7 (Welcome back)'],
    ['nl', '  Firm 7 (Welkom terug)'],
    ['pl', '  Firm 7 (Ponowne powitanie)'],
    ['da', '  Firm 7 (Velkommen tilbage)'],
  ] as const)('calls a rule by its title in %s, one that is no longer there by its id', (language, line) => {
    const suppressed = ['welcome_back', 'former_rule'].map((reason, index) => ({
      customer: { module: 'Accounts' as const, id: `${index}` },
      name: `Firm ${index + 7}`,
      ...{ reason, why: 'cap' as const, ownerId: ANN },
    }));

    const lines = text(language, all(composed([owned('1')], { suppressed })));

    expect(lines).toContain(line);
    expect(lines).toContain('  Firm 8 (former_rule)');
  });

  test.each([
    ['nl', 'Gestegen: 1', 'Geld in gevaar: € 12.345'],
    ['pl', 'Awans: 1', 'Zagrożone pieniądze'],
    ['da', 'Steget: 1', 'Penge i fare'],
  ] as const)(
    'speaks %s, with nothing left unfilled and as many lines as in English',
    (language, up, risk) => {
      const lines = text(language);

      expect(lines).toHaveLength(text('en').length);
      expect(lines).toContain(up);
      expect(lines.some((line) => line.startsWith(risk))).toBe(true);
      expect(lines.join('\n')).not.toMatch(/[{}[\]]|undefined|null/);
    },
  );

  test('names the owner, and leaves the org out of an owner’s digest', () => {
    const lines = text('en', of(digests, ANN));

    expect(lines[0]).toContain('Ann Admin');
    expect(lines.some((line) => line.startsWith('Data of the org'))).toBe(false);
  });
});

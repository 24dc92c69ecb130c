import { describe, expect, test } from 'vitest';
import type { CustomerFacts } from '../../../src/domain.ts';
import type { CustomerRows } from '../../../src/records.ts';
import type { ScoringRules } from '../../../src/rules.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { renderReason } from '../../../src/texts/reasons.ts';
import { ASOF, aContext, anAccount, euros, RULES, rulesWith, someFacts, someRows } from './builders.ts';

const keyOf = (id: string) => ({ module: 'Accounts', id }) as const;
const earning = (
  id: string,
  profit: number,
  referredBy: CustomerFacts['referredBy'] = null,
  change: Partial<CustomerFacts> = {},
) => someFacts({ key: keyOf(id), bought: [['2026-06-01', profit + 100, 100]], referredBy, ...change });
const by = (id: string, day: string | null = null) => ({ id, day });

function baselineOf(facts: readonly CustomerFacts[], customerOf?: Map<string, string>, rules = RULES) {
  const builder = new BaselineBuilder(rules, ASOF);
  for (const one of facts) builder.add(one);
  return builder.finish(customerOf ?? null);
}
function scoresOf(facts: readonly CustomerFacts[], rules: ScoringRules = RULES) {
  const baseline = baselineOf(facts, undefined, rules);
  return facts.map((one) => scoreCustomer(one, null, baseline, rules, ASOF).score);
}
const creditsOf = (facts: readonly CustomerFacts[]) =>
  Object.fromEntries(scoresOf(facts).map(({ key, referralProfit }) => [key.id, referralProfit]));

describe('referral credit', () => {
  const three = [
    earning('10', 100),
    earning('11', 5000, by('10')),
    earning('12', 3100, by('10', '2026-01-05')),
    earning('13', -40, by('10')),
    someFacts({ key: keyOf('14'), referredBy: by('10') }),
  ];

  test('is a fifth of what the customers brought earn; a loss takes nothing away, a prospect is not counted', () => {
    const [referrer] = scoresOf(three);

    expect(referrer?.referralProfit).toBe(euros(1620));
    expect(referrer?.window12.profit).toBe(euros(100));
    const told = referrer?.reasons.find(({ code }) => code === 'contribution.referrals');
    expect(told && renderReason(told, { language: 'en', currency: 'EUR' })).toBe(
      'Brought 3 customers: €8,100 profit in 12 months, credited €1,620 (20%).',
    );
  });

  test('goes one level up only', () => {
    expect(
      creditsOf([earning('10', 1), earning('11', 100, by('10')), earning('12', 1000, by('11'))]),
    ).toEqual({
      10: euros(20),
      11: euros(200),
      12: null,
    });
  });

  test('goes to nobody for himself, and in a circle not for the later relation', () => {
    const facts = [
      earning('10', 100, by('10')),
      earning('11', 200, by('12', '2025-02-01')),
      earning('12', 400, by('11', '2025-01-31')),
      earning('13', 800, by('14')),
      earning('14', 1600, by('13')),
    ];

    expect(creditsOf(facts)).toEqual({ 10: null, 11: euros(80), 12: null, 13: euros(320), 14: null });
    expect(baselineOf(facts).referrals.ignored).toBe(3);
  });

  test('goes to the customer that the named record belongs to, else to nobody, which is counted', () => {
    const facts = [earning('10', 1), earning('11', 100, by('77')), earning('12', 100, by('78'))];

    expect(baselineOf(facts, new Map([['77', '10']])).referrals).toEqual({
      ignored: 0,
      unknown: 1,
      credits: [
        {
          id: '10',
          referred: 1,
          profit: euros(100),
          credit: euros(20),
          brought: [{ module: 'Accounts', id: '11' }],
          latest: '2026-06-01',
        },
      ],
    });
  });

  test('adds to the profit of the ranking only where the rules say so, and never makes a loss good', () => {
    const review = [{ day: '2026-05-01', kind: 'review' as const, amount: null }];
    const facts = [
      earning('10', 100),
      earning('11', 60, null, { contributions: review }),
      earning('12', 500, by('13')),
      earning('13', 10),
      earning('14', -5, null, { contributions: review }),
    ];
    const values = { ...RULES.contributions.values, review: euros(45) };
    const ranksWith = (inTier: boolean) =>
      scoresOf(facts, rulesWith({ contributions: { inTier, values } })).map(({ rank }) => rank);

    expect(ranksWith(false)).toEqual([2, 3, 1, 4, 5]);
    // 100; 60 + 45; 500; 10 + 100; -5 + 45
    expect(ranksWith(true)).toEqual([4, 3, 1, 2, 5]);
    const loss = scoresOf(facts, rulesWith({ contributions: { inTier: true, values } }))[4];
    expect(loss).toMatchObject({ tier: 'loss_making', contributions12: euros(45) });
  });
});

describe('who the referrer is', () => {
  const imported = (referredBy: NonNullable<CustomerRows['imported']>['referredBy']) => ({
    purchases: [],
    costs: [],
    billedDeals: [],
    contributions: [
      { day: '2026-05-01', kind: 'case_study' as const, amount: '250.00', note: null },
      { day: '2026-12-01', kind: 'review' as const, amount: null, note: null },
    ],
    referredBy,
    thanks: [
      { day: '2026-02-01', how: 'flowers', note: null },
      { day: '2026-12-24', how: 'card', note: null },
    ],
  });
  const record = anAccount({ inputs: { referredBy: '42', lastThanked: '2025-12-24' } });
  const given = (change: Partial<CustomerRows>) => factsOf(someRows({ record, ...change }), aContext(), ASOF);

  test('an imported one with its day goes before the field; one that is not known yet does not', () => {
    const day = '2024-03-01';
    expect(given({}).referredBy).toEqual(by('42'));
    expect(given({ imported: imported({ id: '7', number: null, day }) }).referredBy).toEqual(by('7', day));
    expect(given({ imported: imported({ id: '7', number: null, day: '2026-11-25' }) }).referredBy).toEqual(
      by('42'),
    );
    expect(given({ imported: imported({ id: null, number: 'K-9', day }) }).referredBy).toEqual(by('42'));
  });

  test('contributions and thanks count from their day on', () => {
    expect(given({ imported: imported(null) })).toMatchObject({
      contributions: [{ day: '2026-05-01', kind: 'case_study', amount: euros(250) }],
      thanked: '2026-02-01',
    });
    expect(given({}).thanked).toBe('2025-12-24');
  });
});

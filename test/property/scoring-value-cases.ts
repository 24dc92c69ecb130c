import { addDays } from '../../src/days.ts';
import type { Score } from '../../src/scores.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import { ASOF, aBaseline, aTouch, euros, RULES, rulesWith, someFacts } from '../unit/scoring/builders.ts';

/** Scores that give the codes of what customers contribute and what is known of them. */
export function valueCases(): Score[] {
  const credits = [{ id: '10', referred: 3, profit: euros(8100), credit: euros(1620) }];
  const rfm = { recency: [365, 180, 90, 30], frequency: [2, 3, 5, null], money: [5, 10, 15, 20] };
  const baseline = aBaseline({ rfm, referrals: { ignored: 0, unknown: 0, credits } });
  const rules = rulesWith({ contributions: { ...RULES.contributions, inTier: true } });
  const giving = someFacts({
    key: { module: 'Accounts', id: '10' },
    bought: [['2026-10-01', 200, 50]],
    contributions: [{ day: '2026-05-01', kind: 'case_study', amount: euros(250) }],
  });
  const knownUpTo = (facts: number) =>
    someFacts({
      inputs: {
        ...(facts > 0 && { whyUs: 'Close by' }),
        ...(facts > 1 && { needs: 'Crates' }),
        ...(facts > 2 && { reasonLeft: 'Price' }),
        profileReviewedOn: '2025-01-01',
      },
      source: facts > 3 ? 'Website' : null,
      thanked: facts > 4 ? '2026-01-01' : null,
      contributions: facts > 5 ? giving.contributions : [],
    });
  const step = { en: 'Visit', nl: 'Bezoek', pl: 'Wizyta', da: 'Besøg' };
  const own = rulesWith({
    unitCosts: { perHour: 10 },
    nextSteps: [
      { gold: true, step },
      { tier: 'none', step: 'nothing' },
    ],
  });
  const busy = someFacts({ efforts: [{ day: '2026-06-01', seconds: 360_000 }] });
  const owned = [giving, busy].map((facts) => scoreCustomer(facts, null, baseline, own, ASOF).score);
  const told = [giving, ...[0, 1, 2, 3, 4, 5, 6].map(knownUpTo)].map(
    (facts) => scoreCustomer(facts, null, baseline, rules, ASOF).score,
  );
  const returning = [
    { touches: [aTouch('2026-11-01', { direction: 'in' })] },
    { leads: [{ id: '1', createdDay: '2026-11-01', source: null, isConverted: true }] },
    { cases: [{ id: '1', subject: 'Hello', openedDay: '2026-11-01', open: true, high: false }] },
  ].map((sign) => someFacts({ bought: [['2022-01-01', 1, 1]], ...sign }));
  const returned = returning.map((facts) => scoreCustomer(facts, null, baseline, rules, ASOF).score);
  const offers = [{ segment: '', customers: 40, products: [['Desk', 18]] as const }];
  const steady = [150, 90, 30].map((days) => [addDays(ASOF, -days), 10, 9] as const);
  const offered = scoreCustomer(
    someFacts({ bought: steady, products: ['Chair'], touches: [aTouch('2026-11-01')] }),
    null,
    aBaseline({ offers }),
    rules,
    ASOF,
  ).score;
  const quiet = rulesWith({ contactDays: { good: null, marginal: null } });
  const unplanned = scoreCustomer(someFacts({ bought: steady }), null, aBaseline(), quiet, ASOF).score;
  const givenBack = someFacts({
    bought: [
      ['2026-05-01', 100, 60],
      ['2026-06-01', -50, 0],
    ],
  });
  const returnedGoods = scoreCustomer(givenBack, null, aBaseline(), RULES, ASOF).score;
  const cheap = someFacts({
    purchases: steady.map(([day]) => ({
      ...{
        dealId: null,
        day,
        revenue: euros(10),
        directCost: euros(9),
        costBasis: 'line',
        discountPercent: 25,
      },
    })),
    touches: [aTouch('2026-11-01', { durationSeconds: 36_000 })],
    goodwill: [{ day: '2026-06-01', amount: euros(5) }],
    lostDeals: [{ id: '1', day: '2026-06-01', reason: 'Price' }],
    cases: [{ id: '5', subject: 'Leak', openedDay: '2026-03-01', open: true, high: false }],
  });
  const dear = rulesWith({ unitCosts: { perHour: 0.1 } });
  const priceOnly = scoreCustomer(cheap, null, aBaseline(), dear, ASOF).score;
  return [offered, unplanned, priceOnly, returnedGoods, ...owned, ...told, ...returned];
}

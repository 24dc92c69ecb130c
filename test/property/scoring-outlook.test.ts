import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import type { Phase } from '../../src/domain.ts';
import type { ModelFit } from '../../src/scores.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import {
  ASOF,
  aBaseline,
  aFit,
  aFitWithoutDropout,
  aPoorFit,
  rulesWith,
  someFacts,
} from '../unit/scoring/builders.ts';
import { anyCustomer, COSTLY_RULES, factsAt } from './scoring-customers.ts';

/** What holds for any customer and any purchase model. */

const parameter = fc.double({ min: -4, max: 4, noNaN: true }).map((power) => 10 ** power);
const anyFit: fc.Arbitrary<ModelFit> = fc
  .record({
    r: parameter,
    alpha: parameter,
    a: parameter,
    b: parameter,
    model: fc.constantFrom('MBG/NBD' as const, 'MBG/CNBD-2' as const, 'NBD' as const),
    value: fc.constantFrom(
      { model: 'shrunken mean', mean: 20, weight: 3 } as const,
      { model: 'gamma-gamma', p: 6.25, q: 3.74, v: 15.44 } as const,
      { model: 'gamma-gamma', p: 0.01, q: 1.02, v: 1e6 } as const,
    ),
  })
  .map(({ r, alpha, a, b, model, value }) =>
    model === 'NBD'
      ? aFit({ status: 'no-dropout', model, value, parameters: { r, alpha, a: null, b: null } })
      : aFit({ model, value, parameters: { r, alpha, a, b } }),
  );

test('chances are chances, money is whole and in its range, for any customer and any model', () => {
  fc.assert(
    fc.property(anyCustomer, anyFit, fc.integer({ min: -30, max: 400 }), (rows, fit, ahead) => {
      const facts = factsAt(rows);
      const baseline = aBaseline({ fit, lastPurchaseDay: addDays(ASOF, -ahead) });

      const { score } = scoreCustomer(facts, null, baseline, COSTLY_RULES, ASOF);
      const again = scoreCustomer(facts, null, baseline, COSTLY_RULES, ASOF).score;

      expect(again).toEqual(score);
      const { churnRiskPercent: risk, expectedProfit12: expected, expectedProfitRange: range } = score;
      expect(risk === null).toBe(score.unfilled.churn_risk !== undefined);
      expect(expected === null).toBe(score.unfilled.expected_profit_12_months !== undefined);
      if (risk !== null) expect(risk >= 0 && risk <= 100).toBe(true);
      if (expected !== null) {
        expect(Number.isSafeInteger(expected)).toBe(true);
        expect((range?.low ?? 1) <= expected && expected <= (range?.high ?? -1)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('a model that is not believed changes no phase', () => {
  fc.assert(
    fc.property(anyCustomer, (rows) => {
      const facts = factsAt(rows);
      const phaseBy = (fit: ModelFit | null) =>
        scoreCustomer(facts, null, aBaseline({ fit, lastPurchaseDay: ASOF }), COSTLY_RULES, ASOF).score.phase;

      expect(phaseBy(aFitWithoutDropout())).toBe(phaseBy(null));
      expect(phaseBy(aPoorFit())).toBe(phaseBy(null));
    }),
    { numRuns: 200 },
  );
});

test('a purchase today never makes anybody leaving or lost, whatever the model', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 10 }), anyFit, (ago, fit) => {
      const days = [...new Set([...ago, 0])].sort((left, right) => right - left);
      const facts = someFacts({ bought: days.map((one) => [addDays(ASOF, -one), 100, 60]) });

      const { rawPhase } = scoreCustomer(
        facts,
        null,
        aBaseline({ fit, lastPurchaseDay: ASOF }),
        rulesWith({}),
        ASOF,
      ).score;

      expect(['leaving', 'lost']).not.toContain(rawPhase);
    }),
    { numRuns: 500 },
  );
});

test('without events the lost stay lost and leaving is left for lost alone', () => {
  const MAY_FOLLOW: { readonly [P in Phase]?: readonly Phase[] } = {
    leaving: ['leaving', 'lost'],
    lost: ['lost'],
  };
  const quiet = rulesWith({
    contactDays: { top: null, good: null, marginal: null, loss_making: null, none: null },
  });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 3, maxLength: 20 }),
      anyFit,
      (gaps, waits, fit) => {
        const days: string[] = [];
        for (const gap of gaps) days.unshift(addDays(days[0] ?? ASOF, -gap));
        const facts = someFacts({ bought: days.map((day) => [day, 100, 60]) });
        let asOf = ASOF;
        let phase: Phase | null = null;
        for (const wait of waits) {
          asOf = addDays(asOf, wait);
          const { score } = scoreCustomer(
            facts,
            null,
            aBaseline({ fit, lastPurchaseDay: asOf }),
            quiet,
            asOf,
          );
          // A rise within 90 days is a window: it passes by itself.
          const isByWindow = score.reasons.some(({ code }) => code === 'signal.churn_up');
          const allowed = phase && MAY_FOLLOW[phase];
          if (allowed) expect(allowed, `${phase} on ${asOf}`).toContain(score.rawPhase);
          phase = isByWindow ? null : score.rawPhase;
        }
      },
    ),
    { numRuns: 1000 },
  );
});

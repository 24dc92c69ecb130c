import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CustomerFacts } from '../../src/domain.ts';
import { BaselineBuilder } from '../../src/scoring/baseline.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import { ASOF, euros, RULES, rulesWith, someFacts } from '../unit/scoring/builders.ts';

const RUNS = { numRuns: 300 };
const RULES_IN_TIER = rulesWith({ contributions: { ...RULES.contributions, inTier: true } });

/** Up to twelve customers that refer each other, themselves and strangers at random. */
const anyReferrals = fc
  .array(
    fc.record({
      cents: fc.option(fc.integer({ min: -50_000, max: 1_000_000 })),
      by: fc.option(fc.integer({ min: 1, max: 13 })),
      day: fc.constantFrom(null, '2025-01-01', '2025-06-01', '2026-01-01'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) =>
    rows.map(({ cents, by, day }, index) =>
      someFacts({
        key: { module: 'Accounts', id: String(index + 1) },
        bought: cents === null ? [] : [['2026-01-01', 10_001, 10_001 - cents / 100]],
        referredBy: by === null ? null : { id: String(by), day },
      }),
    ),
  );

function baselineOf(facts: readonly CustomerFacts[], rules = RULES) {
  const builder = new BaselineBuilder(rules, ASOF);
  for (const one of facts) builder.add(one);
  // Thirteen is a stranger.
  return builder.finish(new Map(facts.map(({ key }) => [key.id, key.id])));
}
const scoresOf = (facts: readonly CustomerFacts[], rules = RULES) => {
  const baseline = baselineOf(facts, rules);
  return facts.map((one) => scoreCustomer(one, null, baseline, rules, ASOF).score);
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('credit is conserved: each referred profit counts at most once, and a fifth of it is credited', () => {
  fc.assert(
    fc.property(anyReferrals, (facts) => {
      const { credits, ignored, unknown } = baselineOf(facts).referrals;
      const scores = scoresOf(facts);

      const credited = sum(scores.map(({ referralProfit }) => referralProfit ?? 0));
      const profits = sum(credits.map(({ profit }) => profit));
      // Each referrer's credit is rounded once, to a hundredth.
      expect(Math.abs(credited - profits / 5)).toBeLessThanOrEqual(0.5 * credits.length);
      const earned = scores.filter(({ key }) => facts.some((one) => one.key.id === key.id && one.referredBy));
      expect(profits).toBeLessThanOrEqual(sum(earned.map(({ window12 }) => Math.max(0, window12.profit))));
      const relations = facts.filter(({ referredBy }) => referredBy !== null).length;
      const bought = facts.filter(({ referredBy, purchases }) => referredBy && purchases.length > 0).length;
      expect(sum(credits.map(({ referred }) => referred))).toBeLessThanOrEqual(bought);
      expect(sum(credits.map(({ referred }) => referred))).toBeGreaterThanOrEqual(bought - ignored - unknown);
      expect(ignored + unknown).toBeLessThanOrEqual(relations);
    }),
    RUNS,
  );
});

test('the order of customers does not matter', () => {
  fc.assert(
    fc.property(anyReferrals, fc.boolean(), (facts, inTier) => {
      const rules = inTier ? RULES_IN_TIER : RULES;

      expect(baselineOf(facts.toReversed(), rules)).toEqual(baselineOf(facts, rules));
    }),
    RUNS,
  );
});

test('no circle pays: whoever follows the credits upwards comes to an end', () => {
  fc.assert(
    fc.property(anyReferrals, (facts) => {
      // Everybody earns alone: so it shows whose profit was credited to whom.
      const paidTo = (referred: CustomerFacts): string | null => {
        const alone = facts.map((one) => ({
          ...one,
          purchases: someFacts({
            bought: [['2026-01-01', one === referred ? 100 : 1, one === referred ? 0 : 1]],
          }).purchases,
        }));
        return baselineOf(alone).referrals.credits.find(({ credit }) => credit === euros(20))?.id ?? null;
      };
      const above = new Map(facts.map((one) => [one.key.id, paidTo(one)]));

      for (const start of above.keys()) {
        let steps = 0;
        for (let at = above.get(start) ?? null; at !== null; at = above.get(at) ?? null) steps += 1;
        expect(steps).toBeLessThan(facts.length);
        if (steps >= facts.length) break;
      }
    }),
    { numRuns: 100 },
  );
});

test('one customer rescored with the same baseline stands where full scoring puts it', () => {
  fc.assert(
    fc.property(anyReferrals, fc.boolean(), (facts, inTier) => {
      const rules = inTier ? RULES_IN_TIER : RULES;
      const ranks = scoresOf(facts, rules).flatMap(({ rank }) => (rank === null ? [] : [rank]));

      expect(ranks.toSorted((a, b) => a - b)).toEqual(ranks.map((_, index) => index + 1));
    }),
    RUNS,
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import type { Day } from '../../src/domain.ts';
import type { CustomerRows } from '../../src/records.ts';
import { splitChange } from '../../src/scoring/base.ts';
import { BaselineBuilder } from '../../src/scoring/baseline.ts';
import { type Comparison, ComparisonTally } from '../../src/scoring/compare.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import { ASOF } from '../unit/scoring/builders.ts';
import { anyOrg, COSTLY_RULES, factsAt } from './scoring-customers.ts';

/** Means of whole minor units and whole days, as a base has them. */
const factors = fc
  .record({
    customers: fc.integer({ min: 0, max: 1_000_000 }),
    // Even all customers of one date at the mean of the other stay within what a whole number holds exactly.
    profit: fc.integer({ min: -5_000_000, max: 20_000_000 }),
    meanDays: fc.double({ min: 1, max: 15_000, noNaN: true }),
  })
  .map(({ customers, profit, meanDays }) =>
    customers === 0
      ? { customers, yield: 0, years: 0 }
      : { customers, yield: profit / customers, years: meanDays / 365.25 },
  );

test('number, yield and length add up to the change to the last minor unit', () => {
  fc.assert(
    fc.property(factors, factors, (before, after) => {
      const change = splitChange(before, after);

      expect(change.number + change.yield + change.length).toBe(change.total);
      const back = splitChange(after, before);
      expect(back.total).toBe(change.total === 0 ? 0 : -change.total);
      expect(Math.abs(back.number + change.number)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 5_000 },
  );
});

function compared(org: readonly CustomerRows[], from: Day, to: Day): Comparison {
  const baselineAt = (day: Day) => {
    const builder = new BaselineBuilder(COSTLY_RULES, day);
    for (const rows of org) builder.add(factsAt(rows, day));
    return builder.finish();
  };
  const [earlier, later] = [baselineAt(from), baselineAt(to)];
  const tally = new ComparisonTally({ before: from, after: to }, 5);
  for (const rows of org) {
    const look = (day: Day, baseline: typeof earlier) => {
      const facts = factsAt(rows, day);
      return {
        score: scoreCustomer(facts, null, baseline, COSTLY_RULES, day).score,
        source: facts.source,
      };
    };
    tally.add(look(from, earlier), look(to, later));
  }
  return tally.result();
}

const sum = (numbers: readonly (number | undefined)[]) =>
  numbers.reduce<number>((total, one) => total + (one ?? 0), 0);

test('groups, moves and distributions count every customer once, in whatever order they come', () => {
  fc.assert(
    fc.property(anyOrg, fc.integer({ min: 1, max: 500 }), (org, daysBack) => {
      const from = addDays(ASOF, -daysBack);

      const comparison = compared(org, from, ASOF);

      const { base } = comparison.after;
      for (const groups of [base.byTier, base.byPhase, base.bySource]) {
        expect(sum(Object.values(groups).map(({ customers }) => customers))).toBe(base.customers);
        expect(sum(Object.values(groups).map(({ profit }) => profit))).toBe(base.profit);
      }
      const { flow, before, after, groupChanges } = comparison;
      expect(before.base.customers).toBe(flow.stayed + flow.left);
      expect(after.base.customers).toBe(flow.stayed + flow.first + flow.again);
      for (const grouping of ['byTier', 'byPhase', 'bySource'] as const) {
        for (const [name, change] of Object.entries(groupChanges[grouping])) {
          const [old, now] = [before.base[grouping][name]?.value, after.base[grouping][name]?.value];
          expect(change.number + change.yield + change.length).toBe(change.total);
          expect(change.total).toBe((now ?? 0) - (old ?? 0));
        }
      }
      for (const moves of [comparison.tierMoves, comparison.phaseMoves]) {
        expect(sum(Object.values(moves).map((row) => sum(Object.values(row))))).toBe(org.length);
      }
      expect(sum(Object.values(comparison.after.tiers))).toBe(org.length);
      expect(compared([...org].reverse(), from, ASOF)).toEqual(comparison);
    }),
    { numRuns: 60 },
  );
});

test('the same rules on the same day change nobody', () => {
  fc.assert(
    fc.property(anyOrg, (org) => {
      const { change, changed } = compared(org, ASOF, ASOF);

      expect(changed).toMatchObject({ customers: 0, tier: 0, gold: 0, phase: 0, first: [] });
      expect(change).toMatchObject({ total: 0, number: 0, yield: 0, length: 0 });
    }),
    { numRuns: 30 },
  );
});

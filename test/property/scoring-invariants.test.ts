import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import type { CustomerFacts, Phase, Tier } from '../../src/domain.ts';
import type { CustomerRows, DealRecord } from '../../src/records.ts';
import type { ScoreState } from '../../src/scores.ts';
import { BaselineBuilder, compareEntries, rankOf } from '../../src/scoring/baseline.ts';
import { periodRows } from '../../src/scoring/periods.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import { ASOF, aDeal } from '../unit/scoring/builders.ts';
import { anyCustomer, anyOrg, COSTLY_RULES, factsAt } from './scoring-customers.ts';

const RUNS = { numRuns: 200 };

function baselineOf(facts: readonly CustomerFacts[]) {
  const builder = new BaselineBuilder(COSTLY_RULES, ASOF);
  for (const one of facts) builder.add(one);
  return builder.finish();
}
function scoreOrg(org: readonly CustomerRows[]) {
  const facts = org.map((rows) => factsAt(rows));
  const baseline = baselineOf(facts);
  return {
    baseline,
    scores: facts.map((one) => scoreCustomer(one, null, baseline, COSTLY_RULES, ASOF).score),
  };
}

const TIERS: readonly Tier[] = ['top', 'good', 'marginal', 'loss_making', 'none'];
const PHASES: readonly Phase[] = ['prospect', 'new', 'established', 'loyal', 'leaving', 'lost'];

test('every customer has one tier and one phase, and nobody is both gold and loss-making', () => {
  fc.assert(
    fc.property(anyOrg, (org) => {
      const { baseline, scores } = scoreOrg(org);

      for (const score of scores) {
        expect(TIERS).toContain(score.tier);
        expect(PHASES).toContain(score.phase);
        expect(score.gold && score.tier === 'loss_making').toBe(false);
        expect(score.tier === 'loss_making').toBe(score.rank !== null && score.window12.profit < 0);
        expect(score.tier === 'none').toBe(score.rank === null);
        const isClosed = score.reasons.some(({ code }) => code === 'phase.lost.closed');
        if (isClosed) expect(score.rawPhase).toBe('lost');
        else expect(score.rawPhase === 'prospect').toBe(score.firstPurchase === null);
        if (score.override === null) expect(score.phase).toBe(score.rawPhase);
        else expect(score).toMatchObject({ phase: score.override.phase, phaseSince: score.override.setOn });
        expect(score.nextStep).not.toBeNull();
      }
      const ranks = scores.flatMap(({ rank }) => (rank === null ? [] : [rank])).sort((a, b) => a - b);
      expect(ranks).toEqual(Array.from({ length: baseline.population }, (_, index) => index + 1));
      const tops = scores.filter(({ tier }) => tier === 'top');
      const earning = scores.filter(({ rank, window12 }) => rank !== null && window12.profit > 0).length;
      expect(tops.length).toBe(baseline.topAvailable ? Math.min(baseline.topSize, earning) : 0);
    }),
    RUNS,
  );
});

test('the order of records and of customers does not matter', () => {
  fc.assert(
    fc.property(anyOrg, (org) => {
      const reversed = org.toReversed().map((rows) => ({
        ...rows,
        deals: rows.deals.toReversed(),
        activities: rows.activities.toReversed(),
        cases: rows.cases.toReversed(),
        goodwill: rows.goodwill.toReversed(),
      }));

      const one = scoreOrg(org);
      const other = scoreOrg(reversed);

      expect(other.baseline).toEqual(one.baseline);
      expect(other.scores.toReversed()).toEqual(one.scores);
    }),
    RUNS,
  );
});

/** The same customer with other records at later dates: what a series of nightly runs sees. */
const history = fc.array(
  fc.record({
    rows: anyCustomer,
    days: fc.integer({ min: 0, max: 40 }),
    repeats: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 2, maxLength: 8 },
);

test('scoring a date again gives the same score and state, however often it is done', () => {
  fc.assert(
    fc.property(anyOrg, history, (org, runs) => {
      const baseline = baselineOf(org.map((rows) => factsAt(rows)));
      let state: ScoreState | null = null;
      let asOf = addDays(ASOF, -150);
      for (const { rows, days, repeats } of runs) {
        asOf = addDays(asOf, days);
        const facts = factsAt(rows, asOf);
        const first = scoreCustomer(facts, state, baseline, COSTLY_RULES, asOf);
        state = first.state;
        for (let repeat = 0; repeat < repeats; repeat++) {
          const again: ReturnType<typeof scoreCustomer> = scoreCustomer(
            facts,
            state,
            baseline,
            COSTLY_RULES,
            asOf,
          );
          expect(again).toEqual(first);
          state = again.state;
        }
        expect(first.score.gold && first.score.window12.profit <= 0).toBe(false);
      }
    }),
    RUNS,
  );
});

test('looking at an earlier date ignores the later state and leaves it as it is', () => {
  fc.assert(
    fc.property(anyCustomer, anyCustomer, fc.integer({ min: 1, max: 400 }), (rows, others, days) => {
      const baseline = baselineOf([factsAt(rows), factsAt(others)]);
      const later = scoreCustomer(factsAt(rows), null, baseline, COSTLY_RULES, ASOF);
      const past = addDays(ASOF, -days);
      const facts = factsAt(rows, past);

      const withLater = scoreCustomer(facts, later.state, baseline, COSTLY_RULES, past);

      expect(withLater.score).toEqual(scoreCustomer(facts, null, baseline, COSTLY_RULES, past).score);
      expect(withLater.state).toEqual(later.state);
    }),
    RUNS,
  );
});

test('a customer that changed ranks by how many others lie ahead of it', () => {
  const entry = fc.record({
    profit12: fc.integer({ min: -3, max: 3 }),
    revenue12: fc.integer({ min: 0, max: 2 }),
    firstPurchase: fc.constantFrom('2025-01-01', '2025-01-02'),
  });
  fc.assert(
    fc.property(anyOrg, entry, fc.nat(), (org, change, pick) => {
      const baseline = baselineOf(org.map((rows) => factsAt(rows)));
      const own = baseline.ranked[pick % Math.max(1, baseline.ranked.length)];
      const id = own?.id ?? '1';
      const near = baseline.ranked[(pick * 7) % Math.max(1, baseline.ranked.length)]?.profit12 ?? 0;
      const changed = { ...change, profit12: near + change.profit12, id } as (typeof baseline.ranked)[number]; // whole numbers stand for money

      const ahead = baseline.ranked.filter((other) => other.id !== id && compareEntries(other, changed) < 0);

      expect(rankOf(baseline, changed)).toBe(ahead.length + 1);
      if (own) expect(rankOf(baseline, own)).toBe(baseline.ranked.indexOf(own) + 1);
    }),
    RUNS,
  );
});

test('months add up to years, and years to the total', () => {
  fc.assert(
    fc.property(anyCustomer, (rows) => {
      const facts = factsAt(rows);
      const { total } = scoreCustomer(facts, null, baselineOf([facts]), COSTLY_RULES, ASOF).score;
      const sums = (by: 'month' | 'year') =>
        periodRows(facts, COSTLY_RULES, ASOF, by).reduce(
          (sum, { revenue, directCost, costToServe, profit }) => ({
            revenue: sum.revenue + revenue,
            directCost: sum.directCost + directCost,
            costToServe: sum.costToServe + costToServe,
            profit: sum.profit + profit,
          }),
          { revenue: 0, directCost: 0, costToServe: 0, profit: 0 },
        );

      // The end of a month: real freight stands for all purchases of its month, also for those before it.
      const past = '2026-04-30';
      expect(periodRows(facts, COSTLY_RULES, past, 'month')).toEqual(
        periodRows(factsAt(rows, past), COSTLY_RULES, past, 'month'),
      );
      expect(sums('month')).toEqual(total);
      expect(sums('year')).toEqual(total);
      expect(total.profit).toBe(total.revenue - total.directCost - total.costToServe);
    }),
    RUNS,
  );
});

const isGoing = (phase: Phase) => phase === 'leaving' || phase === 'lost';

test('a purchase today makes nobody leaving or lost, as computed or as shown', () => {
  const purchase = fc
    .integer({ min: 1, max: 500_000 })
    .map((cents) =>
      aDeal({ amount: (cents / 100).toFixed(2), cost: '0', closingDay: ASOF, wonSeenOn: ASOF }),
    );
  fc.assert(
    fc.property(anyOrg, anyCustomer, purchase, (org, rows, deal) => {
      const baseline = baselineOf(org.map((other) => factsAt(other)));
      const deals = rows.deals.filter(({ closingDay }) => closingDay !== null && closingDay < ASOF);
      const yesterday = addDays(ASOF, -1);
      const before = scoreCustomer(
        factsAt({ ...rows, deals }, yesterday),
        null,
        baseline,
        COSTLY_RULES,
        yesterday,
      );

      const today = (of: readonly DealRecord[]) =>
        scoreCustomer(factsAt({ ...rows, deals: of }), before.state, baseline, COSTLY_RULES, ASOF).score;
      const after = today([...deals, deal]);

      // Who is closed or under contract may have been leaving or lost before; nobody becomes so by buying.
      const { closed, contractEnd, noticeGiven } = rows.record.terms;
      const isBound = closed !== undefined || contractEnd !== undefined || noticeGiven !== undefined;
      if (isBound && isGoing(today(deals).rawPhase)) return;
      expect(isGoing(after.rawPhase)).toBe(false);
      expect(after.override === null && isGoing(after.phase)).toBe(false);
    }),
    RUNS,
  );
});

test('a phase set by hand changes what is shown and nothing that is remembered', () => {
  fc.assert(
    fc.property(anyOrg, anyCustomer, history, (org, rows, runs) => {
      const baseline = baselineOf(org.map((other) => factsAt(other)));
      const states: (ScoreState | null)[] = [null, null];
      let asOf = addDays(ASOF, -150);
      for (const { days } of runs) {
        asOf = addDays(asOf, days);
        const scored = [rows, { ...rows, overrides: [] }].map((one, index) =>
          scoreCustomer(factsAt(one, asOf), states[index] ?? null, baseline, COSTLY_RULES, asOf),
        );
        const [by, without] = scored;
        expect(by?.state).toEqual(without?.state);
        if (by?.score.override) {
          expect(by.score.override.computed.phase).toBe(without?.score.phase);
          expect(by.score.override.setOn <= asOf && asOf <= by.score.override.until).toBe(true);
        } else expect(by?.score).toEqual(without?.score);
        scored.forEach(({ state }, index) => {
          states[index] = state;
        });
      }
    }),
    RUNS,
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import type { Phase } from '../../src/domain.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import { renderNextStep } from '../../src/texts/render.ts';
import { ASOF, aBaseline, aTouch, rulesWith, someFacts } from '../unit/scoring/builders.ts';

/** Where a customer may go when nothing happens but time. */
const MAY_BECOME: { readonly [P in Phase]: readonly Phase[] } = {
  prospect: ['prospect'],
  new: ['new', 'established', 'loyal', 'leaving', 'lost'],
  established: ['established', 'loyal', 'leaving', 'lost'],
  loyal: ['established', 'loyal', 'leaving', 'lost'],
  leaving: ['leaving', 'lost'],
  lost: ['lost'],
};

// Equal orders and no plan for contacts: the signals that look at a moving window cannot come in pairs.
const QUIET = rulesWith({
  contactDays: { top: null, good: null, marginal: null, loss_making: null, none: null },
});
const purchaseDays = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 14 }).map((gaps) => {
  const days: string[] = [];
  for (const gap of gaps) days.unshift(addDays(days[0] ?? ASOF, -gap));
  return days;
});
const baseline = fc
  .record({
    medianGapDays: fc.option(fc.integer({ min: 1, max: 300 })),
    secondPurchaseP90Days: fc.option(fc.integer({ min: 1, max: 500 })),
  })
  .map(aBaseline);
/** Of some, with an end that lies behind or ahead, and maybe a notice. */
const contract = fc.option(
  fc.record({ ends: fc.option(fc.integer({ min: -300, max: 900 })), isNoticed: fc.boolean() }).map((one) => ({
    endDay: one.ends === null ? null : addDays(ASOF, one.ends),
    noticeDay: one.isNoticed ? addDays(ASOF, -30) : null,
  })),
);
const steps = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 5, maxLength: 30 });

test('without events customers only settle, leave and get lost; the lost never come back by themselves', () => {
  fc.assert(
    fc.property(
      purchaseDays,
      baseline,
      steps,
      contract,
      fc.boolean(),
      (days, cuts, waits, held, isProjectBuyer) => {
        const bought = days.map((day) => [day, 100, 60] as const);
        const facts = someFacts({ bought, contract: held, isProjectBuyer });
        let asOf = ASOF;
        let phase: Phase | null = null;
        for (const wait of waits) {
          asOf = addDays(asOf, wait);
          const { rawPhase } = scoreCustomer(facts, null, cuts, QUIET, asOf).score;
          if (phase !== null) expect(MAY_BECOME[phase], `${phase} on ${asOf}`).toContain(rawPhase);
          phase = rawPhase;
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('a next step stays word for word from day to day, until tier, phase or contact band change', () => {
  const format = { language: 'en', currency: 'EUR' } as const;
  const contactDays = fc.option(fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(purchaseDays, contactDays, baseline, (days, contactAgo, cuts) => {
      const facts = someFacts({
        bought: days.map((day) => [day, 100, 60]),
        touches: contactAgo === null ? [] : [aTouch(addDays(ASOF, -contactAgo))],
      });
      let { score, state } = scoreCustomer(facts, null, cuts, rulesWith({}), ASOF);
      for (let day = 1; day <= 60; day++) {
        const next = scoreCustomer(facts, state, cuts, rulesWith({}), addDays(ASOF, day));
        const isSame =
          next.score.tier === score.tier &&
          next.score.gold === score.gold &&
          next.score.phase === score.phase &&
          next.score.contactStatus === score.contactStatus &&
          (next.score.subPhase === 'win_back') === (score.subPhase === 'win_back');
        if (isSame) expect(renderNextStep(next.score, format)).toBe(renderNextStep(score, format));
        ({ score, state } = next);
      }
    }),
    { numRuns: 300 },
  );
});

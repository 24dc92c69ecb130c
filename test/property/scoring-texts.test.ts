import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import type { CustomerFacts, Language } from '../../src/domain.ts';
import { customerSubject } from '../../src/plan/reminder-subject.ts';
import type { ModelFit, Reason, Score, ScoreState } from '../../src/scores.ts';
import { BaselineBuilder } from '../../src/scoring/baseline.ts';
import { REASON_CODES } from '../../src/scoring/reasons.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import { en } from '../../src/texts/en.ts';
import { renderLeadPage } from '../../src/texts/explain-lead.ts';
import { renderExplainPage } from '../../src/texts/explain-page.ts';
import type { Format } from '../../src/texts/format.ts';
import { renderReason } from '../../src/texts/reasons.ts';
import { renderContactSummary, renderExplanation, renderNextStep } from '../../src/texts/render.ts';
import { taskText } from '../../src/texts/task-text.ts';
import { shippedRule } from '../unit/plan/builders.ts';
import {
  ASOF,
  aBaseline,
  aFit,
  aFitOfTooFew,
  aFitWithoutDropout,
  aPoorFit,
  aTouch,
  type FactChange,
  rulesWith,
  someFacts,
} from '../unit/scoring/builders.ts';
import { anyCustomer, anyOrg, COSTLY_RULES, factsAt } from './scoring-customers.ts';
import { leadCases } from './scoring-lead-cases.ts';
import { phaseCases } from './scoring-phase-cases.ts';
import { valueCases } from './scoring-value-cases.ts';

const LANGUAGES: readonly Language[] = ['en', 'nl', 'pl', 'da'];

function taskOf(score: Score, format: Format) {
  const { values, facts } = customerSubject(score);
  return taskText({ template: shippedRule('contact_gap').task, values, facts }, format);
}
function baselineOf(facts: readonly CustomerFacts[]) {
  const builder = new BaselineBuilder(COSTLY_RULES, ASOF);
  for (const one of facts) builder.add(one);
  return builder.finish();
}

/** Scores of one customer over some nights, as its records change. */
const scores: fc.Arbitrary<Score[]> = fc
  .tuple(
    anyOrg,
    fc.array(fc.tuple(anyCustomer, fc.integer({ min: 0, max: 40 })), { minLength: 1, maxLength: 4 }),
  )
  .map(([org, nights]) => {
    const baseline = baselineOf(org.map((rows) => factsAt(rows)));
    let state: ScoreState | null = null;
    let asOf = addDays(ASOF, -80);
    return nights.map(([rows, days]) => {
      asOf = addDays(asOf, days);
      const scored: ReturnType<typeof scoreCustomer> = scoreCustomer(
        factsAt(rows, asOf),
        state,
        baseline,
        COSTLY_RULES,
        asOf,
      );
      state = scored.state;
      return scored.score;
    });
  });

function expectWords(text: string) {
  expect(text).not.toMatch(/–|\{\w+(:\w+)?\}|undefined|null|NaN/);
  expect(text.trim()).not.toBe('');
}

test('every answer can be told in every language, whole and within the length of its field', () => {
  fc.assert(
    fc.property(scores, (nights) => {
      for (const score of nights) {
        for (const language of LANGUAGES) {
          const format = { language, currency: 'EUR' };
          const every: Reason[] = [...score.reasons, ...(score.nextStep ? [score.nextStep] : [])];
          for (const reason of every) expectWords(renderReason(reason, format).replaceAll('{last}', ''));
          expect(renderNextStep(score, format).length).toBeLessThanOrEqual(255);
          const explanation = renderExplanation(score, format);
          expect(explanation.length).toBeLessThanOrEqual(2000);
          expect(explanation).toContain(renderReason(score.reasons[0] as Reason, format)); // the tier always has one
          const summary = renderContactSummary(score, format);
          expect(summary === null).toBe(score.lastContact === null);
          expect(summary?.length ?? 0).toBeLessThanOrEqual(255);
          const task = taskOf(score, format);
          expect(task.subject.length).toBeLessThanOrEqual(255);
          expectWords(renderExplainPage(score, format).replaceAll('{last}', ''));
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('scoring gives no code without words, and there are no words for codes that it does not give', () => {
  expect(Object.keys(en.reasons).sort()).toEqual([...REASON_CODES].sort());

  const given = new Set<string>();
  const collect = (score: Score) => {
    for (const { code } of score.reasons) given.add(code);
    if (score.nextStep) given.add(score.nextStep.code);
  };
  for (const nights of fc.sample(scores, { numRuns: 400, seed: 11 })) nights.forEach(collect);
  for (const facts of rareCases())
    collect(scoreCustomer(facts, null, aBaseline(), rulesWith({}), ASOF).score);
  for (const score of [...keptCases(), ...valueCases(), ...modelCases(), ...phaseCases()]) collect(score);

  for (const score of leadCases()) for (const { code } of score.reasons) given.add(code);

  expect(REASON_CODES.filter((code) => !given.has(code))).toEqual([]);
});

test('every answer about a lead can be told in every language', () => {
  for (const score of leadCases()) {
    for (const language of LANGUAGES) {
      expectWords(renderLeadPage(score, { language, currency: 'EUR' }));
    }
  }
});

/** What chance seldom makes. */
function rareCases(): CustomerFacts[] {
  const ago = (days: number) => [addDays(ASOF, -days), 100, 5] as const;
  const loyal = [740, 600, 300, 240, 180, 120, 60, 1].map(ago);
  return [
    someFacts({ bought: loyal }),
    someFacts({ bought: loyal, touches: [aTouch('2026-11-01')] }),
    someFacts({ bought: [ago(201)] }),
    someFacts({ bought: [731, 1731, 2731].map(ago) }),
    someFacts({ bought: [ago(3000)], lostDeals: [{ id: '1', day: ASOF, reason: 'Moved' }] }),
    someFacts({ bought: [10, 40, 400].map((days) => [addDays(ASOF, -days), 100, 59.5] as const) }),
    someFacts({ bought: [[addDays(ASOF, -10), 100, 15]] }),
    someFacts({ touches: [aTouch('2026-01-01')] }),
    someFacts({ valueIncomplete: true }),
    someFacts({ valueIncomplete: true, issues: [{ issue: 'amount_out_of_range', recordId: '1' }] }),
    someFacts({
      bought: [400, 350, 60, 30].map((days) => [addDays(ASOF, -days), days, 1] as const),
      cases: [1, 2, 3].map((day) => ({
        id: `${day}`,
        subject: 'Late',
        openedDay: addDays(ASOF, -day),
        open: false,
        high: false,
      })),
    }),
  ];
}
function keptCases(): Score[] {
  const withProfit = (profit: number) => someFacts({ bought: [['2026-10-01', 1000, 1000 - profit]] });
  const next = (before: number, now: number) => {
    const { state } = scoreCustomer(withProfit(before), null, aBaseline(), rulesWith({}), '2026-11-01');
    return scoreCustomer(withProfit(now), state, aBaseline(), rulesWith({}), '2026-11-02').score;
  };
  return [next(95, 90.5), next(85, 80.99), next(10, -5)];
}

/** What only a purchase model brings about. */
function modelCases(): Score[] {
  const ago = (days: number) => [addDays(ASOF, -days), 100, 60] as const;
  const scored = (fit: ModelFit, bought: FactChange['bought'], change: FactChange = {}) => {
    const facts = someFacts({ ...(bought && { bought }), ...change });
    return scoreCustomer(facts, null, aBaseline({ fit, lastPurchaseDay: ASOF }), rulesWith({}), ASOF).score;
  };
  const rarely = aFit({ parameters: { r: 0.5, alpha: 100, a: 0.02, b: 4 } });
  return [
    scored(aFit(), [400, 380, 360, 340].map(ago)),
    scored(
      aFit(),
      Array.from({ length: 30 }, (_, index) => ago(470 - index * 14)),
    ),
    scored(rarely, [300, 290, 280, 270].map(ago)),
    scored(aFitWithoutDropout(), [2000, 1990].map(ago)),
    scored(aFitWithoutDropout(), [60, 30].map(ago)),
    scored(aFit(), [ago(60), ago(30), [addDays(ASOF, -20), -100, -60]]),
    scored(aPoorFit(), [60, 30].map(ago)),
    scored(aFitOfTooFew(), [60, 30].map(ago)),
    scored(aFit({ value: null }), [60, 30].map(ago)),
    scored(aFit(), [60, 30].map(ago), { valueIncomplete: true }),
  ];
}

test('every answer by a model can be told in every language', () => {
  for (const score of modelCases()) {
    for (const language of LANGUAGES) {
      const format = { language, currency: 'EUR' };
      for (const reason of score.reasons) expectWords(renderReason(reason, format));
      expectWords(renderExplainPage(score, format));
    }
  }
});

test('every answer about closed, contracts, signs and phases set by hand can be told in every language', () => {
  for (const score of phaseCases()) {
    for (const language of LANGUAGES) {
      const format = { language, currency: 'EUR' };
      for (const reason of score.reasons) expectWords(renderReason(reason, format));
      expectWords(renderExplainPage(score, format));
      expect(renderExplanation(score, format).length).toBeLessThanOrEqual(2000);
    }
  }
});

test('what stands in Zoho says the same the next day, if nothing happened but a night', () => {
  const format = { language: 'en', currency: 'EUR' } as const;
  const facts = someFacts({
    bought: [
      ['2024-03-01', 100, 60],
      ['2026-06-01', 100, 60],
      ['2026-08-01', 100, 60],
    ],
    touches: [aTouch('2026-11-01')],
  });
  const first = scoreCustomer(facts, null, aBaseline(), rulesWith({}), ASOF);
  const second = scoreCustomer(facts, first.state, aBaseline(), rulesWith({}), addDays(ASOF, 1));
  const lines = (score: Score) => renderExplanation(score, format).split('\n');

  expect(second.score.contactGapDays).toBe(24);
  // One sentence names the dates of the 12 months.
  const changed = lines(second.score).filter((line) => !lines(first.score).includes(line));
  expect(changed).toHaveLength(1);
  expect(changed[0]).toContain('26 Nov 2025 to 25 Nov 2026');
  expect(renderNextStep(second.score, format)).toBe(renderNextStep(first.score, format));
  expect(taskOf(second.score, format)).toEqual(taskOf(first.score, format));
  expect(renderExplanation(first.score, format)).not.toMatch(/\bdays?\b|\brank/i);
});

import { describe, expect, test } from 'vitest';
import { dayFromNumber } from '../../../../src/days.ts';
import type { ModelFit, Score } from '../../../../src/scores.ts';
import { BaselineBuilder } from '../../../../src/scoring/baseline.ts';
import type { Bookings } from '../../../../src/scoring/models/fit-data.ts';
import { fitLadder } from '../../../../src/scoring/models/ladder.ts';
import { scoreCustomer } from '../../../../src/scoring/score.ts';
import { renderExplainPage } from '../../../../src/texts/explain-page.ts';
import { RULES, someFacts } from '../builders.ts';
import { CDNOW_END, cdnow, fitDataOf, hasShared, lastDayOf, northwind, superstore } from './shared-data.ts';

/** Published sets from purchases to what a customer's page says. */
function scored(
  customers: readonly Bookings[],
  until = lastDayOf(customers),
): { fit: ModelFit; scores: Score[] } {
  const asOf = dayFromNumber(until);
  const facts = customers.map(({ days, amounts }) =>
    someFacts({
      bought: days.flatMap((day, index) => {
        const amount = Math.round((amounts[index] ?? 0) * 100) / 100;
        return day <= until && amount > 0 ? [[dayFromNumber(day), amount, 0] as const] : [];
      }),
    }),
  );
  const builder = new BaselineBuilder(RULES, asOf);
  for (const one of facts) builder.add(one);
  const baseline = builder.finish();
  const steps = fitLadder({
    id: 'fit-1',
    asOf,
    data: fitDataOf(customers, until, RULES.models),
    medianGapDays: baseline.medianGapDays,
    rules: RULES.models,
  });
  let step = steps.next();
  while (!step.done) step = steps.next();
  const fit = step.value;
  return {
    fit,
    scores: facts.map((one) => scoreCustomer(one, null, { ...baseline, fit }, RULES, asOf).score),
  };
}
const codes = (score: Score) => score.reasons.map(({ code }) => code);
const english = { language: 'en', currency: 'USD' } as const;

test('Superstore: NBD gives levels, nobody is said to be alive, and every page says why', () => {
  const { scores } = scored(superstore());

  for (const score of scores) {
    expect(score.model).toEqual({ name: 'NBD', status: 'no-dropout', fitId: 'fit-1' });
    expect(codes(score)).toContain('model.no_dropout');
    expect(codes(score)).not.toContain('outlook.alive');
    expect(score.expectedProfit12).not.toBeNull();
  }
  const [first] = scores;
  expect(first && renderExplainPage(first, english)).toContain(
    'These data cannot tell customers who left from those who pause',
  );
});

describe.skipIf(!hasShared('data/northwind'))('Northwind', () => {
  test('no model: fields stay empty, nobody is said to be alive, and every page names what is missing', () => {
    const { scores } = scored(northwind());

    expect(scores).toHaveLength(89);
    for (const score of scores) {
      expect(score.model).toEqual({ name: null, status: 'not enough data', fitId: 'fit-1' });
      expect(score).toMatchObject({ expectedProfit12: null, churnRiskPercent: null });
      expect(codes(score)).not.toContain('outlook.alive');
      expect(renderExplainPage(score, english)).toContain('customers who bought: 89 of 200');
    }
  });
});

describe.skipIf(!hasShared('cdnow'))('CDNOW', () => {
  test('the risk of all together is what came true in the next 90 days', () => {
    const customers = cdnow();
    const { scores } = scored(customers, CDNOW_END);

    const known = scores.flatMap(({ churnRiskPercent }, index) =>
      churnRiskPercent === null ? [] : [{ risk: churnRiskPercent / 100, days: customers[index]?.days ?? [] }],
    );
    const bought = known.filter(({ days }) => days.some((day) => day > CDNOW_END && day <= CDNOW_END + 90));

    expect(known.length).toBeGreaterThan(2340);
    const expected = known.reduce((sum, { risk }) => sum + 1 - risk, 0);
    expect(Math.abs(expected / bought.length - 1)).toBeLessThan(0.15);
    expect(new Set(scores.map(({ model }) => model.status))).toEqual(new Set(['ok']));
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { CustomerFacts } from '../../../src/domain.ts';
import type { ScoringRules } from '../../../src/rules.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { rfmOf } from '../../../src/scoring/rfm.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { renderExplainPage } from '../../../src/texts/explain-page.ts';
import { ASOF, euros, type PurchaseRow, rulesWith, someFacts } from './builders.ts';

const ago = (days: number, amount = 100): PurchaseRow => [addDays(ASOF, -days), amount, 0];
const buyer = (...bought: PurchaseRow[]) => someFacts({ bought });
function rfmIn(customers: readonly CustomerFacts[], rules: ScoringRules) {
  const builder = new BaselineBuilder(rules, ASOF);
  for (const facts of customers) builder.add(facts);
  const baseline = builder.finish();
  return customers.map((facts) => rfmOf(facts, baseline, rules, ASOF).rfm);
}
const FEW = rulesWith({ rfm: { minBuyers: 5 } });

describe('scores by fifths of the buyers', () => {
  test('equal amounts share their middle rank, as the guide says', () => {
    const block = /```json rfm\n([\s\S]*?)```/.exec(readFileSync('docs/scoring.md', 'utf8'))?.[1] ?? '';
    const given: { amounts: number[]; scores: number[] } = JSON.parse(block);
    const customers = given.amounts.map((amount) => buyer(ago(10, amount)));

    expect(rfmIn(customers, FEW).map((rfm) => rfm?.m)).toEqual(given.scores);
    expect(rfmIn(customers, FEW).map((rfm) => rfm?.r)).toEqual([3, 3, 3, 3, 3]);
  });

  test('the sooner the better, and only what lies in the window counts for frequency and money', () => {
    const customers = [1, 100, 200, 300, 800].map((days) => buyer(ago(days), ago(900, 5000)));

    expect(rfmIn(customers, FEW)).toMatchObject([
      { r: 5, recencyDays: 1, frequency: 1, money: euros(100) },
      { r: 4 },
      { r: 3 },
      { r: 2 },
      { r: 1, frequency: 0, money: 0, f: 1 },
    ]);
  });

  test('too few buyers, or never bought: no score', () => {
    expect(rfmIn([buyer(ago(1)), someFacts()], rulesWith({}))).toEqual([null, null]);
    expect(rfmIn([...[1, 2, 3, 4, 5].map((days) => buyer(ago(days))), someFacts()], FEW).at(-1)).toBeNull();
  });

  test('who earns more gets no lower score, whatever the others do; the order does not matter', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 5, maxLength: 40 }), (amounts) => {
        const ascending = amounts.toSorted((a, b) => a - b).map((amount) => buyer(ago(5, amount)));
        const scores = rfmIn(ascending, FEW).map((rfm) => rfm?.m ?? 0);

        expect(scores).toEqual(scores.toSorted((a, b) => a - b));
        const reversed = rfmIn(ascending.toReversed(), FEW).map((rfm) => rfm?.m ?? 0);
        expect(reversed.toReversed()).toEqual(scores);
        for (const score of scores) expect([1, 2, 3, 4, 5]).toContain(score);
      }),
    );
  });
});

describe('fixed limits', () => {
  const limits = {
    recencyDays: [365, 180, 90, 30],
    frequency: [2, 3, 5, 8],
    money: [500, 2000, 5000, 20_000].map(euros),
  };
  const rules = rulesWith({ rfm: { limits } });

  test('give scores and names however few the buyers', () => {
    const [champion, gone, fresh] = rfmIn(
      [
        buyer(...[30, 60, 90, 120, 150].map((days) => ago(days, 1000))),
        buyer(...[400, 430, 460, 490, 520, 550, 580, 610].map((days) => ago(days, 1000))),
        buyer(ago(3)),
      ],
      rules,
    );

    expect(champion).toMatchObject({ r: 5, f: 4, m: 4, name: 'champions' });
    expect(gone).toMatchObject({ r: 1, f: 5, m: 4, name: 'cannot_lose' });
    expect(fresh).toMatchObject({ r: 5, f: 1, m: 1, name: 'new' });
  });

  test('are told with the value and the score', () => {
    const facts = buyer(ago(60, 1000), ago(90, 1000));
    const builder = new BaselineBuilder(rules, ASOF);
    builder.add(facts);
    const { score } = scoreCustomer(facts, null, builder.finish(), rules, ASOF);

    expect(renderExplainPage(score, { language: 'en', currency: 'EUR' })).toContain(
      'RFM: Loyal. Recency 4 of 5: 60 days (at most 90); frequency 2: 2 purchases (from 2); money 3: €2,000 (from €2,000), in 24 months.',
    );
  });
});

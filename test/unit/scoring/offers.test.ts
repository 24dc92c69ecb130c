import { expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { offerFor } from '../../../src/scoring/offers.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { renderNextStep } from '../../../src/texts/render.ts';
import { ASOF, aBaseline, aContext, anAccount, aTouch, RULES, someFacts, someRows } from './builders.ts';

const bought: (readonly [string, number, number])[] = [['2026-06-01', 100, 50]];
/** So many customers of a type that bought these products. */
const many = (count: number, products: readonly string[], segment = 'Retail') =>
  Array.from({ length: count }, () => someFacts({ bought, products, segment }));
function offersOf(customers: readonly ReturnType<typeof someFacts>[]) {
  const builder = new BaselineBuilder(RULES, ASOF);
  for (const facts of customers) builder.add(facts);
  return builder.finish();
}

test('the product that most similar customers have and this one has not, with its counts', () => {
  const baseline = offersOf([
    ...many(18, ['Chair', 'Desk']),
    ...many(10, ['Lamp']),
    ...many(3, ['Chair']),
    ...many(40, ['Safe'], 'Bank'),
    ...many(7, []),
  ]);
  const offer = (products: readonly string[], segment = 'Retail') =>
    offerFor({ products, segment }, baseline);

  expect(offer(['Chair'])).toEqual({ product: 'Desk', buyers: 18, customers: 31 });
  expect(offer(['Chair', 'Desk'])).toEqual({ product: 'Lamp', buyers: 10, customers: 31 });
  expect(offer(['Chair', 'Desk', 'Lamp'])).toBeNull();
  expect(offer([])).toBeNull();
  expect(offer(['Chair'], 'School')).toBeNull();
});

test('nine buyers are too few', () => {
  expect(offerFor({ products: ['Chair'], segment: 'Retail' }, offersOf(many(9, ['Desk'])))).toBeNull();
});

test('the order of customers does not matter', () => {
  const customers = [...many(12, ['Desk']), ...many(12, ['Chair']), ...many(11, ['Safe'], 'Bank')];

  expect(offersOf(customers.toReversed()).offers).toEqual(offersOf(customers).offers);
});

test('the step of an established customer mentions it, without counts', () => {
  const offers = [{ segment: '', customers: 40, products: [['Desk', 18]] as const }];
  const steady = [150, 90, 30].map((days) => [addDays(ASOF, -days), 10, 9] as const);
  const facts = someFacts({ bought: steady, products: ['Chair'], touches: [aTouch('2026-11-01')] });
  const { score } = scoreCustomer(facts, null, aBaseline({ offers }), RULES, ASOF);

  expect(score.phase).toBe('established');
  expect(renderNextStep(score, { language: 'en', currency: 'EUR' })).toMatch(
    /^Keep the rhythm: .*; mention Desk$/,
  );
  expect(score.reasons).toContainEqual({
    code: 'offer.product',
    params: { product: 'Desk', buyers: 18, customers: 40 },
  });
});

test('products of imported lines count from their day on; what was given back does not', () => {
  const line = (product: string | null, day: string, amount: string) => ({
    ...{ importId: 1, line: 1, dealId: null, number: null, kind: null, group: null, quantity: null },
    ...{
      listPrice: null,
      discountPercent: null,
      cost: null,
      currency: null,
      rate: null,
      dueDay: null,
      paidDay: null,
    },
    ...{ product, day, amount },
  });
  const purchases = [
    line('Desk', '2026-01-01', '10'),
    line('Desk ', '2026-02-01', '10'),
    line('Lamp', '2026-12-01', '10'),
    line('Safe', '2026-01-01', '-10'),
    line(null, '2026-01-01', '10'),
  ];
  const imported = { purchases, costs: [], billedDeals: [], contributions: [], referredBy: null, thanks: [] };
  const facts = factsOf(
    someRows({ record: anAccount({ accountType: 'Retail' }), imported }),
    aContext(),
    ASOF,
  );

  expect(facts).toMatchObject({ products: ['Desk'], segment: 'Retail' });
});

import { describe, expect, test } from 'vitest';
import type { Minor } from '../../../src/domain.ts';
import type { PurchaseLine } from '../../../src/records.ts';
import { priceOnlyOf } from '../../../src/scoring/discounts.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { isAtLowest, PriceTally, unitPrices } from '../../../src/scoring/lowest-prices.ts';
import {
  ASOF,
  aBaseline,
  aContext,
  aLine,
  anInvoice,
  euros,
  RULES,
  rulesWith,
  someRows,
} from './builders.ts';

const aPurchase = (units: number, ...prices: (readonly [string, Minor])[]) => ({
  ...{
    dealId: null,
    day: '2026-05-04',
    revenue: euros(units),
    directCost: euros(1),
    costBasis: 'line' as const,
  },
  discountPercent: 5,
  unitPrices: prices,
});
/** One customer for each price of a desk. */
function lowestOf(...prices: readonly number[]) {
  const tally = new PriceTally();
  for (const price of prices) tally.add({ purchases: [aPurchase(price, ['Desk', euros(price)])] });
  return tally.result();
}
const nine = Array.from({ length: 9 }, () => 100);

describe('the lowest price of a product', () => {
  test('is known once ten customers bought it, and not all for the same', () => {
    expect(lowestOf(...nine, 80)).toEqual([['Desk', euros(80)]]);
    expect(lowestOf(80, ...nine)).toEqual([['Desk', euros(80)]]);
    expect(lowestOf(...nine.slice(1), 80)).toEqual([]);
    expect(lowestOf(...nine, 100)).toEqual([]);
  });

  test('counts a customer once, however often it buys, and nothing that was given back', () => {
    const tally = new PriceTally();
    const desk = (price: number) => ['Desk', euros(price)] as const;
    for (let at = 0; at < 9; at += 1)
      tally.add({ purchases: [aPurchase(1, desk(100)), aPurchase(1, desk(90))] });
    expect(tally.result()).toEqual([]);
    tally.add({ purchases: [aPurchase(-1, desk(10))] });
    expect(tally.result()).toEqual([]);
    tally.add({ purchases: [aPurchase(1, desk(95), ['Chair', euros(3)])] });
    expect(tally.result()).toEqual([['Desk', euros(90)]]);
  });
});

test('a purchase is at the lowest price when every line that can be compared is', () => {
  const lowestPrices = [['Chair', euros(10)] as const, ['Desk', euros(80)] as const];
  const isLowest = (...prices: (readonly [string, Minor])[]) =>
    isAtLowest({ unitPrices: prices }, { lowestPrices });

  expect(isLowest(['Desk', euros(80)])).toBe(true);
  expect(isLowest(['Desk', euros(79)], ['Lamp', euros(500)])).toBe(true);
  expect(isLowest(['Desk', euros(80.01)])).toBe(false);
  expect(isLowest(['Desk', euros(80)], ['Chair', euros(11)])).toBe(false);
  expect(isLowest(['Lamp', euros(1)])).toBe(false);
  expect(isLowest()).toBe(false);
  expect(isAtLowest({}, { lowestPrices })).toBe(false);
});

test('who always buys at the lowest price buys for the price only, however small the discount', () => {
  const purchases = [1, 2, 3].map(() => aPurchase(80, ['Desk', euros(80)]));

  expect(priceOnlyOf({ purchases }, { lowestPrices: [['Desk', euros(80)]] }, RULES)).toEqual({
    known: 3,
    discounted: 3,
    isPriceOnly: true,
  });
  expect(priceOnlyOf({ purchases }, aBaseline(), RULES).isPriceOnly).toBe(false);
});

describe('unit prices', () => {
  const price = { list: 100, net: 90 };

  test.each([
    ['no product', { product: ' ', quantity: '1', price }],
    ['no quantity', { product: 'Desk', quantity: null, price }],
    ['a quantity of nothing', { product: 'Desk', quantity: '0', price }],
    ['no list price', { product: 'Desk', quantity: '1', price: null }],
    ['nothing paid', { product: 'Desk', quantity: '1', price: { list: 100, net: 0 } }],
    ['an amount out of range', { product: 'Desk', quantity: '0.000001', price: { list: 1, net: 1e9 } }],
  ])('are not known with %s', (_name, line) => {
    expect(unitPrices([line])).toEqual({});
  });

  test('are what one costs, rounded to cents', () => {
    expect(unitPrices([{ product: ' Desk ', quantity: '3', price: { list: 100, net: 100 } }])).toEqual({
      unitPrices: [['Desk', 3333]],
    });
  });

  test('come from imported lines and from lines of the CRM in the home currency', () => {
    const line: PurchaseLine = {
      ...{ importId: 1, line: 2, day: '2026-05-04', dealId: null, number: 'I', kind: 'invoice', group: null },
      ...{
        product: 'Desk',
        quantity: '2',
        amount: '160',
        listPrice: '100',
        discountPercent: null,
        cost: null,
      },
      ...{ currency: null, rate: null, dueDay: null, paidDay: null },
    };
    const lines = [
      line,
      { ...line, line: 3, quantity: null, amount: '90' },
      { ...line, line: 4, quantity: null, listPrice: null, discountPercent: '10' },
      { ...line, line: 5, currency: 'USD', rate: '0.9' },
    ];
    const none = { costs: [], billedDeals: [], contributions: [], referredBy: null, thanks: [] };
    const rules = rulesWith({ purchase: { from: 'invoices' }, currency: { rateDirection: 'multiply' } });
    const product = { id: '1', name: 'Desk', category: null, cost: null, currency: null, exchangeRate: null };
    const sold = aLine({ product, quantity: '2', listPrice: '100', discount: '40' });
    const ofCrm = (currency: string | null) =>
      factsOf(
        someRows({ documents: [anInvoice({ currency, exchangeRate: '1' }, [sold])] }),
        aContext({ rules }),
        ASOF,
      ).purchases;

    const { purchases } = factsOf(someRows({ imported: { ...none, purchases: lines } }), aContext(), ASOF);

    expect(purchases[0]?.unitPrices).toEqual([
      ['Desk', 8000],
      ['Desk', 9000],
    ]);
    expect(ofCrm('EUR')).toMatchObject([{ unitPrices: [['Desk', 8000]] }]);
    expect(ofCrm(null)).toMatchObject([{ unitPrices: [['Desk', 8000]] }]);
    expect(ofCrm('USD')).toHaveLength(1);
    expect(ofCrm('USD')[0]).not.toHaveProperty('unitPrices');
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CustomerDocument, LineProduct } from '../../../src/records.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import {
  aBaseline,
  aContact,
  aContext,
  aDeal,
  aLine,
  anInvoice,
  euros,
  rulesWith,
  someRows,
} from './builders.ts';

const AS_OF = '2026-11-24';
type Rules = Parameters<typeof rulesWith>[0];

function factsWith(documents: readonly CustomerDocument[], rules: Rules = {}, rows = {}) {
  const purchase = { from: 'invoices', ...rules.purchase } as const;
  const context = aContext({ rules: rulesWith({ ...rules, purchase }) });
  return factsOf(someRows({ documents, ...rows }), context, AS_OF);
}
const purchaseOf = (one: CustomerDocument, rules: Rules = {}) => factsWith([one], rules).purchases[0];
const oven = (change: Partial<LineProduct> = {}): LineProduct => ({
  id: '800',
  name: 'Oven',
  category: 'Machines',
  cost: '300.125',
  currency: null,
  exchangeRate: null,
  ...change,
});

describe('what an invoice is worth', () => {
  test('revenue is net of tax, on the day of the invoice', () => {
    expect(purchaseOf(anInvoice({ id: '7' }))).toEqual({
      dealId: null,
      document: { module: 'Invoices', id: '7' },
      day: '2026-10-01',
      revenue: euros(1000),
      directCost: euros(700),
      costBasis: 'default',
      lineCount: 0,
    });
  });

  test.each([
    ['no tax', { tax: null, total: '1000' }, [], 1000],
    ['no total', { total: null }, [], 1000],
    ['neither total nor subtotal', { total: null, subTotal: null }, [aLine({ netTotal: '12.34' })], 12.34],
    [
      'tax of lines that the total hides',
      { tax: null, subTotal: '1210', total: '1210' },
      [aLine({ netTotal: '1210', tax: '210' })],
      1000,
    ],
    ['tax of lines that the document repeats', {}, [aLine({ tax: '210' })], 1000],
    [
      'tax of lines that no total holds',
      { tax: null, total: '1000' },
      [aLine({ netTotal: '1210', tax: '210' })],
      1000,
    ],
  ] as const)('%s', (_name, change, lines, revenue) => {
    expect(purchaseOf(anInvoice(change, lines))?.revenue).toBe(euros(revenue));
  });

  test('what was cancelled, void or a draft does not count, in our four languages; what is dated later does not yet', () => {
    const statuses = ['Cancelled', 'VOID', 'Draft', 'Geannuleerd', 'Anulowana', 'Annulleret'];

    const facts = factsWith([
      ...statuses.map((status) => anInvoice({ status })),
      anInvoice({ day: '2026-11-25' }),
    ]);

    expect(facts.purchases).toEqual([]);
    expect(factsWith([anInvoice({ status: null })]).purchases).toHaveLength(1);
  });

  test('a negative total is a refund, also where its lines stand as positive quantities', () => {
    const line = aLine({ quantity: '2', netTotal: '1000', product: oven() });

    const facts = factsWith([anInvoice({ tax: '-210', total: '-1210', subTotal: '-1000' }, [line])]);

    expect(facts.purchases).toMatchObject([{ revenue: euros(-1000), directCost: euros(-600.25) }]);
    expect(facts.issues).toMatchObject([{ issue: 'refund' }]);
  });

  test('won deals are no purchases then, and documents are none while deals are', () => {
    const deals = [aDeal()];

    expect(factsWith([anInvoice()], {}, { deals }).purchases.map((one) => one.dealId)).toEqual([null]);
    const byDeals = factsWith([anInvoice()], { purchase: { from: 'deals' } }, { deals });
    expect(byDeals.purchases.map((one) => one.dealId)).toEqual([deals[0]?.id]);
  });

  test('a foreign invoice is withheld until the direction of the rate is known', () => {
    const foreign = anInvoice({ currency: 'USD', exchangeRate: '1.25' });

    expect(factsWith([foreign])).toMatchObject({ purchases: [], valueIncomplete: true });
    const known = factsWith([foreign], { currency: { rateDirection: 'divide' } });
    expect(known.purchases).toMatchObject([{ revenue: euros(800) }]);
  });

  test('the contact of the last invoice is the main contact where nobody was spoken with', () => {
    const contact = aContact();

    const facts = factsWith([anInvoice({ contactId: contact.id })], {}, { contacts: [contact] });

    expect(facts.mainContactId).toBe(contact.id);
  });
});

describe('what an invoice costs', () => {
  const margins = { products: { oven: 50 }, groups: { machines: 40 } };
  const unpriced = oven({ cost: null });
  const nameless = oven({ cost: null, name: 'Grill' });

  test.each([
    [
      'the cost of its product × quantity, exact',
      [aLine({ quantity: '3', product: oven() })],
      900.38,
      'line',
    ],
    ['the margin of the product', [aLine({ product: unpriced })], 500, 'product'],
    ['the margin of the group', [aLine({ product: nameless })], 600, 'group'],
    ['the default margin', [aLine()], 700, 'default'],
    [
      'of several bases the least certain is named',
      [aLine({ netTotal: '600', product: oven() }), aLine({ netTotal: '400', product: unpriced })],
      500.13,
      'product',
    ],
    [
      'lines of the default alone take the discount of the document into account',
      [aLine({ netTotal: '1200' })],
      700,
      'default',
    ],
  ] as const)('%s', (_name, lines, cost, costBasis) => {
    const found = purchaseOf(anInvoice({}, lines), { money: { margins } });

    expect(found).toMatchObject({ directCost: euros(cost), costBasis });
  });

  test('a mapped cost or profit of the document itself comes first', () => {
    const lines = [aLine({ product: oven() })];

    expect(purchaseOf(anInvoice({ cost: '123.45' }, lines))).toMatchObject({
      directCost: euros(123.45),
      costBasis: 'deal',
    });
    expect(purchaseOf(anInvoice({ profit: '400' }, lines))?.directCost).toBe(euros(600));
  });

  test('whatever a document holds, it is a purchase of exact money or named', () => {
    const amount = fc.option(fc.constantFrom('0', '12.345', '-7', '1e15', 'free', ''), { freq: 6 });
    const document = fc.record({
      subTotal: amount,
      tax: amount,
      total: amount,
      cost: amount,
      profit: amount,
      currency: fc.constantFrom(null, 'EUR', 'USD'),
    });
    const line = fc.record({ quantity: amount, tax: amount, netTotal: amount, cost: amount });

    fc.assert(
      fc.property(document, fc.array(line, { maxLength: 3 }), (change, lines) => {
        const one = anInvoice(
          change,
          lines.map(({ cost, ...rest }) => aLine({ ...rest, product: oven({ cost }) })),
        );

        const facts = factsWith([one]);

        expect(facts.purchases.length + facts.issues.length).toBeGreaterThan(0);
        for (const { revenue, directCost } of facts.purchases) {
          expect(Number.isSafeInteger(revenue) && Number.isSafeInteger(directCost)).toBe(true);
        }
      }),
    );
  });
});

describe('quotes', () => {
  const aQuote = (change: Parameters<typeof anInvoice>[0] = {}) =>
    anInvoice({
      module: 'Quotes',
      status: 'Negotiation',
      untilDay: '2026-12-01',
      name: 'Frame contract',
      ...change,
    });

  test('an open one is open business, and neither a purchase', () => {
    const quote = aQuote({ id: '900' });

    const facts = factsWith([quote], { purchase: { from: 'deals' } });

    expect(facts.purchases).toEqual([]);
    expect(facts.openDeals).toMatchObject([{ id: '900', name: 'Frame contract', module: 'Quotes' }]);
  });

  test.each([
    ['closed', { status: 'Closed Lost' }],
    ['past its day', { untilDay: '2026-11-23' }],
    ['cancelled', { status: 'Cancelled' }],
    ['made later', { createdAt: new Date('2026-11-25T12:00:00Z') }],
  ] as const)('one that is %s is not', (_name, change) => {
    expect(factsWith([aQuote(change)]).openDeals).toEqual([]);
  });

  test('a draft is on its way, and one whose deal is decided is decided too', () => {
    const deal = aDeal();

    expect(factsWith([aQuote({ status: 'Draft' })]).openDeals).toHaveLength(1);
    expect(factsWith([aQuote({ dealId: deal.id })], {}, { deals: [deal] }).openDeals).toEqual([]);
  });
});

describe('sales orders', () => {
  const anOrder = (change: Parameters<typeof anInvoice>[0] = {}) =>
    anInvoice({ module: 'Sales_Orders', status: 'Approved', name: 'Ovens', day: null, ...change });
  const openOnes = (
    change: Parameters<typeof anInvoice>[0],
    from: 'deals' | 'invoices' | 'orders' = 'deals',
  ) => factsWith([anOrder(change)], { purchase: { from } }).openDeals;

  test('one that is not delivered yet is open business beside deals and invoices, and no purchase', () => {
    for (const from of ['deals', 'invoices'] as const) {
      const facts = factsWith([anOrder({ id: '900', untilDay: '2026-12-01' })], { purchase: { from } });

      expect(facts.openDeals).toMatchObject([{ id: '900', name: 'Ovens', module: 'Sales_Orders' }]);
      expect(facts.purchases).toEqual([]);
    }
  });

  test('one that is a purchase itself is no open business', () => {
    expect(openOnes({ untilDay: '2026-12-01' }, 'orders')).toEqual([]);
  });

  test.each([
    ['due 90 days ago', { untilDay: '2026-08-26' }, 1],
    ['due longer ago', { untilDay: '2026-08-25' }, 0],
    ['without a day, made 180 days ago', { createdAt: new Date('2026-05-28T12:00:00Z') }, 1],
    ['without a day, made before', { createdAt: new Date('2026-05-27T12:00:00Z') }, 0],
    ['made later', { createdAt: new Date('2026-11-25T12:00:00Z') }, 0],
    ['delivered', { status: 'Delivered' }, 0],
    ['delivered, in Polish', { status: 'Zrealizowane' }, 0],
    ['cancelled', { status: 'Cancelled' }, 0],
    ['a draft', { status: 'Draft' }, 0],
    ['without a status', { status: null }, 1],
  ] as const)('%s', (_name, change, count) => {
    expect(openOnes({ createdAt: new Date('2026-10-01T12:00:00Z'), ...change })).toHaveLength(count);
  });

  test('one that is pending keeps its customer from being lost', () => {
    const bought = aDeal({ closingDay: '2023-01-10' });
    const order = anOrder({ createdAt: new Date('2026-11-01T12:00:00Z'), untilDay: '2026-12-01' });
    const phaseWith = (documents: CustomerDocument[]) => {
      const rules = rulesWith({ purchase: { from: 'deals' } });
      const facts = factsOf(someRows({ deals: [bought], documents }), aContext({ rules }), AS_OF);
      return scoreCustomer(facts, null, aBaseline(), rules, AS_OF).score.phase;
    };

    expect(phaseWith([])).toBe('lost');
    expect(phaseWith([order])).toBe('leaving');
  });
});

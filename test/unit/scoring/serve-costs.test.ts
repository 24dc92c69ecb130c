import { describe, expect, test } from 'vitest';
import type { UnreadSign } from '../../../src/domain.ts';
import type { ScoringRules } from '../../../src/rules.ts';
import { activeMonthEnds } from '../../../src/scoring/book.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { periodRows } from '../../../src/scoring/periods.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ledgerOf, yearUpTo } from '../../../src/scoring/sums.ts';
import {
  ASOF,
  aBaseline,
  aCase,
  aContact,
  aContext,
  aDeal,
  aLine,
  aMeeting,
  anInvoice,
  euros,
  type FactChange,
  RULES,
  rulesWith,
  someFacts,
  someRows,
} from './builders.ts';

type Prices = NonNullable<Parameters<typeof rulesWith>[0]['unitCosts']>;
const withPrices = (unitCosts: Prices, money: Partial<ScoringRules['money']> = {}) =>
  rulesWith({ unitCosts, money });
function served(change: FactChange, rules: ScoringRules, asOf = ASOF) {
  const { serve, costToServe } = ledgerOf(someFacts(change), rules, yearUpTo(asOf));
  expect(serve.reduce((sum, { amount }) => sum + amount, 0)).toBe(costToServe);
  return serve.map(({ item, count, amount }) => [item, count, amount]);
}
const aPurchase = (change: object = {}) => ({
  dealId: '1',
  day: '2026-05-04',
  revenue: euros(1000),
  directCost: euros(600),
  costBasis: 'deal' as const,
  ...change,
});
const aCost = (kind: 'freight' | 'travel' | 'service', day: string, amount: number | null, seconds = 0) => ({
  day,
  kind,
  amount: amount === null ? null : euros(amount),
  seconds,
});

test('serving costs nothing until a price is set, whatever happened', () => {
  const busy = {
    purchases: [aPurchase({ lineCount: 3 })],
    trips: [{ day: '2026-05-04', metres: 10_000 }],
    latePayments: [{ day: '2026-05-04', days: 30, amount: euros(1000) }],
    contactsSince: ['2026-01-01'],
    efforts: [{ day: '2026-05-04', seconds: 3600, isService: true as const }],
  };

  expect(served(busy, RULES)).toEqual([]);
  const { reasons } = scoreCustomer(someFacts(busy), null, aBaseline(), RULES, ASOF).score;
  expect(reasons.map(({ code }) => code)).toContain('money.before_serve');
});

describe('orders', () => {
  test('lines of a document have a price each; a deal has none, and what is given back is no order', () => {
    const rules = withPrices({ perOrder: 4, perOrderLine: 0.5 });
    const bought = (change: object) => served({ purchases: [aPurchase(change)] }, rules);

    expect(bought({ lineCount: 3 })).toEqual([
      ['orders', 1, 400],
      ['order_lines', 3, 150],
    ]);
    expect(bought({})).toEqual([['orders', 1, 400]]);
    expect(bought({ lineCount: 3, revenue: euros(-5) })).toEqual([]);
  });

  test('an order is a shipment, unless its real freight is known: by a field, or imported for its month', () => {
    const rules = withPrices({ perShipment: 7 });
    const purchases = [aPurchase(), aPurchase({ day: '2026-06-01' }), aPurchase({ day: '2026-06-30' })];

    expect(served({ purchases }, rules)).toEqual([['shipments', 3, 2100]]);
    expect(served({ purchases, costs: [aCost('freight', '2026-06-15', 20)] }, rules)).toEqual([
      ['shipments', 1, 700],
      ['cost_freight', 1, 2000],
    ]);
    const withField = [aPurchase({ freight: euros(9.5) }), aPurchase({ freight: euros(0) }), aPurchase()];
    expect(served({ purchases: withField }, rules)).toEqual([
      ['shipments', 1, 700],
      ['freight', 2, 950],
    ]);
    expect(served({ purchases: withField }, RULES)).toEqual([['freight', 2, 950]]);
    const travel = [aCost('travel', '2026-05-15', 20)];
    expect(served({ purchases: [aPurchase()], costs: travel }, rules)).toContainEqual(['shipments', 1, 700]);
  });

  test('a share of the revenue for looking after the customer, less what was given back', () => {
    const rules = withPrices({}, { accountSharePercent: 1.5 });
    const purchases = [aPurchase(), aPurchase({ revenue: euros(-200) })];

    expect(served({ purchases }, rules)).toEqual([['account_share', 2, 1200]]);
  });
});

describe('late payments', () => {
  const invoice = (
    untilDay: string | null,
    paidDay: string | null,
    { status = 'Created', unreadSigns = [] as UnreadSign[] } = {},
  ) => {
    const rules = rulesWith({ purchase: { from: 'invoices' }, money: { capitalCostPercent: 7.3 } });
    const documents = [anInvoice({ day: '2026-03-01', untilDay, paidDay, status })];
    const facts = factsOf(someRows({ documents }), aContext({ rules, unreadSigns }), ASOF);
    return ledgerOf(facts, rules, yearUpTo(ASOF)).serve;
  };

  test('cost the net amount × capital cost / 365 a day, from the day after the due day to the one paid', () => {
    // 1,000.00 × 7.3 % / 365 = 0.20 a day.
    expect(invoice('2026-03-31', '2026-04-30')).toEqual([{ item: 'late_days', count: 30, amount: 600 }]);
    expect(invoice('2026-03-31', '2026-04-01')).toEqual([{ item: 'late_days', count: 1, amount: 20 }]);
  });

  test.each([
    ['paid on the due day', '2026-03-31', '2026-03-31'],
    ['paid early', '2026-03-31', '2026-03-02'],
    ['no due day', null, '2026-04-30'],
    ['open, due on the analysis date', ASOF, null],
  ])('cost nothing: %s', (_name, due, paid) => {
    expect(invoice(due, paid)).toEqual([]);
  });

  test.each([
    ['open', null],
    ['paid after the analysis date', '2026-11-25'],
  ])('cost up to the analysis date: %s', (_name, paid) => {
    // 31 March to 24 November.
    expect(invoice('2026-03-31', paid)).toEqual([{ item: 'late_days', count: 238, amount: 4760 }]);
  });

  test('are not told by an empty day where nobody notes payments, or the status says that it was paid', () => {
    expect(invoice('2026-03-31', null, { unreadSigns: ['payments'] })).toEqual([]);
    for (const status of ['Paid', ' paid in full', 'Betaald', 'Opłacona', 'Betalt'])
      expect(invoice('2026-03-31', null, { status })).toEqual([]);
    for (const status of ['Unpaid', 'Partially paid', 'Niet betaald'])
      expect(invoice('2026-03-31', null, { status })).toHaveLength(1);
  });

  test('count on the day of the invoice where somebody noted an earlier payment', () => {
    const rules = rulesWith({ purchase: { from: 'invoices' } });
    const documents = [anInvoice({ day: '2026-05-01', untilDay: '2026-03-31', paidDay: '2026-04-30' })];

    const { latePayments } = factsOf(someRows({ documents }), aContext({ rules }), ASOF);

    expect(latePayments).toEqual([{ day: '2026-05-01', days: 30, amount: euros(1000) }]);
  });

  test('count on the days that they bear, not on that of the invoice', () => {
    const facts = someFacts({
      purchases: [aPurchase({ day: '2025-12-30' })],
      latePayments: [{ day: '2026-02-01', days: 10, amount: euros(1000) }],
    });
    const rules = withPrices({}, { capitalCostPercent: 7.3 });

    const costs = periodRows(facts, rules, ASOF, 'year').map((row) => [row.period, row.costToServe]);

    expect(costs).toEqual([
      ['2025', 0],
      ['2026', 200],
    ]);
  });

  test('of imported lines the latest due and paid day count, once the document is settled', () => {
    const line = { importId: 1, dealId: null, kind: 'invoice' as const, product: null, group: null };
    const more = { quantity: null, listPrice: null, discountPercent: null, cost: null, currency: null };
    const common = { ...line, ...more, rate: null, number: 'INV-1', day: '2026-03-01', dueDay: '2026-03-31' };
    const purchases = [
      { ...common, line: 2, amount: '400.00', paidDay: '2026-04-10' },
      { ...common, line: 3, amount: '600.00', paidDay: '2026-04-30' },
    ];
    const rules = rulesWith({ money: { capitalCostPercent: 7.3 } });
    const imported = {
      costs: [],
      billedDeals: [],
      contributions: [],
      referredBy: null,
      thanks: [],
      purchases,
    };

    const facts = factsOf(someRows({ imported }), aContext({ rules }), ASOF);

    expect(facts.latePayments).toEqual([{ day: '2026-04-30', days: 30, amount: euros(1000) }]);
    expect(facts.purchases).toMatchObject([{ lineCount: 2 }]);
  });

  test('of imported documents are counted while open only where the file tells of payments at all', () => {
    const none = { product: null, group: null, quantity: null, listPrice: null, discountPercent: null };
    const more = { cost: null, currency: null, rate: null, dealId: null, kind: 'invoice' as const };
    const purchases = [1, 2].map((importId) => ({
      ...{ importId, line: 2, number: `INV-${importId}`, day: '2026-10-01', amount: `${importId}00.00` },
      ...{ ...none, ...more, dueDay: '2026-11-14', paidDay: null },
    }));
    const imported = {
      costs: [],
      billedDeals: [],
      contributions: [],
      referredBy: null,
      thanks: [],
      purchases,
    };
    const rules = rulesWith({ money: { capitalCostPercent: 7.3 } });
    const late = (paymentFiles: ReadonlySet<number>) =>
      factsOf(someRows({ imported }), aContext({ rules, paymentFiles }), ASOF).latePayments;

    expect(late(new Set([2]))).toEqual([{ day: ASOF, days: 10, amount: euros(200) }]);
    expect(late(new Set())).toEqual([]);
  });
});

describe('service', () => {
  const rules = withPrices({ perServiceCase: 30, perServiceMinute: 0.5, perHour: 60 });
  const cases = [aCase({ createdAt: new Date('2026-05-04T10:00:00Z'), minutesSpent: 45 })];

  test('minutes on a case count by the minute where that has a price, and never by the hour as well', () => {
    const facts = factsOf(someRows({ cases, deals: [aDeal()] }), aContext(), ASOF);

    const linesWith = (prices: ScoringRules) => ledgerOf(facts, prices, yearUpTo(ASOF)).serve;

    expect(linesWith(rules)).toEqual([
      { item: 'cases', count: 1, amount: 3000 },
      { item: 'service_minutes', count: 2700, amount: 2250 },
    ]);
    expect(linesWith(withPrices({ perHour: 60 }))).toEqual([{ item: 'hours', count: 2700, amount: 4500 }]);
  });

  test('the reasons name count and price of each item, and that cases count in two ways', () => {
    const facts = factsOf(someRows({ cases, deals: [aDeal()] }), aContext(), ASOF);

    const { reasons } = scoreCustomer(facts, null, aBaseline(), rules, ASOF).score;

    const told = reasons.filter(({ code }) => code === 'money.serve').map(({ params }) => params);
    expect(told).toEqual([
      { item: 'cases', count: 1, unit: 3000, percent: null, amount: 3000 },
      { item: 'service_minutes', count: 45, unit: 50, percent: null, amount: 2250 },
    ]);
    expect(reasons.map(({ code }) => code)).toContain('money.case_and_minutes');
  });

  test('imported minutes of service cost what a minute costs, else an hour', () => {
    const costs = [aCost('service', '2026-05-04', null, 1800)];

    expect(served({ costs }, rules)).toEqual([['cost_service', 1, 1500]]);
    expect(served({ costs }, withPrices({ perHour: 60 }))).toEqual([['cost_service', 1, 3000]]);
    expect(served({ costs: [aCost('travel', '2026-05-04', null, 1800)] }, rules)).toEqual([
      ['cost_travel', 1, 3000],
    ]);
  });
});

describe('visits', () => {
  const rules = withPrices({ perVisitKm: 0.4 });
  const visit = (kilometres: string | null) => {
    const facts = factsOf(someRows({ activities: [aMeeting({ kilometres })] }), aContext(), ASOF);
    return ledgerOf(facts, rules, yearUpTo(ASOF)).serve;
  };

  test('kilometres of meetings that took place have a price', () => {
    expect(visit('12.5')).toEqual([{ item: 'kilometres', count: 12_500, amount: 500 }]);
    expect(visit('40000')).toMatchObject([{ amount: 1_600_000 }]);
  });

  test.each([null, '0', '-3', '40001', 'far'])('a way of %s is none', (kilometres) => {
    expect(visit(kilometres)).toEqual([]);
  });

  test('a meeting that was cancelled or lies ahead costs no way', () => {
    const meetings = [
      aMeeting({ kilometres: '10', cancelled: true }),
      aMeeting({
        kilometres: '10',
        startAt: new Date('2026-12-01T09:00:00Z'),
        endAt: new Date('2026-12-01T10:00:00Z'),
      }),
    ];

    expect(factsOf(someRows({ activities: meetings }), aContext(), ASOF).trips).toEqual([]);
  });

  test('imported travel takes the place of the kilometres of its month', () => {
    const trips = [
      { day: '2026-05-31', metres: 10_000 },
      { day: '2026-06-01', metres: 10_000 },
    ];

    expect(served({ trips, costs: [aCost('travel', '2026-06-20', 33)] }, rules)).toEqual([
      ['kilometres', 10_000, 400],
      ['cost_travel', 1, 3300],
    ]);
  });
});

describe('standing costs', () => {
  const bought = (...days: string[]) => ({ purchases: days.map((day) => aPurchase({ day })) });
  const ends = (days: string[], after: string | null, upTo: string) => [
    ...activeMonthEnds(bought(...days), { after, upTo }),
  ];

  test('are booked at the end of each month up to which the customer bought within 12 months', () => {
    expect(ends(['2026-01-31'], null, '2026-03-30')).toEqual(['2026-01-31', '2026-02-28']);
    expect(ends(['2026-01-15'], '2026-01-31', '2026-03-31')).toEqual(['2026-02-28', '2026-03-31']);
    expect(ends([], null, ASOF)).toEqual([]);
  });

  test('end 12 months after the last purchase, and begin again with the next', () => {
    const days = ends(['2024-01-31', '2025-06-10'], null, '2025-07-31');

    expect(days).toHaveLength(14);
    expect(days.slice(-3)).toEqual(['2024-12-31', '2025-06-30', '2025-07-31']);
  });

  test('a refund keeps nobody on the list', () => {
    const refund = { purchases: [aPurchase({ revenue: euros(-5) })] };

    expect([...activeMonthEnds(refund, { after: null, upTo: ASOF })]).toEqual([]);
  });

  test('marketing counts the contact persons known by then, account management the customer', () => {
    const facts = {
      ...bought('2026-08-20'),
      contactsSince: ['2026-01-01', '2026-09-30', '2026-10-01'],
    };
    const rules = withPrices({ perContactMonth: 2, perAccountMonth: 10 });

    // August 1, September 2, October 3; November is not over.
    expect(served(facts, rules)).toEqual([
      ['contact_months', 6, 1200],
      ['account_months', 3, 3000],
    ]);
  });

  test('a contact that is a customer of its own is its own contact person', () => {
    const person = aContact({ createdAt: new Date('2026-01-05T12:00:00Z') });
    const rows = someRows({ key: { module: 'Contacts', id: person.id }, record: person, contacts: [person] });

    expect(factsOf(rows, aContext(), ASOF).contactsSince).toEqual(['2026-01-05']);
    expect(factsOf(rows, aContext(), '2026-01-04').contactsSince).toEqual([]);
  });
});

test('freight of a deal or an invoice is converted like its amount', () => {
  const rules = rulesWith({ currency: { rateDirection: 'multiply' }, purchase: { from: 'invoices' } });
  const foreign = { currency: 'USD', exchangeRate: '0.9', freight: '10.00' };
  const deals = factsOf(
    someRows({ deals: [aDeal(foreign)] }),
    aContext({ rules: rulesWith({ currency: { rateDirection: 'multiply' } }) }),
    ASOF,
  );
  const invoices = factsOf(
    someRows({ documents: [anInvoice(foreign, [aLine(), aLine()])] }),
    aContext({ rules }),
    ASOF,
  );

  expect(deals.purchases).toMatchObject([{ freight: 900 }]);
  expect(invoices.purchases).toMatchObject([{ freight: 900, lineCount: 2 }]);
});

test('fewer of a piece make a customer break even; fewer kilometres or months are nobody’s choice', () => {
  const lossOf = (change: FactChange, rules: ScoringRules) =>
    scoreCustomer(someFacts(change), null, aBaseline(), rules, ASOF).score.reasons.find(({ code }) =>
      code.startsWith('tier.break_even'),
    );
  const shipments = {
    purchases: [aPurchase({ directCost: euros(990) }), aPurchase({ directCost: euros(1000) })],
  };
  const trips = { ...shipments, trips: [{ day: '2026-05-04', metres: 100_000 }] };

  expect(lossOf(shipments, withPrices({ perShipment: 8 }))).toMatchObject({
    code: 'tier.break_even.fewer',
    params: { item: 'shipments', fewer: 1 },
  });
  expect(lossOf(trips, withPrices({ perVisitKm: 0.4 }))).toMatchObject({ code: 'tier.break_even.amount' });
});

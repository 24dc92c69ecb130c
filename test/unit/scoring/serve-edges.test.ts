import { describe, expect, test } from 'vitest';
import type { CostLine, ImportedRows, PurchaseLine } from '../../../src/records.ts';
import { activeMonthEnds } from '../../../src/scoring/book.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { latePaymentsOf, paymentOf } from '../../../src/scoring/late-payments.ts';
import { periodRows } from '../../../src/scoring/periods.ts';
import { hasServePrices, piecePrice, SERVE_BY_ORDER, SERVE_ITEMS } from '../../../src/scoring/serve-items.ts';
import { isIn, largestCost, ledgerOf, yearUpTo } from '../../../src/scoring/sums.ts';
import {
  ASOF,
  aContext,
  aTouch,
  euros,
  type FactChange,
  RULES,
  rulesWith,
  someFacts,
  someRows,
} from './builders.ts';

/** Where cost to serve, its months and its imported lines begin and end. */

const DAY = '2026-05-04';
const KINDS = ['service', 'freight', 'returns', 'travel', 'marketing', 'acquisition', 'other'] as const;
const aPurchase = (revenue: number, change: object = {}) => ({
  dealId: null,
  day: DAY,
  revenue: euros(revenue),
  directCost: euros(5),
  costBasis: 'deal' as const,
  ...change,
});
/** Every price is 1.00. */
const unitCosts = Object.fromEntries(Object.keys(RULES.money.unitCosts).map((price) => [price, 1]));
const allPrices = rulesWith({
  unitCosts,
  money: { accountSharePercent: 1, capitalCostPercent: 36.5, includeAcquisition: true },
});
/** Everything that can cost something, once or more, on one day. */
const busyOn = (day: string): FactChange => ({
  purchases: [
    aPurchase(100, { day, lineCount: 2 }),
    aPurchase(100, { day, lineCount: 1, freight: euros(3) }),
    aPurchase(-10, { day }),
  ],
  costs: KINDS.filter((kind) => kind !== 'freight' && kind !== 'travel').map((kind, index) => ({
    day,
    kind,
    amount: euros(10 + index),
    seconds: 0,
  })),
  cases: [{ id: '1', subject: 'Late', openedDay: day, open: false, high: false }],
  touches: [
    aTouch(day),
    aTouch(day),
    aTouch(day, { twoWay: false }),
    aTouch(day, { channel: 'meeting' }),
    aTouch(day, { channel: 'email', direction: 'out', twoWay: false }),
    aTouch(day, { channel: 'email', direction: 'in' }),
    aTouch(day, { channel: 'note' }),
  ],
  efforts: [
    { day, seconds: 7200 },
    { day, seconds: null },
    { day, seconds: 180, isService: true },
  ],
  trips: [{ day, metres: 4000 }],
  latePayments: [{ day, days: 10, amount: euros(100) }],
  contactsSince: ['2020-01-01', '2026-12-31'],
});

test('each item is counted once, at its price, in the order in which it is told', () => {
  const facts = someFacts(busyOn(DAY));
  const { serve, orders, costToServe } = ledgerOf(facts, allPrices, { after: null, upTo: '2026-05-31' });

  expect(serve.map(({ item, count, amount }) => [item, count, amount])).toEqual([
    ['orders', 2, 200],
    ['order_lines', 3, 300],
    ['shipments', 1, 100],
    ['freight', 1, 300],
    ['returns', 1, 100],
    ['cases', 1, 100],
    ['service_minutes', 180, 300],
    ['visits', 1, 100],
    ['kilometres', 4000, 400],
    ['calls', 2, 200],
    ['emails', 1, 100],
    ['hours', 7200, 200],
    ['late_days', 10, 100],
    ['contact_months', 1, 100],
    ['account_months', 1, 100],
    ['account_share', 3, 190],
    ['cost_service', 1, 1000],
    ['cost_returns', 1, 1100],
    ['cost_marketing', 1, 1200],
    ['cost_acquisition', 1, 1300],
    ['cost_other', 1, 1400],
  ]);
  expect(orders).toBe(2);
  expect(costToServe).toBe(serve.reduce((sum, { amount }) => sum + amount, 0));
});

test('nothing of a day before the window counts in it, all of its last day does', () => {
  const inWindow = (day: string) => ledgerOf(someFacts(busyOn(day)), allPrices, yearUpTo(ASOF)).serve;
  const items = inWindow(ASOF).map(({ item }) => item);

  // Who bought stands on the list until 12 months later.
  expect(inWindow('2025-11-24').map(({ item }) => item)).toEqual(['contact_months', 'account_months']);
  expect(inWindow('2026-11-25')).toEqual([]);
  expect(items).toEqual(
    SERVE_ITEMS.filter(
      (item) => !['contact_months', 'account_months', 'cost_freight', 'cost_travel'].includes(item),
    ),
  );
});

test('what costs with each order, and what costs with the relation', () => {
  const isByOrder = (item: (typeof SERVE_ITEMS)[number]) => SERVE_BY_ORDER.has(item);

  expect(SERVE_ITEMS.filter((item) => !isByOrder(item))).toEqual([
    'visits',
    'kilometres',
    'calls',
    'emails',
    'hours',
    'contact_months',
    'account_months',
    'cost_travel',
    'cost_marketing',
    'cost_acquisition',
    'cost_other',
  ]);
});

test('a firm can have fewer pieces, but not less time, distance, or months', () => {
  expect(SERVE_ITEMS.filter((item) => piecePrice(item, allPrices.money) === 100)).toEqual([
    'orders',
    'order_lines',
    'shipments',
    'returns',
    'cases',
    'visits',
    'calls',
    'emails',
  ]);
});

test('serving has a price as soon as anything of it has one', () => {
  expect(hasServePrices(RULES.money)).toBe(false);
  expect(hasServePrices(rulesWith({ unitCosts: { perCall: 1 } }).money)).toBe(true);
  expect(hasServePrices(rulesWith({ money: { accountSharePercent: 1 } }).money)).toBe(true);
  expect(hasServePrices(rulesWith({ money: { capitalCostPercent: 1 } }).money)).toBe(true);
});

test('goods that cost and bring nothing are neither an order nor a return', () => {
  const facts = someFacts({ purchases: [aPurchase(0)] });
  const rules = rulesWith({ unitCosts: { perOrder: 1, perReturn: 1, perShipment: 1, perAccountMonth: 1 } });

  expect(ledgerOf(facts, rules, yearUpTo(ASOF))).toMatchObject({
    serve: [],
    orders: 0,
    hasBooking: true,
    profit: -500,
  });
  expect([...activeMonthEnds(facts, { after: null, upTo: ASOF })]).toEqual([]);
});

test.each([
  [{ perContactMonth: 2 }, [['contact_months', 1, 200]]],
  [{ perAccountMonth: 3 }, [['account_months', 1, 300]]],
] as const)('months cost what stands for them, each alone: %o', (prices, told) => {
  const facts = someFacts({ purchases: [aPurchase(100)], contactsSince: ['2020-01-01'] });
  const { serve } = ledgerOf(facts, rulesWith({ unitCosts: prices }), { after: null, upTo: '2026-05-31' });

  expect(serve.map(({ item, count, amount }) => [item, count, amount])).toEqual(told);
});

describe('payments', () => {
  const late = (
    paid: string | null,
    { due = '2026-03-31', day = '2026-03-01', revenue = 100, isFollowed = false } = {},
  ) => latePaymentsOf({ day, revenue: euros(revenue) }, { due, paid, isFollowed }, ASOF);
  const booked = (paid: string | null, change: Parameters<typeof late>[1] = {}) =>
    late(paid, change).map((one) => [one.day, one.days]);

  test('are late from the day after their term, month by month, and known up to the day that is asked about', () => {
    expect(late('2026-03-31')).toEqual([]);
    expect(late('2026-04-01')).toEqual([{ day: '2026-04-01', days: 1, amount: 10_000 }]);
    expect(booked('2026-04-30')).toEqual([['2026-04-30', 30]]);
    expect(booked('2026-06-02', { due: '2026-04-28' })).toEqual([
      ['2026-04-30', 2],
      ['2026-05-31', 31],
      ['2026-06-02', 2],
    ]);
    expect(booked(ASOF, { due: '2026-11-14' })).toEqual([[ASOF, 10]]);
    expect(late(null)).toEqual([]);
  });

  test('that are missing count up to that day, from the day after their term, where payments are noted', () => {
    const open = { isFollowed: true, due: '2026-10-20' };
    const counted = [
      ['2026-10-31', 11],
      [ASOF, 24],
    ];
    expect(booked(null, open)).toEqual(counted);
    expect(booked('2026-11-25', { due: '2026-10-20' })).toEqual(counted);
    expect(booked(null, { ...open, due: '2026-11-23' })).toEqual([[ASOF, 1]]);
    expect(booked(null, { ...open, due: ASOF })).toEqual([]);
    expect(booked(null, { ...open, revenue: -1 })).toEqual([]);
  });

  test('of what was given back or brought nothing are none; before the invoice they count on its day', () => {
    expect(late('2026-04-01', { revenue: 0 })).toEqual([]);
    expect(late('2026-04-01', { revenue: -1 })).toEqual([]);
    expect(booked('2026-05-02', { day: '2026-05-01' })).toEqual([
      ['2026-05-01', 30],
      ['2026-05-02', 2],
    ]);
  });

  test('of a term that nobody can have meant count a century', () => {
    const days = late('2026-04-01', { due: '0001-01-01' }).reduce((sum, one) => sum + one.days, 0);

    expect(days).toBe(36_525);
  });

  test('in time are known too', () => {
    expect(paymentOf({ due: '2026-03-31', paid: '2026-03-02' }, ASOF)).toEqual({
      day: '2026-03-02',
      daysLate: 0,
    });
    expect(paymentOf({ due: '2026-03-31', paid: '2026-04-02' }, ASOF)).toMatchObject({ daysLate: 2 });
    expect(paymentOf({ due: '2026-03-31', paid: ASOF }, ASOF)).not.toBeNull();
    expect(paymentOf({ due: '2026-03-31', paid: '2026-11-25' }, ASOF)).toBeNull();
    expect(paymentOf({ due: null, paid: '2026-04-02' }, ASOF)).toBeNull();
    expect(paymentOf({ due: '2026-03-31', paid: null }, ASOF)).toBeNull();
  });
});

test('a span ends with its last day and begins after its first', () => {
  const span = { after: '2026-01-31', upTo: '2026-02-28' };
  expect(['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01'].map((day) => isIn(day, span))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(isIn('1970-01-01', { after: null, upTo: '2026-02-28' })).toBe(true);
});

test('periods stand in order, by month or year, without those in which nothing cost or came in', () => {
  const facts = someFacts({
    purchases: [aPurchase(100, { day: '2026-03-10' })],
    costs: [
      { day: '2026-01-05', kind: 'freight', amount: euros(2), seconds: 0 },
      { day: '2025-12-31', kind: 'other', amount: euros(1), seconds: 0 },
    ],
    touches: [aTouch('2026-02-02')],
  });
  const rules = rulesWith({ unitCosts: { perVisit: 1 } });
  const rows = (by: 'month' | 'year') =>
    periodRows(facts, rules, ASOF, by).map((row) => [row.period, row.profit]);

  expect(rows('month')).toEqual([
    ['2025-12', -100],
    ['2026-01', -200],
    ['2026-03', 9500],
  ]);
  expect(rows('year')).toEqual([
    ['2025', -100],
    ['2026', 9300],
  ]);
});

describe('a loss comes from', () => {
  const costOf = (change: FactChange, prices = {}) =>
    largestCost(ledgerOf(someFacts(change), rulesWith({ unitCosts: prices }), yearUpTo(ASOF)));

  test('the largest part of the cost to serve, of equal parts the first', () => {
    const change = { purchases: [aPurchase(10)], touches: [aTouch(DAY)] };
    expect(costOf(change, { perOrder: 3, perCall: 2 })).toMatchObject({ item: 'orders', amount: 300 });
    expect(costOf(change, { perOrder: 2, perCall: 3 })).toMatchObject({ item: 'calls', amount: 300 });
    expect(costOf(change, { perOrder: 2, perCall: 2 })).toMatchObject({ item: 'orders' });
  });

  test('what was given back, where the goods alone had been paid for', () => {
    const change = (cost: number) => ({
      purchases: [aPurchase(100, { directCost: euros(cost) }), aPurchase(-50, { directCost: euros(0) })],
    });
    expect(costOf(change(100))).toEqual({ item: 'refunds', amount: 5000 });
    expect(costOf(change(100.01))).toEqual({ item: 'direct', amount: 10_001 });
  });
});

describe('imported lines', () => {
  const aLine = (line: number, change: Partial<PurchaseLine> = {}): PurchaseLine => ({
    importId: 1,
    line,
    day: DAY,
    dealId: null,
    number: 'A',
    kind: 'invoice',
    product: null,
    group: null,
    quantity: null,
    amount: '100.00',
    listPrice: null,
    discountPercent: null,
    cost: null,
    currency: null,
    rate: null,
    dueDay: null,
    paidDay: null,
    ...change,
  });
  const aCost = (change: Partial<CostLine>): CostLine => {
    const none = { minutes: null, note: null, currency: null, rate: null };
    return { day: DAY, kind: 'other', amount: '10.00', ...none, ...change };
  };
  const factsWith = (change: Partial<ImportedRows>) => {
    const none = {
      purchases: [],
      costs: [],
      billedDeals: [],
      contributions: [],
      referredBy: null,
      thanks: [],
    };
    return factsOf(someRows({ imported: { ...none, ...change } }), aContext(), ASOF);
  };

  test('that come to nothing are no document; what is sent free of charge costs and is no refund', () => {
    const nothing = factsWith({
      purchases: [aLine(2, { cost: '5' }), aLine(3, { amount: '-100.00', cost: '-5' })],
    });
    const free = factsWith({ purchases: [aLine(2, { amount: '0', cost: '5' })] });
    const swapped = factsWith({
      purchases: [aLine(2, { cost: '0' }), aLine(3, { amount: '-1', cost: '0' })],
    });

    expect(nothing.purchases).toEqual([]);
    expect(free.purchases).toMatchObject([{ revenue: 0, directCost: 500 }]);
    expect(free.issues).toEqual([]);
    expect(swapped.purchases).toMatchObject([{ revenue: 9900, directCost: 0 }]);
  });

  test('are counted by what their cost rests on', () => {
    const { purchases } = factsWith({
      purchases: [aLine(2, { cost: '5' }), aLine(3, { cost: '6' }), aLine(4)],
    });

    expect(purchases).toMatchObject([{ costBasis: 'default', lineCount: 3, lines: { line: 2, default: 1 } }]);
  });

  test('are paid when the last of them is, and due by their latest term', () => {
    const { payments } = factsWith({
      purchases: [
        aLine(2, { paidDay: '2026-06-10', dueDay: '2026-05-31' }),
        aLine(3, { paidDay: '2026-06-30', dueDay: '2026-06-10' }),
        aLine(4),
        aLine(5, { paidDay: '2026-06-20', dueDay: '2026-06-05' }),
      ],
    });

    expect(payments).toEqual([{ day: '2026-06-30', daysLate: 20 }]);
  });

  test('of costs keep their kind, up to the day that is asked about', () => {
    const costs = factsWith({
      costs: [
        ...KINDS.map((kind) => aCost({ kind })),
        aCost({ kind: 'service', amount: null, minutes: '2' }),
        aCost({ day: ASOF }),
        aCost({ day: '2026-11-25' }),
      ],
    }).costs;

    expect(costs.map(({ kind }) => kind).sort()).toEqual([...KINDS, 'service', 'other'].sort());
    expect(costs.filter(({ seconds }) => seconds > 0)).toMatchObject([{ amount: null, seconds: 120 }]);
  });
});

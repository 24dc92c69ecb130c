import { describe, expect, test } from 'vitest';
import type { CustomerFacts } from '../../../src/domain.ts';
import type { DocumentLine, PurchaseLine } from '../../../src/records.ts';
import { discountOf, documentPrice, importedPrice, priceOnlyOf } from '../../../src/scoring/discounts.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import {
  ASOF,
  aBaseline,
  aContext,
  aDeal,
  aLine,
  anAccount,
  anInvoice,
  aTouch,
  euros,
  type FactChange,
  RULES,
  rulesWith,
  someFacts,
  someRows,
} from './builders.ts';

const scoreOf = (change: FactChange, rules = RULES, baseline = aBaseline()) =>
  scoreCustomer(someFacts(change), null, baseline, rules, ASOF).score;
const codesOf = (change: FactChange, rules = RULES) => scoreOf(change, rules).reasons.map(({ code }) => code);

describe('discounts', () => {
  const imported = (change: Partial<PurchaseLine>) =>
    importedPrice({
      ...{
        importId: 1,
        line: 2,
        day: ASOF,
        dealId: null,
        number: null,
        kind: null,
        product: null,
        group: null,
      },
      ...{ quantity: null, amount: '80', listPrice: null, discountPercent: null, cost: null, currency: null },
      ...{ rate: null, dueDay: null, paidDay: null },
      ...change,
    });
  const ofDocument = (change: Partial<DocumentLine>) => documentPrice(aLine(change));

  test.each([
    ['the list price of one', imported({ listPrice: '100' }), 20],
    ['the list price times the quantity', imported({ listPrice: '50', quantity: '2' }), 20],
    ['the discount that the line names', imported({ discountPercent: '12.5' }), 12.5],
    ['the list price before the discount', imported({ listPrice: '100', discountPercent: '50' }), 20],
    ['a line of the CRM', ofDocument({ listPrice: '33.3', quantity: '3', discount: '19.98' }), 20],
    ['a line of the CRM without discount', ofDocument({ listPrice: '10', quantity: '1' }), 0],
    ['a price above the list', imported({ listPrice: '64' }), -25],
  ])('come from %s', (_name, line, percent) => {
    expect(discountOf([line])).toEqual({ discountPercent: percent });
  });

  test.each([
    ['nothing is known', imported({})],
    ['all was given away', imported({ discountPercent: '100', amount: '0' })],
    ['the list price is nothing', imported({ listPrice: '0' })],
    ['the quantity is missing', ofDocument({ listPrice: '10', quantity: null })],
    ['the list price is missing', ofDocument({ listPrice: null })],
    ['the discount is no number', ofDocument({ listPrice: '10', discount: 'some' })],
  ])('are not known where %s', (_name, line) => {
    expect(discountOf([line])).toEqual({});
  });

  test('of a document weigh its lines by their list price; unknown lines say nothing', () => {
    expect(discountOf([{ list: 300, net: 300 }, { list: 100, net: 20 }, null])).toEqual({
      discountPercent: 20,
    });
  });

  const hundred = { list: 100, net: 90 };
  test.each([
    ['after that of its lines', [hundred, { list: 100, net: 110 }], { discount: '20', subTotal: '1' }, 10],
    [
      'by the part that known lines are of the subtotal',
      [hundred, null],
      { discount: '100', subTotal: '400' },
      32.5,
    ],
    ['alone, where no line tells', [], { discount: '40', subTotal: '200' }, 20],
    ['alone, where lines have no list price', [null], { discount: '40', subTotal: '200' }, 20],
    ['of nothing, which is known too', [], { discount: '0', subTotal: '200' }, 0],
    ['of more than everything', [hundred], { discount: '91', subTotal: '90' }, 100],
    ['below nothing, which is none', [hundred], { discount: '-9', subTotal: '90' }, 10],
  ])('of a whole document count %s', (_name, lines, header, percent) => {
    expect(discountOf(lines, header)).toEqual({ discountPercent: percent });
  });

  test.each([
    ['nobody tells of one', { discount: null, subTotal: '200' }],
    ['the subtotal is missing', { discount: '40', subTotal: null }],
    ['it gives back', { discount: '40', subTotal: '-200' }],
  ])('of a whole document are not known where %s', (_name, header) => {
    expect(discountOf([], header)).toEqual({});
  });

  test('of a won deal are those of its latest quote that tells one', () => {
    const quote = (id: string, dealId: string, discount: string | null, createdAt: string) =>
      anInvoice({ module: 'Quotes', id, dealId, discount, createdAt: new Date(createdAt) });
    const deals = ['51', '52', '53'].map((id) => aDeal({ id, closingDay: '2026-09-01' }));
    const documents = [
      quote('10', '51', '250', '2026-08-02T12:00:00Z'),
      quote('9', '51', '100', '2026-08-02T12:00:00Z'),
      quote('8', '51', null, '2026-08-20T12:00:00Z'),
      quote('7', '52', '0', '2026-08-02T12:00:00Z'),
      { ...anInvoice({ dealId: '53', discount: '500' }) },
    ];

    const { purchases } = factsOf(someRows({ deals, documents }), aContext(), ASOF);

    expect(purchases.map(({ dealId, discountPercent }) => [dealId, discountPercent])).toEqual([
      ['51', 25],
      ['52', 0],
      ['53', undefined],
    ]);
  });

  test('of an invoice and of its lines are both in what its customer bought for', () => {
    const line = aLine({ listPrice: '1000', quantity: '1', discount: '0' });
    const documents = [anInvoice({ subTotal: '1000', discount: '250', total: '960' }, [line])];
    const context = aContext({ rules: rulesWith({ purchase: { from: 'invoices' } }) });

    const { purchases } = factsOf(someRows({ documents }), context, ASOF);

    expect(purchases).toMatchObject([{ revenue: euros(750), discountPercent: 25 }]);
  });
});

describe('price only', () => {
  const bought = (...discounts: (number | null)[]): CustomerFacts['purchases'] =>
    discounts.map((percent) => ({
      dealId: null,
      day: '2026-05-04',
      revenue: euros(100),
      directCost: euros(90),
      costBasis: 'line',
      ...(percent !== null && { discountPercent: percent }),
    }));
  const isPriceOnly = (...discounts: (number | null)[]) =>
    priceOnlyOf({ purchases: bought(...discounts) }, aBaseline(), RULES).isPriceOnly;

  test('is who bought at least 3 times, 4 of 5 times at 20 % or more below the list', () => {
    expect(isPriceOnly(20, 20)).toBe(false);
    expect(isPriceOnly(20, 20, 20)).toBe(true);
    expect(isPriceOnly(20, 20, 19.9999)).toBe(false);
    expect(isPriceOnly(50, 20, 20, 20, 0)).toBe(true);
    expect(isPriceOnly(50, 20, 20, 0)).toBe(false);
  });

  test('purchases of unknown discount and refunds say nothing', () => {
    expect(isPriceOnly(20, 20, null, null)).toBe(false);
    expect(isPriceOnly(20, 20, 20, null, null)).toBe(true);
    const [one, two, three] = bought(20, 20, 20);
    if (!one || !two || !three) throw new Error('three were built');
    const refund = { ...three, revenue: euros(-100) };
    expect(priceOnlyOf({ purchases: [one, two, refund] }, aBaseline(), RULES)).toMatchObject({
      known: 2,
      isPriceOnly: false,
    });
  });

  test('is told, stands in the score, and gives no goodwill below good', () => {
    const cheap = scoreOf({ purchases: bought(25, 25, 25) });
    const good = scoreOf({ purchases: bought(25, 25, 25) }, RULES, aBaseline({ goodCut: euros(10) }));

    expect(cheap).toMatchObject({ tier: 'marginal', priceOnly: true, goodwillBudget: 0 });
    expect(cheap.reasons).toContainEqual({
      code: 'money.price_only',
      params: { known: 3, discounted: 3, percent: 20 },
    });
    expect(cheap.reasons.map(({ code }) => code)).toContain('goodwill.price_only');
    expect(good).toMatchObject({ tier: 'good', priceOnly: true, goodwillBudget: 30 });
    expect(good.reasons.map(({ code }) => code)).not.toContain('goodwill.price_only');
    expect(scoreOf({ purchases: bought(0, 0, 25) }).priceOnly).toBe(false);
  });
});

describe('budgets', () => {
  const good = { bought: [['2026-05-04', 200, 150]] as const };
  const gave = (...amounts: number[]) => ({
    ...good,
    goodwill: amounts.map((amount) => ({ day: '2026-06-01', amount: euros(amount) })),
  });

  test('goodwill: granted, used and left; what exceeds it is told', () => {
    expect(scoreOf(gave(0.2)).goodwill).toEqual({ granted: 50, used: 20, left: 30 });
    expect(scoreOf(gave(0.3, 0.2)).goodwill).toEqual({ granted: 50, used: 50, left: 0 });
    expect(codesOf(gave(0.5))).not.toContain('goodwill.over');
    const over = scoreOf(gave(0.51));
    expect(over).toMatchObject({ goodwill: { granted: 50, used: 51, left: 0 }, goodwillBudget: 0 });
    expect(over.reasons).toContainEqual({ code: 'goodwill.over', params: { used: 51, share: 50 } });
  });

  test('goodwill for whom there is no budget at all is over it', () => {
    const score = scoreOf({ goodwill: [{ day: '2026-06-01', amount: euros(5) }] });

    expect(score.goodwill).toEqual({ granted: 0, used: 500, left: 0 });
    expect(score.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['goodwill.none', 'goodwill.over']),
    );
  });

  test('effort: what is left of it, never below nothing', () => {
    // 5 % of 21,600.00 at 45.00 an hour: 2 hours a month.
    const rules = rulesWith({ unitCosts: { perHour: 45 } });
    const effortOf = (hours: number) =>
      scoreOf(
        {
          bought: [['2026-05-04', 21_600 + hours * 45, 0]],
          efforts: [{ day: '2026-06-01', seconds: hours * 3600 }],
        },
        rules,
      ).effort;

    expect(effortOf(6)).toEqual({ budgetHours: 2, spentHours: 0.5, leftHours: 1.5 });
    expect(effortOf(36)).toEqual({ budgetHours: 2, spentHours: 3, leftHours: 0 });
  });
});

describe('next step', () => {
  const steady = [
    ['2026-05-28', 10, 9],
    ['2026-07-27', 10, 9],
    ['2026-10-25', 10, 9],
  ] as const;

  test('a marginal customer that takes more time than its profit pays for is answered, not sought out', () => {
    const busy = { bought: steady, touches: [aTouch('2026-11-01', { durationSeconds: 36_000 })] };
    const step = (unitCosts: { perHour?: number; perCall?: number }, goodCut = euros(40.5)) =>
      scoreOf(busy, rulesWith({ unitCosts, effort: { sharePercent: 5 } }), aBaseline({ goodCut }));

    const free = step({});
    expect(free).toMatchObject({ tier: 'marginal', nextStep: { code: 'next.rhythm' } });
    const cheap = step({ perHour: 0.01 });
    expect(cheap).toMatchObject({ tier: 'marginal', effort: { budgetHours: 1.2, spentHours: 0.8 } });
    expect(cheap.nextStep?.code).toBe('next.rhythm');
    const dear = step({ perHour: 0.1 });
    expect(dear).toMatchObject({ tier: 'marginal', effort: { budgetHours: 0.1, spentHours: 0.8 } });
    expect(dear.nextStep?.code).toBe('next.rhythm.over_effort');
    expect(step({ perHour: 0.1 }, euros(1))).toMatchObject({
      tier: 'good',
      nextStep: { code: 'next.rhythm' },
    });
  });

  test.each([
    ['price', { bought: [['2026-10-04', 100, 120]] as const }, {}],
    ['freight', { bought: [['2026-10-04', 100, 99]] as const }, { perShipment: 5 }],
    [
      'service',
      { bought: [['2026-10-04', 100, 99]] as const, touches: [aTouch('2026-10-04')] },
      { perCall: 5 },
    ],
    ['terms', { bought: [['2026-10-04', 100, 99]] as const }, { perOrder: 5 }],
  ])('a loss is a talk about %s, naming the largest cost', (topic, change, unitCosts) => {
    const { nextStep } = scoreOf(change, rulesWith({ unitCosts }));

    expect(nextStep).toMatchObject({ code: 'next.loss_making.talk', params: { topic } });
  });

  test('a loss through late payment is a talk about payment', () => {
    const latePayments = [{ day: '2026-10-05', days: 365, amount: euros(100) }];
    const rules = rulesWith({ money: { capitalCostPercent: 8 } });

    const { nextStep } = scoreOf({ bought: [['2026-10-04', 100, 99]], latePayments }, rules);

    expect(nextStep).toEqual({
      code: 'next.loss_making.talk',
      params: { topic: 'payment', item: 'late_days' },
    });
  });
});

describe('what is known of a customer', () => {
  test('stands in the score, each fact with its date', () => {
    const brought = [{ module: 'Accounts' as const, id: '11' }];
    const credits = [
      { id: '10', referred: 1, profit: euros(100), credit: euros(20), brought, latest: '2026-02-20' },
    ];
    const { profile, reasons } = scoreOf(
      {
        key: { module: 'Accounts', id: '10' },
        inputs: { whyUs: 'Close by', needs: 'Crates', reasonLeft: 'Price', profileReviewedOn: '2026-01-02' },
        referredBy: { id: '9', day: null },
        thanked: '2026-02-03',
        thankedHow: 'card',
        lostDeals: [
          { id: '1', day: '2026-01-01', reason: 'Competitor' },
          { id: '2', day: '2026-02-01', reason: null },
        ],
        cases: [
          { id: '5', subject: 'Leak', openedDay: '2026-03-01', open: true, high: false },
          { id: '6', subject: 'Done', openedDay: '2026-03-02', open: false, high: false },
        ],
      },
      RULES,
      aBaseline({ referrals: { ignored: 0, unknown: 0, credits } }),
    );

    expect(profile.facts).toEqual({
      whyUs: 'Close by',
      needs: 'Crates',
      referredBy: '9',
      brought,
      lastReferral: '2026-02-20',
      thanked: { on: '2026-02-03', how: 'card' },
      reasonLeft: 'Price',
      lossReason: { on: '2026-01-01', reason: 'Competitor' },
      openCases: 1,
      reviewedOn: '2026-01-02',
    });
    expect(reasons).toContainEqual({ code: 'profile.thanked', params: { on: '2026-02-03', how: 'card' } });
    expect(reasons).toContainEqual({
      code: 'profile.loss_reason',
      params: { on: '2026-01-01', reason: 'Competitor' },
    });
    expect(reasons).toContainEqual({
      code: 'profile.open_cases',
      params: { cases: 1, subject: 'Leak', opened: '2026-03-01' },
      records: [{ module: 'Cases', id: '5' }],
    });
    expect(reasons.find(({ code }) => code === 'contribution.referrals')?.records).toEqual(brought);
  });

  test('of one of whom nothing is known is empty', () => {
    expect(scoreOf({}).profile.facts).toEqual({
      whyUs: null,
      needs: null,
      referredBy: null,
      brought: [],
      lastReferral: null,
      thanked: null,
      reasonLeft: null,
      lossReason: null,
      openCases: 0,
      reviewedOn: null,
    });
  });

  test('older than 12 months is to be gone through again, whatever is missing besides', () => {
    const asked = (profileReviewedOn: string) =>
      codesOf({ inputs: { profileReviewedOn } }).filter((code) => code.startsWith('profile.ask'));

    expect(asked('2025-11-23')).toEqual(['profile.ask.why_us', 'profile.ask.review']);
    expect(asked('2025-11-24')).toEqual(['profile.ask.why_us']);
  });

  test('how it was thanked comes with the later of note and field, the note first on one day', () => {
    const thanksOf = (lastThanked: string | undefined, ...noted: string[]) => {
      const record = anAccount({ inputs: lastThanked === undefined ? {} : { lastThanked } });
      const thanks = noted.map((day) => ({ day, how: `card ${day}`, note: null }));
      const none = { purchases: [], costs: [], billedDeals: [], contributions: [], referredBy: null };
      const { thanked, thankedHow } = factsOf(
        someRows({ record, imported: { ...none, thanks } }),
        aContext(),
        ASOF,
      );
      return [thanked, thankedHow];
    };

    expect(thanksOf(undefined)).toEqual([null, null]);
    expect(thanksOf('2026-02-01')).toEqual(['2026-02-01', null]);
    expect(thanksOf('2026-02-01', '2026-02-01', '2026-01-01')).toEqual(['2026-02-01', 'card 2026-02-01']);
    expect(thanksOf('2026-02-02', '2026-02-01')).toEqual(['2026-02-02', null]);
    expect(thanksOf('2026-11-25', '2026-02-01', '2026-11-25')).toEqual(['2026-02-01', 'card 2026-02-01']);
  });
});

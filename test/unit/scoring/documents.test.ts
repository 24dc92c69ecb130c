import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minorToDecimal } from '../../../src/money.ts';
import type { CostLine, ImportedRows, PurchaseLine } from '../../../src/records.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { periodRows } from '../../../src/scoring/periods.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ledgerOf, yearUpTo } from '../../../src/scoring/sums.ts';
import { ASOF, aBaseline, aContext, aDeal, euros, rulesWith, someRows } from './builders.ts';

let line = 1;
function aLine(change: Partial<PurchaseLine> = {}): PurchaseLine {
  line += 1;
  return {
    importId: 1,
    line,
    day: '2026-05-04',
    dealId: null,
    number: null,
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
  };
}
function aCost(change: Partial<CostLine> = {}): CostLine {
  const none = { minutes: null, note: null, currency: null, rate: null };
  return { day: '2026-05-04', kind: 'freight', amount: '10.00', ...none, ...change };
}
function imported(change: Partial<ImportedRows>): ImportedRows {
  const none = { purchases: [], costs: [], billedDeals: [], contributions: [], referredBy: null, thanks: [] };
  return { ...none, ...change };
}
function factsWith(
  change: Partial<ImportedRows>,
  rules = rulesWith({}),
  deals = [] as ReturnType<typeof aDeal>[],
) {
  return factsOf(someRows({ deals, imported: imported(change) }), aContext({ rules }), ASOF);
}
const yearOf = (facts: ReturnType<typeof factsWith>, rules = rulesWith({})) =>
  ledgerOf(facts, rules, yearUpTo(ASOF));

describe('documents', () => {
  test('lines of one number are one purchase, added exactly and rounded once', () => {
    const lines = [1, 2, 3].map(() => aLine({ number: 'INV-1', amount: '0.004', cost: '0.002' }));

    const { purchases } = factsWith({ purchases: lines });

    expect(purchases).toMatchObject([{ revenue: 1, directCost: 1, dealId: null, costBasis: 'line' }]);
  });

  test('lines without a number, of another day or of another kind are documents of their own', () => {
    const { purchases } = factsWith({
      purchases: [
        aLine(),
        aLine(),
        aLine({ number: 'A' }),
        aLine({ number: 'A', day: '2026-05-05' }),
        aLine({ number: 'A', kind: 'credit_note', amount: '-1' }),
        aLine({ number: 'A', kind: null }),
      ],
    });

    expect(purchases).toHaveLength(6);
  });

  test('the cost of a line is its own, else that of its product, its group, or the default margin', () => {
    const rules = rulesWith({
      money: { margins: { products: { desk: 50, sample: -20 }, groups: { paper: 12.5 } } },
    });
    const costOf = (change: Partial<PurchaseLine>) => {
      const [purchase] = factsWith({ purchases: [aLine(change)] }, rules).purchases;
      return [purchase?.costBasis, minorToDecimal(purchase?.directCost ?? euros(0))];
    };

    expect(costOf({ cost: '33.33', product: 'Desk' })).toEqual(['line', '33.33']);
    expect(costOf({ product: ' DESK ', group: 'Paper' })).toEqual(['product', '50.00']);
    expect(costOf({ product: 'Sample' })).toEqual(['product', '120.00']);
    expect(costOf({ product: 'Lamp', group: 'paper' })).toEqual(['group', '87.50']);
    expect(costOf({ product: 'constructor' })).toEqual(['default', '70.00']);
    expect(costOf({ amount: '-100.00', kind: 'credit_note' })).toEqual(['default', '-70.00']);
  });

  test('a credit note lowers the revenue of the window it is booked in and is no purchase', () => {
    const facts = factsWith({
      purchases: [
        aLine({ day: '2025-11-24' }),
        aLine({ day: '2025-11-25' }),
        aLine({ day: '2026-11-24', kind: 'credit_note', amount: '-30', cost: '0' }),
        aLine({ day: '2026-11-25' }),
      ],
    });
    const { score } = scoreCustomer(facts, null, aBaseline(), rulesWith({}), ASOF);

    expect(yearOf(facts)).toMatchObject({ revenue: 7000, directCost: 7000, refunds: 3000 });
    expect(score).toMatchObject({ purchases: 2, lastPurchase: '2025-11-25', total: { revenue: 17000 } });
  });

  test('an invoice takes the place of the deal it bills, from its day on', () => {
    const deal = aDeal({ id: '4876876000000000300', amount: '500', closingDay: '2026-03-01' });
    const purchases = [aLine({ amount: '450', day: '2026-05-04', dealId: deal.id })];
    const billedDeals = [{ dealId: deal.id, day: '2026-05-04' }];
    const rows = someRows({ deals: [deal], imported: imported({ purchases, billedDeals }) });

    const revenueAt = (asOf: string) =>
      factsOf(rows, aContext(), asOf).purchases.map(({ revenue }) => revenue);

    expect(revenueAt('2026-05-03')).toEqual([50000]);
    expect(revenueAt('2026-05-04')).toEqual([45000]);
    const { score } = scoreCustomer(factsOf(rows, aContext(), ASOF), null, aBaseline(), rulesWith({}), ASOF);
    expect(score.reasons.find(({ code }) => code === 'money.billed')).toMatchObject({
      params: { deals: 1 },
      records: [{ module: 'Deals', id: deal.id }],
    });
  });

  test('with purchases from imports won deals are none, whatever the file says of them', () => {
    const invoice = aLine({ amount: '130.00' });
    const rules = rulesWith({ purchase: { from: 'imports' } });

    const both = factsWith({ purchases: [invoice] }, rulesWith({}), [aDeal()]);
    const alone = factsWith({ purchases: [invoice] }, rules, [aDeal()]);

    expect(both.purchases.map(({ revenue }) => revenue)).toEqual([10_000, 13_000]);
    expect(alone.purchases.map(({ revenue }) => revenue)).toEqual([13_000]);
    expect(alone.issues).toEqual([]);
  });

  test('an invoice without a deal beside a won deal is told; a credit note, or one that names its deal, is not', () => {
    const other = aDeal();
    const billed = aDeal();
    const told = (change: Partial<PurchaseLine>) =>
      factsWith(
        { purchases: [aLine(change)], billedDeals: [{ dealId: billed.id, day: '2026-05-04' }] },
        rulesWith({}),
        [other, billed],
      )
        .issues.map(({ issue }) => issue)
        .sort();

    expect(told({})).toEqual(['deal_billed', 'unbilled_document']);
    expect(told({ dealId: billed.id })).toEqual(['deal_billed']);
    expect(told({ kind: 'credit_note', amount: '-5.00' })).toEqual(['deal_billed', 'refund']);
    expect(factsWith({ purchases: [aLine()] }).issues).toEqual([]);
  });

  test('foreign money counts at its rate, exactly; without one the whole document is withheld', () => {
    const facts = factsWith({
      purchases: [
        aLine({ currency: 'USD', rate: '0.333', amount: '10.05', cost: '1' }),
        aLine({ number: 'B', currency: 'USD' }),
        aLine({ number: 'B' }),
      ],
      costs: [aCost({ currency: 'USD' })],
    });
    const { score } = scoreCustomer(facts, null, aBaseline(), rulesWith({}), ASOF);

    expect(facts.purchases).toMatchObject([{ revenue: 335, directCost: 33 }]);
    expect(facts).toMatchObject({ valueIncomplete: true, costs: [] });
    expect(score.reasons.find(({ code }) => code === 'money.imports_withheld')?.params).toEqual({
      documents: 1,
      costs: 1,
    });
  });
});

describe('imported costs', () => {
  test('are cost to serve by kind; minutes count at the rate of an hour; acquisition stands apart', () => {
    const rules = rulesWith({ unitCosts: { perHour: 60 } });
    const costs = [
      aCost(),
      aCost({ amount: '2.50' }),
      aCost({ kind: 'service', amount: null, minutes: '12.5' }),
      aCost({ kind: 'service', amount: '5', minutes: '600' }),
      aCost({ kind: 'parking', amount: '-1' }),
      aCost({ kind: 'acquisition', amount: '1000' }),
      aCost({ day: '2025-01-01' }),
    ];

    const facts = factsWith({ costs }, rules);
    const apart = yearOf(facts, rules);
    const inside = yearOf(
      facts,
      rulesWith({ unitCosts: { perHour: 60 }, money: { includeAcquisition: true } }),
    );

    expect(apart.serve).toEqual([
      { item: 'cost_service', count: 2, amount: 1750 },
      { item: 'cost_freight', count: 2, amount: 1250 },
      { item: 'cost_other', count: 1, amount: -100 },
    ]);
    expect(apart).toMatchObject({ costToServe: 2900, profit: -2900, acquisition: 100000 });
    expect(inside).toMatchObject({ costToServe: 102900, profit: -102900 });
  });

  test('rank who ever bought, even without a booking in the window; who never bought has no business', () => {
    const old = factsWith({ purchases: [aLine({ day: '2024-01-01' })], costs: [aCost()] });
    const never = factsWith({ costs: [aCost()] });
    const tierOf = (facts: typeof old) => scoreCustomer(facts, null, aBaseline(), rulesWith({}), ASOF).score;

    expect(tierOf(old)).toMatchObject({ tier: 'loss_making', window12: { costToServe: 1000 } });
    expect(tierOf(never)).toMatchObject({ tier: 'none', rank: null });
  });
});

const money = fc.integer({ min: -99_999, max: 99_999 }).map((mills) => (mills / 1000).toFixed(3));
const anyLine = fc
  .record({
    number: fc.constantFrom(null, 'A', 'B'),
    kind: fc.constantFrom('invoice', 'credit_note', null),
    day: fc.constantFrom('2025-06-01', '2026-01-31', '2026-02-01'),
    amount: money,
    cost: fc.option(money),
  })
  .map((change) => aLine(change));
const anyCost = fc
  .record({
    kind: fc.constantFrom('freight', 'travel'),
    amount: money,
    day: fc.constantFrom('2025-06-01', '2026-02-01'),
  })
  .map((change) => aCost(change));

test('the order of lines does not matter, and the periods add up to the totals', () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { maxLength: 12 }),
      fc.array(anyCost, { maxLength: 5 }),
      (purchases, costs) => {
        const rules = rulesWith({});
        const rows = someRows({ imported: imported({ purchases, costs }) });
        const turned = {
          ...rows,
          imported: imported({ purchases: purchases.toReversed(), costs: costs.toReversed() }),
        };

        const facts = factsOf(rows, aContext(), ASOF);
        const again = factsOf(turned, aContext(), ASOF);

        expect(again.purchases).toEqual(facts.purchases);
        expect(ledgerOf(again, rules, yearUpTo(ASOF))).toEqual(ledgerOf(facts, rules, yearUpTo(ASOF)));
        const total = ledgerOf(facts, rules, { after: null, upTo: ASOF });
        for (const by of ['month', 'year'] as const) {
          const sum = periodRows(facts, rules, ASOF, by).reduce((before, { profit }) => before + profit, 0);
          expect(sum).toBe(total.profit);
        }
      },
    ),
  );
});

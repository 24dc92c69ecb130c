import { describe, expect, test } from 'vitest';
import { addDays, dayFromNumber } from '../../../src/days.ts';
import type { CustomerFacts, Day } from '../../../src/domain.ts';
import type { PurchaseLine } from '../../../src/records.ts';
import { cadenceOf } from '../../../src/scoring/cadence.ts';
import { contractInForce, runningContract } from '../../../src/scoring/contract.ts';
import { documentsOf } from '../../../src/scoring/documents.ts';
import { goodwillOf } from '../../../src/scoring/goodwill.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { countedAs } from '../../../src/scoring/serve-items.ts';
import {
  ASOF,
  aBaseline,
  aFit,
  aPoorFit,
  euros,
  type PurchaseRow,
  RULES,
  rulesWith,
  someFacts,
} from './builders.ts';

/** Edges of the rules that only a test can hold: found by mutants that lived. */

const ago = (days: number): Day => addDays(ASOF, -days);
const ahead = (days: number): Day => addDays(ASOF, days);
const buyer = (...days: number[]) =>
  someFacts({ bought: days.map((day): PurchaseRow => [ago(day), 100, 60]) });
const scoredBy = (facts: CustomerFacts, baseline = aBaseline(), rules = RULES) =>
  scoreCustomer(facts, null, baseline, rules, ASOF).score;
const reasonOf = (facts: CustomerFacts, code: string, baseline = aBaseline(), rules = RULES) =>
  scoredBy(facts, baseline, rules).reasons.find((one) => one.code === code);
const contract = (endDay: Day | null, noticeDay: Day | null = null) => ({ contract: { endDay, noticeDay } });

function returnedOnOf(days: readonly Day[], change: Partial<CustomerFacts>): Day | null {
  const facts = { ...someFacts({ bought: days.map((day) => [day, 100, 60] as const) }), ...change };
  const found = cadenceOf(facts, aBaseline(), RULES, ASOF)?.returnedOn ?? null;
  return found === null ? null : dayFromNumber(found);
}

describe('under contract', () => {
  test('a purchase on its last day is still made under it, one after it shows that it goes on without', () => {
    expect(contractInForce(contract(ago(10)), ago(10))).not.toBeNull();
    expect(contractInForce(contract(ago(10)), ago(9))).toBeNull();
  });

  test('it runs until the end of its last day; without an end, or before the first purchase, as its purchases say', () => {
    const bought = (day: Day) => ({ purchases: someFacts({ bought: [[day, 100, 60]] }).purchases });

    expect(runningContract({ ...contract(ASOF), ...bought(ago(20)) }, ASOF)).not.toBeNull();
    expect(runningContract({ ...contract(ago(1)), ...bought(ago(20)) }, ASOF)).toBeNull();
    expect(runningContract({ ...contract(null, ago(1)), ...bought(ago(20)) }, ASOF)).not.toBeNull();
    expect(runningContract({ contract: null, ...bought(ago(20)) }, ASOF)).toBeNull();
    expect(runningContract({ ...contract(ahead(5)), purchases: [] }, ASOF)).toBeNull();
  });

  test('what was given away or back after the end does not show that the customer goes on', () => {
    for (const amount of [0, -100]) {
      const { purchases } = someFacts({
        bought: [
          [ago(30), 100, 60],
          [ago(5), amount, 0],
        ],
      });
      expect(runningContract({ ...contract(ahead(5)), purchases }, ASOF)).not.toBeNull();
      expect(runningContract({ ...contract(ago(10)), purchases }, ASOF)).toBeNull();
    }
  });

  test('a purchase on the day after the last one of the contract was no return, a day later it was', () => {
    expect(returnedOnOf([ago(40), ago(19)], contract(ago(20)))).toBeNull();
    expect(returnedOnOf([ago(40), ago(18)], contract(ago(20)))).toBe(ago(18));
    expect(returnedOnOf([ago(20), ago(18)], contract(ago(20)))).toBe(ago(18));
  });

  test('who is kept by it alone is told so: after four intervals, of who buys by the project after eight', () => {
    const kept = (silence: number, isProjectBuyer: boolean) =>
      reasonOf(
        { ...buyer(silence + 120, silence + 60, silence), ...contract(ahead(300)), isProjectBuyer },
        'phase.contract_blocks_lost',
      )?.params;

    expect(kept(239, false)).toBeUndefined();
    expect(kept(240, false)).toEqual({ end: ahead(300) });
    expect(kept(479, true)).toBeUndefined();
    expect(kept(480, true)).toEqual({ end: ahead(300) });
  });
});

describe('a sign of leaving', () => {
  test('dates the phase by the earliest of several, whichever is found first', () => {
    // Notice is looked at first, and came later than two intervals of 60 days.
    const facts = { ...buyer(250, 190, 130), ...contract(ahead(200), ago(3)) };
    expect(scoredBy(facts)).toMatchObject({ phase: 'leaving', phaseSince: ago(10) });

    const other = { ...buyer(250, 190, 130), ...contract(ahead(200), ago(30)) };
    expect(scoredBy(other)).toMatchObject({ phaseSince: ago(30) });
  });

  test('by the model tells the chance in whole per cent and the first day on which it was below one half', () => {
    const bought = Array.from(
      { length: 20 },
      (_, index): PurchaseRow => [addDays('2026-01-01', index * 14), 100, 60],
    );
    const facts = someFacts({ bought });
    const on = (asOf: Day) =>
      scoreCustomer(facts, null, aBaseline({ fit: aFit(), lastPurchaseDay: asOf }), RULES, asOf).score;
    const signal = (asOf: Day) => on(asOf).reasons.find(({ code }) => code === 'signal.alive');
    const alive = (asOf: Day) => on(asOf).reasons.find(({ code }) => code === 'outlook.alive')?.params.alive;
    const last = addDays('2026-01-01', 19 * 14);
    const days = Array.from({ length: 80 }, (_, index) => addDays(last, index + 1));
    const first = days.find((day) => signal(day) !== undefined) ?? last;

    expect(first > addDays(last, 5)).toBe(true);
    for (const later of [0, 1, 6]) {
      const told = signal(addDays(first, later));
      expect(told?.params).toEqual({ alive: alive(addDays(first, later)), since: first });
      expect(Number(told?.params.alive)).toBeGreaterThan(1);
      expect(Number(told?.params.alive)).toBeLessThanOrEqual(50);
    }
  });

  test('needs three different products, bought on two days, to compare with', () => {
    const on = (day: number, product: string) => ({ day: ago(day), product });
    const days = (count: number) =>
      Array.from({ length: count }, (_, at) => on(at === 0 ? 500 : 490, `P${at}`));
    const now = [on(60, 'P0'), on(30, 'P0')];
    const facts = (count: number) => ({
      ...buyer(500, 490, 60, 30),
      productDays: [...days(count), ...now],
    });

    expect(reasonOf(facts(3), 'signal.range_down')?.params).toEqual({ now: 1, before: 3 });
    expect(reasonOf(facts(2), 'signal.range_down')).toBeUndefined();
  });

  test('does not count a day on which goods were given away as a purchase', () => {
    const bought: PurchaseRow[] = [
      [ago(400), 1000, 600],
      [ago(300), 1000, 600],
      [ago(60), 500, 300],
      [ago(30), 500, 300],
    ];
    const given: PurchaseRow = [ago(200), 0, 60];

    // 500 beside a mean of 1,000; with the gift counted the mean would be 667 and 500 no fall by 40 %.
    expect(
      reasonOf(someFacts({ bought: [...bought, given].sort() }), 'signal.order_size_down')?.params,
    ).toEqual({
      now: 50_000,
      before: 100_000,
    });
  });
});

describe('lost', () => {
  const silent = () => buyer(1100, 760);

  test('by silence waits for a second date, like overdue', () => {
    const before = scoreCustomer(silent(), null, aBaseline(), RULES, ago(60));
    const first = scoreCustomer(silent(), before.state, aBaseline(), RULES, ASOF);
    const second = scoreCustomer(silent(), first.state, aBaseline(), RULES, ahead(1));

    expect([before, first, second].map(({ score }) => [score.phase, score.rawPhase])).toEqual([
      [before.score.phase, before.score.phase],
      [before.score.phase, 'lost'],
      ['lost', 'lost'],
    ]);
  });

  test('is not spoken of where nobody is overdue, or the model is not believed', () => {
    const late = buyer(420, 375, 330);
    const steady = buyer(300, 240, 180, 130);
    const modelled = (fit = aFit()) => aBaseline({ fit, lastPurchaseDay: ASOF });

    expect(reasonOf(steady, 'phase.alive_blocks_lost', modelled())).toBeUndefined();
    expect(reasonOf(late, 'phase.alive_blocks_lost', modelled(aPoorFit()))).toBeUndefined();
  });

  test('an open deal from before the loss keeps a customer leaving and wins nobody back', () => {
    const late = { ...buyer(360, 300, 240) };
    const deal = (createdDay: Day) => ({ openDeals: [{ id: '1', name: 'Renewal', createdDay }] });
    // Lost since the 240th day after the last purchase, which is today.
    const lost = scoreCustomer(late, null, aBaseline(), RULES, ahead(30));
    const running = (createdDay: Day) =>
      scoreCustomer({ ...late, ...deal(createdDay) }, lost.state, aBaseline(), RULES, ahead(31)).score
        .subPhase;

    expect(running(ago(5))).toBe('win_back');
    expect(running(ASOF)).toBe('win_back');
    expect(running(ahead(1))).toBe('win_back_running');
  });
});

describe('settled customers and prospects', () => {
  test('become loyal on the second date that says so, not on the first', () => {
    const bought = Array.from({ length: 13 }, (_, at): PurchaseRow => [ago(760 - at * 60), 100, 60]);
    const facts = someFacts({ bought });
    const before = scoreCustomer(facts, null, aBaseline(), RULES, ago(35));
    const first = scoreCustomer(facts, before.state, aBaseline(), RULES, ago(28));
    const second = scoreCustomer(facts, first.state, aBaseline(), RULES, ago(27));

    expect(before.score.phase).toBe('established');
    expect(first.score).toMatchObject({ phase: 'established', rawPhase: 'loyal' });
    expect(second.score.phase).toBe('loyal');
  });

  test('a customer of several orders who is new tells since when it buys', () => {
    expect(reasonOf(buyer(80, 20), 'phase.new.first')?.params).toEqual({ on: ago(80) });
  });

  test('who buys by the project stays loyal for twice the silence', () => {
    const bought = Array.from({ length: 16 }, (_, at): PurchaseRow => [ago(1000 - at * 60), 100, 60]);
    const facts = someFacts({ bought });

    expect(scoredBy(facts).phase).toBe('established');
    expect(scoredBy({ ...facts, isProjectBuyer: true }).phase).toBe('loyal');
  });
});

describe('a phase set by hand', () => {
  const override = (phase: 'lost' | 'loyal', subPhase: 'closed' | null) => ({
    override: { phase, subPhase, reason: 'Moved away', by: 'Ann', setOn: ago(3), until: ahead(30) },
  });

  test('to closed is told as closed', () => {
    const told = (subPhase: 'closed' | null) =>
      reasonOf({ ...buyer(300, 240, 180), ...override('lost', subPhase) }, 'phase.override')?.params.phase;

    expect(told('closed')).toBe('closed');
    expect(told(null)).toBe('lost');
  });

  test('to another than lost has no sub-phase of a customer that is closed', () => {
    const facts = { ...buyer(300, 240, 180), closed: { word: 'Merged' } };

    expect(scoredBy({ ...facts, ...override('loyal', null) })).toMatchObject({
      phase: 'loyal',
      subPhase: null,
    });
    expect(scoredBy({ ...facts, ...override('lost', null) }).subPhase).toBe('closed');
  });
});

describe('goodwill of who buys for the price only', () => {
  test.each([
    ['marginal', 'goodwill.price_only'],
    ['loss_making', 'goodwill.price_only'],
    ['none', 'goodwill.none'],
  ] as const)('in the tier %s is told as %s', (tier, code) => {
    const shown = { tier, gold: false };
    const input = { shown, profit12: euros(100), isPriceOnly: true, rules: RULES, asOf: ASOF };
    const known = { goodwill: [] };

    // The rest of a shown tier is not asked for.
    expect(goodwillOf(known, input as unknown as Parameters<typeof goodwillOf>[1]).reasons[0]?.code).toBe(
      code,
    );
  });
});

describe('what serving a customer cost', () => {
  const { money } = rulesWith({
    unitCosts: { perVisit: 90 },
    money: { accountSharePercent: 1.5, capitalCostPercent: 7.3 },
  });

  test.each([
    ['account_share', 2, { count: 2, unit: null, percent: 1.5 }],
    ['late_days', 30, { count: 30, unit: null, percent: 7.3 }],
    ['cost_freight', 1, { count: 1, unit: null, percent: null }],
    ['visits', 3, { count: 3, unit: 9000, percent: null }],
  ] as const)('tells %s by what it was reckoned with', (item, count, told) => {
    expect(countedAs(item, count, money)).toEqual(told);
  });
});

describe('an imported document', () => {
  const line = (change: Partial<PurchaseLine>): PurchaseLine => ({
    importId: 1,
    line: 2,
    day: '2026-05-01',
    dealId: null,
    number: 'A',
    kind: null,
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

  test('of which a line names no deal stands beside the deals', () => {
    const unbilled = (...deals: (string | null)[]) =>
      documentsOf(
        deals.map((dealId, at) => line({ dealId, line: at + 2 })),
        RULES.money,
        ASOF,
      ).unbilled;

    expect([unbilled('1', null), unbilled('1', '2'), unbilled(null, null)]).toEqual([1, 0, 1]);
  });

  test('that gives money back, or was free, tells nothing of how it was paid', () => {
    const paid = { dueDay: '2026-05-31', paidDay: '2026-06-20' };
    const payments = (amount: string, cost: string) =>
      documentsOf([line({ ...paid, amount, cost })], RULES.money, ASOF).payments;

    expect(payments('100.00', '60')).toHaveLength(1);
    expect(payments('-100.00', '-60')).toEqual([]);
    expect(payments('0', '60')).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { CustomerFacts, Day, Phase } from '../../../src/domain.ts';
import type { ScoreState } from '../../../src/scores.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, aTouch, euros, type PurchaseRow, RULES, rulesWith, someFacts } from './builders.ts';

/** Days on which one phase ends and the next begins, and what the answer says of them. */

const ago = (days: number): Day => addDays(ASOF, -days);
const buyer = (...days: number[]) =>
  someFacts({ bought: days.map((day): PurchaseRow => [ago(day), 100, 60]) });
const scoreOf = (facts: CustomerFacts, baseline = aBaseline(), rules = RULES) =>
  scoreCustomer(facts, null, baseline, rules, ASOF).score;
const told = (facts: CustomerFacts, code: string, baseline = aBaseline()) =>
  scoreOf(facts, baseline).reasons.find((one) => one.code === code);

describe('leaving', () => {
  test('since two intervals after the last purchase, a part of a day counting as a whole', () => {
    const steady = buyer(250, 190, 130);
    expect(scoreOf(steady)).toMatchObject({ phase: 'leaving', phaseSince: ago(10) });
    expect(told(steady, 'signal.overdue')?.params).toEqual({ last: ago(130), since: ago(10), limit: 2 });
    // Gaps of 45 and 60: usual 56.25, twice that 112.5.
    expect(scoreOf(buyer(235, 190, 130)).phaseSince).toBe(ago(17));
  });

  test('of a single purchase since the day after nine of ten would have come back', () => {
    const once = buyer(205);
    expect(scoreOf(once)).toMatchObject({ phase: 'leaving', phaseSince: ago(4) });
    expect(told(once, 'signal.one_time_buyer')?.params).toEqual({
      last: ago(205),
      since: ago(4),
      limitDays: 200,
    });
    expect(scoreOf(once, aBaseline({ secondPurchaseP90Days: null })).phase).toBe('new');
    expect(scoreOf(buyer(201), aBaseline({ secondPurchaseP90Days: 200.5 })).phaseSince).toBe(ASOF);
  });

  test('instead of lost while a deal is open: since the first sign, or since it would be lost', () => {
    const openDeals = [{ id: '7', name: 'Renewal', createdDay: ago(3), module: 'Quotes' as const }];
    const late = { ...buyer(360, 300, 240), openDeals };
    const once = { ...buyer(250), openDeals };

    expect(scoreOf(late)).toMatchObject({ phase: 'leaving', phaseSince: ago(120) });
    expect(told(late, 'phase.open_deal_blocks_lost')).toMatchObject({
      params: { deal: 'Renewal' },
      records: [{ module: 'Quotes', id: '7' }],
    });
    expect(told(late, 'phase.lost.overdue')).toBeDefined();
    expect(scoreOf(once, aBaseline({ secondPurchaseP90Days: null }))).toMatchObject({
      phase: 'leaving',
      phaseSince: ago(10),
    });
    const plain = { ...late, openDeals: [{ id: '8', name: 'Order', createdDay: ago(1) }] };
    expect(told(plain, 'phase.open_deal_blocks_lost')?.records).toEqual([{ module: 'Deals', id: '8' }]);
  });
});

describe('lost', () => {
  /** Usual interval 264 days: overdue for four of them after 1,056, silent for too long after 731. */
  const slow = (days: number) => buyer(days + 1200, days + 800, days + 400, days);

  test('since four intervals after the last purchase', () => {
    const late = buyer(370, 310, 250);
    expect(scoreOf(late)).toMatchObject({ phase: 'lost', phaseSince: ago(10) });
    expect(told(late, 'phase.lost.overdue')?.params).toEqual({ last: ago(250), limit: 4 });
  });

  test('or since two years of silence and a day, where that comes first', () => {
    expect(scoreOf(slow(730)).phase).toBe('leaving');
    expect(scoreOf(slow(731))).toMatchObject({ phase: 'lost', phaseSince: ASOF });
    expect(scoreOf(slow(1100))).toMatchObject({ phase: 'lost', phaseSince: ago(369) });
    expect(told(slow(1100), 'phase.lost.silence')?.params).toEqual({ last: ago(1100), limitDays: 730 });
  });

  test('by both on one day it is overdue', () => {
    expect(told(buyer(731), 'phase.lost.overdue', aBaseline({ medianGapDays: 182.75 }))).toBeDefined();
  });
});

describe('new', () => {
  test.each([
    ['first', buyer(89, 20), 'phase.new.first', 89],
    ['only', buyer(100), 'phase.new.single', 100],
    ['first since the loss', buyer(779, 719, 659, 89), 'phase.new.won_back', 89],
  ])('since the %s purchase', (_, facts, code, since) => {
    expect(scoreOf(facts)).toMatchObject({ phase: 'new', phaseSince: ago(since) });
    expect(told(facts, code)?.params).toEqual({ on: ago(since) });
  });

  test('for 90 days after a return, and with a third order without a name of its own', () => {
    expect(scoreOf(buyer(780, 720, 660, 90)).phase).toBe('established');
    expect(scoreOf(buyer(80, 50, 20))).toMatchObject({ phase: 'new', subPhase: null });
  });

  test('for one interval where that is longer', () => {
    // A gap of 50 where 200 is usual: (50 + 2 × 200) / 3 = 150.
    const baseline = aBaseline({ medianGapDays: 200 });
    expect(scoreOf(buyer(149, 99), baseline)).toMatchObject({ phase: 'new', subPhase: 'second_order' });
    expect(scoreOf(buyer(150, 100), baseline).phase).toBe('established');
  });
});

describe('loyal', () => {
  /** Every 60 days for years, so that 60 is usual. */
  const years = [1100, 1040, 980, 920, 860, 800, 740];

  test.each([
    ['for 24 months to the day', [730, 200, 100, 10], 'loyal'],
    ['a day less', [729, 200, 100, 10], 'established'],
    ['three purchases only', [730, 400, 20], 'established'],
    [
      'one and a half intervals after the last',
      [750, 690, 630, 570, 510, 450, 390, 330, 270, 210, 150, 90],
      'loyal',
    ],
    ['a day later', [751, 691, 631, 571, 511, 451, 391, 331, 271, 211, 151, 91], 'established'],
    ['in three of the last four times 90 days', [...years, 359, 100, 10], 'loyal'],
    ['the third of them a day too long ago', [...years, 360, 100, 10], 'established'],
  ] as const)('%s', (_, days, phase) => {
    expect(scoreOf(buyer(...days)).phase).toBe(phase);
  });
});

describe('worth winning back', () => {
  const lost = (profit: number, before: readonly PurchaseRow[] = []) =>
    someFacts({
      bought: [...before, ...[300, 360, 420].map((day): PurchaseRow => [ago(day), 1000, 1000 - profit / 3])],
    });
  const subPhase = (facts: CustomerFacts, baseline = aBaseline()) => scoreOf(facts, baseline).subPhase;

  test('for a best year that would be top, even where nothing counts as good', () => {
    const noGood = { goodCut: null };
    expect(subPhase(lost(81), aBaseline(noGood))).toBe('win_back');
    expect(subPhase(lost(80.97), aBaseline(noGood))).toBeNull();
    expect(subPhase(lost(81), aBaseline({ ...noGood, topAvailable: false }))).toBeNull();
    expect(subPhase(lost(81), aBaseline({ ...noGood, ranked: [] }))).toBeNull();
  });

  test('for the best year, whenever that was, and for none that earned nothing', () => {
    expect(subPhase(lost(-300, [[ago(900), 1000, 950]]))).toBe('win_back');
    expect(subPhase(lost(0), aBaseline({ goodCut: euros(0) }))).toBeNull();
    expect(subPhase(lost(0.03), aBaseline({ goodCut: euros(0) }))).toBe('win_back');
  });
});

describe('signs of return', () => {
  /** Bought for little; lost 60 days ago. */
  const poor = someFacts({ bought: [420, 360, 300].map((day): PurchaseRow => [ago(day), 10, 9]) });
  const aCase = (day: Day) => ({ id: '4', subject: 'Part', openedDay: day, open: false, high: false });
  const aLead = (day: Day) => ({ id: '5', createdDay: day, source: null, isConverted: false });
  const inbound = (day: Day, channel: 'call' | 'case' = 'call') => aTouch(day, { direction: 'in', channel });
  const signOf = (change: Partial<CustomerFacts>) =>
    scoreOf({ ...poor, ...change }).reasons.find(({ code }) => code.startsWith('phase.lost.sign'));

  test('are told with the record, the latest first', () => {
    expect(signOf({ touches: [inbound(ago(20)), inbound(ago(10))], cases: [aCase(ago(15))] })).toEqual({
      code: 'phase.lost.sign_of_touch',
      params: { on: ago(10) },
    });
    expect(signOf({ touches: [inbound(ago(20))], cases: [aCase(ago(15))], leads: [aLead(ago(17))] })).toEqual(
      {
        code: 'phase.lost.sign_of_case',
        params: { on: ago(15) },
        records: [{ module: 'Cases', id: '4' }],
      },
    );
    expect(signOf({ touches: [inbound(ago(20))], leads: [aLead(ago(17))] })).toEqual({
      code: 'phase.lost.sign_of_lead',
      params: { on: ago(17) },
      records: [{ module: 'Leads', id: '5' }],
    });
  });

  test('of one day name the case, and what stands in a case is no word beside it', () => {
    expect(signOf({ touches: [inbound(ago(9))], cases: [aCase(ago(9))] })?.code).toBe(
      'phase.lost.sign_of_case',
    );
    expect(signOf({ touches: [inbound(ago(9), 'case')] })).toBeUndefined();
  });

  test('count from the day after the loss, and no longer than win-backs are tried', () => {
    const long = someFacts({ bought: [2120, 2060, 2000].map((day): PurchaseRow => [ago(day), 10, 9]) });
    const subPhase = (facts: CustomerFacts, day: Day) => scoreOf({ ...facts, leads: [aLead(day)] }).subPhase;

    expect(subPhase(poor, ago(60))).toBeNull();
    expect(subPhase(poor, ago(59))).toBe('win_back');
    expect(subPhase(long, '2023-11-24')).toBeNull();
    expect(subPhase(long, '2023-11-25')).toBe('win_back');
  });
});

describe('revenue and order size', () => {
  const signals = (...rows: readonly (readonly [Day, number])[]) =>
    scoreOf(
      someFacts({ bought: rows.map(([day, revenue]): PurchaseRow => [day, revenue, 1]) }),
    ).reasons.filter(({ code }) => code === 'signal.revenue_down' || code === 'signal.order_size_down');
  const revenueDown = { code: 'signal.revenue_down' };

  test('six months stand against the same six a year before, each with its last day', () => {
    const before = [
      ['2025-05-25', 100],
      ['2025-11-24', 100],
    ] as const;

    expect(signals(...before, ['2026-05-25', 40])).toEqual([
      { ...revenueDown, params: { now: 4000, before: 20_000 } },
    ]);
    expect(signals(...before, ['2026-05-24', 300])).toMatchObject([
      { ...revenueDown, params: { now: 0, before: 20_000 } },
    ]);
    expect(signals(['2025-05-24', 100], ['2025-11-24', 100], ['2026-05-25', 40])).toEqual([]);
    expect(signals(['2025-05-25', 100], ['2025-11-25', 100], ['2026-05-25', 40])).toEqual([]);
    expect(signals(['2025-08-01', 100], ['2025-08-01', 100], ['2026-05-25', 40])).toEqual([]);
  });

  test('what was given back lowers the revenue and makes no order smaller', () => {
    expect(
      signals(
        ['2025-08-01', 100],
        ['2025-10-01', 100],
        ['2026-08-01', 70],
        ['2026-09-01', 70],
        ['2026-10-01', -60],
      ),
    ).toEqual([{ ...revenueDown, params: { now: 8000, before: 20_000 } }]);
  });

  test('orders stand against those of the twelve months before, by days with a purchase', () => {
    const sizeDown = (now: number, before: number) => [
      { code: 'signal.order_size_down', params: { now, before } },
    ];

    expect(
      signals(
        ['2025-05-25', 50],
        ['2025-05-25', 50],
        ['2026-05-24', 100],
        ['2026-05-25', 59],
        ['2026-11-24', 60],
      ),
    ).toEqual(sizeDown(5950, 10_000));
    expect(signals(['2025-05-24', 100], ['2026-05-24', 100], ['2026-05-25', 50], ['2026-11-24', 50])).toEqual(
      [],
    );
    expect(signals(['2025-12-01', 100], ['2026-05-24', 100], ['2026-11-24', 50])).toEqual([]);
  });
});

describe('other signs', () => {
  const steady = buyer(300, 240, 180, 120, 60, 10);
  const aCase = (id: string, days: number) => ({
    id,
    subject: 'Late',
    openedDay: ago(days),
    open: false,
    high: false,
  });

  test('three cases in 60 days are named', () => {
    const cases = (oldest: number) => ({
      ...steady,
      cases: [aCase('1', oldest), aCase('2', 30), aCase('3', 0)],
    });

    expect(told(cases(59), 'signal.many_cases')).toEqual({
      code: 'signal.many_cases',
      params: { cases: 3, since: ago(59) },
      records: ['1', '2', '3'].map((id) => ({ module: 'Cases', id })),
    });
    expect(told(cases(60), 'signal.many_cases')).toBeUndefined();
  });

  test('an urgent case is told alone, with its record', () => {
    const cases = [{ ...aCase('1', 9), open: true, high: true }, aCase('2', 5), aCase('3', 1)];

    expect(told({ ...steady, cases }, 'signal.high_case')).toEqual({
      code: 'signal.high_case',
      params: { subject: 'Late', opened: ago(9) },
      records: [{ module: 'Cases', id: '1' }],
    });
    expect(told({ ...steady, cases }, 'signal.many_cases')).toBeUndefined();
  });

  test('silence is told with the last contact and the plan', () => {
    const top = someFacts({
      bought: [300, 240, 180, 120, 60, 10].map((day): PurchaseRow => [ago(day), 100, 5]),
      touches: [aTouch(ago(61))],
    });
    expect(told(top, 'signal.silent')?.params).toEqual({ last: ago(61), plannedDays: 30 });
    expect(told({ ...top, touches: [aTouch(ago(60))] }, 'signal.silent')).toBeUndefined();
  });

  test('of deals lost to a competitor within 12 months the latest is named', () => {
    const lost = (id: string, day: Day, reason: string | null) => ({ id, day, reason });
    const of = (...lostDeals: CustomerFacts['lostDeals'][number][]) =>
      told({ ...steady, lostDeals }, 'signal.competitor');

    expect(of(lost('1', '2025-11-25', 'COMPETITOR'), lost('2', '2026-03-01', 'Competition'))).toEqual({
      code: 'signal.competitor',
      params: { on: '2026-03-01' },
      records: [{ module: 'Deals', id: '2' }],
    });
    expect(of(lost('1', '2025-11-25', 'COMPETITOR'), lost('2', '2026-03-01', null))?.params).toEqual({
      on: '2025-11-25',
    });
    expect(of(lost('1', '2025-11-24', 'Competitor'), lost('2', '2026-03-01', 'Price'))).toBeUndefined();
  });
});

describe('the shown phase waits for a second date', () => {
  const tomorrow = addDays(ASOF, 1);
  const prior = (phase: Phase, change: Partial<ScoreState> = {}): ScoreState => ({
    ...scoreCustomer(buyer(250, 190, 130), null, aBaseline(), RULES, ASOF).state,
    phase,
    phaseSince: '2026-01-01',
    ...change,
  });
  const next = (facts: CustomerFacts, state: ScoreState, asOf = tomorrow) =>
    scoreCustomer(facts, state, aBaseline(), RULES, asOf);

  test('of the same phase: another one between begins anew', () => {
    const waiting = prior('established', { pendingPhase: { phase: 'lost', on: '2026-11-01' } });
    const { score, state } = next(buyer(250, 190, 130), waiting);

    expect(score).toMatchObject({ phase: 'established', phaseSince: '2026-01-01', rawPhase: 'leaving' });
    expect(state.pendingPhase).toEqual({ phase: 'leaving', on: tomorrow });
  });

  test('a day that agrees with what is shown ends the wait', () => {
    const waiting = prior('leaving', { pendingPhase: { phase: 'lost', on: '2026-11-01' } });

    expect(next(buyer(250, 190, 130), waiting).state).toMatchObject({
      phase: 'leaving',
      phaseSince: '2026-01-01',
      pendingPhase: null,
    });
  });

  test('not where a purchase came in, and none that was known before is one', () => {
    const facts = buyer(250, 190, 130);

    expect(next(facts, prior('established', { lastPurchase: ago(131) })).score.phase).toBe('leaving');
    expect(next(facts, prior('established', { lastPurchase: null })).score.phase).toBe('leaving');
    expect(next(facts, prior('established', { lastPurchase: ago(130) })).score.phase).toBe('established');
    expect(next(facts, prior('prospect')).score.phase).toBe('leaving');
  });
});

test('patience is counted in intervals that a firm sets', () => {
  const patient = rulesWith({ phases: { newDays: 10, loyalMonths: 12 } });

  expect(scoreOf(buyer(20, 5), aBaseline({ medianGapDays: 10 }), patient).phase).toBe('established');
  expect(scoreOf(buyer(370, 200, 100, 10), aBaseline(), patient).phase).toBe('loyal');
});

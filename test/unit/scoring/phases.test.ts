import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '../../../src/days.ts';
import type { CustomerFacts, Day } from '../../../src/domain.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, aTouch, RULES, rulesWith, someFacts } from './builders.ts';

const baseline = aBaseline();
const scoreOf = (facts: CustomerFacts, rules = RULES, asOf = ASOF) =>
  scoreCustomer(facts, null, baseline, rules, asOf).score;
/** Purchases so many days before the analysis date, 100.00 each. */
const boughtAgo = (...days: number[]) => days.map((ago) => [addDays(ASOF, -ago), 100, 60] as const);
const buyer = (...days: number[]) => someFacts({ bought: boughtAgo(...days) });
const codes = (facts: CustomerFacts) => scoreOf(facts).reasons.map(({ code }) => code);
const aCaseFact = (ago: number, change: Partial<CustomerFacts['cases'][number]> = {}) => ({
  id: '1',
  subject: 'Late delivery',
  openedDay: addDays(ASOF, -ago),
  open: true,
  high: false,
  ...change,
});
const openDeal = { id: '1', name: 'Frame contract', createdDay: '2026-09-01' };

describe('who never bought is a prospect', () => {
  test.each([
    ['cold', someFacts()],
    ['cold', someFacts({ touches: [aTouch('2026-11-01', { twoWay: false })] })],
    ['contacted', someFacts({ touches: [aTouch(addDays(ASOF, -180))] })],
    ['dormant', someFacts({ touches: [aTouch(addDays(ASOF, -181))] })],
    ['open_deal', someFacts({ openDeals: [openDeal] })],
    ['cold', someFacts({ bought: [['2026-10-01', -20, 0]] })],
  ])('%s', (subPhase, facts) => {
    expect(scoreOf(facts)).toMatchObject({ phase: 'prospect', subPhase, purchases: 0 });
  });
});

describe('phases of buyers', () => {
  // Median gap of all customers: 60 days.
  test.each([
    ['new', 'first_order', 'first purchase today', buyer(0)],
    ['new', 'first_order', 'one purchase, 200 days ago: not yet beyond 9 of 10', buyer(200)],
    ['leaving', null, 'one purchase, 201 days ago: beyond 9 of 10', buyer(201)],
    ['lost', null, 'one purchase, four usual intervals ago', buyer(240)],
    ['new', 'second_order', 'second purchase within 90 days of the first', buyer(89, 20)],
    ['established', null, 'first purchase 90 days ago', buyer(90, 20)],
    ['established', null, 'two purchases, however late: no rhythm yet', buyer(290, 120)],
    ['leaving', null, 'three purchases, late by two intervals', buyer(240, 180, 120)],
    ['established', null, 'three purchases, not yet late', buyer(239, 179, 119)],
    ['lost', 'win_back', 'late by four intervals', buyer(360, 300, 240)],
    ['lost', null, 'silent for 731 days, whatever the rhythm', buyer(2731, 1731, 731)],
    ['new', 'won_back', 'back after having been lost', buyer(700, 640, 580, 10)],
    ['loyal', null, 'for years, steadily', buyer(740, 600, 300, 240, 180, 120, 60, 1)],
    [
      'established',
      null,
      'steadily, but for less than 24 months',
      buyer(700, 600, 300, 240, 180, 120, 60, 1),
    ],
    [
      'established',
      null,
      'for years, but not in 3 of the last 4 windows',
      buyer(1000, 850, 700, 550, 400, 50),
    ],
  ] as const)('%s %s: %s', (phase, subPhase, _, facts) => {
    const score = scoreOf(facts);
    expect([score.phase, score.subPhase]).toEqual([phase, subPhase]);
  });

  test('several purchases of one day are one', () => {
    expect(scoreOf(buyer(20, 20, 20))).toMatchObject({ purchases: 1, subPhase: 'first_order' });
  });

  test('a refund is no purchase: it neither renews the rhythm nor counts', () => {
    const facts = someFacts({ bought: [...boughtAgo(360, 300, 240), [addDays(ASOF, -5), -20, 0]] });
    expect(scoreOf(facts)).toMatchObject({ phase: 'lost', purchases: 3, lastPurchase: addDays(ASOF, -240) });
  });

  test('an open deal keeps a customer from being lost, as leaving, and the reason names it', () => {
    const facts = { ...buyer(360, 300, 240), openDeals: [openDeal] };
    expect(scoreOf(facts).phase).toBe('leaving');
    expect(codes(facts)).toContain('phase.open_deal_blocks_lost');
  });

  test('project buyers, whose gaps spread more than their mean, get twice the patience', () => {
    // Gaps 1, 1, 100 (mean 34, deviation 47): usual 24.6 days, so leaving after 98.4 days instead of 49.2.
    expect(scoreOf(buyer(200, 199, 198, 98)).phase).toBe('established');
    expect(scoreOf(buyer(201, 200, 199, 99)).phase).toBe('leaving');
  });

  test('an urgent open case alone keeps a customer from being loyal', () => {
    const loyal = buyer(740, 600, 300, 240, 180, 120, 60, 1);
    expect(scoreOf({ ...loyal, cases: [aCaseFact(3, { high: true })] }).phase).toBe('established');
    expect(scoreOf({ ...loyal, cases: [aCaseFact(3, { high: true, open: false })] }).phase).toBe('loyal');
  });
});

describe('two soft signals make a customer leave, one does not', () => {
  const steady = buyer(300, 240, 180, 120, 60, 1);
  const urgent = aCaseFact(3, { high: true });
  const competitor = { id: '2', day: '2026-06-01', reason: 'Lost to Competitor' };
  const silent = { touches: [aTouch(addDays(ASOF, -500))] };
  const manyCases = [aCaseFact(3), aCaseFact(30), aCaseFact(59, { open: false })];
  /** 1,000 in May to August 2025, 100 since: less than half, in smaller orders. */
  const shrinking: CustomerFacts = someFacts({
    bought: [
      ['2025-07-01', 500, 300],
      ['2025-09-01', 500, 300],
      ['2026-03-01', 500, 300],
      ['2026-06-01', 40, 20],
      ['2026-09-01', 40, 20],
    ],
  });

  test.each([
    ['nothing', steady, 'established'],
    ['an urgent case', { ...steady, cases: [urgent] }, 'established'],
    ['a deal lost to a competitor', { ...steady, lostDeals: [competitor] }, 'established'],
    [
      'a deal lost long ago',
      { ...steady, lostDeals: [{ ...competitor, day: '2025-11-24' }], cases: [urgent] },
      'established',
    ],
    ['both', { ...steady, cases: [urgent], lostDeals: [competitor] }, 'leaving'],
    ['silence and three cases', { ...steady, ...silent, cases: manyCases }, 'leaving'],
    ['silence and two cases', { ...steady, ...silent, cases: manyCases.slice(1) }, 'established'],
    ['less revenue in smaller orders', shrinking, 'leaving'],
  ] as const)('%s', (_, facts, phase) => {
    expect(scoreOf(facts).phase).toBe(phase);
  });

  test('exactly half the revenue is no sign, exactly 60 % of the order size is one', () => {
    const facts = (now: number) =>
      someFacts({
        bought: [
          ['2025-08-01', 100, 60],
          ['2025-10-01', 100, 60],
          ['2026-07-01', now, 0],
          ['2026-09-01', now, 0],
        ],
      });
    const signals = (now: number) => codes(facts(now)).filter((code) => code.startsWith('signal.'));

    expect(signals(60.01)).toEqual([]);
    expect(signals(60)).toEqual(['signal.order_size_down']);
    expect(signals(50)).toEqual(['signal.order_size_down']);
    expect(signals(49.99)).toEqual(['signal.revenue_down', 'signal.order_size_down']);
  });

  test('each signal is listed with its facts', () => {
    const reasons = scoreOf(shrinking).reasons.filter(({ code }) => code.startsWith('signal.'));
    expect(reasons).toMatchObject([
      { code: 'signal.revenue_down', params: { now: 8000, before: 100_000 } },
      { code: 'signal.order_size_down', params: { now: 4000, before: 50_000 } },
    ]);
  });

  test('on the day of a purchase signals are listed and nobody leaves', () => {
    const facts = { ...buyer(300, 240, 180, 120, 60, 0), cases: [urgent], lostDeals: [competitor] };
    expect(scoreOf(facts).phase).toBe('established');
    expect(codes(facts)).toEqual(expect.arrayContaining(['signal.high_case', 'signal.competitor']));
  });
});

describe('a lost customer is worth winning back', () => {
  const lost = (profit: number, ago: number) =>
    someFacts({ bought: [1, 61, 121].map((days) => [addDays(ASOF, -ago - days), 1000, 1000 - profit / 3]) });

  test.each([
    ['that got in touch', { touches: [aTouch(addDays(ASOF, -59), { direction: 'in' })] }, 'touch'],
    [
      'with a case of late',
      {
        cases: [{ id: '4', subject: 'Spare part', openedDay: addDays(ASOF, -59), open: false, high: false }],
      },
      'case',
    ],
    [
      'that came as a new lead',
      { leads: [{ id: '5', createdDay: addDays(ASOF, -59), source: null, isConverted: true }] },
      'lead',
    ],
  ] as const)('or one %s since it was lost', (_, sign, kind) => {
    const facts = { ...lost(40, 300), ...sign };

    expect(scoreOf(facts)).toMatchObject({ phase: 'lost', subPhase: 'win_back' });
    expect(scoreOf(facts).reasons).toContainEqual(
      expect.objectContaining({ code: `phase.lost.sign_of_${kind}`, params: { on: addDays(ASOF, -59) } }),
    );
  });

  test('but not for what it did before, nor for what we did', () => {
    const before = { touches: [aTouch(addDays(ASOF, -61), { direction: 'in' as const })] };
    const ours = { touches: [aTouch(addDays(ASOF, -10))] };
    expect(scoreOf({ ...lost(40, 300), ...before }).subPhase).toBeNull();
    expect(scoreOf({ ...lost(40, 300), ...ours }).subPhase).toBeNull();
  });

  test('when its best 12 months would be good today', () => {
    expect(scoreOf(lost(41, 300))).toMatchObject({ phase: 'lost', subPhase: 'win_back' });
    expect(scoreOf(lost(40, 300))).toMatchObject({ phase: 'lost', subPhase: null });
  });

  test('for 36 months', () => {
    const facts = lost(60, 0);
    const lostOn = addDays(ASOF, -1 + 240);
    const at = (asOf: Day) => scoreOf(facts, RULES, asOf);

    expect(at(lostOn)).toMatchObject({ phase: 'lost', phaseSince: lostOn, subPhase: 'win_back' });
    expect(at(addMonths(lostOn, 36)).subPhase).toBe('win_back');
    expect(at(addDays(addMonths(lostOn, 36), 1)).subPhase).toBeNull();
  });
});

describe('a phase changes when two dates agree', () => {
  const facts = buyer(239, 179, 119);
  const tomorrow = addDays(ASOF, 1);

  test('the first date is remembered, the second changes the phase, dated by the facts', () => {
    const first = scoreCustomer(facts, null, baseline, RULES, ASOF);
    const second = scoreCustomer(facts, first.state, baseline, RULES, tomorrow);
    const again = scoreCustomer(facts, second.state, baseline, RULES, tomorrow);
    const third = scoreCustomer(facts, again.state, baseline, RULES, addDays(ASOF, 2));

    expect(first.score.phase).toBe('established');
    expect(second.score).toMatchObject({ phase: 'established', rawPhase: 'leaving' });
    expect(second.state.pendingPhase).toEqual({ phase: 'leaving', on: tomorrow });
    expect(again.score.phase).toBe('established');
    expect(third.score).toMatchObject({ phase: 'leaving', phaseSince: tomorrow });
    expect(third.state.pendingPhase).toBeNull();
  });

  test('a purchase changes it at once', () => {
    const leaving = scoreCustomer(facts, null, baseline, RULES, addDays(ASOF, 2));
    const bought = someFacts({ bought: [...boughtAgo(239, 179, 119), [tomorrow, 100, 60]] });

    const after = scoreCustomer(bought, leaving.state, baseline, RULES, addDays(ASOF, 3));

    expect(leaving.score.phase).toBe('leaving');
    expect(after.score.phase).toBe('established');
  });

  test('a purchase that was taken back makes a prospect at once', () => {
    const { state } = scoreCustomer(facts, null, baseline, RULES, ASOF);
    expect(scoreCustomer(someFacts(), state, baseline, RULES, tomorrow).score.phase).toBe('prospect');
  });
});

test('an answer without a model says so, and gives no chance', () => {
  const score = scoreOf(buyer(90, 20));
  expect(score.model).toEqual({ name: null, status: 'not enough data', fitId: null });
  expect(score.churnRiskPercent).toBeNull();
  expect(codes(buyer(90, 20))).toContain('model.none');
});

test('longer patience is a setting', () => {
  const patient = rulesWith({ phases: { leavingRatio: 3, lostRatio: 6 } });
  expect(scoreOf(buyer(240, 180, 120), patient).phase).toBe('established');
  expect(scoreOf(buyer(360, 300, 240), patient).phase).toBe('leaving');
});

import { expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { Day, Tier } from '../../../src/domain.ts';
import { minor, toMinor } from '../../../src/money.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { contactOf } from '../../../src/scoring/contact.ts';
import { effortBudgetOf } from '../../../src/scoring/effort-budget.ts';
import { goodwillOf } from '../../../src/scoring/goodwill.ts';
import { latePaymentsOf } from '../../../src/scoring/late-payments.ts';
import { scoreLead } from '../../../src/scoring/lead-score.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { shareCurveOf } from '../../../src/scoring/share-curve.ts';
import { jsonBlock } from '../../support/markdown.ts';
import {
  ASOF,
  aBaseline,
  aFit,
  aTouch,
  euros,
  type PurchaseRow,
  RULES,
  rulesWith,
  someFacts,
  someLeadFacts,
} from './builders.ts';

/** The numbers stand in docs/scoring.md, worked out by hand. */
const example = <T>(name: string): T => jsonBlock<T>('docs/scoring.md', name);
interface Sums {
  revenue: number;
  directCost: number;
  costToServe: number;
  profit: number;
}
const inCents = (sums: Sums) => ({
  revenue: toMinor(sums.revenue),
  directCost: toMinor(sums.directCost),
  costToServe: toMinor(sums.costToServe),
  profit: toMinor(sums.profit),
});

test('money: window, cost to serve and totals', () => {
  const given = example<{
    asOf: Day;
    unitCosts: { [key: string]: number };
    bought: PurchaseRow[];
    cases: Day[];
    callSeconds: number[];
    meetingSeconds: number[];
    window: Sums;
    total: Sums;
    purchases: number;
  }>('money');
  const facts = someFacts({
    bought: given.bought,
    cases: given.cases.map((openedDay) => ({
      id: '1',
      subject: 'Return',
      openedDay,
      open: false,
      high: false,
    })),
    touches: [
      ...given.callSeconds.map((durationSeconds) =>
        aTouch('2026-06-01', { durationSeconds, twoWay: durationSeconds >= 10 }),
      ),
      ...given.meetingSeconds.map((durationSeconds) =>
        aTouch('2026-06-01', { channel: 'meeting', durationSeconds }),
      ),
    ],
  });

  const { score } = scoreCustomer(
    facts,
    null,
    aBaseline(),
    rulesWith({ unitCosts: given.unitCosts }),
    given.asOf,
  );

  expect(score.window12).toEqual(inCents(given.window));
  expect(score.total).toEqual(inCents(given.total));
  expect(score.purchases).toBe(given.purchases);
});

test('cost to serve: every price once', () => {
  const given = example<{
    unitCosts: { [key: string]: number };
    accountSharePercent: number;
    capitalCostPercent: number;
    asOf: Day;
    invoice: { day: Day; lines: number; amount: number; due: Day; paid: Day };
    caseMinutes: number;
    kilometres: number;
    contactsSince: Day[];
    costToServe: number;
  }>('serve');
  const { invoice, accountSharePercent, capitalCostPercent } = given;
  const amount = euros(invoice.amount);
  const late = latePaymentsOf(
    { day: invoice.day, revenue: amount },
    { ...invoice, isFollowed: true },
    given.asOf,
  );
  const day = invoice.day;
  const facts = someFacts({
    purchases: [
      {
        dealId: null,
        day,
        revenue: amount,
        directCost: minor(0),
        costBasis: 'line',
        lineCount: invoice.lines,
      },
    ],
    latePayments: late,
    efforts: [{ day, seconds: given.caseMinutes * 60, isService: true }],
    trips: [{ day, metres: given.kilometres * 1000 }],
    contactsSince: given.contactsSince,
  });
  const rules = rulesWith({ unitCosts: given.unitCosts, money: { accountSharePercent, capitalCostPercent } });

  const { window12 } = scoreCustomer(facts, null, aBaseline(), rules, given.asOf).score;

  expect(window12.costToServe).toBe(toMinor(given.costToServe));
});

test('tiers: sizes, cut and how many of each', () => {
  const given = example<{
    profits: number[];
    topSize: number;
    goldSize: number;
    goodCut: number;
    tiers: { [T in Tier]?: number };
  }>('tiers');
  const customers = given.profits.map((profit) =>
    someFacts({
      bought: [
        ['2026-01-05', 1000, 1000],
        ['2026-02-05', 1000, 1000 - profit],
      ],
    }),
  );
  const builder = new BaselineBuilder(RULES, ASOF);
  for (const facts of customers) builder.add(facts);

  const baseline = builder.finish();
  const scores = customers.map((facts) => scoreCustomer(facts, null, baseline, RULES, ASOF).score);

  expect(baseline).toMatchObject({
    population: given.profits.length,
    topSize: given.topSize,
    goldSize: given.goldSize,
    goodCut: toMinor(given.goodCut),
  });
  const counted = Map.groupBy(scores, ({ tier }) => tier);
  for (const [tier, count] of Object.entries(given.tiers)) {
    expect(counted.get(tier as Tier)?.length, tier).toBe(count); // Object.entries forgets the key type
  }
  expect(scores.map(({ gold }) => gold)).toEqual(given.profits.map((_, index) => index < given.goldSize));
});

test('rhythm: interval, ratio, and the days on which a customer leaves and is lost', () => {
  const given = example<{
    bought: Day[];
    medianGapDays: number;
    asOf: Day;
    intervalDays: number;
    daysSinceLast: number;
    phase: string;
    phaseSince: Day;
    lostFrom: Day;
  }>('cadence');
  const facts = someFacts({ bought: given.bought.map((day) => [day, 100, 60]) });
  const baseline = aBaseline({ medianGapDays: given.medianGapDays });
  const at = (asOf: Day) => scoreCustomer(facts, null, baseline, RULES, asOf).score;

  const score = at(given.asOf);

  expect(score.usualIntervalDays).toBe(given.intervalDays);
  expect(score.overdueRatio).toBeCloseTo(given.daysSinceLast / given.intervalDays, 12);
  expect(score).toMatchObject({ phase: given.phase, phaseSince: given.phaseSince });
  expect(at('2026-10-23').phase).not.toBe('leaving');
  expect(at(given.phaseSince).phase).toBe('leaving');
  expect(at('2027-01-15').phase).toBe('leaving');
  expect(at(given.lostFrom)).toMatchObject({ phase: 'lost', phaseSince: given.lostFrom });
});

test('outlook: chance of being alive, churn risk and silence', () => {
  const given = example<{
    parameters: { r: number; alpha: number; a: number; b: number };
    bought: Day[];
    asOf: Day;
    alive: number;
    churnRiskPercent: number;
    silence: number;
  }>('outlook');
  const facts = someFacts({ bought: given.bought.map((day) => [day, 100, 60]) });
  const baseline = aBaseline({ fit: aFit({ parameters: given.parameters }), lastPurchaseDay: given.asOf });

  const { score } = scoreCustomer(facts, null, baseline, RULES, given.asOf);

  expect(score.churnRiskPercent).toBe(given.churnRiskPercent);
  expect(score.reasons.find(({ code }) => code === 'outlook.alive')?.params).toEqual({
    alive: Math.round(given.alive * 100),
    silence: Math.round(given.silence * 100),
  });
});

test('contact: the status of each day, and from when a reminder is due', () => {
  const given = example<{
    tier: Tier;
    plannedDays: number;
    last: Day;
    statuses: [Day, string][];
    dueFrom: Day;
  }>('contact');
  const facts = someFacts({ touches: [aTouch(given.last)] });

  for (const [asOf, status] of given.statuses) {
    const contact = contactOf(facts, given.tier, null, RULES, asOf);
    expect(contact, asOf).toMatchObject({
      status,
      plannedDays: given.plannedDays,
      isDue: asOf >= given.dueFrom,
    });
  }
});

test('goodwill: a share of profit, less what was given in the same 12 months', () => {
  const given = example<{ profit: number; gold: boolean; tier: Tier; given: number; budget: number }>(
    'goodwill',
  );
  const facts = someFacts({
    goodwill: [
      { day: '2025-11-24', amount: euros(50) },
      { day: '2026-04-01', amount: euros(given.given) },
    ],
  });
  const budgetFor = (profit: number) =>
    goodwillOf(facts, {
      shown: { tier: given.tier, gold: given.gold },
      profit12: toMinor(profit),
      isPriceOnly: false,
      rules: RULES,
      asOf: ASOF,
    }).goodwill.left;

  expect(budgetFor(given.profit)).toBe(toMinor(given.budget));
  expect(budgetFor(1000)).toBe(minor(0));
  expect(budgetFor(-1000)).toBe(minor(0));
});

test('referrals: profits added up, then the share', () => {
  const given = example<{ brought: number[]; referred: number; profit: number; credited: number }>(
    'referral',
  );
  const builder = new BaselineBuilder(RULES, ASOF);
  for (const profit of given.brought) {
    builder.add(
      someFacts({ bought: [['2026-06-01', profit + 100, 100]], referredBy: { id: '10', day: null } }),
    );
  }

  expect(builder.finish().referrals.credits).toMatchObject([
    { id: '10', referred: given.referred, profit: euros(given.profit), credit: euros(given.credited) },
  ]);
});

test('profile: share of the facts and the next question', () => {
  const given = example<{ whyUs: string; source: string; thanked: Day; percent: number; ask: string }>(
    'profile',
  );
  const { whyUs, source, thanked, percent, ask } = given;

  const { score } = scoreCustomer(
    someFacts({ inputs: { whyUs }, source, thanked }),
    null,
    aBaseline(),
    RULES,
    ASOF,
  );

  expect(score.profile).toMatchObject({ percent, ask });
});

test('share curve: the best fifth, the peak and the tail', () => {
  const given = example<{ profits: number[]; best20: number; peak: number; losers: number; lost: number }>(
    'share',
  );
  const [one] = aBaseline().ranked;
  const ranked = given.profits.flatMap((profit) => (one ? [{ ...one, profit12: euros(profit) }] : []));

  expect(shareCurveOf({ ranked })).toMatchObject({
    customers: 5,
    profit: euros(1000),
    best: [{ sharePercent: given.best20 }, { customers: 1, sharePercent: given.best20 }, { customers: 3 }],
    peak: { customers: 3, sharePercent: given.peak },
    loss: { customers: given.losers, amount: euros(given.lost) },
  });
  expect(shareCurveOf({ ranked: [] })).toBeNull();
});

test('effort: hours that the profit pays for, and those it took', () => {
  const given = example<{
    profit: number;
    perHour: number;
    minutes: number;
    budgetHours: number;
    spentHours: number;
  }>('effort');
  const { budgetHours, spentHours } = given;
  const facts = someFacts({
    efforts: [
      { day: '2026-05-01', seconds: given.minutes * 60 },
      { day: '2025-11-24', seconds: 99_999 },
      { day: '2026-06-01', seconds: null },
    ],
  });
  const rules = rulesWith({ unitCosts: { perHour: given.perHour } });

  const judged = effortBudgetOf(facts, euros(given.profit), rules, ASOF);

  expect(judged.effort).toEqual({ budgetHours, spentHours, leftHours: 0 });
  expect(judged.reasons).toEqual([
    { code: 'effort.over', params: { spent: spentHours, budget: budgetHours, left: 0, percent: 5 } },
  ]);
  expect(effortBudgetOf(facts, euros(-1), rules, ASOF).effort?.budgetHours).toBe(0);
  expect(effortBudgetOf(facts, euros(given.profit), RULES, ASOF).effort).toBeNull();
});

test('leads: follow-up by dates, and the expected value of a source', () => {
  interface Counts {
    leads: number;
    became: number;
    customers: number;
    profits: number;
  }
  const given = example<{
    created: Day;
    attempts: Day[];
    statuses: [Day, string, Day][];
    source: Counts;
    all: Counts;
    chancePercent: number;
    mean: number;
    expected: number;
  }>('leads');
  const historyOf = ({ leads, became, customers, profits }: Counts) => ({
    ...{ leads, became, converted: became, buyers: customers, profit12: euros(profits) },
  });
  const baseline = { all: historyOf(given.all), sources: [['web', historyOf(given.source)] as const] };
  const on = (asOf: Day) => {
    const touches = given.attempts
      .filter((day) => day <= asOf)
      .map((day) => aTouch(day, { twoWay: false, durationSeconds: 0 }));
    const facts = someLeadFacts({ createdDay: given.created, source: 'Web', touches });
    return scoreLead(facts, baseline, RULES, asOf);
  };

  expect(given.statuses.map(([day]) => [day, on(day).followUp, on(day).followUpBy])).toEqual(given.statuses);
  const { chance, meanProfit, expectedValue } = on(ASOF);
  expect(Math.round((chance ?? 0) * 1e4) / 100).toBe(given.chancePercent);
  expect(meanProfit).toBe(euros(given.mean));
  expect(expectedValue).toBe(euros(given.expected));
});

test('contract: leaving before its end, lost after it', () => {
  const { end, leavingFrom, lostFrom } = example<{ end: Day; leavingFrom: Day; lostFrom: Day }>('contract');
  const bought = [250, 190, 130, 70, 10].map((days) => [addDays(leavingFrom, -days), 100, 60] as const);
  const facts = someFacts({ bought, contract: { endDay: end, noticeDay: null } });
  const phaseOn = (asOf: Day) => scoreCustomer(facts, null, aBaseline(), RULES, asOf).score.phase;

  expect([addDays(leavingFrom, -1), leavingFrom, end, lostFrom].map(phaseOn)).toEqual([
    'established',
    'leaving',
    'leaving',
    'lost',
  ]);
});

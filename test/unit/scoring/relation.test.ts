import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { CustomerFacts } from '../../../src/domain.ts';
import { contactOf } from '../../../src/scoring/contact.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, aTouch, RULES, rulesWith, someFacts } from './builders.ts';

const scoreOf = (facts: CustomerFacts, rules = RULES) =>
  scoreCustomer(facts, null, aBaseline(), rules, ASOF).score;
/** A good customer (plan: every 60 days) with a purchase so many days ago. */
const good = (ago: number, change: Partial<CustomerFacts> = {}) =>
  someFacts({ bought: [[addDays(ASOF, -ago), 1000, 950]], ...change });
const talkedAgo = (ago: number) => ({ touches: [aTouch(addDays(ASOF, -ago))] });

describe('a reminder is due', () => {
  test.each([
    ['beyond the plan', good(10, talkedAgo(61)), true],
    ['not on its last day', good(10, talkedAgo(60)), false],
    ['for a buyer never spoken with whose purchase is older than the plan', good(61), true],
    ['not for one who bought just now', good(60), false],
    ['not for a prospect never spoken with', someFacts(), false],
    [
      'not after an attempt that reached somebody else',
      good(10, { touches: [aTouch(ASOF, { twoWay: false })] }),
      false,
    ],
    [
      'not without a plan: no business',
      someFacts({ bought: [['2025-01-01', 9, 1]], ...talkedAgo(500) }),
      false,
    ],
  ])('%s', (_, facts, contactDue) => {
    expect(scoreOf(facts).contactDue).toBe(contactDue);
  });

  test('an appointment within the plan clears it and is named; the status stays', () => {
    const within = scoreOf(good(10, { ...talkedAgo(61), appointments: [addDays(ASOF, 60)] }));
    expect(within).toMatchObject({
      contactDue: false,
      contactStatus: 'overdue',
      nextAppointment: addDays(ASOF, 60),
    });
    expect(within.reasons.map(({ code }) => code)).toContain('contact.appointment');

    const later = scoreOf(
      good(10, { ...talkedAgo(61), appointments: [addDays(ASOF, -1), addDays(ASOF, 61)] }),
    );
    expect(later).toMatchObject({ contactDue: true, nextAppointment: null });
  });

  test('a later attempt does not close the gap', () => {
    const facts = someFacts({
      touches: [aTouch('2026-09-01'), aTouch('2026-11-01', { twoWay: false })],
    });
    expect(contactOf(facts, 'good', null, RULES, ASOF)).toMatchObject({ gapDays: 84, status: 'overdue' });
  });
});

describe('contact with the customer', () => {
  test('that never was has no status, and is due only for who once bought', () => {
    const never = (lastPurchase: string | null) =>
      contactOf(someFacts(), 'none', lastPurchase, rulesWith({ contactDays: { none: 30 } }), ASOF);

    expect(never(null)).toMatchObject({ last: null, gapDays: null, status: null, isDue: false });
    expect(never(addDays(ASOF, -31))).toMatchObject({ status: null, isDue: true });
  });

  test('is asked for half as often of who answers nothing, within a limit, and never more often', () => {
    const planned = (attempts: number, maxDays: number) => {
      const tries = Array.from({ length: attempts }, (_, index) =>
        aTouch(addDays('2026-10-01', index), { twoWay: false }),
      );
      const rules = { ...RULES, unresponsive: { after: 3, maxDays } };
      return contactOf(someFacts({ touches: tries }), 'good', null, rules, ASOF);
    };

    expect(planned(2, 180)).toMatchObject({ tierDays: 60, plannedDays: 60 });
    expect(planned(3, 180)).toMatchObject({ tierDays: 60, plannedDays: 120 });
    expect(planned(3, 100).plannedDays).toBe(100);
    expect(planned(3, 30).plannedDays).toBe(60);
  });

  test('is planned where an appointment is today or within the plan', () => {
    const planned = (ahead: number) =>
      contactOf(someFacts({ appointments: [addDays(ASOF, ahead)] }), 'good', null, RULES, ASOF).appointment;

    expect(planned(-1)).toBeNull();
    expect(planned(0)).toBe(ASOF);
    expect(planned(60)).toBe(addDays(ASOF, 60));
    expect(planned(61)).toBeNull();
  });

  test('was tried by us as often as we did since then', () => {
    const touches = [
      aTouch('2026-08-01', { twoWay: false }),
      aTouch('2026-09-01'),
      aTouch('2026-10-01', { twoWay: false }),
      aTouch('2026-10-02', { twoWay: false, direction: 'in' }),
      aTouch('2026-10-03', { twoWay: false }),
    ];
    expect(contactOf(someFacts({ touches }), 'good', null, RULES, ASOF).unanswered).toBe(2);
    expect(contactOf(someFacts({ touches: touches.slice(2) }), 'good', null, RULES, ASOF).unanswered).toBe(2);
  });
});

describe('what is not known stays empty, with its reason', () => {
  test('for a prospect that nobody spoke with', () => {
    const score = scoreOf(someFacts());
    expect(score).toMatchObject({ contactGapDays: null, contactStatus: null, relationshipMonths: null });
    expect(score.unfilled).toEqual({
      expected_profit_12_months: 'no_purchase',
      churn_risk: 'no_purchase',
      referral_profit: 'nobody_referred',
      value_rank: 'no_business',
      relationship_months: 'no_purchase',
      customer_since: 'no_purchase',
      usual_order_interval: 'no_purchase',
      last_contact: 'never_contacted',
      last_contact_summary: 'never_contacted',
      contact_gap_days: 'never_contacted',
      contact_status: 'no_contact_plan',
    });
  });

  test('a goodwill budget of nothing is a value', () => {
    expect(scoreOf(someFacts()).goodwillBudget).toBe(0);
  });

  test('money whose every amount is withheld is unknown, not zero', () => {
    const issues = [{ issue: 'foreign_currency_withheld', recordId: '7' }] as const;
    const withheld = scoreOf(someFacts({ valueIncomplete: true, issues }));

    expect(withheld.goodwillBudget).toBeNull();
    expect(withheld.unfilled).toMatchObject({
      profit_12_months: 'foreign_currency_withheld',
      goodwill_budget: 'foreign_currency_withheld',
    });
    expect(withheld.reasons).toContainEqual({
      code: 'money.withheld',
      params: { deals: 1 },
      records: [{ module: 'Deals', id: '7' }],
    });

    const partly = scoreOf(good(10, { valueIncomplete: true, issues }));
    expect(partly.unfilled.profit_12_months).toBeUndefined();
    expect(partly.reasons.map(({ code }) => code)).toContain('money.withheld');
  });
});

test('the relationship is counted in whole months since the first purchase', () => {
  const monthsAfter = (first: string) => scoreOf(someFacts({ bought: [[first, 9, 1]] })).relationshipMonths;
  expect(monthsAfter('2026-10-24')).toBe(1);
  expect(monthsAfter('2026-10-25')).toBe(0);
  expect(monthsAfter('2024-02-29')).toBe(32);
});

describe('the next step', () => {
  const stepOf = (facts: CustomerFacts) => scoreOf(facts).nextStep;
  const bought = (...ago: number[]) => ago.map((days) => [addDays(ASOF, -days), 1000, 950] as const);
  const openCase = { id: '5', subject: 'Wrong item', openedDay: '2026-11-02', open: true, high: false };

  test.each([
    ['a cold prospect', someFacts(), 'next.prospect.first_meeting', {}],
    ['a prospect spoken with', someFacts(talkedAgo(10)), 'next.prospect.meet_again', { last: '2026-11-14' }],
    ['a dormant one, in the same words', someFacts(talkedAgo(300)), 'next.prospect.meet_again', {}],
    [
      'a prospect with a deal',
      someFacts({ openDeals: [{ id: '1', name: 'Frame contract', createdDay: '2026-09-01' }] }),
      'next.prospect.open_deal',
      { deal: 'Frame contract', created: '2026-09-01' },
    ],
    ['a first buyer', good(10), 'next.new.welcome_call', { by: '2026-11-21' }],
    [
      'a first buyer once welcomed: in 9 whole weeks, as 60 days are usual',
      good(10, talkedAgo(9)),
      'next.new.next_order',
      { last: '2026-11-14', around: '2027-01-16' },
    ],
    [
      'an established customer',
      someFacts({ bought: bought(150, 90, 20), ...talkedAgo(10) }),
      'next.rhythm',
      { last: '2026-11-14', by: '2026-12-14' },
    ],
    ['one never spoken with', someFacts({ bought: bought(150, 90, 20) }), 'next.rhythm.never_contacted', {}],
    [
      'a loyal and gold customer',
      someFacts({ bought: bought(740, 600, 300, 240, 180, 120, 60, 1) }),
      'next.loyal.thank',
      {},
    ],
    [
      'a leaving customer',
      someFacts({ bought: bought(240, 180, 120) }),
      'next.leaving.ask',
      { last: '2026-07-27' },
    ],
    [
      'a leaving customer with open cases: the urgent one first',
      someFacts({
        bought: bought(240, 180, 120),
        cases: [openCase, { ...openCase, id: '6', subject: 'Leak', openedDay: '2026-11-20', high: true }],
      }),
      'next.leaving.case',
      { subject: 'Leak', opened: '2026-11-20' },
    ],
    [
      'a loss-making customer',
      someFacts({ bought: [...bought(150, 90), [addDays(ASOF, -20), 100, 900]] }),
      'next.loss_making.talk',
      { item: 'direct' },
    ],
    [
      'a lost customer worth winning back: 3, 6 and 12 months after it was lost',
      someFacts({ bought: bought(360, 300, 240) }),
      'next.lost.win_back',
      { first: '2027-02-24', second: '2027-05-24', third: '2027-11-24' },
    ],
    [
      'a lost customer',
      someFacts({ bought: bought(3000, 2000) }),
      'next.lost.ask_reason',
      { last: '2021-06-03' },
    ],
    [
      'a lost customer that said why',
      someFacts({
        bought: bought(3000, 2000),
        lostDeals: [{ id: '8', day: '2021-09-01', reason: 'Moved abroad' }],
      }),
      'next.lost.nothing',
      { reason: 'Moved abroad' },
    ],
  ])('of %s', (_, facts, code, params) => {
    expect(stepOf(facts)).toMatchObject({ code, params });
  });

  test('names the record it is about', () => {
    const facts = someFacts({ bought: bought(240, 180, 120), cases: [openCase] });
    expect(stepOf(facts)?.records).toEqual([{ module: 'Cases', id: '5' }]);
  });
});

test('goodwill of the same day a year ago no longer counts', () => {
  const rules = rulesWith({ goodwillPercent: { gold: 10 } });
  const goodwill = [
    { day: '2025-11-24', amount: aBaseline().ranked[0]?.profit12 ?? 0 },
    { day: '2025-11-25', amount: aBaseline().ranked[99]?.profit12 ?? 0 },
  ] as CustomerFacts['goodwill']; // amounts of the baseline are money already
  // Gold: 10 % of 950.00, less 1.00.
  const facts = someFacts({ bought: [['2026-11-01', 1000, 50]], goodwill });
  expect(scoreOf(facts, rules).goodwillBudget).toBe(9400);
});

import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { CustomerFacts, Day } from '../../../src/domain.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, aTouch, RULES, rulesWith, someFacts } from './builders.ts';

/** One sign at a time: where it begins, and that two of a kind count once. */

const ago = (days: number): Day => addDays(ASOF, -days);
const steady = someFacts({
  bought: [300, 240, 180, 120, 60, 10].map((days) => [ago(days), 100, 60] as const),
});
const scoreOf = (change: Partial<CustomerFacts>, rules = RULES) =>
  scoreCustomer({ ...steady, ...change }, null, aBaseline(), rules, ASOF).score;
const signals = (change: Partial<CustomerFacts>, rules = RULES) =>
  scoreOf(change, rules).reasons.filter(({ code }) => code.startsWith('signal.'));
const codes = (change: Partial<CustomerFacts>, rules = RULES) =>
  signals(change, rules).map(({ code }) => code);
const aCase = (change: Partial<CustomerFacts['cases'][number]>) => ({
  id: '1',
  subject: 'Late delivery',
  openedDay: ago(10),
  open: true,
  high: false,
  ...change,
});

test('one soft sign makes nobody leave, any two do', () => {
  const survey = { survey: 6 };
  const left = { keyContactLeft: { id: '3', name: 'Piotr', day: null } };
  expect(scoreOf(survey).phase).toBe('established');
  expect(scoreOf(left).phase).toBe('established');
  expect(scoreOf({ ...survey, ...left }).phase).toBe('leaving');
});

test('a survey answer of 6 is bad, 6.1 is not; the limit is a setting', () => {
  expect(signals({ survey: 6 })).toEqual([{ code: 'signal.survey', params: { answer: 6, limit: 6 } }]);
  expect(codes({ survey: 6.1 })).toEqual([]);
  expect(codes({ survey: 7 }, rulesWith({ phases: { surveyLimit: 7 } }))).toEqual(['signal.survey']);
});

describe('cases', () => {
  test('one that is open past its time is a sign, and forbids loyalty', () => {
    const due = { cases: [aCase({ dueDay: ago(1) })] };
    expect(signals(due)).toEqual([
      {
        code: 'signal.case_past_due',
        params: { subject: 'Late delivery', opened: ago(10), due: ago(1) },
        records: [{ module: 'Cases', id: '1' }],
      },
    ]);
    const loyal = someFacts({
      bought: [740, 600, 300, 240, 180, 120, 60, 1].map((days) => [ago(days), 100, 60] as const),
    });
    expect(scoreOf(loyal).phase).toBe('loyal');
    expect(scoreOf({ ...loyal, ...due }).phase).toBe('established');
  });

  test.each([
    ['due today', { dueDay: ASOF }],
    ['solved', { dueDay: ago(1), open: false }],
    ['without a time', {}],
  ])('one %s is none', (_, change) => {
    expect(codes({ cases: [aCase(change)] })).toEqual([]);
  });

  test('severity goes before the time, and bad cases count once', () => {
    const late = aCase({ id: '1', dueDay: ago(1) });
    const urgent = aCase({ id: '2', high: true });
    expect(codes({ cases: [late, urgent, aCase({ id: '3' })] })).toEqual(['signal.high_case']);
    expect(codes({ cases: [late, aCase({ id: '4' }), aCase({ id: '3' })] })).toEqual([
      'signal.case_past_due',
    ]);
  });

  test('three within 60 days', () => {
    const cases = (oldest: number) =>
      [1, 2, oldest].map((days, index) => aCase({ id: `${index}`, openedDay: ago(days) }));
    expect(codes({ cases: cases(59) })).toEqual(['signal.many_cases']);
    expect(codes({ cases: cases(60) })).toEqual([]);
  });

  test('the next step takes the one past its time before older ones', () => {
    const cases = [aCase({ id: '1', openedDay: ago(50) }), aCase({ id: '2', dueDay: ago(1) })];
    const step = scoreOf({ cases, survey: 1 }).nextStep;
    expect(step).toMatchObject({ code: 'next.leaving.case', records: [{ id: '2' }] });
  });
});

describe('the range of products', () => {
  const bought = (day: Day, ...products: string[]) => products.map((product) => ({ day, product }));
  const before = [...bought('2025-08-01', 'A', 'B', 'C'), ...bought('2025-10-01', 'A', 'D', 'E')];

  test('40 % fewer than in the same months a year before', () => {
    const three = [...bought('2026-08-01', 'A', 'B'), ...bought('2026-10-01', 'A', 'C')];
    expect(signals({ productDays: [...before, ...three] })).toEqual([
      { code: 'signal.range_down', params: { now: 3, before: 5 } },
    ]);
    expect(codes({ productDays: [...before, ...three, ...bought('2026-11-01', 'F')] })).toEqual([]);
  });

  test('not by one purchase alone, nor of two products, nor of other months', () => {
    const one = bought('2026-10-01', 'A');
    expect(codes({ productDays: [...before, ...one] })).toEqual([]);
    const two = [...bought('2025-08-01', 'A'), ...bought('2025-10-01', 'B')];
    const now = [...bought('2026-08-01', 'A'), ...bought('2026-10-01', 'A')];
    expect(codes({ productDays: [...two, ...now] })).toEqual([]);
    const spring = [...bought('2026-03-01', 'A', 'B', 'C'), ...bought('2026-04-01', 'D', 'E')];
    expect(codes({ productDays: [...spring, ...now] })).toEqual([]);
  });

  test('counts with the size of the orders as one sign', () => {
    const shrinking = someFacts({
      bought: [
        ['2025-08-01', 100, 60],
        ['2025-10-01', 100, 60],
        ['2026-07-01', 55, 30],
        ['2026-09-01', 55, 30],
      ],
      productDays: [...before, ...bought('2026-07-01', 'A'), ...bought('2026-09-01', 'A')],
    });
    expect(codes(shrinking)).toEqual(['signal.order_size_down']);
  });
});

describe('payments', () => {
  const paid = (late: number, ...days: Day[]) => days.map((day) => ({ day, daysLate: late }));
  const before = paid(5, '2025-08-01', '2026-02-01');

  test('a week later than in the year before, on average', () => {
    const now = [...paid(10, '2026-08-01'), ...paid(14, '2026-10-01')];
    expect(signals({ payments: [...before, ...now] })).toEqual([
      { code: 'signal.late_payment', params: { now: 12, before: 5 } },
    ]);
    expect(codes({ payments: [...before, ...paid(11, '2026-08-01', '2026-10-01')] })).toEqual([]);
  });

  test('by two invoices at least, then and now', () => {
    expect(codes({ payments: [...before, ...paid(60, '2026-10-01')] })).toEqual([]);
    const once = [...paid(0, '2026-02-01'), ...paid(60, '2026-08-01', '2026-10-01')];
    expect(codes({ payments: once })).toEqual([]);
  });
});

describe('three attempts without an answer', () => {
  const tries = (count: number, gap: number) => ({
    touches: [
      aTouch(ago(gap)),
      ...Array.from({ length: count }, (_, index) => aTouch(ago(9 - index), { twoWay: false })),
    ],
  });
  const planned = (count: number, days: number | null) =>
    scoreOf(tries(count, 100), rulesWith({ contactDays: { good: days, top: days } })).plannedContactDays;

  test('double the planned days, to 180 at most, and never take any off', () => {
    expect(planned(2, 60)).toBe(60);
    expect(planned(3, 60)).toBe(120);
    expect(planned(4, 60)).toBe(120);
    expect(planned(3, 100)).toBe(180);
    expect(planned(3, 200)).toBe(200);
    expect(planned(3, null)).toBeNull();
  });

  test('are told once, and hold the reminder back, but not the sign of silence', () => {
    const rules = rulesWith({ contactDays: { good: 40, top: 40 } });
    const of = (count: number, gap: number) => scoreOf(tries(count, gap), rules);
    const told = (count: number) =>
      of(count, 80).reasons.filter(({ code }) => /^contact.(slowed|unanswered)$/.test(code));
    expect(told(2)).toEqual([{ code: 'contact.unanswered', params: { attempts: 2 } }]);
    expect(told(3)).toEqual([{ code: 'contact.slowed', params: { attempts: 3 } }]);
    expect([of(2, 80), of(3, 80), of(3, 81)].map(({ contactDue }) => contactDue)).toEqual([
      true,
      false,
      true,
    ]);
    expect(of(3, 81)).toMatchObject({ contactStatus: 'overdue' });
    expect(codes(tries(3, 80), rules)).toEqual([]);
    expect(codes(tries(3, 81), rules)).toEqual(['signal.silent']);
  });
});

test('what a loss reason calls a competitor is a setting', () => {
  const lostDeals = [{ id: '2', day: ago(30), reason: 'Ging naar de concurrent' }];
  expect(codes({ lostDeals })).toEqual(['signal.competitor']);
  expect(codes({ lostDeals }, rulesWith({ phases: { competitorReasons: ['rival'] } }))).toEqual([]);
});

test('the key contact is named, with the day where it is known', () => {
  expect(signals({ keyContactLeft: { id: '3', name: 'Piotr', day: ago(4) } })).toEqual([
    { code: 'signal.key_contact_left', params: { name: 'Piotr', on: ago(4) } },
  ]);
});

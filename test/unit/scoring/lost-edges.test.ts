import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { CustomerFacts, Day, Phase } from '../../../src/domain.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
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
} from './builders.ts';

/** Since when a customer is lost, what kept it from it, and what is told of winning it back. */

const ago = (days: number): Day => addDays(ASOF, -days);
const buyer = (...days: number[]) =>
  someFacts({ bought: days.map((day): PurchaseRow => [ago(day), 100, 60]) });
const told = (facts: CustomerFacts, code: string, rules = RULES) =>
  scoreCustomer(facts, null, aBaseline(), rules, ASOF).score.reasons.find((one) => one.code === code);

describe('with a model that is believed', () => {
  const modelled = (facts: CustomerFacts, asOf: Day) =>
    scoreCustomer(facts, null, aBaseline({ fit: aFit(), lastPurchaseDay: asOf }), RULES, asOf).score;
  const every = (gap: number, times: number) =>
    someFacts({
      bought: Array.from(
        { length: times },
        (_, index): PurchaseRow => [addDays('2025-06-01', index * gap), 100, 60],
      ),
    });
  const firstDay = (facts: CustomerFacts, phase: Phase, from: Day) => {
    for (let days = 1; days < 800; days++) {
      if (modelled(facts, addDays(from, days)).phase === phase) return addDays(from, days);
    }
    throw new Error(`never ${phase}`);
  };

  test.each([
    ['often', every(10, 10), addDays('2025-06-01', 90), ['lost']],
    ['now and then', every(45, 5), addDays('2025-06-01', 180), ['leaving', 'lost']],
  ] as const)(
    'a phase is dated by the first day that says so, for one who bought %s',
    (_, facts, last, phases) => {
      for (const phase of phases) {
        const first = firstDay(facts, phase, last);
        expect(modelled(facts, addDays(first, 1))).toMatchObject({ phase, phaseSince: first });
      }
    },
  );

  test('who is overdue and believed to be alive is leaving, and the chance is told', () => {
    const facts = every(45, 3);
    const asOf = addDays('2025-06-01', 90 + 4 * 53);
    const { phase, reasons } = modelled(facts, asOf);
    const param = (code: string) => reasons.find((one) => one.code === code)?.params.alive;

    expect(phase).toBe('leaving');
    expect(param('phase.alive_blocks_lost')).toBe(param('outlook.alive'));
    expect(param('phase.alive_blocks_lost')).toBeGreaterThan(19);
  });
});

describe('a contract', () => {
  const until = (endDay: Day) => ({ contract: { endDay, noticeDay: null } });

  test('that ended is told with its day', () => {
    expect(told({ ...buyer(300, 240, 180), ...until(ago(5)) }, 'phase.lost.contract_ended')?.params).toEqual({
      end: ago(5),
    });
  });

  test('is told where it keeps from being lost, by rhythm or by silence, and only there', () => {
    const code = 'phase.contract_blocks_lost';
    const slow = (days: number) => ({
      ...buyer(days + 1200, days + 800, days + 400, days),
      ...until(ago(-90)),
    });

    expect(told({ ...buyer(360, 300, 240), ...until(ago(-90)) }, code)?.params).toEqual({ end: ago(-90) });
    expect(told({ ...buyer(359, 299, 239), ...until(ago(-90)) }, code)).toBeUndefined();
    expect(told(slow(731), code)).toBeDefined();
    expect(told(slow(730), code)).toBeUndefined();
  });

  test('and notice are told with their days', () => {
    const facts = { ...buyer(130, 70, 10), contract: { endDay: ago(-20), noticeDay: ago(5) } };
    expect(told(facts, 'signal.notice')?.params).toEqual({ since: ago(5), end: ago(-20) });
    expect(told(facts, 'signal.contract_ends')?.params).toMatchObject({ end: ago(-20) });
  });
});

describe('winning back', () => {
  /** Lost 60 days ago after a good year. */
  const lost = someFacts({ bought: [420, 360, 300].map((day): PurchaseRow => [ago(day), 1000, 950]) });

  test('is worth what the best year brought', () => {
    expect(told(lost, 'phase.lost.win_back')?.params).toEqual({ profit: 15_000 });
  });

  test('or what a year brought on average, against what a contact costs', () => {
    const rules = rulesWith({ phases: { winBackCost: euros(10) } });
    const rows = [1100, 1000, 900, 800, 700, 600].map((day): PurchaseRow => [ago(day), 1000, 990]);
    // 60.00 in 500 days and an interval of (5 × 100 + 2 × 60) / 7 days: 37.21 a year.
    expect(told(someFacts({ bought: rows }), 'phase.lost.win_back_pays', rules)?.params).toEqual({
      profit: 3721,
      cost: 1000,
    });
  });

  test.each([
    [
      'running_task',
      {
        openTasks: [
          { id: '7', subject: 'Offer', createdDay: ago(60) },
          { id: '8', subject: 'Offer', createdDay: ago(59) },
          { id: '9', subject: 'Call', createdDay: ago(58) },
        ],
      },
      { subject: 'Call', on: ago(58) },
      [
        { module: 'Tasks', id: '8' },
        { module: 'Tasks', id: '9' },
      ],
    ],
    ['running_appointment', { appointments: [ago(-3)] }, { on: ago(-3) }, undefined],
    ['running_touch', { touches: [aTouch(ago(59), { twoWay: false })] }, { on: ago(59) }, undefined],
  ] as const)('%s is told with its day and records', (code, change, params, records) => {
    const found = told({ ...lost, ...change }, `phase.lost.${code}`);
    expect(found?.params).toEqual(params);
    expect(found?.records).toEqual(records);
  });

  test.each([
    ['Quotes', { module: 'Quotes' }],
    ['Deals', {}],
  ] as const)('one of the %s that was opened since is told with its record', (module, change) => {
    const before = scoreCustomer(lost, null, aBaseline(), RULES, ASOF);
    const deal = { id: '7', name: 'Renewal', createdDay: ago(-1), ...change };
    const { score } = scoreCustomer(
      { ...lost, openDeals: [deal] },
      before.state,
      aBaseline(),
      RULES,
      ago(-1),
    );

    expect(score.reasons).toContainEqual({
      code: 'phase.lost.running_deal',
      params: { deal: 'Renewal', on: ago(-1) },
      records: [{ module, id: '7' }],
    });
  });
});

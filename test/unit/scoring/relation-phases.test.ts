import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '../../../src/days.ts';
import type { CustomerFacts, Day } from '../../../src/domain.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, aFit, aTouch, euros, RULES, rulesWith, someFacts } from './builders.ts';

/** Phases by what the org says of a relation: closed, contracts, projects, win-backs under way, phases set by hand. */

const baseline = aBaseline();
const scoreOf = (facts: CustomerFacts, rules = RULES, asOf = ASOF) =>
  scoreCustomer(facts, null, baseline, rules, asOf).score;
const ago = (days: number): Day => addDays(ASOF, -days);
const ahead = (days: number): Day => addDays(ASOF, days);
const buyer = (...days: number[]) => someFacts({ bought: days.map((day) => [ago(day), 100, 60] as const) });
const codes = (facts: CustomerFacts, rules = RULES) => scoreOf(facts, rules).reasons.map(({ code }) => code);
const openDeal = { id: '1', name: 'Renewal', createdDay: ago(3) };
const contract = (endDay: Day | null, noticeDay: Day | null = null) => ({ contract: { endDay, noticeDay } });
const STEADY = [300, 240, 180, 120, 60, 10];

describe('closed', () => {
  const closed = { closed: { word: 'Dissolved' } };

  test.each([
    ['a loyal buyer', buyer(...STEADY)],
    ['a prospect', someFacts({ touches: [aTouch(ago(1), { direction: 'in' })] })],
    ['a buyer with an open deal', { ...buyer(300, 240, 180), openDeals: [openDeal] }],
    ['a buyer of today', buyer(0)],
  ])('%s is lost, says why, and nothing is to do', (_, facts) => {
    const score = scoreOf({ ...facts, ...closed });
    expect(score).toMatchObject({ phase: 'lost', subPhase: 'closed', nextStep: { code: 'next.nothing' } });
    expect(score.reasons).toContainEqual({ code: 'phase.lost.closed', params: { word: 'Dissolved' } });
  });

  test('no reminder and no win-back', () => {
    const overdue = { ...buyer(300, 240, 180, 120), touches: [aTouch(ago(500))] };
    expect(scoreOf(overdue).contactDue).toBe(true);
    expect(scoreOf({ ...overdue, ...closed }).contactDue).toBe(false);
    expect(codes({ ...overdue, ...closed })).not.toContain('phase.lost.win_back');
  });

  test('at once, without a second date', () => {
    const before = scoreCustomer(buyer(...STEADY), null, baseline, RULES, ASOF);
    const after = scoreCustomer({ ...buyer(...STEADY), ...closed }, before.state, baseline, RULES, ahead(1));
    expect(before.score.phase).toBe('established');
    expect(after.score).toMatchObject({ phase: 'lost', phaseSince: ahead(1) });
  });

  test('nothing is expected any more, whatever the model says', () => {
    const modelled = aBaseline({ fit: aFit(), lastPurchaseDay: ASOF });
    const { score } = scoreCustomer({ ...buyer(...STEADY), ...closed }, null, modelled, RULES, ASOF);
    expect(score).toMatchObject({ expectedProfit12: 0, churnRiskPercent: 100 });
    const told = score.reasons.map(({ code }) => code).filter((code) => /^(outlook|model)\./.test(code));
    expect(told).toEqual(['outlook.ended', 'outlook.tier.falls']);
  });
});

describe('a contract', () => {
  test('with notice given makes a customer leave at once, also on the day of a purchase', () => {
    const facts = { ...buyer(...STEADY), ...contract(ahead(200), ago(5)) };
    expect(scoreOf(facts)).toMatchObject({ phase: 'leaving', phaseSince: ago(5) });
    expect(scoreOf({ ...buyer(...STEADY, 0), ...contract(null, ago(5)) }).phase).toBe('leaving');
    expect(scoreOf({ ...buyer(0), ...contract(ahead(20), ago(5)) }).phase).toBe('new');

    const before = scoreCustomer(buyer(...STEADY), null, baseline, RULES, ASOF);
    const told = { ...buyer(...STEADY), ...contract(ahead(200), ahead(1)) };
    const after = scoreCustomer(told, before.state, baseline, RULES, ahead(1));
    expect(after.score).toMatchObject({ phase: 'leaving', phaseSince: ahead(1) });
  });

  test.each([
    ['in 60 days: not yet', ahead(60), [], 'established'],
    ['in 59 days', ahead(59), [], 'leaving'],
    ['in 59 days, and a deal is open', ahead(59), [openDeal], 'established'],
    ['today', ASOF, [], 'leaving'],
    ['yesterday', ago(1), [], 'lost'],
    ['yesterday, and a deal is open', ago(1), [openDeal], 'leaving'],
  ] as const)('that ends %s', (_, end, openDeals, phase) => {
    expect(scoreOf({ ...buyer(...STEADY), ...contract(end), openDeals }).phase).toBe(phase);
  });

  test('tells since when', () => {
    const facts = { ...buyer(...STEADY), ...contract(ahead(40)) };
    expect(scoreOf(facts).phaseSince).toBe(ago(19));
    expect(scoreOf({ ...facts, ...contract(ago(5)) })).toMatchObject({
      phaseSince: ago(4),
      churnRiskPercent: null,
    });
  });

  test('its end makes a customer lost at once', () => {
    const facts = { ...buyer(...STEADY), ...contract(ASOF) };
    const before = scoreCustomer(facts, null, baseline, RULES, ASOF);
    const after = scoreCustomer(facts, before.state, baseline, RULES, ahead(1));
    expect(before.score.phase).toBe('leaving');
    expect(after.score).toMatchObject({ phase: 'lost', phaseSince: ahead(1) });
  });

  test.each([
    ['overdue by any rhythm', buyer(360, 300, 240)],
    ['silent for years', buyer(2731, 1731, 731)],
  ])('in force keeps from being lost: %s', (_, facts) => {
    const held = { ...facts, ...contract(ahead(100)) };
    expect(scoreOf(facts).phase).toBe('lost');
    expect(scoreOf(held).phase).not.toBe('lost');
    expect(codes({ ...buyer(360, 300, 240), ...contract(ahead(100)) })).toContain(
      'phase.contract_blocks_lost',
    );
  });

  test('who bought since its end goes on without it', () => {
    expect(scoreOf({ ...buyer(...STEADY), ...contract(ago(10), ago(90)) }).phase).toBe('lost');
    const after = { ...buyer(...STEADY), ...contract(ago(11), ago(90)) };
    expect(scoreOf(after).phase).toBe('established');
    expect(codes(after)).not.toContain('signal.notice');
  });

  test('who bought again after having been lost by it is new again; a silence within it was no loss', () => {
    expect(scoreOf({ ...buyer(...STEADY), ...contract(ago(12)) })).toMatchObject({
      phase: 'new',
      subPhase: 'won_back',
    });
    expect(scoreOf({ ...buyer(700, 640, 580, 10), ...contract(ahead(200)) }).phase).toBe('established');
    expect(scoreOf(buyer(700, 640, 580, 10)).subPhase).toBe('won_back');
  });
});

describe('who buys by the project', () => {
  test('gets twice the patience, and the reason says so', () => {
    const late = buyer(240, 180, 120);
    expect(scoreOf(late).phase).toBe('leaving');
    expect(scoreOf({ ...late, isProjectBuyer: true }).phase).toBe('established');
    expect(codes({ ...late, isProjectBuyer: true })).toContain('cadence.project');
    expect(codes(late)).not.toContain('cadence.project');
  });

  test('is lost at twice the ratio', () => {
    const project = (days: number) => ({ ...buyer(days + 120, days + 60, days), isProjectBuyer: true });
    expect(scoreOf(project(479)).phase).toBe('leaving');
    expect(scoreOf(project(480)).phase).toBe('lost');
  });
});

describe('a win-back is running', () => {
  /** Lost 60 days ago; its best 12 months were good ones. */
  const lost = buyer(420, 360, 300);
  const rich = someFacts({
    bought: [420, 360, 300].map((days) => [ago(days), 1000, 950] as const),
  });
  const task = { id: '9', subject: 'Win back', createdDay: ago(59) };

  test.each([
    ['since we got in touch', { touches: [aTouch(ago(59), { twoWay: false })] }, 'running_touch'],
    ['since an open task', { openTasks: [task] }, 'running_task'],
    ['by an appointment', { appointments: [ahead(5)] }, 'running_appointment'],
  ] as const)('%s', (_, change, code) => {
    const score = scoreOf({ ...rich, ...change });
    expect(score).toMatchObject({ phase: 'lost', subPhase: 'win_back_running' });
    expect(score.reasons.map((one) => one.code)).toContain(`phase.lost.${code}`);
    expect(score.nextStep?.code).toBe('next.lost.win_back');
  });

  test('a task hides no other sign of it', () => {
    const both = { openTasks: [task], touches: [aTouch(ago(40), { twoWay: false })] };
    const told = scoreOf({ ...rich, ...both }).reasons.filter(({ code }) =>
      code.startsWith('phase.lost.running_'),
    );
    expect(told.map(({ code }) => code)).toEqual(['phase.lost.running_task', 'phase.lost.running_touch']);
  });

  test('not by what was there on the day of the loss, nor by what the customer did', () => {
    const before = {
      touches: [aTouch(ago(60)), aTouch(ago(20), { direction: 'in' as const })],
      openTasks: [{ ...task, createdDay: ago(60) }],
    };
    expect(scoreOf({ ...rich, ...before }).subPhase).toBe('win_back');
  });

  test('for six months after the last try', () => {
    const tried = { ...rich, touches: [aTouch(ago(30))] };
    const until = addMonths(ago(30), 6);
    expect(scoreOf(tried, RULES, addDays(until, -1)).subPhase).toBe('win_back_running');
    expect(scoreOf(tried, RULES, until).subPhase).toBe('win_back');
  });

  test('a deal opened since makes it leaving; while the shown phase waits, it is running', () => {
    const before = scoreCustomer(rich, null, baseline, RULES, ASOF);
    const dealt = { ...rich, openDeals: [{ ...openDeal, createdDay: ahead(1) }] };
    const after = scoreCustomer(dealt, before.state, baseline, RULES, ahead(1));
    expect(after.score).toMatchObject({ phase: 'lost', rawPhase: 'leaving', subPhase: 'win_back_running' });
    expect(after.score.reasons.map(({ code }) => code)).toContain('phase.lost.running_deal');
  });

  test('only of who is worth it', () => {
    expect(scoreOf({ ...lost, openTasks: [task] }).subPhase).toBe('win_back_running');
    const poor = someFacts({ bought: [420, 360, 300].map((days) => [ago(days), 10, 9] as const) });
    expect(scoreOf({ ...poor, openTasks: [task] }).subPhase).toBeNull();
  });

  test('where a contact has a price, a usual year that brings more is worth it', () => {
    // 3.00 in 180 days: less than a year, so no more than that.
    const poor = someFacts({ bought: [420, 360, 300].map((days) => [ago(days), 10, 9] as const) });
    const priced = (units: number) => rulesWith({ phases: { winBackCost: euros(units) } });
    expect(scoreOf(poor, priced(2.99)).subPhase).toBe('win_back');
    expect(scoreOf(poor, priced(3)).subPhase).toBeNull();
    expect(codes(poor, priced(2.99))).toContain('phase.lost.win_back_pays');
  });

  test('nobody wins back whom we refused', () => {
    expect(scoreOf({ ...rich, inputs: { reasonLeft: 'Refused: no credit' } }).subPhase).toBeNull();
    expect(
      scoreOf({ ...rich, lostDeals: [{ id: '2', day: ago(70), reason: 'We refused' }] }).subPhase,
    ).toBeNull();
  });
});

describe('a phase set by hand', () => {
  const override = {
    phase: 'loyal',
    subPhase: null,
    reason: 'Signs again in May',
    by: 'Anna',
    setOn: ago(2),
    until: ahead(30),
  } as const;
  const late = buyer(240, 180, 120);

  test('is shown, with the computed one beside it', () => {
    const score = scoreOf({ ...late, override });
    expect(score).toMatchObject({
      phase: 'loyal',
      phaseSince: ago(2),
      rawPhase: 'leaving',
      override: { reason: 'Signs again in May', by: 'Anna', computed: { phase: 'leaving', subPhase: null } },
    });
    expect(score.reasons).toContainEqual({
      code: 'phase.override',
      params: { phase: 'loyal', why: 'Signs again in May', by: 'Anna', on: ago(2), until: ahead(30) },
    });
    expect(score.reasons).toContainEqual({ code: 'phase.override.computed', params: { phase: 'leaving' } });
    expect(score.reasons.map(({ code }) => code)).toContain('signal.overdue');
  });

  test('leaves what the rules remember as it would be without it', () => {
    const states = [override, null].map(
      (one) => scoreCustomer({ ...late, override: one }, null, baseline, RULES, ASOF).state,
    );
    expect(states[0]).toEqual(states[1]);
  });

  test('the next step is that of the phase shown', () => {
    expect(scoreOf(late).nextStep?.code).toBe('next.leaving.ask');
    expect(scoreOf({ ...late, override }).nextStep?.code).toBe('next.loyal.thank');
  });

  test.each([
    ['new', 'next.rhythm.no_plan', {}],
    ['leaving', 'next.leaving.ask', { last: null }],
    ['lost', 'next.lost.ask_reason', { last: null }],
  ] as const)('of somebody who never bought, called %s, it names no order', (phase, code, params) => {
    const { nextStep } = scoreOf({ ...someFacts(), override: { ...override, phase } });
    expect(nextStep).toEqual({ code, params });
  });

  test('closed by hand: no reminder, nothing to do', () => {
    const overdue = { ...buyer(300, 240, 180, 120), touches: [aTouch(ago(500))] };
    const closed = { ...override, phase: 'lost', subPhase: 'closed' } as const;
    expect(scoreOf({ ...overdue, override: closed })).toMatchObject({
      phase: 'lost',
      subPhase: 'closed',
      contactDue: false,
      nextStep: { code: 'next.nothing' },
    });
  });

  test('without a sub-phase it has that of the rules', () => {
    expect(scoreOf({ ...buyer(10), override: { ...override, phase: 'new' } }).subPhase).toBe('first_order');
    expect(scoreOf({ ...buyer(10), override }).subPhase).toBeNull();
    expect(scoreOf({ ...someFacts(), override: { ...override, phase: 'lost' } })).toMatchObject({
      phase: 'lost',
      subPhase: null,
      override: { computed: { phase: 'prospect', subPhase: 'cold' } },
    });
  });
});

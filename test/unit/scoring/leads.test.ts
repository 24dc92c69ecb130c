import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { Day } from '../../../src/domain.ts';
import type { LeadBaseline, LeadFacts, SourceHistory } from '../../../src/leads.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { leadFactsOf } from '../../../src/scoring/lead-facts.ts';
import { NO_HISTORY } from '../../../src/scoring/lead-history.ts';
import { scoreLead } from '../../../src/scoring/lead-score.ts';
import { localDayIn } from '../../../src/scoring/local-day.ts';
import {
  ASOF,
  aCall,
  aContext,
  aLead,
  aMail,
  anOpenLead,
  aTask,
  aTouch,
  euros,
  type PurchaseRow,
  rulesWith,
  someFacts,
  someLeadFacts,
} from './builders.ts';

const CREATED = '2026-11-01';
const RULES = rulesWith({});
const day = (days: number): Day => addDays(CREATED, days);
const scoreOn = (asOf: Day, facts: Partial<LeadFacts> = {}, rules = RULES) =>
  scoreLead(someLeadFacts({ createdDay: CREATED, ...facts }), NO_HISTORY, rules, asOf);
const attempt = (day: Day) => aTouch(day, { twoWay: false });
const codes = (score: { reasons: readonly { code: string }[] }) => score.reasons.map(({ code }) => code);

describe('the rhythm of a lead', () => {
  test.each([
    [0, 'on_time'],
    [1, 'on_time'],
    [2, 'due'],
    [3, 'overdue'],
    [300, 'overdue'],
  ] as const)('nobody has called, %i days after it came in: %s', (days, status) => {
    expect(scoreOn(day(days))).toMatchObject({ followUp: status, followUpBy: day(2), rhythmDays: 2 });
  });

  test.each([
    [13, 'on_time'],
    [14, 'due'],
    [15, 'overdue'],
  ] as const)('%i days after the last contact: %s', (days, status) => {
    const touches = [aTouch(day(1))];

    expect(scoreOn(day(1 + days), { touches })).toMatchObject({
      followUp: status,
      followUpBy: day(15),
      lastFollowUp: day(1),
      lastContact: day(1),
    });
  });

  test('an attempt that nobody answered is a follow-up, but no contact', () => {
    const score = scoreOn(day(10), { touches: [attempt(day(2))] });

    expect(score).toMatchObject({ followUp: 'on_time', followUpBy: day(16), lastContact: null });
    expect(score.unansweredTouches).toBe(1);
  });

  test('a call on the day it came in is a follow-up', () => {
    expect(scoreOn(day(1), { touches: [attempt(CREATED)] })).toMatchObject({ followUpBy: day(14) });
  });

  test('a call of the lead that we missed is no follow-up of ours, nor an attempt', () => {
    const missed = aTouch(day(1), { direction: 'in', twoWay: false });

    expect(scoreOn(day(3), { touches: [missed] })).toMatchObject({
      followUp: 'overdue',
      lastFollowUp: null,
    });
    expect(scoreOn(day(3), { touches: [attempt(day(1)), missed] }).unansweredTouches).toBe(1);
  });

  test('a mail of the lead is a contact', () => {
    const mail = aTouch(day(5), { channel: 'email', direction: 'in', twoWay: true });

    expect(scoreOn(day(6), { touches: [mail] })).toMatchObject({
      lastContact: day(5),
      followUpBy: day(19),
    });
  });

  test('what happened before it came in is no follow-up, though it was a contact', () => {
    const score = scoreOn(day(1), { touches: [aTouch(addDays(CREATED, -30))] });

    expect(score).toMatchObject({ followUp: 'on_time', followUpBy: day(2), lastFollowUp: null });
    expect(score.lastContact).toBe(addDays(CREATED, -30));
  });

  test('three attempts without an answer double the rhythm; an answer sets it back', () => {
    const attempts = [1, 3, 5].map((days) => attempt(day(days)));
    const slowed = scoreOn(day(6), { touches: attempts });
    const answered = scoreOn(day(8), { touches: [...attempts, aTouch(day(7))] });

    expect(scoreOn(day(6), { touches: attempts.slice(1) })).toMatchObject({ followUpBy: day(19) });
    expect(slowed).toMatchObject({ rhythmDays: 28, followUpBy: day(33), unansweredTouches: 3 });
    expect(codes(slowed)).toContain('lead.rhythm.slowed');
    expect(answered).toMatchObject({ rhythmDays: 14, followUpBy: day(21), unansweredTouches: 0 });
  });

  test.each([
    [100, 180],
    [180, 180],
    [200, 200],
  ])('a rhythm of %i days is slowed to %i at most', (everyDays, slowed) => {
    const touches = [1, 2, 3].map((days) => attempt(day(days)));

    const score = scoreOn(day(4), { touches }, rulesWith({ leads: { everyDays } }));

    expect(score.rhythmDays).toBe(slowed);
    expect(codes(score).includes('lead.rhythm.slowed')).toBe(slowed > everyDays);
  });

  test('rating and source set the rhythm, the shorter of both; case does not matter', () => {
    const rules = rulesWith({
      leads: {
        ratings: { active: { firstTouchDays: 1, everyDays: 10 }, cold: { everyDays: 60 } },
        sources: { 'trade fair': { everyDays: 7 } },
      },
    });
    const of = (facts: Partial<LeadFacts>) => scoreOn(day(3), { touches: [aTouch(day(2))], ...facts }, rules);

    expect(of({ rating: 'Active', source: null }).rhythmDays).toBe(10);
    expect(of({ rating: 'Active', source: 'Trade Fair' }).rhythmDays).toBe(7);
    expect(of({ rating: 'Cold', source: 'Web' }).rhythmDays).toBe(60);
    expect(of({ rating: 'constructor', source: 'toString' }).rhythmDays).toBe(14);
    expect(of({ rating: ' active ', source: null }).rhythmDays).toBe(10);
    expect(codes(of({ rating: 'Active', source: 'Trade Fair' }))).toContain('lead.rhythm.source');
    expect(codes(of({ rating: 'Active', source: null }))).toContain('lead.rhythm.rating');
    expect(codes(of({ rating: null, source: 'Web' })).join()).not.toContain('lead.rhythm');
    expect(of({ rating: 'Active', touches: [] }).followUpBy).toBe(day(1));
  });

  test('where rating and source ask for the same, the rating is told', () => {
    const rules = rulesWith({
      leads: { ratings: { hot: { firstTouchDays: 1 } }, sources: { web: { firstTouchDays: 1 } } },
    });

    expect(codes(scoreOn(day(0), { rating: 'Hot', source: 'Web' }, rules))).toContain('lead.rhythm.rating');
  });

  test('what lies ahead, from today on, is told and leaves the status alone', () => {
    const score = scoreOn(day(3), { appointments: [day(2), day(3), day(9)] });

    expect(score).toMatchObject({ followUp: 'overdue', nextAppointment: day(3) });
    expect(score.reasons).toContainEqual({ code: 'contact.appointment', params: { on: day(3) } });
  });

  test('the answer tells attempts, where there are any, and what was not read', () => {
    const none = scoreOn(day(1), { unread: [{ channel: 'note', why: 'off' }] });
    const one = scoreOn(day(5), { touches: [aTouch(day(1)), attempt(day(4))] });

    expect(codes(none)).not.toContain('contact.unanswered');
    expect(one.reasons).toContainEqual({ code: 'contact.unanswered', params: { attempts: 1 } });
    expect(none.reasons).toContainEqual({
      code: 'contact.channels',
      params: { read: 'call,meeting,task', unread: 'note:off,email:not_for_leads' },
    });
  });

  test('a closed lead has neither a rhythm nor an expected value, and says with which status', () => {
    const score = scoreOn(day(30), { isClosed: true, status: 'Junk Lead' });

    expect(score).toMatchObject({ state: 'closed', followUp: null, followUpBy: null, expectedValue: null });
    expect(score.unfilled).toEqual({ follow_up_status: 'lead_closed', expected_lead_value: 'lead_closed' });
    expect(score.reasons[0]).toEqual({ code: 'lead.closed', params: { status: 'Junk Lead' } });
  });
});

describe('which leads are scored', () => {
  const factsOn = (asOf: Day, lead = anOpenLead()) => leadFactsOf({ lead, activities: [] }, aContext(), asOf);

  test.each(['Junk Lead', 'LOST LEAD', ' not qualified '])('"%s" is closed', (status) => {
    expect(factsOn(ASOF, anOpenLead({ status }))).toMatchObject({ isClosed: true });
  });
  test.each(['Contacted', 'Not Contacted', null])('%s is open', (status) => {
    expect(factsOn(ASOF, anOpenLead({ status }))).toMatchObject({ isClosed: false });
  });

  test('a converted one is none from the day of its conversion on; one of later is not there yet', () => {
    const lead = aLead({ convertedAt: new Date('2026-02-01T12:00:00Z') });

    expect(factsOn('2026-01-04', lead)).toBeNull();
    expect(factsOn('2026-01-31', lead)).toMatchObject({ createdDay: '2026-01-05', isClosed: false });
    expect(factsOn('2026-02-01', lead)).toBeNull();
    expect(factsOn(ASOF, aLead({ convertedAt: null }))).toBeNull();
  });

  test('one that came in on the day is there; the status of a later conversion does not close it', () => {
    expect(factsOn('2026-11-01')).toMatchObject({ createdDay: '2026-11-01' });
    expect(factsOn('2026-01-31', aLead({ status: 'Not Qualified' }))).toMatchObject({ isClosed: false });
  });

  test('what has not happened by the date does not count; what is ahead is an appointment', () => {
    const lead = anOpenLead();
    const at = (day: Day) => new Date(`${day}T10:00:00Z`);
    const activities = [
      aCall({ whatId: lead.id, startAt: at('2026-11-20') }),
      aCall({ whatId: lead.id, startAt: at('2026-11-03'), durationSeconds: 0 }),
      aTask({ whatId: lead.id, closedAt: at('2026-11-05') }),
      aMail({ whatId: lead.id, startAt: at('2026-11-30') }),
      aCall({ whatId: lead.id, startAt: at('2026-11-06') }),
    ];
    const factsAt = (asOf: Day) => leadFactsOf({ lead, activities }, aContext(), asOf);

    expect(factsAt(ASOF)?.touches.map(({ day }) => day)).toEqual([
      '2026-11-03',
      '2026-11-05',
      '2026-11-06',
      '2026-11-20',
    ]);
    expect(factsAt('2026-11-04')).toMatchObject({ appointments: ['2026-11-06', '2026-11-20'] });
    expect(factsAt('2026-11-04')?.touches).toHaveLength(1);
  });
});

const history = (change: Partial<SourceHistory>): SourceHistory => ({ ...NO_HISTORY.all, ...change });
const KNOWN: LeadBaseline = {
  all: history({ leads: 400, converted: 60, became: 40, buyers: 50, profit12: euros(50_000) }),
  sources: [
    ['trade fair', history({ leads: 82, converted: 24, became: 18, buyers: 16, profit12: euros(32_000) })],
    ['web', history({ leads: 12 })],
  ],
};
const valued = (source: string | null, baseline = KNOWN, rules = RULES) =>
  scoreLead(someLeadFacts({ source }), baseline, rules, ASOF);

describe('the expected value of a lead', () => {
  test('chance and profit of its source, each drawn towards all by twenty', () => {
    const chance = (18 + 20 * (40 / 400)) / (82 + 20);
    const mean = (32_000 + 20 * 1000) / (16 + 20);

    const score = valued('Trade fair');

    expect(score.chance).toBeCloseTo(chance, 12);
    expect(score.meanProfit).toBe(euros(1444.44));
    expect(score.expectedValue).toBe(euros(Math.round(chance * mean * 100) / 100));
    expect(score.reasons).toContainEqual({
      code: 'lead.value.became',
      params: { source: 'Trade fair', leads: 82, converted: 24, became: 18, days: 90 },
    });
    expect(score.reasons).toContainEqual({
      code: 'lead.value.customers',
      params: { source: 'Trade fair', buyers: 16, mean: euros(2000) },
    });
  });

  test('a source of which nobody became a customer is worth little, not nothing, and says what is not known', () => {
    const score = valued('Web');

    expect(score.chance).toBeCloseTo(2 / 32, 12);
    expect(score.expectedValue).toBe(euros(62.5));
    expect(codes(score)).toContain('lead.value.no_customers');
  });

  test('a source never seen before gets the average, and so does a lead without source', () => {
    expect(valued('Radio').expectedValue).toBe(euros(100));
    expect(codes(valued('Radio'))).toContain('lead.value.no_leads');
    expect(valued(null).expectedValue).toBe(euros(100));
    expect(codes(valued('  '))).toContain('lead.value.no_source');
  });

  test('leads of a source that loses money are worth less than nothing', () => {
    const all = history({ leads: 10, became: 5, buyers: 5, profit12: euros(-500) });

    expect(valued(null, { all, sources: [] }).expectedValue).toBe(euros(-50));
    // A half is rounded away from zero: -0.005 is -0.01.
    const half = history({ leads: 2, became: 1, buyers: 1, profit12: euros(-0.01) });
    expect(valued(null, { all: half, sources: [] }).expectedValue).toBe(euros(-0.01));
  });

  test.each([
    ['no lead is old enough', {}, 'no_lead_history', 'lead.value.none.no_history'],
    [
      'none became a customer',
      { leads: 5, converted: 2, buyers: 9, profit12: 900 },
      'no_lead_became_customer',
      'lead.value.none.nobody_became',
    ],
    [
      'no profit can be counted',
      { leads: 5, converted: 2, became: 1 },
      'no_buyers',
      'lead.value.none.no_buyers',
    ],
  ])('where %s the value stays empty, with the reason', (_, all, why, code) => {
    const score = valued('Web', { all: history(all), sources: [] });

    expect(score).toMatchObject({ expectedValue: null, chance: null, meanProfit: null });
    expect(score.unfilled).toEqual({ expected_lead_value: why });
    expect(codes(score)).toContain(code);
  });

  test('without any weight a source stands for itself', () => {
    const rules = rulesWith({ leads: { shrinkWeight: 0 } });

    expect(valued('Trade fair', KNOWN, rules).chance).toBeCloseTo(18 / 82, 12);
    expect(valued('Radio', KNOWN, rules).expectedValue).toBe(euros(100));
  });
});

describe('what is known of the sources', () => {
  const localDay = localDayIn('Europe/Amsterdam');
  const converted = { createdDay: '2026-01-05', source: 'Web', isConverted: true };

  function historyWith(
    customers: readonly Parameters<typeof someFacts>[0][],
    leads = [aLead({ source: 'Web' })],
  ) {
    const builder = new BaselineBuilder(RULES, ASOF);
    for (const facts of customers) builder.add(someFacts(facts));
    for (const lead of leads) builder.addLead(lead, localDay);
    return builder.finish().leads;
  }

  test('a lead became a customer when that customer bought after the lead came in', () => {
    const bought = [['2026-03-01', 100, 40]] as const;
    const before = [['2025-12-01', 100, 40]] as const;

    const found = historyWith([
      { source: 'web ', bought, leads: [{ ...converted, id: '1' }] },
      { source: 'Web', bought: before, leads: [{ ...converted, id: '2' }] },
      { source: 'Web', leads: [{ ...converted, id: '3' }] },
      { source: 'Web', bought, leads: [{ ...converted, id: '4', isConverted: false }] },
    ]);

    expect(found.all).toEqual({ leads: 1, converted: 1, became: 1, buyers: 3, profit12: euros(180) });
    expect(found.sources).toEqual([['web', found.all]]);
  });

  test('a purchase on the day the lead came in counts; a refund, or a purchase before it, does not', () => {
    const lead = { ...converted, id: '1' };
    const became = (...bought: PurchaseRow[]) => historyWith([{ bought, leads: [lead] }]).all.became;

    expect(became(['2026-01-05', 100, 40])).toBe(1);
    expect(became(['2026-01-04', 100, 40], ['2026-02-04', -100, 0])).toBe(0);
  });

  test('a lead counts from the day on which it is old enough, on both sides', () => {
    const old = { ...converted, id: '1', createdDay: addDays(ASOF, -90) };

    expect(historyWith([{ bought: [[ASOF, 10, 5]], leads: [old] }]).all.became).toBe(1);
  });

  test('sources stand in the order of their names, and what names none counts for all only', () => {
    const leads = ['Web', 'Fair', null, ' ', 'web'].map((source) => aLead({ source }));

    const found = historyWith([], leads);

    expect(found.all.leads).toBe(5);
    expect(found.sources.map(([source, { leads: count }]) => [source, count])).toEqual([
      ['fair', 1],
      ['web', 2],
    ]);
  });

  test('young leads and those of after the date count neither way', () => {
    const on = (day: Day) => new Date(`${day}T12:00:00Z`);
    const leads = [
      anOpenLead({ createdAt: on(addDays(ASOF, -90)) }),
      anOpenLead({ createdAt: on(addDays(ASOF, -89)) }),
      aLead({ createdAt: on(addDays(ASOF, -89)), convertedAt: on(addDays(ASOF, -80)) }),
      aLead({ createdAt: on(addDays(ASOF, -90)), convertedAt: on(addDays(ASOF, 1)) }),
    ];
    const young = { id: '1', createdDay: addDays(ASOF, -89), source: 'Web', isConverted: true };

    const found = historyWith([{ bought: [[ASOF, 10, 5]], leads: [young] }], leads);

    expect(found.all).toMatchObject({ leads: 2, converted: 0, became: 0, buyers: 1 });
  });

  test('a customer with withheld amounts became one, but its profit is not known', () => {
    const found = historyWith([
      { bought: [['2026-03-01', 100, 40]], leads: [{ ...converted, id: '1' }], valueIncomplete: true },
    ]);

    expect(found.all).toMatchObject({ became: 1, buyers: 0, profit12: 0 });
  });
});

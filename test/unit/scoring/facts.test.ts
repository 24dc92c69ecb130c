import { describe, expect, test } from 'vitest';
import { dealOutcome, factsOf, indexStages } from '../../../src/scoring/facts.ts';
import {
  ASOF,
  aCall,
  aCase,
  aContact,
  aContext,
  aDeal,
  aMeeting,
  anAccount,
  aTask,
  euros,
  rulesWith,
  STAGES,
  someRows,
} from './builders.ts';

const factsWith = (rows: Parameters<typeof someRows>[0], context = aContext()) =>
  factsOf(someRows(rows), context, ASOF);
const onlyDeal = (change: Parameters<typeof aDeal>[0], context = aContext()) => {
  const facts = factsWith({ deals: [aDeal(change)] }, context);
  return { purchases: facts.purchases, issues: facts.issues.map(({ issue }) => issue), facts };
};

describe('deals become purchases', () => {
  test.each([
    ['a mapped cost', { amount: '100.00', cost: '61.005' }, 6101, 'deal'],
    ['a mapped profit', { amount: '100.00', profit: '38.995' }, 6100, 'deal'],
    ['the cost before the profit', { amount: '100.00', cost: '50.00', profit: '10.00' }, 5000, 'deal'],
    ['neither: the margin of 30 %', { amount: '99.99' }, 6999, 'default'],
    ['a refund without cost gives cost back', { amount: '-50.00' }, -3500, 'default'],
  ] as const)('direct cost from %s', (_, change, directCost, costBasis) => {
    expect(onlyDeal(change).purchases).toMatchObject([{ directCost, costBasis }]);
  });

  test.each([
    ['an empty amount', { amount: null }, ['won_without_amount']],
    ['an amount of zero', { amount: '0.00' }, ['won_with_zero_amount']],
    ['no date', { closingDay: null }, ['won_without_date']],
    ['an unknown stage', { stage: 'Verbal promise' }, ['unknown_stage']],
    ['no stage', { stage: null }, ['unknown_stage']],
    ['an amount that no exact number holds', { amount: '99999999999999999' }, ['amount_out_of_range']],
    ['an amount of 10^15', { amount: '1000000000000000' }, ['amount_out_of_range']],
    ['a cent more than a million millions', { amount: '1000000000000.01' }, ['amount_out_of_range']],
    ['an amount of blanks', { amount: ' ' }, ['won_without_amount']],
    ['an amount that is no number', { amount: 'lots' }, ['won_without_amount']],
  ] as const)('%s is counted and is no purchase', (_, change, issues) => {
    expect(onlyDeal(change)).toMatchObject({ purchases: [], issues });
  });

  test('a negative amount is a refund: booked, counted, negative', () => {
    expect(onlyDeal({ amount: '-12.34' })).toMatchObject({
      purchases: [{ revenue: -1234 }],
      issues: ['refund'],
    });
  });

  test('a foreign amount without a confirmed rate direction is withheld, not guessed', () => {
    const { purchases, issues, facts } = onlyDeal({ currency: 'USD', exchangeRate: '1.25' });

    expect(purchases).toEqual([]);
    expect(issues).toEqual(['foreign_currency_withheld']);
    expect(facts.valueIncomplete).toBe(true);
  });

  test.each([
    ['divide', 8000, 4000],
    ['multiply', 12500, 6250],
  ] as const)('a foreign amount and its cost are converted: %s', (rateDirection, revenue, directCost) => {
    const context = aContext({ rules: rulesWith({ currency: { rateDirection } }) });

    const { purchases, facts } = onlyDeal({ currency: 'USD', exchangeRate: '1.25', cost: '50.00' }, context);

    expect(purchases).toMatchObject([{ revenue, directCost }]);
    expect(facts.valueIncomplete).toBe(false);
  });

  test.each([null, '0', '-1'])('a rate of %s cannot convert', (exchangeRate) => {
    const context = aContext({ rules: rulesWith({ currency: { rateDirection: 'multiply' } }) });
    expect(onlyDeal({ currency: 'USD', exchangeRate }, context).issues).toEqual([
      'foreign_currency_withheld',
    ]);
  });

  test('the home currency, named or not, is never converted', () => {
    expect(onlyDeal({ currency: 'EUR', exchangeRate: '7' }).purchases).toMatchObject([{ revenue: 10000 }]);
  });

  test('a date ahead of the day the deal was first seen won counts from that day, for good', () => {
    const deal = aDeal({ closingDay: '2026-12-31', wonSeenOn: '2026-11-20' });
    const at = (asOf: string) => factsOf(someRows({ deals: [deal] }), aContext(), asOf);

    expect(at('2026-11-24').purchases).toMatchObject([{ day: '2026-11-20' }]);
    expect(at('2026-11-24').issues).toMatchObject([{ issue: 'future_won_date' }]);
    expect(at('2027-02-01').purchases).toMatchObject([{ day: '2026-11-20' }]);
    expect(at('2026-11-19').purchases).toEqual([]);
  });

  test('a deal won on the day it was seen won is as it says', () => {
    expect(onlyDeal({ closingDay: '2026-11-20', wonSeenOn: '2026-11-20' })).toMatchObject({
      purchases: [{ day: '2026-11-20' }],
      issues: [],
    });
  });

  test('a million millions is an amount; a cost that is none leaves the default', () => {
    expect(onlyDeal({ amount: '1000000000000', cost: 'dear', profit: '' }).purchases).toMatchObject([
      { revenue: 10 ** 14, directCost: 7 * 10 ** 13, costBasis: 'default' },
    ]);
  });

  test('a deal won after the analysis date is not there yet', () => {
    expect(onlyDeal({ closingDay: '2026-11-25', wonSeenOn: '2026-11-30' })).toMatchObject({
      purchases: [],
      issues: [],
    });
  });

  test('purchases stand in order of day, then id as a number', () => {
    const deals = [
      aDeal({ id: '1000000000000000000', closingDay: '2026-03-10' }),
      aDeal({ id: '999999999999999999', closingDay: '2026-03-10' }),
      aDeal({ id: '999999999999999998', closingDay: '2026-03-11' }),
    ];
    expect(factsWith({ deals }).purchases.map(({ dealId }) => dealId)).toEqual([
      '999999999999999999',
      '1000000000000000000',
      '999999999999999998',
    ]);
  });

  test('open and lost deals are kept with their days', () => {
    const open = aDeal({ stage: 'Qualification', name: 'Frame contract', wonSeenOn: null });
    const lost = aDeal({ stage: 'Closed Lost', lossReason: 'Competition', wonSeenOn: null });

    const facts = factsWith({ deals: [open, lost] });

    expect(facts.openDeals).toEqual([{ id: open.id, name: 'Frame contract', createdDay: '2024-01-02' }]);
    expect(facts.lostDeals).toEqual([{ id: lost.id, day: '2026-03-10', reason: 'Competition' }]);
  });
});

test('a stage is read in its pipeline, and alone only where pipelines agree', () => {
  const stages = indexStages([
    ...STAGES,
    { pipeline: 'Service', stage: 'Done', outcome: 'won' },
    { pipeline: 'Trade', stage: 'Done', outcome: 'lost' },
  ]);

  expect(dealOutcome(stages, 'Service', 'Done')).toBe('won');
  expect(dealOutcome(stages, 'Trade', 'Done')).toBe('lost');
  expect(dealOutcome(stages, null, 'Done')).toBe('unknown');
  expect(dealOutcome(stages, 'No longer listed', 'Closed Won')).toBe('won');
});

describe('activities become touches', () => {
  const touchesOf = (activity: ReturnType<typeof aCall>, context = aContext()) =>
    factsWith({ activities: [activity] }, context).touches;

  test.each([
    ['a call of 10 seconds', aCall({ durationSeconds: 10 }), true],
    ['a call of 9 seconds', aCall({ durationSeconds: 9 }), false],
    ['a call without duration', aCall({ durationSeconds: null }), false],
    ['a missed call, however long', aCall({ callType: 'Missed', durationSeconds: 60 }), false],
  ])('%s', (_, call, twoWay) => {
    expect(touchesOf(call)).toMatchObject([{ channel: 'call', twoWay }]);
  });

  test('a call that was planned and never made is neither a contact nor an attempt', () => {
    expect(touchesOf(aCall({ status: 'Overdue', durationSeconds: null }))).toEqual([]);
  });

  test('calls and meetings ahead are appointments; cancelled ones are nothing', () => {
    const facts = factsWith({
      activities: [
        aCall({ startAt: new Date('2026-12-03T09:00:00Z'), durationSeconds: null, status: 'Scheduled' }),
        aMeeting({ startAt: new Date('2026-12-01T09:00:00Z'), endAt: new Date('2026-12-01T10:00:00Z') }),
        aMeeting({ startAt: new Date('2026-11-30T09:00:00Z'), endAt: null, cancelled: true }),
        aMeeting({ cancelled: true }),
      ],
    });

    expect(facts.appointments).toEqual(['2026-12-01', '2026-12-03']);
    expect(facts.touches).toEqual([]);
  });

  test('what has not ended at the moment of the run is an appointment, whatever day is asked about', () => {
    const meeting = aMeeting({
      startAt: new Date('2026-11-24T09:00:00Z'),
      endAt: new Date('2026-11-24T10:00:00Z'),
    });
    const call = aCall({ startAt: new Date('2026-11-24T09:30:00Z') });
    const at = (knownUntil: string) =>
      factsWith({ activities: [meeting, call] }, aContext({ knownUntil: new Date(knownUntil) }));

    expect(at('2026-11-24T09:15:00Z')).toMatchObject({ appointments: [ASOF, ASOF], touches: [] });
    expect(at('2026-11-24T10:00:00Z')).toMatchObject({ appointments: [], touches: [{}, {}] });
  });

  test('a meeting counts on the day it ended, in the time zone of the org', () => {
    const meeting = aMeeting({
      startAt: new Date('2026-10-01T21:00:00Z'),
      endAt: new Date('2026-10-01T22:30:00Z'),
    });
    expect(touchesOf(meeting)).toMatchObject([
      { day: '2026-10-02', channel: 'meeting', direction: 'both', durationSeconds: 5400 },
    ]);
  });

  test.each([
    ['names a contact', aTask({ subject: 'Klant bellen' }), 'contact', true],
    ['only contains such a word inside another', aTask({ subject: 'Print labels' }), 'contact', false],
    ['names none', aTask({ subject: 'Send price list' }), 'contact', false],
    ['names none, but all count', aTask({ subject: 'Send price list' }), 'all', true],
    ['is ours', aTask({ subject: 'Bakkerij Vermeer', cvRef: 'cv-contact_gap-1-1' }), 'contact', true],
    ['is ours, but none count', aTask({ cvRef: 'cv-contact_gap-1-1' }), 'none', false],
    ['is open', aTask({ status: 'Not Started', closedAt: null }), 'contact', false],
  ] as const)('a task that %s', (_, task, tasks, isTouch) => {
    const context = aContext({ rules: rulesWith({ touches: { tasks } }) });
    expect(touchesOf(task, context)).toHaveLength(isTouch ? 1 : 0);
  });

  test('a reminder that we closed ourselves is no contact', () => {
    const task = aTask({ cvRef: 'cv-contact_gap-1-1' });
    expect(touchesOf(task, aContext({ closedByUs: new Set([task.id]) }))).toEqual([]);
  });

  test('opening a case is a message from the customer', () => {
    const opened = aCase({
      createdAt: new Date('2026-09-05T10:00:00Z'),
      priority: 'High',
      status: 'Unresolved',
    });

    const facts = factsWith({ cases: [opened, aCase({ createdAt: new Date('2026-12-01T10:00:00Z') })] });

    expect(facts.touches).toMatchObject([
      { channel: 'case', direction: 'in', twoWay: true, day: '2026-09-05', recordId: opened.id },
    ]);
    expect(facts.cases).toMatchObject([{ openedDay: '2026-09-05', open: true, high: true }]);
  });

  test.each(['Closed', 'Resolved', 'Case cancelled'])('a case that is %s is not open', (status) => {
    expect(factsWith({ cases: [aCase({ status })] }).cases).toMatchObject([{ open: false }]);
  });
});

test('the main contact is who was spoken to last, else who signed the last won deal, and one of the customer', () => {
  const [anna, bram] = [aContact(), aContact()];
  const deals = [aDeal({ contactId: bram.id }), aDeal({ contactId: '1', closingDay: '2026-05-01' })];
  const contacts = [anna, bram];
  const attempt = aCall({ whoId: bram.id, durationSeconds: 0, startAt: new Date('2026-11-01T10:00:00Z') });
  const call = aCall({ whoId: anna.id });

  expect(factsWith({ contacts, deals, activities: [call, attempt] }).mainContactId).toBe(anna.id);
  expect(factsWith({ contacts, deals, activities: [attempt] }).mainContactId).toBe(bram.id);
  expect(factsWith({ contacts, activities: [aCall({ whoId: '7' })] }).mainContactId).toBeNull();
});

test('facts of a past date leave out what came after, and goodwill is kept up to that date', () => {
  const record = anAccount({ createdAt: new Date('2024-12-31T23:30:00Z') });
  const rows = someRows({
    record,
    deals: [aDeal()],
    activities: [aCall()],
    goodwill: [
      { day: '2026-03-11', amount: euros(5) },
      { day: '2026-03-09', amount: euros(7) },
    ],
  });

  const facts = factsOf(rows, aContext(), '2026-03-10');

  expect(facts.createdDay).toBe('2025-01-01');
  expect(facts.purchases).toHaveLength(1);
  expect(facts.touches).toEqual([]);
  expect(facts.appointments).toEqual(['2026-10-01']);
  expect(facts.goodwill).toEqual([{ day: '2026-03-09', amount: 700 }]);
});

test('goodwill that was noted on the record in Zoho counts as well, and not before its day', () => {
  const goodwillGiven = [
    { day: '2026-03-10', amount: euros(3) },
    { day: '2026-03-11', amount: euros(4) },
  ];
  const rows = someRows({
    record: anAccount({ inputs: { goodwillGiven } }),
    goodwill: [{ day: '2026-03-09', amount: euros(7) }],
  });

  expect(factsOf(rows, aContext(), '2026-03-10').goodwill).toEqual([
    { day: '2026-03-09', amount: 700 },
    { day: '2026-03-10', amount: 300 },
  ]);
});

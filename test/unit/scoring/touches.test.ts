import { describe, expect, test } from 'vitest';
import type { ActivityRecord, CustomerRows } from '../../../src/records.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import {
  ASOF,
  aBaseline,
  aCall,
  aCase,
  aContact,
  aContext,
  aDeal,
  aMail,
  aMeeting,
  aNote,
  anAccount,
  aTask,
  euros,
  rulesWith,
  someRows,
} from './builders.ts';

type Touches = NonNullable<Parameters<typeof rulesWith>[0]['touches']>;
const factsWith = (rows: Partial<CustomerRows>, touches: Touches = {}) =>
  factsOf(someRows(rows), aContext({ rules: rulesWith({ touches }) }), ASOF);
const scoreOf = (rows: Partial<CustomerRows>, rules = rulesWith({})) =>
  scoreCustomer(factsOf(someRows(rows), aContext({ rules }), ASOF), null, aBaseline(), rules, ASOF).score;
const reasonOf = (score: ReturnType<typeof scoreOf>, code: string) =>
  score.reasons.find((reason) => reason.code === code)?.params;

describe('notes', () => {
  const notes = [aNote({ subject: 'Call: new prices' }), aNote({ subject: 'Sells tulips' })];

  test.each([
    ['off', []],
    ['contact', ['Call: new prices']],
    ['all', ['Call: new prices', 'Sells tulips']],
  ] as const)('%s', (setting, subjects) => {
    const { touches } = factsWith({ activities: notes }, { notes: setting });

    expect(touches.map(({ subject }) => subject)).toEqual(subjects);
    for (const touch of touches)
      expect(touch).toMatchObject({ channel: 'note', twoWay: true, direction: 'both' });
  });

  test('one that was written after the analysis date is not there yet', () => {
    const activities = [aNote({ createdAt: new Date('2026-11-25T12:00:00Z') })];

    expect(factsWith({ activities }, { notes: 'all' }).touches).toEqual([]);
  });
});

describe('e-mails', () => {
  const at = (day: string) => new Date(`${day}T09:00:00Z`);

  test('what the customer wrote is a contact in both directions, what we wrote an attempt', () => {
    const { touches } = factsWith({
      activities: [
        aMail({ startAt: at('2026-10-01') }),
        aMail({ startAt: at('2026-10-02'), callType: 'Outbound', subject: 'Our offer' }),
      ],
    });

    expect(touches).toMatchObject([
      { channel: 'email', direction: 'in', twoWay: true, subject: 'Re: your offer' },
      { channel: 'email', direction: 'out', twoWay: false, subject: 'Our offer' },
    ]);
  });

  test('our attempts since the last two-way contact are counted, by any channel', () => {
    const score = scoreOf({
      activities: [
        aMail({ startAt: at('2026-09-01'), callType: 'Outbound' }),
        aMail({ startAt: at('2026-10-01') }),
        aMail({ startAt: at('2026-10-02'), callType: 'Outbound' }),
        aCall({ startAt: at('2026-10-03'), durationSeconds: 3 }),
        aCall({ startAt: at('2026-10-04'), callType: 'Missed', durationSeconds: null }),
      ],
    });

    expect(score).toMatchObject({ lastContact: '2026-10-01', unansweredTouches: 2 });
    expect(reasonOf(score, 'contact.unanswered')).toEqual({ attempts: 2 });
  });

  test('a customer that never answered counts all of them', () => {
    const sent = [1, 2, 3].map((day) => aMail({ startAt: at(`2026-10-0${day}`), callType: 'Outbound' }));

    expect(scoreOf({ activities: sent })).toMatchObject({ lastContact: null, unansweredTouches: 3 });
  });
});

describe('a date that people keep', () => {
  const kept = (keptContactDay: string) => anAccount({ keptContactDay });

  test('is a two-way contact on that day, of the customer or of one of its contacts', () => {
    const contacts = [aContact({ id: '7', keptContactDay: '2026-09-02' })];

    const facts = factsWith({ record: kept('2026-09-01'), contacts });

    expect(facts.touches).toMatchObject([
      { channel: 'field', day: '2026-09-01', twoWay: true, contactId: null },
      { channel: 'field', day: '2026-09-02', twoWay: true, contactId: '7' },
    ]);
    expect(facts.mainContactId).toBe('7');
  });

  test('ahead of the analysis date it says nothing', () => {
    expect(factsWith({ record: kept('2026-11-25') }).touches).toEqual([]);
  });

  test('of a contact that is a customer itself it counts once', () => {
    const record = aContact({ keptContactDay: '2026-09-01' });
    const key = { module: 'Contacts', id: record.id } as const;

    expect(factsWith({ key, record, contacts: [record] }).touches).toHaveLength(1);
  });

  test('of the same day, a real contact is the last one, wherever the clock of the org stands', () => {
    const call = aCall({ startAt: new Date('2026-09-02T02:00:00Z') });
    const context = aContext({ timeZone: 'America/Los_Angeles' });

    const { touches } = factsOf(someRows({ record: kept('2026-09-01'), activities: [call] }), context, ASOF);

    expect(touches.map(({ channel, day }) => [channel, day])).toEqual([
      ['field', '2026-09-01'],
      ['call', '2026-09-01'],
    ]);
  });
});

describe('working time', () => {
  const secondsOf = (activity: ActivityRecord) =>
    factsWith({ activities: [activity] }).efforts.map(({ seconds }) => seconds);

  test.each([
    ['a call takes as long as it took', aCall({ durationSeconds: 300 }), [300]],
    ['minutes that were written down win', aCall({ durationSeconds: 300, minutesSpent: 20 }), [1200]],
    ['nought minutes are known, too', aCall({ durationSeconds: 300, minutesSpent: 0 }), [0]],
    ['a call that reached nobody takes none', aCall({ durationSeconds: 2 }), []],
    ['unless somebody wrote it down', aCall({ durationSeconds: 2, minutesSpent: 5 }), [300]],
    ['a meeting takes as long as it took', aMeeting(), [5400]],
    ['a cancelled meeting takes none', aMeeting({ cancelled: true, minutesSpent: 5 }), []],
    ['a finished task takes an unknown time', aTask({ subject: 'Send samples' }), [null]],
    ['or a known one', aTask({ subject: 'Send samples', minutesSpent: 45 }), [2700]],
    ['an open task takes none', aTask({ status: 'Not Started', closedAt: null }), []],
    [
      'unless work on it was written down',
      aTask({ status: 'In Progress', closedAt: null, minutesSpent: 10 }),
      [600],
    ],
    ['an e-mail has a price of its own', aMail(), []],
  ])('%s', (_, activity, seconds) => {
    expect(secondsOf(activity)).toEqual(seconds);
  });

  test('counts on the day the work was done, from that day on', () => {
    const dayOf = (activity: ActivityRecord) =>
      factsWith({ activities: [activity] }).efforts.map(({ day }) => day);
    const task = (closedAt: string | null) =>
      aTask({ minutesSpent: 5, closedAt: closedAt === null ? null : new Date(closedAt) });

    expect(dayOf(task('2026-11-24T10:00:00Z'))).toEqual(['2026-11-24']);
    expect(dayOf(task('2026-11-25T10:00:00Z'))).toEqual([]);
    // Begun and not done, no day but that on which it was made.
    expect(dayOf(aTask({ status: 'In Progress', closedAt: null, minutesSpent: 5 }))).toEqual(['2024-01-02']);
    expect(dayOf(aCall({ durationSeconds: 2, minutesSpent: 5 }))).toEqual(['2026-10-01']);
    // Past midnight in Amsterdam: the day it ended, as for the contact.
    const late = { startAt: new Date('2026-10-01T21:30:00Z'), endAt: new Date('2026-10-01T22:30:00Z') };
    expect(dayOf(aMeeting(late))).toEqual(['2026-10-02']);
  });

  test('of a case counts from the day it was opened', () => {
    const opened = (day: string) =>
      factsWith({ cases: [aCase({ createdAt: new Date(`${day}T10:00:00Z`), minutesSpent: 5 })] }).efforts;

    expect(opened('2026-11-24')).toMatchObject([{ day: '2026-11-24', seconds: 300 }]);
    expect(opened('2026-11-25')).toEqual([]);
  });

  test('costs its hourly rate, and the answer says for how many activities it is known', () => {
    const rules = rulesWith({ unitCosts: { perHour: 60 } });
    const score = scoreOf(
      {
        deals: [aDeal()],
        activities: [aCall({ durationSeconds: 600 }), aTask({ minutesSpent: 30 }), aTask()],
        cases: [
          aCase({ createdAt: new Date('2026-10-05T10:00:00Z'), minutesSpent: 20 }),
          aCase({ createdAt: new Date('2024-10-05T10:00:00Z'), minutesSpent: 999 }),
        ],
      },
      rules,
    );

    expect(score.window12.costToServe).toBe(euros(60));
    expect(score.timeCoverage).toEqual({ known: 3, activities: 4 });
    expect(reasonOf(score, 'money.time')).toEqual({ known: 3, activities: 4 });
    expect(reasonOf(score, 'money.serve')).toMatchObject({ item: 'hours', count: 1 });
  });
});

describe('channels that could not be read are named', () => {
  const namesOf = (rows: Partial<CustomerRows>, touches: Touches) =>
    reasonOf(scoreOf(rows, rulesWith({ touches })), 'contact.channels');

  test('e-mails without a budget, notes that are switched off, and what Zoho lists nowhere', () => {
    expect(namesOf({}, {})).toEqual({
      read: 'call,meeting,task,case',
      unread: 'email:no_budget,note:off,comment:no_list,chat:no_list',
    });
  });

  test('e-mails of a customer that has not had its turn', () => {
    const touches: Touches = { notes: 'all', emails: { creditsPerDay: 50 } };

    expect(namesOf({ mailReadAt: null }, touches)?.unread).toBe('email:not_yet,comment:no_list,chat:no_list');
    expect(namesOf({ mailReadAt: new Date('2026-11-23T10:00:00Z') }, touches)).toEqual({
      read: 'call,meeting,task,case,email,note',
      unread: 'comment:no_list,chat:no_list',
    });
  });

  test('modules that the org refused', () => {
    const context = aContext({ unread: [{ channel: 'call', why: 'not_readable' }] });

    expect(factsOf(someRows(), context, ASOF).unread).toContainEqual({
      channel: 'call',
      why: 'not_readable',
    });
  });
});

describe('what people filled in', () => {
  test('is told as it stands, the referrer with its record', () => {
    const record = anAccount({
      inputs: { referredBy: '42', whyUs: 'Fast delivery', needs: 'Crates', reasonLeft: 'Price' },
    });

    const told = scoreOf({ record }).reasons.filter(({ code }) => /^profile\.(?!complete|ask)/.test(code));

    expect(told).toEqual([
      { code: 'profile.referred_by', params: {}, records: [{ module: 'Accounts', id: '42' }] },
      { code: 'profile.why_us', params: { why: 'Fast delivery' } },
      { code: 'profile.needs', params: { needs: 'Crates' } },
      { code: 'profile.left', params: { reason: 'Price' } },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import type { CustomerRows } from '../../../src/records.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import {
  ASOF,
  aContact,
  aContext,
  aDeal,
  aMeeting,
  anAccount,
  anInvoice,
  aTask,
  RULES,
  rulesWith,
  someRows,
} from './builders.ts';

/** What the org itself says of a relation, from the records as they are stored. */

const factsFrom = (rows: Partial<CustomerRows>, rules = RULES, asOf = ASOF) =>
  factsOf(someRows(rows), aContext({ rules }), asOf);
const accountWith = (terms: CustomerRows['record']['terms']) => ({ record: anAccount({ terms }) });

const A_LINE = {
  ...{ importId: 1, line: 1, day: '2026-09-01', dealId: null, number: null, kind: 'invoice' as const },
  ...{ product: null, group: null, quantity: null, amount: '100.00', listPrice: null },
  ...{ discountPercent: null, cost: null, currency: null, rate: null },
  ...{ dueDay: '2026-10-01', paidDay: '2026-10-20' },
};

describe('closed', () => {
  test.each([
    ['a value of the list, whatever its case', { closed: 'Dissolved' }, { word: 'Dissolved' }],
    ['one of several options', { closed: 'Wholesale;No consent' }, { word: 'No consent' }],
    ['a checkbox that is set', { closed: 'true' }, { word: null }],
    ['a checkbox that is not set', { closed: 'false' }, null],
    ['any other value', { closed: 'Not closed' }, null],
    ['nothing', {}, null],
  ])('%s', (_, terms, closed) => {
    expect(factsFrom(accountWith(terms)).closed).toEqual(closed);
  });

  test('values of the firm', () => {
    const rules = rulesWith({ phases: { closedValues: ['gone west'] } });
    expect(factsFrom(accountWith({ closed: 'Gone West' }), rules).closed).toEqual({ word: 'Gone West' });
    expect(factsFrom(accountWith({ closed: 'Dissolved' }), rules).closed).toBeNull();
  });

  test.each([
    ['Business closed', { word: 'Business closed' }],
    ['Failliet', { word: 'Failliet' }],
    ['Price', null],
  ])('Reason Left: %s', (reasonLeft, closed) => {
    expect(factsFrom({ record: anAccount({ inputs: { reasonLeft } }) }).closed).toEqual(closed);
  });
});

test('a contract is its end and a notice that was given by then', () => {
  const end = { contractEnd: '2027-01-31' };
  expect(factsFrom(accountWith({})).contract).toBeNull();
  expect(factsFrom(accountWith(end)).contract).toEqual({ endDay: '2027-01-31', noticeDay: null });
  expect(factsFrom(accountWith({ ...end, noticeGiven: ASOF })).contract?.noticeDay).toBe(ASOF);
  expect(factsFrom(accountWith({ ...end, noticeGiven: '2026-11-25' })).contract?.noticeDay).toBeNull();
  expect(factsFrom(accountWith({ noticeGiven: '2026-11-25' })).contract).toBeNull();
});

test('a buyer by the project is named by the field or by the settings', () => {
  expect(factsFrom(accountWith({ buyerType: 'Projekt' })).isProjectBuyer).toBe(true);
  expect(factsFrom(accountWith({ buyerType: 'Stock' })).isProjectBuyer).toBe(false);
  expect(factsFrom({}, rulesWith({ phases: { buyerType: 'project' } })).isProjectBuyer).toBe(true);
});

test('of several answers to a survey the lowest counts', () => {
  const contacts = [aContact({ terms: { survey: '6.5' } }), aContact(), aContact({ terms: { survey: '8' } })];
  expect(factsFrom({ ...accountWith({ survey: '9' }), contacts }).survey).toBe(6.5);
  expect(factsFrom({}).survey).toBeNull();
});

describe('the key contact has left', () => {
  const here = aContact({ name: 'Anna Vermeer' });
  const gone = { id: '77', name: 'Piotr Nowak', deletedAt: new Date('2026-11-10T23:30:00Z') };
  const met = (whoId: string, day: string) =>
    aMeeting({ whoId, startAt: new Date(`${day}T09:00:00Z`), endAt: new Date(`${day}T10:00:00Z`) });
  const signed = (contactId: string) => aDeal({ contactId });

  test('who was spoken with last and was deleted since, with the day in the zone of the org', () => {
    const rows = {
      contacts: [here],
      formerContacts: [gone],
      activities: [met(here.id, '2026-10-01'), met('77', '2026-10-02')],
    };
    expect(factsFrom(rows)).toMatchObject({
      keyContactLeft: { id: '77', name: 'Piotr Nowak', day: '2026-11-11' },
      mainContactId: here.id,
    });
  });

  test('not before that day, and not once somebody else was spoken with', () => {
    const rows = { contacts: [here], formerContacts: [gone], activities: [met('77', '2026-10-02')] };
    expect(factsFrom(rows, RULES, '2026-11-10').keyContactLeft).toBeNull();
    const since = { ...rows, activities: [...rows.activities, met(here.id, '2026-11-20')] };
    expect(factsFrom(since)).toMatchObject({ keyContactLeft: null, mainContactId: here.id });
  });

  test('who signed last, where nobody was spoken with', () => {
    const rows = { contacts: [here], formerContacts: [gone], deals: [signed('77')] };
    expect(factsFrom(rows)).toMatchObject({ keyContactLeft: { id: '77' }, mainContactId: null });
    expect(factsFrom({ ...rows, deals: [...rows.deals, signed(here.id)] })).toMatchObject({
      keyContactLeft: null,
      mainContactId: here.id,
    });
  });

  test('a mark on a contact counts without a day, but nobody leaves himself', () => {
    const left = aContact({ terms: { closed: 'Left company' } });
    const rows = { contacts: [left], activities: [met(left.id, '2026-10-02')] };
    expect(factsFrom(rows).keyContactLeft).toEqual({ id: left.id, name: left.name, day: null });
    const alone = { ...rows, key: { module: 'Contacts', id: left.id } as const, record: left };
    expect(factsFrom(alone)).toMatchObject({ keyContactLeft: null, mainContactId: left.id });
  });
});

describe('paid invoices tell how many days beyond their term', () => {
  const billed = rulesWith({ purchase: { from: 'invoices' } });

  test('of the CRM', () => {
    const paid = (paidDay: string | null, change = {}) =>
      anInvoice({ day: '2026-09-01', untilDay: '2026-10-01', paidDay, ...change });
    const documents = [
      paid('2026-10-20'),
      paid('2026-09-20'),
      paid(null),
      paid('2026-11-25'),
      paid('2026-10-05', { untilDay: null }),
      paid('2026-10-06', { status: 'Cancelled' }),
      paid('2026-10-07', { subTotal: '-10', total: '-10' }),
    ];
    expect(factsFrom({ documents }, billed).payments).toEqual([
      { day: '2026-09-20', daysLate: 0 },
      { day: '2026-10-20', daysLate: 19 },
    ]);
    expect(factsFrom({ documents }).payments).toEqual([]);
  });

  test('imported', () => {
    const none = { costs: [], billedDeals: [], contributions: [], referredBy: null, thanks: [] };
    const imported = { ...none, purchases: [A_LINE, { ...A_LINE, line: 2, paidDay: null }] };
    expect(factsFrom({ imported }).payments).toEqual([{ day: '2026-10-20', daysLate: 19 }]);
  });
});

test('signs that cannot be seen are named, but for what imported lines tell', () => {
  const unreadSigns = ['survey', 'payments', 'products'] as const;
  const of = (rows: Partial<CustomerRows>) =>
    factsOf(someRows(rows), aContext({ unreadSigns }), ASOF).unreadSigns;
  const none = { costs: [], billedDeals: [], contributions: [], referredBy: null, thanks: [] };

  expect(of({})).toEqual(unreadSigns);
  expect(of({ imported: { ...none, purchases: [] } })).toEqual(unreadSigns);
  expect(of({ imported: { ...none, purchases: [A_LINE] } })).toEqual(['survey', 'products']);
  expect(of({ imported: { ...none, purchases: [{ ...A_LINE, product: 'Desk', paidDay: null }] } })).toEqual([
    'survey',
    'payments',
  ]);
});

test('open tasks are those that nobody has done, from the day on which they were made', () => {
  const task = (created: string, change = {}) =>
    aTask({
      createdAt: new Date(created),
      status: 'Not Started',
      closedAt: null,
      subject: 'Visit',
      ...change,
    });
  const open = task('2026-11-01T09:00:00Z');
  const activities = [
    open,
    task('2026-11-02T09:00:00Z', { status: 'Completed' }),
    task('2026-11-02T09:00:00Z', { closedAt: new Date('2026-11-03T09:00:00Z') }),
    task('2026-11-25T09:00:00Z'),
    aMeeting(),
  ];
  expect(factsFrom({ activities }).openTasks).toEqual([
    { id: open.id, subject: 'Visit', createdDay: '2026-11-01' },
  ]);
});

describe('a phase set by hand', () => {
  const set = {
    phase: 'loyal',
    subPhase: null,
    reason: 'Frame contract by word of mouth',
    by: 'Anna',
    setOn: '2026-11-10',
    until: '2026-12-31',
  } as const;
  const on = (asOf: string, ...overrides: CustomerRows['overrides'] & object) =>
    factsFrom({ overrides }, RULES, asOf).override;

  test('holds from its first day to its last', () => {
    const one = { ...set, id: 1, endedOn: null };
    expect(on('2026-11-09', one)).toBeNull();
    expect(on('2026-11-10', one)).toEqual(set);
    expect(on('2026-12-31', one)).toEqual(set);
    expect(on('2027-01-01', one)).toBeNull();
  });

  test('not from the day on which somebody ended it', () => {
    const one = { ...set, id: 1, endedOn: '2026-11-20' };
    expect(on('2026-11-19', one)).toEqual(set);
    expect(on('2026-11-20', one)).toBeNull();
  });

  test('the last one counts', () => {
    const later = { ...set, id: 2, phase: 'new' as const, endedOn: null };
    expect(on(ASOF, { ...set, id: 1, endedOn: null }, later)?.phase).toBe('new');
  });
});

import { describe, expect, test } from 'vitest';
import { firstOutcome, nextOutcome, type OutcomeLook, type OutcomeView } from '../../../src/plan/outcomes.ts';
import { aReminder } from './builders.ts';

const MADE = '2026-02-01';
const reminder = aReminder({ createdOn: MADE, dueDay: '2026-02-05' });
const rules = { touchDays: 14, resultDays: 90, ignoredDays: 14, minCount: 10 };
const nothing: OutcomeView = {
  phase: 'leaving',
  lastContact: '2025-11-01',
  lastContactChannel: 'call',
  lastPurchase: '2025-10-01',
  isConverted: false,
};
const seen = (
  asOf: string,
  view: Partial<OutcomeView> = {},
  more: Partial<OutcomeLook> = {},
): OutcomeLook => ({
  ...{ reminder, hasTask: true, rules, asOf },
  view: { ...nothing, ...view },
  ...more,
});
const fresh = firstOutcome(reminder, 'leaving');
const closed = (state: 'closed_by_person' | 'closed_by_us') => ({
  ...reminder,
  state,
  closedOn: '2026-02-09',
});

describe('how a reminder ended', () => {
  test('an open one is neither done nor ignored until it is overdue for too long', () => {
    expect(nextOutcome(fresh, seen('2026-02-19'))).toMatchObject({ ended: null, ignoredOn: null });
    expect(nextOutcome(fresh, seen('2026-02-20'))).toMatchObject({ ended: null, ignoredOn: '2026-02-20' });
  });

  test('a task that a person completed is done, one that is gone was deleted, and one of ours was not needed', () => {
    const by = (state: 'closed_by_person' | 'closed_by_us', hasTask: boolean) =>
      nextOutcome(fresh, seen('2026-02-10', {}, { reminder: closed(state), hasTask }));

    expect(by('closed_by_person', true)).toMatchObject({ ended: 'done', endedOn: '2026-02-09' });
    expect(by('closed_by_person', false)).toMatchObject({ ended: 'deleted' });
    expect(by('closed_by_us', true)).toMatchObject({ ended: 'need_gone' });
  });

  test('done late is done, and keeps the day on which it had been ignored', () => {
    const late = nextOutcome(fresh, seen('2026-03-01'));

    const done = nextOutcome(late, seen('2026-03-09', {}, { reminder: closed('closed_by_person') }));

    expect(done).toMatchObject({ ended: 'done', ignoredOn: '2026-03-01' });
  });
});

describe('what followed it', () => {
  test('a contact counts from its own day to the last of the span, and the first one stays', () => {
    const on = (lastContact: string) => nextOutcome(fresh, seen('2026-03-01', { lastContact })).touchedOn;

    expect(on('2026-01-31')).toBeNull();
    expect(on(MADE)).toBe(MADE);
    expect(on('2026-02-15')).toBe('2026-02-15');
    expect(on('2026-02-16')).toBeNull();
    const first = nextOutcome(fresh, seen('2026-02-06', { lastContact: '2026-02-05' }));
    expect(nextOutcome(first, seen('2026-02-13', { lastContact: '2026-02-12' })).touchedOn).toBe(
      '2026-02-05',
    );
  });

  test('ticking off the task is no contact', () => {
    const view = { lastContact: '2026-02-05', lastContactChannel: 'task' } as const;

    expect(nextOutcome(fresh, seen('2026-02-06', view)).touchedOn).toBeNull();
  });

  test('a purchase counts after the day of the reminder, to the last day of the span', () => {
    const on = (lastPurchase: string) => nextOutcome(fresh, seen('2026-06-01', { lastPurchase })).boughtOn;

    expect(on(MADE)).toBeNull();
    expect(on('2026-02-02')).toBe('2026-02-02');
    expect(on('2026-05-02')).toBe('2026-05-02');
    expect(on('2026-05-03')).toBeNull();
  });

  test('a better phase counts, but not the one that comes with time alone', () => {
    const to = (phase: OutcomeView['phase']) => nextOutcome(fresh, seen('2026-02-20', { phase })).improvedOn;

    expect(to('established')).toBe('2026-02-20');
    expect(to('lost')).toBeNull();
    const welcomed = firstOutcome(reminder, 'new');
    expect(nextOutcome(welcomed, seen('2026-02-20', { phase: 'established' })).improvedOn).toBeNull();
    expect(nextOutcome(welcomed, seen('2026-02-20', { phase: 'loyal' })).improvedOn).toBe('2026-02-20');
  });

  test('a lead that became a customer did improve', () => {
    const lead = firstOutcome(reminder, null);
    const view = { ...nothing, phase: null, isConverted: true };

    expect(nextOutcome(lead, seen('2026-02-20', view))).toMatchObject({ improvedOn: '2026-02-20' });
  });
});

test('it is settled once it ended and its spans are over, not before', () => {
  const done = { reminder: closed('closed_by_person') };

  expect(nextOutcome(fresh, seen('2026-05-02', {}, done)).settledOn).toBeNull();
  expect(nextOutcome(fresh, seen('2026-05-03', {}, done)).settledOn).toBe('2026-05-03');
  expect(nextOutcome(fresh, seen('2026-05-03')).settledOn).toBeNull();
});

test('a customer that is gone leaves what was known', () => {
  const known = nextOutcome(fresh, seen('2026-02-06', { lastContact: '2026-02-05' }));

  expect(nextOutcome(known, seen('2026-02-20', {}, { view: null }))).toMatchObject({
    touchedOn: '2026-02-05',
    boughtOn: null,
  });
});

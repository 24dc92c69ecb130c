import { describe, expect, test } from 'vitest';
import type { OpenReminder } from '../../../src/changes.ts';
import { customerSubject } from '../../../src/plan/reminder-subject.ts';
import type { Score } from '../../../src/scores.ts';
import { type AllInput, planReminders } from '../../support/plan-all.ts';
import { aReminder, aScore, FORMAT, OWNER, RULES } from './builders.ts';

const OTHER = '5725767000000388002';
function plan(scores: readonly Score[], change: Partial<AllInput> = {}) {
  return planReminders({
    subjects: scores.map((score) => customerSubject(score)),
    gone: [],
    current: [],
    createdToday: new Map(),
    managers: new Map(),
    byEmail: new Map(),
    activeOwners: new Set([OWNER, OTHER]),
    standInOwner: null,
    asOf: '2026-02-10',
    timeZone: 'Europe/Amsterdam',
    country: 'NL',
    rules: RULES,
    format: FORMAT,
    ...change,
  });
}
const id = (n: number) => `57257670000004100${String(n).padStart(2, '0')}`;
const created = (result: ReturnType<typeof plan>) =>
  result.changes.flatMap((change) => (change.kind === 'create' ? [change.draft] : []));
/** The open reminder that a plan's draft becomes. */
function opened(draft: ReturnType<typeof created>[number], change: Partial<OpenReminder> = {}): OpenReminder {
  return aReminder({
    cvRef: draft.cvRef,
    customer: draft.customer,
    subject: draft.subject,
    ownerId: draft.ownerId,
    priority: draft.priority,
    dueDay: draft.dueDay,
    createdOn: '2026-02-10',
    ...change,
  });
}

describe('a new reminder', () => {
  test('names customer, owner and main contact, is due on a working day and carries its key last', () => {
    const [draft] = created(plan([aScore({ tier: 'good', asOf: '2026-02-10' })]));

    expect(draft).toMatchObject({
      cvRef: 'cv-contact_gap-5725767000000410001-1',
      ownerId: OWNER,
      whoId: '5725767000000420002',
      dueDay: '2026-02-13',
      priority: 'Normal',
      remindAt: null,
    });
    expect(draft?.subject).toContain('Northwind Oy');
    expect(draft?.description.split('\n').at(-1)).toBe('ref: cv-contact_gap-5725767000000410001-1');
    expect(draft?.cvRef.length).toBeLessThanOrEqual(64);
  });

  test('of a top or gold customer is high and pops up at nine in the org on the due day', () => {
    const [top] = created(plan([aScore({ tier: 'top' })]));
    const [gold] = created(plan([aScore({ tier: 'good', gold: true })]));
    const [low] = created(plan([aScore({ tier: 'marginal' })]));

    expect(top).toMatchObject({
      priority: 'High',
      dueDay: '2026-02-11',
      remindAt: '2026-02-11T09:00:00+01:00',
    });
    expect(gold).toMatchObject({ priority: 'High', remindAt: '2026-02-13T09:00:00+01:00' });
    expect(low).toMatchObject({ priority: 'Low', remindAt: null });
  });

  test('the same need gives the same key, whatever the day', () => {
    const today = created(plan([aScore()]))[0]?.cvRef;
    const tomorrow = created(plan([aScore({ asOf: '2026-02-11' })], { asOf: '2026-02-11' }))[0]?.cvRef;

    expect(tomorrow).toBe(today);
  });

  test('of a contact without account is about the contact itself', () => {
    const key = { module: 'Contacts', id: id(7) } as const;

    expect(created(plan([aScore({ key, mainContactId: null })]))[0]).toMatchObject({
      customer: key,
      whoId: id(7),
    });
  });

  test('goes to the stand-in when the owner is inactive, and to nobody when there is none', () => {
    const gone = aScore({ ownerId: '999' });

    expect(created(plan([gone], { standInOwner: OTHER }))[0]?.ownerId).toBe(OTHER);
    expect(plan([gone])).toMatchObject({ changes: [], suppressed: [{ why: 'no_owner' }] });
    expect(plan([aScore({ ownerId: null })], { standInOwner: '998' }).suppressed).toMatchObject([
      { why: 'no_owner' },
    ]);
  });
});

describe('the cap per owner and day', () => {
  const seven = [1, 2, 3, 4, 5, 6, 7].map((n) => aScore({ id: id(n), profit: n * 1_000 }));

  test('lets the best five through and lists the rest; both add up', () => {
    const result = plan(seven);

    expect(created(result).map((draft) => draft.customer.id)).toEqual([7, 6, 5, 4, 3].map(id));
    expect(result.suppressed.map((task) => [task.customer.id, task.why])).toEqual([
      [id(2), 'cap'],
      [id(1), 'cap'],
    ]);
  });

  test('counts what the owner already got today, and each owner apart', () => {
    const others = [8, 9].map((n) => aScore({ id: id(n), ownerId: OTHER }));

    const result = plan([...seven, ...others], { createdToday: new Map([[OWNER, 4]]) });

    expect(
      created(result)
        .map((draft) => draft.customer.id)
        .sort(),
    ).toEqual([id(7), id(8), id(9)].sort());
    expect(result.suppressed).toHaveLength(6);
  });

  test('lets the next ones through the next day, and only those', () => {
    const first = created(plan(seven)).map((draft) => opened(draft));

    const next = plan(
      seven.map((score) => ({ ...score, asOf: '2026-02-11' })),
      { asOf: '2026-02-11', current: first },
    );

    expect(next.changes.map((change) => change.kind)).toEqual(['create', 'create']);
    expect(created(next).map((draft) => draft.customer.id)).toEqual([id(2), id(1)]);
    expect(next.suppressed).toEqual([]);
    expect(next.counts).toEqual(new Map());
  });

  test('prefers the longer gap among equal profits, and who was never spoken to above all', () => {
    const equal = [
      aScore({ id: id(1), contactGapDays: 70 }),
      aScore({ id: id(2), contactGapDays: 90 }),
      aScore({ id: id(3), contactGapDays: null }),
      aScore({ id: id(4), contactGapDays: 90 }),
    ];
    const one = { ...RULES, reminders: { ...RULES.reminders, perOwnerAndDay: 3 } };

    expect(created(plan(equal, { rules: one })).map((draft) => draft.customer.id)).toEqual([3, 2, 4].map(id));
  });
});

describe('an open reminder', () => {
  const draft = created(plan([aScore()]))[0];
  const open = draft ? opened(draft) : aReminder();

  test('is left alone as long as nothing about it changed', () => {
    expect(plan([aScore()], { current: [open] })).toEqual({
      changes: [],
      suppressed: [],
      counts: new Map(),
    });
    expect(
      plan([aScore({ contactGapDays: 72, asOf: '2026-02-11' })], { current: [open], asOf: '2026-02-11' })
        .changes,
    ).toEqual([]);
  });

  test('is changed when owner, priority or subject changed, and keeps its key and date', () => {
    const result = plan([aScore({ ownerId: OTHER })], { current: [open] });

    expect(result.changes).toMatchObject([
      {
        kind: 'update',
        cause: 'owner_changed',
        draft: { cvRef: open.cvRef, ownerId: OTHER, dueDay: open.dueDay },
      },
    ]);
    expect(plan([aScore({ tier: 'top' })], { current: [open] }).changes).toMatchObject([
      { kind: 'update', cause: 'priority_changed' },
    ]);
    expect(plan([aScore({ name: 'Southwind Oy' })], { current: [open] }).changes).toMatchObject([
      { kind: 'update', cause: 'subject_changed' },
    ]);
  });

  test('is closed when the need is gone, with the reason', () => {
    const cause = (change: Partial<Score>) =>
      plan([aScore({ contactDue: false, ...change })], { current: [open] }).changes;

    expect(cause({ lastContact: '2026-02-10' })).toMatchObject([{ kind: 'close', cause: 'contact_made' }]);
    expect(cause({ nextAppointment: '2026-02-20' })).toMatchObject([{ kind: 'close', cause: 'appointment' }]);
    expect(cause({ tier: 'none' })).toMatchObject([{ kind: 'close', cause: 'tier_changed' }]);
  });

  test('of a customer that was not looked at is not touched', () => {
    expect(plan([], { current: [open] }).changes).toEqual([]);
  });

  test('is the only one: an older double of it is closed', () => {
    const double = aReminder({ episode: 0, cvRef: 'cv-contact_gap-5725767000000410001-0' });

    expect(plan([aScore()], { current: [double, open] }).changes).toMatchObject([
      { kind: 'close', cause: 'duplicate', reminder: { episode: 0 } },
    ]);
  });
});

describe('after a reminder was closed', () => {
  const closed = (state: OpenReminder['state'], closedOn: string) =>
    aReminder({ episode: 3, state, closedOn });

  test('by a person, none follows within the cool-down and a new episode after it', () => {
    const suppressed = plan([aScore()], { current: [closed('closed_by_person', '2026-01-28')] });
    const later = plan([aScore()], { current: [closed('closed_by_person', '2026-01-27')] });

    expect(suppressed).toMatchObject({ changes: [], suppressed: [] });
    expect(suppressed.counts).toEqual(new Map([['contact_gap', { cool_down: 1 }]]));
    expect(created(later)[0]?.cvRef).toBe('cv-contact_gap-5725767000000410001-4');
  });

  test('by us, a new need may follow at once', () => {
    const result = plan([aScore()], { current: [closed('closed_by_us', '2026-02-09')] });

    expect(created(result)[0]?.cvRef).toBe('cv-contact_gap-5725767000000410001-4');
  });
});

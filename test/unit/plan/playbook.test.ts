import { describe, expect, test } from 'vitest';
import type { OpenReminder, TaskChange } from '../../../src/changes.ts';
import type { LeadScore } from '../../../src/leads.ts';
import { minor } from '../../../src/money.ts';
import { customerSubject, leadSubject, type ReminderSubject } from '../../../src/plan/reminder-subject.ts';
import type { Reason, Score } from '../../../src/scores.ts';
import { type AllInput, planReminders } from '../../support/plan-all.ts';
import { aLeadScore, aReminder, aScore, FORMAT, OWNER, RULES, SHIPPED_RULES } from './builders.ts';

/** The rules that are shipped: when each asks, when it falls silent, and what goes before what. */

const MANAGER = '5725767000000388007';
const TODAY = '2026-02-10';
function plan(subjects: readonly ReminderSubject[], change: Partial<AllInput> = {}) {
  return planReminders({
    subjects,
    gone: [],
    current: [],
    createdToday: new Map(),
    managers: new Map([[OWNER, MANAGER]]),
    byEmail: new Map(),
    activeOwners: new Set([OWNER, MANAGER]),
    standInOwner: null,
    asOf: TODAY,
    timeZone: 'Europe/Amsterdam',
    country: 'NL',
    rules: { ...RULES, playbook: SHIPPED_RULES },
    format: FORMAT,
    ...change,
  });
}
type Plan = ReturnType<typeof plan>;
const madeBy = ({ changes }: Plan): string[] =>
  changes.flatMap((change) => (change.kind === 'create' ? [change.draft.reason] : []));
const draftOf = ({ changes }: Plan) =>
  changes.flatMap((change) => (change.kind === 'create' ? [change.draft] : []))[0];

type Facts = NonNullable<Score['profile']['facts']>;
const FACTS: Facts = {
  ...{ whyUs: 'Close by', needs: null, referredBy: null, brought: [], lastReferral: null },
  ...{ thanked: { on: '2026-01-15', how: null }, reasonLeft: null, lossReason: null },
  ...{ openCases: 0, reviewedOn: null },
};
/** One of whom nothing is asked. */
function quiet(change: Parameters<typeof aScore>[0] = {}, facts: Partial<Facts> = {}): Score {
  const profile = { percent: 50, ask: null, facts: { ...FACTS, ...facts } };
  return aScore({ contactDue: false, source: 'Partner', profile, ...change });
}
const because = (code: string, params: Reason['params'] = {}): Reason => ({ code, params });
const LOST = { phase: 'lost', subPhase: 'win_back', tier: 'none', phaseSince: '2025-11-05' } as const;

const CASES: readonly [rule: string, fires: Score, silent: Score][] = [
  ['contact_gap', quiet({ contactDue: true }), quiet()],
  ['case_of_top', quiet({ tier: 'top' }, { openCases: 1 }), quiet({ tier: 'good' }, { openCases: 1 })],
  ['leaving_case', quiet({ phase: 'leaving' }, { openCases: 1 }), quiet({}, { openCases: 1 })],
  [
    'leaving_ask',
    quiet({ phase: 'leaving', phaseSince: '2026-02-01' }),
    quiet({ phase: 'leaving', phaseSince: '2026-02-01', lastContact: '2026-02-03' }),
  ],
  ['renewal', quiet({ reasons: [because('signal.contract_ends', { end: '2026-03-20' })] }), quiet()],
  ['win_back', quiet(LOST), quiet({ ...LOST, subPhase: null })],
  [
    'sign_of_return',
    quiet({ ...LOST, reasons: [because('phase.lost.sign_of_touch', { on: '2026-02-08' })] }),
    quiet({
      ...{ ...LOST, lastContact: '2026-02-09', lastContactDirection: 'out' },
      reasons: [because('phase.lost.sign_of_touch', { on: '2026-02-08' })],
    }),
  ],
  [
    'welcome',
    quiet({ phase: 'new', subPhase: 'first_order', firstPurchase: '2026-02-06', lastPurchase: '2026-02-06' }),
    quiet({ phase: 'new', subPhase: 'first_order', firstPurchase: '2026-01-06', lastPurchase: '2026-01-06' }),
  ],
  [
    'welcome_back',
    quiet({ phase: 'new', subPhase: 'won_back', lastPurchase: '2026-02-06' }),
    quiet({ phase: 'new', subPhase: 'won_back', lastPurchase: '2026-02-06', lastContact: '2026-02-07' }),
  ],
  [
    'price_talk',
    quiet({ tier: 'loss_making', profit: -5_000 }),
    quiet({ tier: 'loss_making', phase: 'lost' }),
  ],
  [
    'unresponsive',
    quiet({ contactDue: true, unansweredTouches: 4, reasons: [because('contact.slowed')] }),
    quiet({ unansweredTouches: 4, reasons: [because('contact.slowed')] }),
  ],
  [
    'referral_thanks',
    quiet({}, { brought: [{ module: 'Accounts', id: '7' }], lastReferral: '2026-02-01' }),
    quiet({}, { brought: [{ module: 'Accounts', id: '7' }], lastReferral: '2026-01-10' }),
  ],
  [
    'anniversary',
    quiet({ gold: true, firstPurchase: '2024-02-07', relationshipMonths: 24 }),
    quiet({ gold: true, firstPurchase: '2024-02-07', relationshipMonths: 24, isLeftTruncated: true }),
  ],
  [
    'gold_thanks',
    quiet({ gold: true, phase: 'loyal' }, { thanked: null }),
    quiet({ gold: true, phase: 'loyal' }),
  ],
  ['profile_review', quiet({ reasons: [because('profile.ask.review')] }), quiet()],
  ['ask_why_us', quiet({}, { whyUs: null }), quiet()],
  ['ask_source', quiet({ source: null }), quiet({ source: null, lastContact: null })],
];

describe('of a customer', () => {
  test.each(CASES)('%s asks for one task while its reason holds', (rule, fires) => {
    const result = plan([customerSubject(fires, true)]);

    expect(madeBy(result)).toEqual([rule]);
    expect(draftOf(result)?.subject).not.toMatch(/[{}[\]|]/);
    expect(draftOf(result)?.subject).toContain('Northwind Oy');
  });

  test.each(CASES)(
    '%s asks for nothing else, and closes its task when the reason is gone',
    (rule, fires, silent) => {
      const first = plan([customerSubject(fires, true)]);
      const after = plan([customerSubject(silent, true)], { current: opened(first.changes) });

      expect(madeBy(plan([customerSubject(silent, true)]))).not.toContain(rule);
      expect(after.changes).toMatchObject([{ kind: 'close', reminder: { reason: rule } }]);
    },
  );

  test('every rule that is shipped stands in one of these tables', () => {
    const shown = [...CASES.map(([rule]) => rule), 'lead_follow_up', 'lead_unresponsive'];

    expect(SHIPPED_RULES.map(({ id }) => id).sort()).toEqual(shown.sort());
  });

  test('nobody is asked why they chose us where the org has no field for the answer', () => {
    expect(madeBy(plan([customerSubject(quiet({}, { whyUs: null }), false)]))).toEqual([]);
  });
});

/** What the store holds once the plan was applied. */
function opened(changes: readonly TaskChange[], change: Partial<OpenReminder> = {}): OpenReminder[] {
  return changes.flatMap((one) => {
    if (one.kind !== 'create') return [];
    const { cvRef, customer, reason, ownerId, dueDay, subject, priority, stable } = one.draft;
    const state = { cvRef, customer, reason, ownerId, dueDay, subject, priority, stable, body: '' };
    return [aReminder({ ...state, createdOn: TODAY, ...change })];
  });
}

describe('of one topic', () => {
  const leaving = quiet({ phase: 'leaving', phaseSince: '2026-01-05', contactDue: true });

  test('the first rule of the file has the task, and the others are listed with it', () => {
    const result = plan([customerSubject(leaving)]);

    expect(madeBy(result)).toEqual(['leaving_ask']);
    expect(result.suppressed).toMatchObject([
      { reason: 'contact_gap', why: 'covered_by', by: 'leaving_ask' },
    ]);
  });

  test('an open task gives way when the better one is made, and not before', () => {
    const gap = opened(plan([customerSubject(quiet({ contactDue: true }))]).changes);
    const full = new Map([[OWNER, 5]]);

    const waiting = plan([customerSubject(leaving)], { current: gap, createdToday: full });
    expect(waiting.changes).toMatchObject([{ kind: 'update', reminder: { reason: 'contact_gap' } }]);
    expect(plan([customerSubject(leaving)], { current: gap }).changes).toMatchObject([
      { kind: 'close', cause: 'covered', reminder: { reason: 'contact_gap' } },
      { kind: 'create', draft: { reason: 'leaving_ask' } },
    ]);
  });

  test('solving the case goes before asking what is wrong', () => {
    const score = quiet({ phase: 'leaving' }, { openCases: 2 });

    expect(madeBy(plan([customerSubject(score)]))).toEqual(['leaving_case']);
  });
});

test('a step of a win-back is asked for once, whoever closed its task, and the next comes at its day', () => {
  const first = plan([customerSubject(quiet(LOST))]);
  const closed = opened(first.changes, { state: 'closed_by_us', closedOn: TODAY });
  const at = (asOf: string) => plan([customerSubject(quiet({ ...LOST, asOf }))], { current: closed, asOf });

  expect(madeBy(first)).toEqual(['win_back']);
  expect(madeBy(at('2026-04-20'))).toEqual([]);
  expect(madeBy(at('2026-05-05'))).toEqual(['win_back']);
});

describe('the life of a task', () => {
  const top = quiet({ tier: 'top' }, { openCases: 1 });
  const current = opened(plan([customerSubject(top)]).changes);

  test('changes with its facts, and a day without any changes nothing', () => {
    const same = plan([customerSubject({ ...top, asOf: '2026-02-11' })], { current, asOf: '2026-02-11' });
    const moved = { ...top, phase: 'loyal' as const, phaseSince: '2026-02-11' };

    expect(same.changes).toEqual([]);
    expect(plan([customerSubject(moved)], { current }).changes).toMatchObject([
      { kind: 'update', cause: 'text_changed', draft: { dueDay: current[0]?.dueDay } },
    ]);
  });

  test('amounts that drift leave it alone', () => {
    const drifted = { ...top, window12: { ...top.window12, profit: minor(123_456) } };

    expect(plan([customerSubject(drifted)], { current }).changes).toEqual([]);
  });

  test('two working days after its due day it goes to the manager, once, and says since when it is overdue', () => {
    const late = plan([customerSubject(top)], { current, asOf: '2026-02-13' });
    const [change] = late.changes;

    expect(plan([customerSubject(top)], { current, asOf: '2026-02-12' }).changes).toEqual([]);
    expect(change).toMatchObject({ kind: 'update', cause: 'escalated' });
    if (change?.kind !== 'update') throw new Error('no update');
    const { ownerId, priority, stable, escalatedOn, description } = change.draft;
    expect({ ownerId, priority, escalatedOn }).toEqual({
      ownerId: MANAGER,
      priority: 'High',
      escalatedOn: '2026-02-13',
    });
    expect(description).toMatch(/^Overdue since 10 Feb 2026/);
    const after = current.map((one) => ({ ...one, ownerId, priority, stable, escalatedOn }));
    expect(plan([customerSubject(top)], { current: after, asOf: '2026-02-20' }).changes).toEqual([]);
  });

  test('a rule that was switched off, and a record that is gone, close it with the reason', () => {
    const off = SHIPPED_RULES.map((rule) => ({ ...rule, enabled: false }));

    expect(
      plan([customerSubject(top)], { current, rules: { ...RULES, playbook: off } }).changes,
    ).toMatchObject([{ kind: 'close', cause: 'rule_off' }]);
    expect(plan([customerSubject(top)], { current, rules: RULES }).changes).toMatchObject([
      { kind: 'close', cause: 'rule_off' },
    ]);
    expect(plan([], { gone: current }).changes).toMatchObject([{ kind: 'close', cause: 'record_gone' }]);
  });
});

test('what can wait comes after all else, whoever it is of', () => {
  const gold = quiet({ id: '5725767000000410002', gold: true, profit: 900_000, source: null });
  const result = plan([customerSubject(gold), customerSubject(quiet({ contactDue: true }))], {
    createdToday: new Map([[OWNER, 4]]),
  });

  expect(madeBy(result)).toEqual(['contact_gap']);
  expect(result.suppressed).toMatchObject([{ reason: 'ask_source', why: 'cap' }]);
});

test('of what can wait, twenty of an owner are listed, best first, and all are counted', () => {
  const idOf = (n: number) => `57257670000004100${String(n).padStart(2, '0')}`;
  const many = Array.from({ length: 40 }, (_, n) =>
    customerSubject(quiet({ id: idOf(n), source: null, profit: 1_000 * (100 - n) })),
  );

  const result = plan(many);

  const { perOwnerAndDay } = RULES.reminders;
  expect(madeBy(result)).toHaveLength(perOwnerAndDay);
  expect(result.suppressed.map(({ customer }) => customer.id)).toEqual(
    Array.from({ length: 20 }, (_, n) => idOf(n + perOwnerAndDay)),
  );
  expect(result.counts).toEqual(new Map([['ask_source', { cap: 40 - perOwnerAndDay }]]));
});

test('a record has two open tasks at most', () => {
  const busy = quiet(
    { tier: 'top', gold: true, reasons: [because('signal.contract_ends', { end: '2026-03-20' })] },
    { openCases: 1, brought: [{ module: 'Accounts', id: '7' }], lastReferral: '2026-02-01' },
  );
  const result = plan([customerSubject(busy)]);

  expect(madeBy(result)).toEqual(['case_of_top', 'renewal']);
  expect(result.suppressed).toMatchObject([{ reason: 'referral_thanks', why: 'per_record' }]);
});

describe('of a lead', () => {
  const due: LeadScore = aLeadScore({ ownerId: OWNER, followUp: 'due', followUpBy: TODAY });

  test('a follow-up is asked for until it was made, the lead closed or gone', () => {
    const first = plan([leadSubject(due)]);
    const current = opened(first.changes);
    const closed: LeadScore = { ...due, state: 'closed', followUp: null, followUpBy: null };

    expect(draftOf(first)).toMatchObject({
      customer: due.key,
      reason: 'lead_follow_up',
      dueDay: TODAY,
      whoId: null,
    });
    expect(plan([leadSubject(due)], { current }).changes).toEqual([]);
    expect(plan([leadSubject({ ...due, followUp: 'on_time' })], { current }).changes).toMatchObject([
      { kind: 'close' },
    ]);
    expect(plan([leadSubject(closed)], { current }).changes).toMatchObject([{ kind: 'close' }]);
  });

  test('one that answers nothing is tried in another way, at its slower rhythm', () => {
    const slowed = { ...due, unansweredTouches: 4, reasons: [because('lead.rhythm.slowed')] };

    expect(madeBy(plan([leadSubject(slowed)]))).toEqual(['lead_unresponsive']);
  });
});

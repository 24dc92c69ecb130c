import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenReminder } from '../../src/changes.ts';
import { addDays, daysBetween } from '../../src/days.ts';
import { customerSubject, type ReminderSubject } from '../../src/plan/reminder-subject.ts';
import { planReminders, type ReminderPlan } from '../../src/plan/reminders.ts';
import { ruleHolds } from '../../src/plan/rule-holds.ts';
import type { Score } from '../../src/scores.ts';
import { aReminder, aScore, FORMAT, RULES, SHIPPED_RULES, shippedRule } from '../unit/plan/builders.ts';

/** All shipped rules at once, over customers of every kind, day after day, with people who close tasks as they like. */

const OWNERS = ['5725767000000388001', '5725767000000388002'] as const;
const START = '2026-02-10';
const CAP = 3;
const day = fc.integer({ min: -800, max: 0 }).map((days) => addDays(START, days));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const reasons = fc.subarray([
  { code: 'signal.contract_ends', params: { end: '2026-04-01' } },
  { code: 'contact.slowed', params: {} },
  { code: 'phase.lost.sign_of_case', params: { on: '2026-02-01' } },
  { code: 'profile.ask.review', params: {} },
]);
const customer = fc.record({
  ownerId: fc.constantFrom(...OWNERS, null),
  tier: fc.constantFrom('top', 'good', 'marginal', 'loss_making', 'none'),
  gold: fc.boolean(),
  phase: fc.constantFrom('prospect', 'new', 'established', 'loyal', 'leaving', 'lost'),
  subPhase: fc.constantFrom(null, 'first_order', 'won_back', 'win_back', 'win_back_running'),
  phaseSince: day,
  firstPurchase: day,
  lastPurchase: day,
  relationshipMonths: fc.integer({ min: 0, max: 26 }),
  lastContact: maybe(day),
  contactDue: fc.boolean(),
  nextAppointment: fc.constantFrom(null, '2026-02-20'),
  source: fc.constantFrom(null, 'Partner'),
  profit: fc.integer({ min: -5_000, max: 5_000 }),
  openCases: fc.integer({ min: 0, max: 2 }),
  thankedOn: maybe(day),
  lastReferral: maybe(day),
  whyUs: fc.constantFrom(null, 'Close by'),
  reasons,
} as const);
const customers: fc.Arbitrary<Score[]> = fc.array(customer, { maxLength: 25 }).map((rows) =>
  rows.map(({ openCases, thankedOn, lastReferral, whyUs, ...row }, index) =>
    aScore({
      ...row,
      id: `57257670000004${String(index).padStart(5, '0')}`,
      name: `Firm ${index}`,
      profile: {
        percent: 50,
        ask: null,
        facts: {
          ...{
            whyUs,
            needs: null,
            referredBy: null,
            reasonLeft: null,
            lossReason: null,
            openCases,
            lastReferral,
          },
          brought: lastReferral === null ? [] : [{ module: 'Accounts', id: '7' }],
          thanked: thankedOn === null ? null : { on: thankedOn, how: null },
          reviewedOn: null,
        },
      },
    }),
  ),
);

const subjectsOn = (scores: readonly Score[], asOf: string): ReminderSubject[] =>
  scores.map((score) => customerSubject({ ...score, asOf }, true));
function plan(scores: readonly Score[], current: readonly OpenReminder[], asOf: string): ReminderPlan {
  const created = Map.groupBy(
    current.filter((reminder) => reminder.createdOn === asOf),
    (reminder) => reminder.ownerId ?? '',
  );
  return planReminders({
    subjects: subjectsOn(scores, asOf),
    gone: [],
    current,
    createdToday: new Map([...created].map(([owner, reminders]) => [owner, reminders.length])),
    managers: new Map([[OWNERS[0], OWNERS[1]]]),
    byEmail: new Map(),
    activeOwners: new Set(OWNERS),
    standInOwner: OWNERS[1],
    asOf,
    timeZone: 'Europe/Amsterdam',
    country: 'NL',
    rules: { ...RULES, playbook: SHIPPED_RULES, reminders: { ...RULES.reminders, perOwnerAndDay: CAP } },
    format: FORMAT,
  });
}

/** What the store holds once the plan was applied. */
function applied(current: readonly OpenReminder[], { changes }: ReminderPlan, asOf: string): OpenReminder[] {
  const byRef = new Map(current.map((reminder) => [reminder.cvRef, reminder]));
  for (const change of changes) {
    if (change.kind === 'close') {
      byRef.set(change.reminder.cvRef, { ...change.reminder, state: 'closed_by_us', closedOn: asOf });
      continue;
    }
    const { cvRef, customer: record, reason, subject, priority, ownerId, stable, escalatedOn } = change.draft;
    const parts = { subject, priority, ownerId, stable, escalatedOn, body: '' };
    if (change.kind === 'update') byRef.set(cvRef, { ...change.reminder, ...parts });
    else {
      expect(byRef.has(cvRef), `${cvRef} is new`).toBe(false);
      const { dueDay } = change.draft;
      const episode = Number(cvRef.split('-').at(-1));
      byRef.set(
        cvRef,
        aReminder({ cvRef, customer: record, reason, episode, dueDay, createdOn: asOf, ...parts }),
      );
    }
  }
  return [...byRef.values()];
}

const openOf = (current: readonly OpenReminder[]) => current.filter(({ state }) => state === 'open');
const counts = (keys: readonly string[]): number[] =>
  [...Map.groupBy(keys, (key) => key).values()].map((group) => group.length);

/** Every few days the scores change, and people close what the numbers name. */
const story = fc.record({
  versions: fc.array(customers, { minLength: 1, maxLength: 4 }),
  closed: fc.array(fc.nat({ max: 9 }), { minLength: 12, maxLength: 12 }),
});

test('over weeks: one task a reason and topic, never above the caps, and peace after a person closed one', () => {
  fc.assert(
    fc.property(story, ({ versions, closed }) => {
      let current: OpenReminder[] = [];
      for (const [step, nth] of closed.entries()) {
        const asOf = addDays(START, step * 3);
        const scores = versions[Math.floor((step * versions.length) / closed.length)] ?? [];
        const before = current;
        const result = plan(scores, current, asOf);
        current = applied(current, result, asOf);

        const open = openOf(current);
        const keyOf = ({ reason, customer: record }: OpenReminder) => `${reason} ${record.id}`;
        const topicOf = ({ reason, customer: record }: OpenReminder) =>
          `${shippedRule(reason).topic ?? reason} ${record.id}`;
        const seen = open.filter(({ customer: record }) => scores.some(({ key }) => key.id === record.id));
        expect(Math.max(0, ...counts(seen.map(keyOf)))).toBeLessThanOrEqual(1);
        expect(Math.max(0, ...counts(seen.map(topicOf)))).toBeLessThanOrEqual(1);
        expect(Math.max(0, ...counts(seen.map(({ customer: record }) => record.id)))).toBeLessThanOrEqual(
          RULES.reminders.perRecord,
        );
        const made = current.filter(({ createdOn }) => createdOn === asOf);
        for (const change of result.changes) {
          if (change.kind !== 'create') continue;
          const { reason, customer: record } = change.draft;
          const last = before.filter((one) => one.reason === reason && one.customer.id === record.id).at(-1);
          if (last?.state !== 'closed_by_person' || last.closedOn === null) continue;
          const coolDown = shippedRule(reason).coolDown ?? RULES.reminders.coolDownDays;
          expect(daysBetween(last.closedOn, asOf)).toBeGreaterThanOrEqual(coolDown);
        }
        const owners = result.changes.flatMap((change) =>
          change.kind === 'create' ? [change.draft.ownerId ?? ''] : [],
        );
        expect(Math.max(0, ...counts(owners))).toBeLessThanOrEqual(CAP);
        expect(made.length).toBe(owners.length);
        expect(plan(scores, current, asOf).changes).toEqual([]);
        current = current.map((one, index) =>
          one.state === 'open' && index % 10 === nth
            ? { ...one, state: 'closed_by_person', closedOn: asOf }
            : one,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('a task whose need is gone is closed, and none is closed whose need is there and asks alone', () => {
  fc.assert(
    fc.property(customers, customers, (first, second) => {
      const current = applied([], plan(first, [], START), START);
      const later = second.slice(0, first.length);
      const result = plan(later, current, START);
      const after = openOf(applied(current, result, START));

      for (const subject of subjectsOn(later, START)) {
        for (const { reason } of after.filter(({ customer: record }) => record.id === subject.key.id)) {
          const rule = shippedRule(reason);
          const isNeeded =
            ruleHolds(rule.openWhile ?? rule.when, subject.about) || ruleHolds(rule.when, subject.about);
          expect(isNeeded, reason).toBe(true);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('the order of customers does not matter', () => {
  fc.assert(
    fc.property(
      customers.chain((scores) =>
        fc.tuple(fc.constant(scores), fc.shuffledSubarray(scores, { minLength: scores.length })),
      ),
      ([scores, shuffled]) => {
        expect(plan(shuffled, [], START)).toEqual(plan(scores, [], START));
      },
    ),
    { numRuns: 100 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenReminder, SuppressedTask } from '../../src/changes.ts';
import { addDays, daysBetween } from '../../src/days.ts';
import { customerSubject, type ReminderSubject } from '../../src/plan/reminder-subject.ts';
import { ruleHolds } from '../../src/plan/rule-holds.ts';
import type { Score } from '../../src/scores.ts';
import { type AllInput, type AllPlanned, planReminders } from '../support/plan-all.ts';
import { planSimply } from '../support/plan-simply.ts';
import {
  aReminder,
  aScore,
  FORMAT,
  isCounted,
  RULES,
  SHIPPED_RULES,
  shippedRule,
} from '../unit/plan/builders.ts';

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
function inputOf(scores: readonly Score[], current: readonly OpenReminder[], asOf: string): AllInput {
  const created = Map.groupBy(
    current.filter((reminder) => isCounted(reminder, asOf)),
    (reminder) => reminder.ownerId ?? '',
  );
  const ids = new Set(scores.map(({ key }) => key.id));
  return {
    subjects: subjectsOn(scores, asOf),
    gone: openOf(current).filter(({ customer: record }) => !ids.has(record.id)),
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
  };
}
/** `gone` apart: records that a version leaves out come back in the next. */
const plan = (...world: Parameters<typeof inputOf>): AllPlanned =>
  planReminders({ ...inputOf(...world), gone: [] });

/** What the store holds once the plan was applied. */
function applied(
  current: readonly OpenReminder[],
  { changes }: Pick<AllPlanned, 'changes'>,
  asOf: string,
): OpenReminder[] {
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

test('several plans a day: what one takes back makes room in the same plan, and applying it leaves nothing to plan', () => {
  fc.assert(
    fc.property(fc.array(customers, { minLength: 2, maxLength: 5 }), (versions) => {
      let current: OpenReminder[] = [];
      for (const scores of versions) {
        const { changes } = plan(scores, current, START);
        current = applied(current, { changes }, START);

        expect(plan(scores, current, START).changes).toEqual([]);
        // A record that got another owner brings its task along, whatever that owner has.
        const got = new Set(changes.flatMap((one) => (one.kind === 'create' ? [one.draft.ownerId] : [])));
        const places = current.filter((one) => isCounted(one, START) && got.has(one.ownerId));
        expect(Math.max(0, ...counts(places.map(({ ownerId }) => ownerId ?? '')))).toBeLessThanOrEqual(CAP);
      }
    }),
    { numRuns: 200 },
  );
});

/** Any rules in any order, any of them for the background, and any numbers of tasks. */
const rulesOfAWorld = fc.record({
  playbook: fc.shuffledSubarray([...SHIPPED_RULES], { minLength: 4 }),
  background: fc.array(fc.boolean(), { minLength: SHIPPED_RULES.length, maxLength: SHIPPED_RULES.length }),
  perOwnerAndDay: fc.integer({ min: 0, max: 6 }),
  perRecord: fc.integer({ min: 1, max: 3 }),
});

test('what is kept of records that passed by comes to the same plan as all of them at hand', () => {
  fc.assert(
    fc.property(story, rulesOfAWorld, ({ versions, closed }, { playbook, background, ...numbers }) => {
      const rules = {
        ...RULES,
        playbook: playbook.map((rule, at) => ({ ...rule, background: background[at] ?? false })),
        reminders: { ...RULES.reminders, ...numbers },
      };
      let current: OpenReminder[] = [];
      for (const [step, nth] of closed.slice(0, 6).entries()) {
        // Two plans a day: the second may take back what the first made.
        const asOf = addDays(START, Math.floor(step / 2) * 3);
        const input = { ...inputOf(versions[step % versions.length] ?? [], current, asOf), rules };
        const result = planReminders(input);
        const simple = planSimply(input);

        expect(result.changes).toEqual(simple.changes);
        const why = ({ reason, why: cause }: SuppressedTask) => `${reason} ${cause}`;
        const counted = [...result.counts].flatMap(([reason, ofRule]) =>
          Object.entries(ofRule).map(([cause, count]) => [`${reason} ${cause}`, count] as const),
        );
        const all = [...Map.groupBy(simple.suppressed, why)].map(([key, tasks]) => [key, tasks.length]);
        expect(counted.sort()).toEqual(all.sort());
        const isBackground = new Set(rules.playbook.flatMap((rule) => (rule.background ? rule.id : [])));
        const isNews = ({ reason, why: cause }: SuppressedTask) =>
          cause !== 'cool_down' && !isBackground.has(reason);
        expect(result.suppressed.filter(isNews)).toEqual(simple.suppressed.filter(isNews));
        current = applied(current, simple, asOf).map((one, index) =>
          one.state === 'open' && index % 10 === nth
            ? { ...one, state: 'closed_by_person', closedOn: asOf }
            : one,
        );
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

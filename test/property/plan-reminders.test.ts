import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenReminder } from '../../src/changes.ts';
import { addDays, weekday } from '../../src/days.ts';
import { customerSubject } from '../../src/plan/reminder-subject.ts';
import type { Score } from '../../src/scores.ts';
import { type AllPlanned, planReminders } from '../support/plan-all.ts';
import { aReminder, aScore, FORMAT, isCounted, RULES } from '../unit/plan/builders.ts';

const OWNERS = ['5725767000000388001', '5725767000000388002', '5725767000000388003'] as const;
const GONE = '5725767000000388009';
const START = '2026-02-10';

const customers: fc.Arbitrary<Score[]> = fc
  .array(
    fc.record({
      ownerId: fc.constantFrom(...OWNERS, GONE, null),
      tier: fc.constantFrom('top', 'good', 'marginal', 'loss_making'),
      profit: fc.integer({ min: -5_000, max: 5_000 }),
      contactGapDays: fc.option(fc.integer({ min: 1, max: 500 }), { nil: null }),
      contactDue: fc.boolean(),
    } as const),
    { maxLength: 60 },
  )
  .map((rows) =>
    rows.map((row, index) => {
      const id = `57257670000004${String(index).padStart(5, '0')}`;
      return aScore({ id, name: `Firm ${index}`, ...row });
    }),
  );

function plan(
  scores: readonly Score[],
  current: readonly OpenReminder[],
  day: string,
  cap: number,
): AllPlanned {
  const created = Map.groupBy(
    current.filter((reminder) => isCounted(reminder, day)),
    (reminder) => reminder.ownerId ?? '',
  );
  return planReminders({
    subjects: scores.map((score) => customerSubject(score)),
    gone: [],
    current,
    createdToday: new Map([...created].map(([owner, reminders]) => [owner, reminders.length])),
    managers: new Map(),
    byEmail: new Map(),
    activeOwners: new Set(OWNERS),
    standInOwner: null,
    asOf: day,
    timeZone: 'Europe/Amsterdam',
    country: 'NL',
    rules: { ...RULES, reminders: { ...RULES.reminders, perOwnerAndDay: cap } },
    format: FORMAT,
  });
}

/** What the store holds once the plan was applied. */
function applied(current: readonly OpenReminder[], { changes }: AllPlanned, day: string): OpenReminder[] {
  const byRef = new Map(current.map((reminder) => [reminder.cvRef, reminder]));
  for (const change of changes) {
    if (change.kind === 'create') {
      const { cvRef, customer, subject, priority, ownerId, dueDay } = change.draft;
      const episode = Number(cvRef.split('-').at(-1));
      byRef.set(
        cvRef,
        aReminder({ cvRef, customer, subject, priority, ownerId, dueDay, episode, createdOn: day }),
      );
    }
    if (change.kind === 'update') {
      const { subject, priority, ownerId } = change.draft;
      byRef.set(change.reminder.cvRef, { ...change.reminder, subject, priority, ownerId });
    }
    if (change.kind === 'close') {
      byRef.set(change.reminder.cvRef, { ...change.reminder, state: 'closed_by_us', closedOn: day });
    }
  }
  return [...byRef.values()];
}

test('everybody who is due has one open task or is listed; applying twice changes nothing', () => {
  fc.assert(
    fc.property(customers, fc.integer({ min: 0, max: 6 }), (scores, cap) => {
      const first = plan(scores, [], START, cap);
      const current = applied([], first, START);
      const again = plan(scores, current, START, cap);

      const due = scores.filter((score) => score.contactDue).map((score) => score.key.id);
      const open = current.map((reminder) => reminder.customer.id);
      const listed = first.suppressed.map((task) => task.customer.id);
      expect([...open, ...listed].sort()).toEqual(due.sort());
      expect(again.changes).toEqual([]);
      for (const owner of OWNERS) {
        expect(current.filter((reminder) => reminder.ownerId === owner).length).toBeLessThanOrEqual(cap);
      }
    }),
    { numRuns: 200 },
  );
});

test('day by day the cap lets the rest through, best first, on working days only', () => {
  fc.assert(
    fc.property(customers, fc.integer({ min: 1, max: 6 }), (scores, cap) => {
      let current: OpenReminder[] = [];
      const days = Math.ceil(scores.length / cap) + 1;
      for (let index = 0; index < days; index++) {
        const day = addDays(START, index);
        current = applied(current, plan(scores, current, day, cap), day);
      }

      const reachable = scores.filter(
        (score) => score.contactDue && OWNERS.some((id) => id === score.ownerId),
      );
      expect(current.map((reminder) => reminder.customer.id).sort()).toEqual(
        reachable.map((score) => score.key.id).sort(),
      );
      expect(current.filter((reminder) => [0, 6].includes(weekday(reminder.dueDay)))).toEqual([]);
      const profit = new Map(scores.map((score) => [score.key.id, score.window12.profit]));
      for (const owner of OWNERS) {
        const mine = current.filter((reminder) => reminder.ownerId === owner);
        const byDay = mine.toSorted((left, right) => left.createdOn.localeCompare(right.createdOn));
        const profits = byDay.map((reminder) => ({
          day: reminder.createdOn,
          profit: profit.get(reminder.customer.id) ?? 0,
        }));
        const isBestFirst = profits.every((early) =>
          profits.every((late) => late.day <= early.day || late.profit <= early.profit),
        );
        expect(isBestFirst).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test('the order of customers does not matter', () => {
  fc.assert(
    fc.property(
      customers.chain((scores) =>
        fc.tuple(
          fc.constant(scores),
          fc.shuffledSubarray(scores, { minLength: scores.length, maxLength: scores.length }),
        ),
      ),
      fc.integer({ min: 0, max: 6 }),
      ([scores, shuffled], cap) => {
        expect(plan(shuffled, [], START, cap)).toEqual(plan(scores, [], START, cap));
      },
    ),
    { numRuns: 100 },
  );
});

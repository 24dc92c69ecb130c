import type { ReminderKey, SuppressedTask, TaskChange } from '../../src/changes.ts';
import type { RecordId } from '../../src/domain.ts';
import { type Drafting, draftsFor } from '../../src/plan/reminder-draft.ts';
import { type Kept, needsOf, type Wanted } from '../../src/plan/reminder-needs.ts';
import type { ReminderSubject } from '../../src/plan/reminder-subject.ts';
import type { AllInput } from './plan-all.ts';

/**
 * The plan of reminders in its simplest form: every record in memory, all needs in one list, every word drafted at once.
 * The product's planner keeps little and must come to the same.
 */

interface SimplePlan {
  readonly changes: TaskChange[];
  /** All of them. */
  readonly suppressed: SuppressedTask[];
}

export function planSimply(input: AllInput): SimplePlan {
  const drafting = draftsFor(input);
  const history = Map.groupBy(input.current, (reminder) => mapKey(reminder.customer));
  const suppressed: SuppressedTask[] = [];
  const wanted: Wanted[] = [];
  const kept: Kept[] = [];
  const changes: TaskChange[] = input.gone.map((reminder) => ({
    kind: 'close',
    reminder,
    cause: 'record_gone',
  }));
  for (const subject of [...input.subjects].sort(bestSubject)) {
    const needs = needsOf(subject, history.get(mapKey(subject.key)) ?? [], input);
    changes.push(...needs.closed);
    wanted.push(...needs.wanted);
    kept.push(...needs.kept);
    suppressed.push(...needs.suppressed.map((one) => ({ ...named(subject), ...one })));
  }
  const made = chosen(wanted, kept, { input, drafting, suppressed });
  const replaced = new Set(made.flatMap(({ replaces }) => replaces));
  for (const one of kept) if (!replaced.has(one.reminder)) changes.push(...updateOf(one, drafting));
  for (const reminder of replaced) changes.push({ kind: 'close', reminder, cause: 'covered' });
  for (const { rule, subject, episode, ownerId } of made) {
    changes.push({ kind: 'create', draft: drafting.fresh(rule, subject, episode, ownerId) });
  }
  return { changes, suppressed };
}

const mapKey = (key: ReminderKey): string => `${key.module}.${key.id}`;
const named = ({ key, name, ownerId }: ReminderSubject) => ({ customer: key, name, ownerId });

/** Gold first, then who brings most, then the longest silence, then the older record. */
function bestSubject(left: ReminderSubject, right: ReminderSubject): number {
  return (
    Number(right.gold) - Number(left.gold) ||
    right.worth - left.worth ||
    right.silentDays - left.silentDays ||
    left.key.id.length - right.key.id.length ||
    (left.key.id < right.key.id ? -1 : left.key.id > right.key.id ? 1 : 0)
  );
}

interface Choice {
  readonly input: AllInput;
  readonly drafting: Drafting;
  readonly suppressed: SuppressedTask[];
}

/** The best record first, and of one record what comes first in the playbook; what can wait comes after all that. */
function chosen(wanted: readonly Wanted[], kept: readonly Kept[], { input, drafting, suppressed }: Choice) {
  const { perOwnerAndDay, perRecord } = input.rules.reminders;
  const made = new Map(input.createdToday);
  const open = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string, by = 1) =>
    counts.set(key, (counts.get(key) ?? 0) + by);
  for (const { subject } of kept) add(open, mapKey(subject.key));
  // `wanted` comes in the order of records, and sorting is stable.
  const sorted = [...wanted].sort(
    (left, right) => Number(left.rule.background) - Number(right.rule.background),
  );
  return sorted.flatMap((one): (Wanted & { ownerId: RecordId })[] => {
    const { rule, subject, replaces } = one;
    const key = mapKey(subject.key);
    const ownerId = drafting.ownerOf(rule, subject);
    const suppress = (why: SuppressedTask['why']) => {
      suppressed.push({ ...named(subject), ownerId, reason: rule.id, why });
      return [];
    };
    if (ownerId === null) return suppress('no_owner');
    if ((open.get(key) ?? 0) - replaces.length >= perRecord) return suppress('per_record');
    if ((made.get(ownerId) ?? 0) >= perOwnerAndDay) return suppress('cap');
    add(made, ownerId);
    add(open, key, 1 - replaces.length);
    return [{ ...one, ownerId }];
  });
}

const isKnown = (text: string | null | undefined): text is string => text !== null && text !== undefined;

function updateOf({ rule, subject, reminder }: Kept, drafting: Drafting): TaskChange[] {
  const draft = drafting.again(rule, subject, reminder);
  const [cause] = [
    draft.escalatedOn !== (reminder.escalatedOn ?? null) && 'escalated',
    draft.subject !== reminder.subject && 'subject_changed',
    draft.ownerId !== reminder.ownerId && 'owner_changed',
    draft.priority !== reminder.priority && 'priority_changed',
    // Not known of a task that another database made: its words stay.
    isKnown(reminder.stable) && draft.stable !== reminder.stable && 'text_changed',
  ].filter((one) => one !== false);
  return cause ? [{ kind: 'update', reminder, draft, cause }] : [];
}

import type { OpenReminder, ReminderKey, SuppressedTask, TaskChange } from '../../src/changes.ts';
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
  // Who has to wait asks again for as long as another's task makes room.
  const made: Made[] = [];
  for (let asking = wanted; ; ) {
    const waits: SuppressedTask[] = [];
    const more = chosen(asking, { made, kept, closed: changes, input, drafting, suppressed: waits });
    made.push(...more);
    asking = asking.filter(
      (one) => !more.some(({ rule, subject }) => one.rule === rule && one.subject === subject),
    );
    if (more.length > 0) continue;
    suppressed.push(...waits);
    break;
  }
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

type Made = Wanted & { readonly ownerId: RecordId };
interface Choice {
  readonly made: readonly Made[];
  readonly kept: readonly Kept[];
  readonly closed: readonly TaskChange[];
  readonly input: AllInput;
  readonly drafting: Drafting;
  readonly suppressed: SuppressedTask[];
}

/** The best record first, and of one record what comes first in the playbook; what can wait comes after all that. */
function chosen(wanted: readonly Wanted[], choice: Choice): Made[] {
  const { input, drafting, kept, suppressed } = choice;
  const { perOwnerAndDay, perRecord } = input.rules.reminders;
  // `wanted` comes in the order of records, and sorting is stable.
  const sorted = [...wanted].sort(
    (left, right) => Number(left.rule.background) - Number(right.rule.background),
  );
  const made: Made[] = [];
  for (const one of sorted) {
    const { rule, subject, replaces } = one;
    const ownerId = drafting.ownerOf(rule, subject);
    const suppress = (why: SuppressedTask['why']) =>
      suppressed.push({ ...named(subject), ownerId, reason: rule.id, why });
    const all = [...choice.made, ...made];
    const ofRecord = ({ subject: { key } }: Wanted | Kept) => mapKey(key) === mapKey(subject.key);
    const gone = new Set(all.flatMap((other) => other.replaces));
    const open =
      kept.filter((other) => ofRecord(other) && !gone.has(other.reminder)).length +
      all.filter(ofRecord).length;
    if (ownerId === null) suppress('no_owner');
    else if (open - replaces.length >= perRecord) suppress('per_record');
    else if (placesOf(ownerId, all, choice) >= perOwnerAndDay) suppress('cap');
    else made.push({ ...one, ownerId });
  }
  return made;
}

/** New tasks of the day that an owner has once `made` and everything else of the plan is applied. */
function placesOf(
  ownerId: RecordId,
  made: readonly Made[],
  { kept, closed, input, drafting }: Choice,
): number {
  const gone = new Set(made.flatMap(({ replaces }) => replaces));
  const ofToday = (reminder: OpenReminder) => reminder.createdOn === input.asOf;
  const leaves = (reminder: OpenReminder) => Number(ofToday(reminder) && reminder.ownerId === ownerId);
  let places = (input.createdToday.get(ownerId) ?? 0) + made.filter((one) => one.ownerId === ownerId).length;
  for (const change of closed) if (change.kind === 'close') places -= leaves(change.reminder);
  for (const { rule, subject, reminder } of kept) {
    places -= leaves(reminder);
    const becomes = drafting.again(rule, subject, reminder).ownerId;
    if (ofToday(reminder) && !gone.has(reminder) && becomes === ownerId) places += 1;
  }
  return places;
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

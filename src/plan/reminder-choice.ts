import type { OpenReminder, ReminderKey, SuppressedTask, TaskChange } from '../changes.ts';
import type { RecordId } from '../domain.ts';
import type { PlanRules, PlaybookRule } from '../rules.ts';

/** Of all that the playbook asks for: what is made today, within what an owner and a record get, and what has to wait. */

/** What is kept of a record while the others pass by: its place among them and its needs, without what words are made of. */
export interface Asked {
  readonly key: ReminderKey;
  readonly name: string;
  readonly ownerId: RecordId | null;
  readonly gold: boolean;
  readonly worth: number;
  readonly silentDays: number;
  readonly wanted: readonly Need[];
  readonly kept: readonly KeptTask[];
  readonly closed: readonly TaskChange[];
  /** Needs that another rule serves. */
  readonly covered: readonly Pick<SuppressedTask, 'reason' | 'why' | 'by'>[];
}
export interface Need {
  readonly rule: PlaybookRule;
  /** Who would get the task; null: nobody active. */
  readonly ownerId: RecordId | null;
  readonly episode: number;
  /** Open reminders that give way once this one is made. */
  readonly replaces: readonly OpenReminder[];
}
export interface KeptTask {
  readonly reminder: OpenReminder;
  /** What differs from the facts; null: nothing. */
  readonly update: TaskChange | null;
}
export interface NewTask extends Need {
  readonly key: ReminderKey;
  readonly ownerId: RecordId;
}
export interface Choice {
  /** Best first; ordinary ones before those of background rules. */
  readonly made: readonly NewTask[];
  readonly waiting: readonly Waiting[];
}
export interface Waiting {
  readonly asked: Asked;
  readonly need: Need;
  readonly why: SuppressedTask['why'];
}

/** Gold first, then who brings most, then the longest silence, then the older record. */
export function bestFirst(left: Asked, right: Asked): number {
  return (
    Number(right.gold) - Number(left.gold) ||
    right.worth - left.worth ||
    right.silentDays - left.silentDays ||
    left.key.id.length - right.key.id.length ||
    (left.key.id < right.key.id ? -1 : left.key.id > right.key.id ? 1 : 0)
  );
}

/**
 * The best record first, and of one record what comes first in the playbook; what can wait comes after all that.
 * `asked`: best first. `createdToday`: new tasks that owners already got.
 */
export function chooseTasks(
  asked: readonly Asked[],
  createdToday: ReadonlyMap<string, number>,
  { perOwnerAndDay, perRecord }: PlanRules['reminders'],
): Choice {
  const ofOwner = new Map(createdToday);
  const made: NewTask[] = [];
  const waiting: Waiting[] = [];
  // Of the records that got a task in this plan; the others have what they had.
  const openOf = new Map<Asked, number>();
  const inTurn = function* (isBackground: boolean): Generator<[Asked, Need]> {
    for (const one of asked)
      for (const need of one.wanted) if (need.rule.background === isBackground) yield [one, need];
  };
  const choose = (one: Asked, need: Need): void => {
    const { ownerId, replaces } = need;
    const open = openOf.get(one) ?? one.kept.length;
    if (ownerId === null) waiting.push({ asked: one, need, why: 'no_owner' });
    else if (open - replaces.length >= perRecord) waiting.push({ asked: one, need, why: 'per_record' });
    else if ((ofOwner.get(ownerId) ?? 0) >= perOwnerAndDay) waiting.push({ asked: one, need, why: 'cap' });
    else {
      ofOwner.set(ownerId, (ofOwner.get(ownerId) ?? 0) + 1);
      openOf.set(one, open + 1 - replaces.length);
      made.push({ ...need, ownerId, key: one.key });
    }
  };
  for (const isBackground of [false, true]) for (const [one, need] of inTurn(isBackground)) choose(one, need);
  return { made, waiting };
}

import type { OpenReminder, ReminderKey, SuppressedTask, TaskChange } from '../changes.ts';
import type { Day, RecordId } from '../domain.ts';
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
 * New tasks of the day by owner, as they will be counted once this plan is applied: one that it takes back the same day
 * gives its place free, and one that gets another owner takes its place along. Else the next plan of the day would make
 * what this one says has to wait.
 */
export function placesTaken(
  createdToday: ReadonlyMap<string, number>,
  asOf: Day,
  changes: readonly TaskChange[],
): Map<string, number> {
  const taken = new Map(createdToday);
  for (const change of changes) {
    if (change.kind === 'create' || change.reminder.createdOn !== asOf) continue;
    count(taken, change.reminder.ownerId, -1);
    if (change.kind === 'update') count(taken, change.draft.ownerId, 1);
  }
  return taken;
}
function count(places: Map<string, number>, ownerId: RecordId | null, by: 1 | -1): void {
  places.set(ownerId ?? '', (places.get(ownerId ?? '') ?? 0) + by);
}

/**
 * The best record first, and of one record what comes first in the playbook; what can wait comes after all that, and
 * last what found no place before one was given free. `asked`: best first. `taken`: places of the owners that are gone.
 */
export function chooseTasks(
  asked: readonly Asked[],
  taken: ReadonlyMap<string, number>,
  { perOwnerAndDay, perRecord, asOf }: PlanRules['reminders'] & { readonly asOf: Day },
): Choice {
  const ofOwner = new Map(taken);
  const made: NewTask[] = [];
  // Of the records that got a task in this plan; the others have what they had.
  const openOf = new Map<Asked, number>();
  let isPlaceFree = false;
  const inTurn = function* (isBackground: boolean): Generator<[Asked, Need]> {
    for (const one of asked)
      for (const need of one.wanted) if (need.rule.background === isBackground) yield [one, need];
  };
  /** Null: it is made. */
  const whyNot = (one: Asked, need: Need): Waiting['why'] | null => {
    const { ownerId, replaces } = need;
    const open = openOf.get(one) ?? one.kept.length;
    if (ownerId === null) return 'no_owner';
    if (open - replaces.length >= perRecord) return 'per_record';
    if ((ofOwner.get(ownerId) ?? 0) >= perOwnerAndDay) return 'cap';
    count(ofOwner, ownerId, 1);
    for (const replaced of replaces) {
      if (replaced.createdOn !== asOf) continue;
      const { update } = one.kept.find(({ reminder }) => reminder === replaced) ?? { update: null };
      count(ofOwner, update?.kind === 'update' ? update.draft.ownerId : replaced.ownerId, -1);
      isPlaceFree = true;
    }
    if (replaces.length > 1) isPlaceFree = true;
    openOf.set(one, open + 1 - replaces.length);
    made.push({ ...need, ownerId, key: one.key });
    return null;
  };
  const choose = (turns: Iterable<[Asked, Need]>): Waiting[] => {
    const waiting: Waiting[] = [];
    for (const [one, need] of turns) {
      const why = whyNot(one, need);
      if (why !== null) waiting.push({ asked: one, need, why });
    }
    return waiting;
  };
  let waiting = [...choose(inTurn(false)), ...choose(inTurn(true))];
  while (isPlaceFree) {
    isPlaceFree = false;
    waiting = choose(waiting.map(({ asked: one, need }) => [one, need]));
  }
  return { made, waiting };
}

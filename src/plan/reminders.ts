import type { OpenReminder, ReminderKey, SuppressedTask, TaskChange } from '../changes.ts';
import {
  type Asked,
  bestFirst,
  chooseTasks,
  type KeptTask,
  type Need,
  type NewTask,
  placesTaken,
} from './reminder-choice.ts';
import { type DraftInput, type Drafting, draftsFor } from './reminder-draft.ts';
import { type Kept, needsOf, type Wanted } from './reminder-needs.ts';
import type { ReminderSubject } from './reminder-subject.ts';
import { listSuppressed, SuppressedCounter, type SuppressedCounts } from './suppressed.ts';

/**
 * The playbook and what is known → who gets a task now, which open ones change, and which needs are gone.
 *
 * There may be hundreds of thousands of records, and a background rule may ask something of each. So they pass by one at a
 * time, in any order, and only what the choice among them needs is kept: `add` each, `choose` once, then `draft` the words
 * of each chosen task from its record, read again.
 */

export interface ReminderInput extends DraftInput {
  /** All reminders of the records, closed ones included. */
  readonly current: readonly OpenReminder[];
  /** New tasks that owners already got on `asOf`; '' for none. */
  readonly createdToday: ReadonlyMap<string, number>;
}
export interface ReminderChoice {
  /** What becomes of open tasks. */
  readonly changes: readonly TaskChange[];
  /** To be drafted, best first. */
  readonly made: readonly NewTask[];
  readonly suppressed: SuppressedCounts;
  /** Those of the suppressed that are worth a look; to be gone through once. */
  readonly listed: Iterable<SuppressedTask>;
}

export class ReminderPlanner {
  readonly #input: ReminderInput;
  readonly #drafting: Drafting;
  readonly #history: ReadonlyMap<string, OpenReminder[]>;
  readonly #asked: Asked[] = [];
  readonly #suppressed = new SuppressedCounter();

  constructor(input: ReminderInput) {
    this.#input = input;
    this.#drafting = draftsFor(input);
    this.#history = Map.groupBy(input.current, (reminder) => keyText(reminder.customer));
  }

  add(subject: ReminderSubject): void {
    const { wanted, kept, closed, suppressed } = needsOf(
      subject,
      this.#history.get(keyText(subject.key)) ?? [],
      this.#input,
    );
    for (const { reason, why } of suppressed) this.#suppressed.add(reason, why);
    // Who is left in peace after a task is no news; who is served by another rule may be.
    const covered = suppressed.filter(({ why }) => why === 'covered_by');
    if (wanted.length + kept.length + closed.length + covered.length === 0) return;
    const { key, name, ownerId, gold, worth, silentDays } = subject;
    this.#asked.push({
      ...{ key, name, ownerId, gold, worth, silentDays },
      closed: shared(closed),
      covered: shared(covered),
      wanted: wanted.map((one) => this.#need(one)),
      kept: shared(kept.map((one) => this.#kept(one))),
    });
  }

  /** `gone`: open reminders of records that are none any more: deleted, merged, converted. */
  choose(gone: readonly OpenReminder[]): ReminderChoice {
    const asked = this.#asked.sort(bestFirst);
    const { createdToday, rules, asOf } = this.#input;
    const close = (reminder: OpenReminder, cause: string): TaskChange => ({ kind: 'close', reminder, cause });
    const closed = [
      ...gone.map((reminder) => close(reminder, 'record_gone')),
      ...asked.flatMap((one) => one.closed),
    ];
    const updates = asked.flatMap(({ kept }) => kept).flatMap(({ update }) => update ?? []);
    const taken = placesTaken(createdToday, asOf, [...closed, ...updates]);
    const { made, waiting } = chooseTasks(asked, taken, { ...rules.reminders, asOf });
    for (const { need, why } of waiting) this.#suppressed.add(need.rule.id, why);
    const replaced = new Set(made.flatMap(({ replaces }) => replaces));
    const changes = [
      ...closed,
      ...updates.filter((update) => update.kind !== 'update' || !replaced.has(update.reminder)),
      ...[...replaced].map((reminder) => close(reminder, 'covered')),
    ];
    return { changes, made, suppressed: this.#suppressed.counts, listed: listSuppressed(asked, waiting) };
  }

  /** `subject`: the record of the task, as it was added. */
  draft({ rule, episode, ownerId }: NewTask, subject: ReminderSubject): TaskChange {
    return { kind: 'create', draft: this.#drafting.fresh(rule, subject, episode, ownerId) };
  }

  #need({ rule, subject, episode, replaces }: Wanted): Need {
    return { rule, episode, ownerId: this.#drafting.ownerOf(rule, subject), replaces: shared(replaces) };
  }

  #kept(kept: Kept): KeptTask {
    return { reminder: kept.reminder, update: updateOf(kept, this.#drafting) };
  }
}

export const keyText = ({ module, id }: ReminderKey): string => `${module}.${id}`;

/** Most records have none of most things: one empty list serves them all. */
const NONE: readonly never[] = [];
const shared = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE : list);

const isKnown = (text: string | null | undefined): text is string => text !== null && text !== undefined;

function updateOf({ rule, subject, reminder }: Kept, drafting: Drafting): TaskChange | null {
  const draft = drafting.again(rule, subject, reminder);
  const [cause] = [
    draft.escalatedOn !== (reminder.escalatedOn ?? null) && 'escalated',
    draft.subject !== reminder.subject && 'subject_changed',
    draft.ownerId !== reminder.ownerId && 'owner_changed',
    draft.priority !== reminder.priority && 'priority_changed',
    // Not known of a task that another database made: its words stay.
    isKnown(reminder.stable) && draft.stable !== reminder.stable && 'text_changed',
  ].filter((one) => one !== false);
  return cause ? { kind: 'update', reminder, draft, cause } : null;
}

import type { OpenReminder, SuppressedTask } from '../changes.ts';
import type { Day, RecordId, Tier } from '../domain.ts';
import { minor } from '../money.ts';
import type { Score } from '../scores.ts';
import type { ScoreMove } from '../store/outcome-stores.ts';
import type { Digest, DigestCustomer, DigestMove, Listed } from '../texts/digest.ts';

export type { Digest };

/** One pass over the scores makes the digests of a week: one for each owner, and one of everybody. Pure. */

export interface DigestInput {
  readonly from: Day;
  readonly until: Day;
  /** Active users by id. */
  readonly users: ReadonlyMap<RecordId, string>;
  readonly moves: readonly ScoreMove[];
  readonly reminders: readonly OpenReminder[];
  readonly suppressed: readonly SuppressedTask[];
}
/** Data quality that no customer shows. */
export type OrgQuality = Omit<NonNullable<Digest['quality']['org']>, 'ownerless'>;

const LISTED = 10;

export class DigestComposer {
  readonly #input: DigestInput;
  readonly #moves: ReadonlyMap<RecordId, ScoreMove>;
  readonly #all = new Part();
  readonly #owners = new Map<RecordId, Part>();
  #ownerless = 0;

  constructor(input: DigestInput) {
    this.#input = input;
    this.#moves = new Map(input.moves.map((move) => [move.key.id, move]));
  }

  add(score: Score): void {
    const parts = this.#partsOf(score.ownerId);
    if (parts.length === 1) this.#ownerless += 1;
    for (const part of parts) part.add(score, this.#moves.get(score.key.id) ?? null);
  }

  finish(org: OrgQuality): Digest[] {
    const { from, until, users, reminders, suppressed } = this.#input;
    for (const reminder of reminders)
      for (const part of this.#partsOf(reminder.ownerId)) part.reminders.push(reminder);
    for (const task of suppressed) for (const part of this.#partsOf(task.ownerId)) part.suppressed.push(task);
    const whole = { ...org, ownerless: this.#ownerless };
    const owners = [...this.#owners].sort(([left], [right]) => (left < right ? -1 : 1));
    return [
      { ownerId: null, ownerName: null, ...this.#all.digest(from, until, whole) },
      ...owners.map(([ownerId, part]) => ({
        ownerId,
        ownerName: users.get(ownerId) ?? null,
        ...part.digest(from, until, null),
      })),
    ];
  }

  /** Of whoever is no active user, only everybody is told. */
  #partsOf(ownerId: RecordId | null): Part[] {
    if (ownerId === null || !this.#input.users.has(ownerId)) return [this.#all];
    const known = this.#owners.get(ownerId) ?? new Part();
    this.#owners.set(ownerId, known);
    return [this.#all, known];
  }
}

class Part {
  readonly reminders: OpenReminder[] = [];
  readonly suppressed: SuppressedTask[] = [];
  #customers = 0;
  #neverContacted = 0;
  #valueIncomplete = 0;
  #profilePercents = 0;
  readonly #up: DigestMove[] = [];
  readonly #down: DigestMove[] = [];
  readonly #atRisk: DigestCustomer[] = [];
  readonly #wonBack: DigestCustomer[] = [];
  readonly #lost: DigestCustomer[] = [];

  add(score: Score, move: ScoreMove | null): void {
    this.#customers += 1;
    this.#profilePercents += score.profile.percent;
    if (score.purchases > 0 && score.lastContact === null) this.#neverContacted += 1;
    if (score.valueIncomplete) this.#valueIncomplete += 1;
    const { key, name, phase, phaseSince: since } = score;
    const profit12 = score.window12.profit;
    const customer = { key, name, phase, since, profit12 };
    if (phase === 'leaving') this.#atRisk.push(customer);
    if (move === null || move.before === null) return;
    const { before, after } = move;
    const steps = worth(after) - worth(before);
    const tiers = { before: before.tier, after: after.tier, goldBefore: before.gold, goldAfter: after.gold };
    if (steps !== 0) (steps > 0 ? this.#up : this.#down).push({ key, name, ...tiers, profit12 });
    if (after.subPhase === 'won_back' && before.subPhase !== 'won_back') this.#wonBack.push(customer);
    if (after.phase === 'lost' && before.phase !== 'lost') this.#lost.push(customer);
  }

  digest(from: Day, until: Day, org: Digest['quality']['org']): Omit<Digest, 'ownerId' | 'ownerName'> {
    const customers = this.#customers;
    return {
      ...{ from, until, customers },
      up: best(this.#up),
      down: best(this.#down),
      atRisk: {
        ...best(this.#atRisk),
        profit12: minor(this.#atRisk.reduce((sum, { profit12 }) => sum + Math.max(0, profit12), 0)),
      },
      wonBack: best(this.#wonBack),
      lost: best(this.#lost),
      tasks: this.#tasks(from, until),
      quality: {
        neverContacted: this.#neverContacted,
        valueIncomplete: this.#valueIncomplete,
        profilePercent: customers === 0 ? null : Math.round(this.#profilePercents / customers),
        org,
      },
    };
  }

  #tasks(from: Day, until: Day): Digest['tasks'] {
    const isWithin = (day: Day | null) => day !== null && day >= from && day <= until;
    const closed = (state: OpenReminder['state']) =>
      this.reminders.filter((one) => one.state === state && isWithin(one.closedOn)).length;
    const open = this.reminders.filter((one) => one.state === 'open');
    const overdue = open.filter(({ dueDay }) => dueDay < until);
    overdue.sort((left, right) => (left.dueDay < right.dueDay ? -1 : left.dueDay > right.dueDay ? 1 : 0));
    const overCap = this.suppressed.filter(({ why }) => why === 'cap');
    const suppressed: Record<string, number> = {};
    for (const { why } of this.suppressed) if (why !== 'cap') suppressed[why] = (suppressed[why] ?? 0) + 1;
    return {
      made: this.reminders.filter(({ createdOn }) => isWithin(createdOn)).length,
      done: closed('closed_by_person'),
      notNeeded: closed('closed_by_us'),
      open: open.length,
      overdue: listed(overdue.map(({ subject, dueDay }) => ({ subject, dueDay }))),
      overCap: listed(overCap.map(({ name, reason: rule }) => ({ name, rule }))),
      suppressed,
    };
  }
}

const TIERS: readonly Tier[] = ['loss_making', 'none', 'marginal', 'good', 'top'];
/** Gold is a step above top, whatever the shown tier. */
function worth({ tier, gold }: ScoreMove['after']): number {
  return gold ? TIERS.length : TIERS.indexOf(tier);
}

/** Those with the most profit, and how many there are. */
function best<T extends DigestCustomer | DigestMove>(all: readonly T[]): Listed<T> {
  return listed(
    [...all].sort((left, right) => right.profit12 - left.profit12 || (left.key.id < right.key.id ? -1 : 1)),
  );
}
function listed<T>(all: readonly T[]): Listed<T> {
  return { count: all.length, list: all.slice(0, LISTED) };
}

import type { SuppressedTask } from '../changes.ts';
import type { Asked, Waiting } from './reminder-choice.ts';

/** What a plan says of tasks that it does not make: all are counted, by rule and why; those that are news are listed. */

/** Of background rules, an owner's list has so many: such a rule may ask something of every customer. */
const LISTED_OF_BACKGROUND = 20;

type Why = SuppressedTask['why'];
type WhyCounts = { [W in Why]?: number };
export type SuppressedCounts = ReadonlyMap<string, Readonly<WhyCounts>>;

export class SuppressedCounter {
  readonly counts = new Map<string, WhyCounts>();

  add(rule: string, why: Why): void {
    const ofRule = this.counts.get(rule) ?? {};
    ofRule[why] = (ofRule[why] ?? 0) + 1;
    this.counts.set(rule, ofRule);
  }
}

/** One at a time, for there may be one of every customer: those that another rule covers, then those that wait, best first. */
export function* listSuppressed(
  asked: readonly Asked[],
  waiting: readonly Waiting[],
): Generator<SuppressedTask> {
  for (const one of asked)
    for (const covered of one.covered) yield { ...named(one), ownerId: one.ownerId, ...covered };
  const listed = new Map<string, number>();
  for (const { asked: one, need, why } of waiting) {
    const { rule, ownerId } = need;
    if (rule.background) {
      const before = listed.get(ownerId ?? '') ?? 0;
      if (before >= LISTED_OF_BACKGROUND) continue;
      listed.set(ownerId ?? '', before + 1);
    }
    yield { ...named(one), ownerId, reason: rule.id, why };
  }
}

const named = ({ key, name }: Asked) => ({ customer: key, name });

import type { CustomerKey, RecordId, Tier } from '../domain.ts';
import type { Score } from '../scores.ts';

/** Whose e-mails are looked for, and in which order: the budget of a day is spent where it can spare a reminder. */

export interface MailTurn {
  readonly key: CustomerKey;
  /** Whose mails are looked for besides the customer's own. */
  readonly contactId: RecordId | null;
  /** 0: about to be reminded, 1: nearly so, 2: on plan. */
  readonly urgency: 0 | 1 | 2;
  readonly rank: readonly [tier: number, gold: number, loss: number];
}

const TIERS: readonly Tier[] = ['top', 'good', 'marginal', 'loss_making', 'none'];
const DAY_MS = 86_400_000;
/** Once a day where a reminder is near; the others by the week. Rolling, so that the sum of a day holds. */
const READ_AGAIN_MS = { 0: DAY_MS, 1: DAY_MS, 2: 7 * DAY_MS } as const;

/** Null: no contacts are planned, or its mails were read lately. */
export function mailTurnOf(score: Score, readAt: Date | undefined, now: Date): MailTurn | null {
  if (score.plannedContactDays === null) return null;
  const isNear = score.contactStatus !== null && score.contactStatus !== 'on_plan';
  const urgency = score.contactDue ? 0 : isNear ? 1 : 2;
  if (readAt && now.getTime() - readAt.getTime() < READ_AGAIN_MS[urgency]) return null;
  const isOwn = score.mainContactId === score.key.id;
  return {
    key: score.key,
    contactId: isOwn ? null : score.mainContactId,
    urgency,
    rank: [TIERS.indexOf(score.tier), score.gold ? 0 : 1, -score.window12.profit],
  };
}

function compare(a: MailTurn, b: MailTurn): number {
  const steps = a.rank.map((value, index) => value - (b.rank[index] ?? 0));
  return a.urgency - b.urgency || steps.find((step) => step !== 0) || (a.key.id < b.key.id ? -1 : 1);
}

/** The first `most` of them; every turn costs at least one credit, so a budget never reaches further. */
export class MailQueue {
  readonly #most: number;
  #turns: MailTurn[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(turn: MailTurn): void {
    this.#turns.push(turn);
    // Cut now and then: memory follows the budget, not the number of customers.
    if (this.#turns.length > 2 * this.#most + 1_000) this.#turns = this.inOrder();
  }

  inOrder(): MailTurn[] {
    return this.#turns.sort(compare).slice(0, this.#most);
  }
}

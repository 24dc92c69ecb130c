import type { Minor, RecordId } from '../domain.ts';
import type { FollowUpStatus, LeadScore } from '../leads.ts';
import { minor } from '../money.ts';
import { compareIds } from './record-order.ts';

/** The same leads by two sets of rules, or on two dates: follow-up and expected value, and for whom they differ. */

interface LeadStanding {
  /** Null: closed. */
  readonly followUp: FollowUpStatus | null;
  /** Null: not known. */
  readonly expectedValue: Minor | null;
}
interface ComparedLead {
  readonly id: RecordId;
  readonly name: string;
  readonly before: LeadStanding;
  readonly after: LeadStanding;
}
interface LeadCounts {
  readonly onTime: number;
  readonly due: number;
  readonly overdue: number;
  readonly closed: number;
  /** Leads with an expected value, and the sum of these. */
  readonly valued: number;
  readonly expectedValue: Minor;
}
export interface LeadComparison {
  readonly before: LeadCounts;
  readonly after: LeadCounts;
  readonly changed: {
    /** Those that are leads both times, by what differs. */
    readonly followUp: number;
    readonly expectedValue: number;
    /** Either of the two. */
    readonly leads: number;
    /** Those whose value changes most, at most as many as asked for. */
    readonly first: readonly ComparedLead[];
  };
}

const CLOSED = 'closed';
class LeadSide {
  private readonly counts = { on_time: 0, due: 0, overdue: 0, closed: 0, valued: 0 };
  private sum = 0;

  add({ followUp, expectedValue }: LeadStanding): void {
    this.counts[followUp ?? CLOSED] += 1;
    if (expectedValue === null) return;
    this.counts.valued += 1;
    this.sum += expectedValue;
  }
  result(): LeadCounts {
    const { on_time: onTime, ...counts } = this.counts;
    return { onTime, ...counts, expectedValue: minor(this.sum) };
  }
}

// Kept until the end, so that the foremost are found without sorting at every change.
const KEPT_TIMES = 4;

export class LeadComparisonTally {
  private readonly sides = { before: new LeadSide(), after: new LeadSide() };
  private readonly counts = { followUp: 0, expectedValue: 0, leads: 0 };
  private changed: ComparedLead[] = [];
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** Null: no lead then, not there yet or converted. */
  add(before: LeadScore | null, after: LeadScore | null): void {
    if (before) this.sides.before.add(before);
    if (after) this.sides.after.add(after);
    if (!before || !after) return;
    const differs = {
      followUp: before.followUp !== after.followUp,
      expectedValue: before.expectedValue !== after.expectedValue,
    };
    if (!differs.followUp && !differs.expectedValue) return;
    this.counts.leads += 1;
    for (const what of ['followUp', 'expectedValue'] as const) if (differs[what]) this.counts[what] += 1;
    const { key, name } = after;
    this.changed.push({ id: key.id, name, before: standingOf(before), after: standingOf(after) });
    if (this.changed.length > KEPT_TIMES * Math.max(1, this.most)) this.changed = this.foremost();
  }

  private foremost(): ComparedLead[] {
    return this.changed.sort(byStake).slice(0, this.most);
  }

  result(): LeadComparison {
    const { before, after } = this.sides;
    return {
      before: before.result(),
      after: after.result(),
      changed: { ...this.counts, first: this.foremost() },
    };
  }
}

function standingOf({ followUp, expectedValue }: LeadScore): LeadStanding {
  return { followUp, expectedValue };
}
function stake({ before, after }: ComparedLead): number {
  return Math.abs((after.expectedValue ?? 0) - (before.expectedValue ?? 0));
}
function byStake(left: ComparedLead, right: ComparedLead): number {
  return stake(right) - stake(left) || compareIds(left.id, right.id);
}

import type { CustomerFacts, Day, Touch } from '../domain.ts';
import type { ActivityRecord, CaseRecord } from '../records.ts';
import type { LocalDay } from './local-day.ts';
import { isIn, type Span } from './sums.ts';

/** Working time of activities and cases: as somebody wrote it down, else as long as the call or meeting took. */

type Effort = CustomerFacts['efforts'][number];

interface EffortContext {
  readonly localDay: LocalDay;
  readonly asOf: Day;
}

/**
 * Null where there is nothing to know: what is only planned, a call that reached nobody, a note or an e-mail (which has a
 * unit cost of its own). Minutes that were written down count whatever became of the activity.
 */
export function effortOf(
  activity: ActivityRecord,
  { touch, isTaskDone }: { touch: Touch | null; isTaskDone: boolean },
  context: EffortContext,
): Effort | null {
  const written = secondsWritten(activity);
  const day = touch?.day ?? context.localDay(activity.closedAt ?? activity.startAt ?? activity.createdAt);
  if (day > context.asOf) return null;
  if (written !== null) return { day, seconds: written };
  if (isTaskDone) return { day, seconds: null };
  if (!touch?.twoWay || (touch.channel !== 'call' && touch.channel !== 'meeting')) return null;
  return { day, seconds: touch.durationSeconds };
}

/** A case counts on the day it was opened. */
export function caseEffort(record: CaseRecord, { localDay, asOf }: EffortContext): Effort | null {
  const day = localDay(record.createdAt);
  return day > asOf ? null : { day, seconds: secondsWritten(record), isService: true };
}

function secondsWritten({ minutesSpent }: Pick<ActivityRecord, 'minutesSpent'>): number | null {
  return minutesSpent === null ? null : minutesSpent * 60;
}

// The way round the earth: what lies beyond is a typing error.
const MOST_KILOMETRES = 40_000;

/** Of the way to a meeting; 0 where nobody wrote down a length that can be. */
export function metresOf({ kilometres }: Pick<ActivityRecord, 'kilometres'>): number {
  const length = Number(kilometres ?? 0);
  return length > 0 && length <= MOST_KILOMETRES ? Math.round(length * 1000) : 0;
}

export function timeCoverage(
  facts: Pick<CustomerFacts, 'efforts'>,
  span: Span,
): { known: number; activities: number } {
  const inSpan = facts.efforts.filter(({ day }) => isIn(day, span));
  return { known: inSpan.filter(({ seconds }) => seconds !== null).length, activities: inSpan.length };
}

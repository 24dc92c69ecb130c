import type { OpenReminder } from '../changes.ts';
import type { Day } from '../domain.ts';
import type { MonthReport, ReportMove } from '../texts/report.ts';

export type { MonthReport, ReportMove };

/** What became of reminders in a span of days, and those open at its end. Pure. */
export function reminderCounts(
  all: readonly OpenReminder[],
  { from, until }: { readonly from: Day; readonly until: Day },
): MonthReport['tasks'] {
  const isWithin = (day: Day | null) => day !== null && day >= from && day <= until;
  const closed = (state: OpenReminder['state']) =>
    all.filter((one) => one.state === state && isWithin(one.closedOn)).length;
  const isOpen = ({ createdOn, closedOn, state }: OpenReminder) =>
    createdOn <= until && (state === 'open' || (closedOn !== null && closedOn > until));
  const open = all.filter(isOpen);
  return {
    made: all.filter(({ createdOn }) => isWithin(createdOn)).length,
    done: closed('closed_by_person'),
    notNeeded: closed('closed_by_us'),
    open: open.length,
    overdue: open.filter(({ dueDay }) => dueDay < until).length,
  };
}

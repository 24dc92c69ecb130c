import type { Schedule } from '../store/job-stores.ts';
import { upcomingRuns } from './next-run.ts';
import type { Queue } from './queue.ts';
import {
  type EditDeps,
  editSchedule,
  runScheduleNow,
  type ScheduleEdit,
  type ScheduleOwner,
} from './schedule-edit.ts';

/** What the API does with schedules. */
export function apiSchedules(deps: EditDeps) {
  return {
    /** The next times, soonest first; one that is overdue runs at the next tick. None while it is off. */
    nextRuns(row: Schedule, count: number): Date[] {
      if (!row.enabled || row.nextRunAt === null) return [];
      const from = Math.max(row.nextRunAt.getTime(), deps.clock.now().getTime());
      return [row.nextRunAt, ...upcomingRuns(row, new Date(from), count - 1)];
    },
    edit: (owner: ScheduleOwner, job: string, edit: ScheduleEdit) => editSchedule(deps, owner, job, edit),
    runNow: (queue: Queue, owner: ScheduleOwner, job: string) =>
      runScheduleNow({ ...deps, queue }, owner, job),
  };
}

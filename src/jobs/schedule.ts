import { randomUUID } from 'node:crypto';
import { schedule as scheduleCron } from 'node-cron';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConflictError, InputError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Schedule } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';
import { nextRunAfter } from './next-run.ts';
import { isJobName, type JobName, type Queue } from './queue.ts';

/** Schedules are rows; one tick a minute enqueues what is due. Rows are read anew at each tick. */

interface EditDeps {
  readonly store: {
    readonly schedules: Store['schedules'];
    readonly leases: Pick<Store['leases'], 'acquire' | 'release'>;
  };
  readonly clock: Clock;
}
export interface ScheduleDeps extends EditDeps {
  readonly queue: Queue;
  readonly log: Log;
}

// Names the lease that lets one server fire and one process edit at a time; long enough for a slow database.
const LEASE = 'schedules';
const LEASE_MS = 50_000;
const EDIT_WAIT_MS = 10_000;

const DEFAULTS: readonly { job: JobName; expr: string; isDueAtOnce: boolean }[] = [
  { job: 'score-and-write', expr: '30 2 * * *', isDueAtOnce: false },
  // Before the scoring, which then reads what was mended.
  { job: 'reconcile', expr: '40 1 * * *', isDueAtOnce: false },
  { job: 'sync-incremental', expr: 'every 60 minutes', isDueAtOnce: false },
  // Before the nightly scoring of the same night, which then uses it.
  { job: 'fit-models', expr: '0 2 * * 0', isDueAtOnce: false },
  // On Monday, after the scoring of that night.
  { job: 'digest', expr: '0 6 * * 1', isDueAtOnce: false },
  // At once: notifications are to flow from the first minute.
  { job: 'renew-channels', expr: 'every 720 minutes', isDueAtOnce: true },
];

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

/** The next time after a firing: counted from the due time, so that ticks do not drift; missed times are passed over. */
function nextAfterFiring(row: Schedule, dueAt: Date, now: Date): Date {
  const next = nextRunAfter(row.expr, row.timeZone, row.quietHours, dueAt);
  return next > now ? next : nextRunAfter(row.expr, row.timeZone, row.quietHours, now);
}

async function fire(deps: ScheduleDeps, row: Schedule, now: Date): Promise<boolean> {
  const dueAt = row.nextRunAt;
  if (dueAt === null) return false;
  if (!isJobName(row.job)) {
    deps.log.error({ schedule: row.id, job: row.job }, 'schedule names an unknown job and is paused');
    await deps.store.schedules.setNextRun(row.id, null, row.lastRunAt);
    return false;
  }
  const { fresh } = await deps.queue.enqueue({
    connection: row.connection,
    name: row.job,
    payload: {},
    // A second server that reads the same row asks for the same job.
    singletonKey: `schedule:${row.id}@${dueAt.toISOString()}`,
    runAt: now,
  });
  let next: Date | null = null;
  try {
    next = nextAfterFiring(row, dueAt, now);
  } catch (err) {
    deps.log.error({ err, schedule: row.id }, 'schedule cannot be read and is paused');
  }
  await deps.store.schedules.setNextRun(row.id, next, now);
  return fresh;
}

/** Enqueues what is due at `now`, each schedule at most once however many times were missed. Returns how many jobs. */
export async function fireDueSchedules(deps: ScheduleDeps, now: Date): Promise<number> {
  const holder = randomUUID();
  // Busy: another server is at this very tick, and rows it has fired are due no more.
  if (!(await deps.store.leases.acquire(LEASE, holder, later(now, LEASE_MS), now))) return 0;
  try {
    let fired = 0;
    for (const row of await deps.store.schedules.due(now)) {
      if (await fire(deps, row, now)) fired += 1;
    }
    return fired;
  } finally {
    await deps.store.leases.release(LEASE, holder);
  }
}

/** Gives a new connection its schedules, in its own time zone; those it has stay as they are. */
export async function createDefaultSchedules(deps: EditDeps, connection: Connection): Promise<void> {
  const existing = new Set((await deps.store.schedules.of(connection.id)).map(({ job }) => job));
  const now = deps.clock.now();
  for (const { job, expr, isDueAtOnce } of DEFAULTS) {
    if (existing.has(job)) continue;
    const { timeZone } = connection.org;
    await deps.store.schedules.upsert({
      id: `${connection.id}:${job}`,
      connection: connection.id,
      job,
      expr,
      timeZone,
      quietHours: null,
      enabled: true,
      nextRunAt: isDueAtOnce ? now : nextRunAfter(expr, timeZone, null, now),
      lastRunAt: null,
    });
  }
}

export interface ScheduleEdit {
  readonly expr?: string;
  readonly timeZone?: string;
  /** "22:00-06:00"; null = none. */
  readonly quietHours?: string | null;
  readonly enabled?: boolean;
}

/** Changes a connection's schedule of one job, from any process. Throws InputError on what cannot be understood. */
export async function editSchedule(
  deps: EditDeps,
  connection: Connection,
  job: string,
  edit: ScheduleEdit,
): Promise<Schedule> {
  const holder = randomUUID();
  const deadline = later(deps.clock.now(), EDIT_WAIT_MS);
  for (;;) {
    const now = deps.clock.now();
    if (await deps.store.leases.acquire(LEASE, holder, later(now, LEASE_MS), now)) break;
    if (now >= deadline) throw new ConflictError('the schedules are in use; try again in a minute');
    await deps.clock.sleep(100);
  }
  try {
    const rows = await deps.store.schedules.of(connection.id);
    const row = rows.find((candidate) => candidate.job === job);
    if (!row) {
      throw new InputError(`no schedule for "${job}"; there are: ${rows.map((one) => one.job).join(', ')}`);
    }
    const changed = { ...row, ...edit };
    const next = nextRunAfter(changed.expr, changed.timeZone, changed.quietHours, deps.clock.now());
    const saved = { ...changed, nextRunAt: changed.enabled ? next : null };
    await deps.store.schedules.upsert(saved);
    return saved;
  } finally {
    await deps.store.leases.release(LEASE, holder);
  }
}

/** One node-cron task a minute, and one look at the start for what was missed while nothing ran. */
export function startScheduler(deps: ScheduleDeps): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const tick = (): Promise<void> => {
    running = fireDueSchedules(deps, deps.clock.now()).then(
      (fired) => {
        if (fired > 0) deps.log.info({ fired }, 'schedules fired');
      },
      (err: unknown) => deps.log.error({ err }, 'schedules could not be fired'),
    );
    return running;
  };
  const task = scheduleCron('* * * * *', tick, {
    name: 'fire-due-schedules',
    timezone: 'UTC',
    noOverlap: true,
    logger: {
      debug: (message) => deps.log.debug({ message: String(message) }, 'node-cron'),
      info: (message) => deps.log.debug({ message }, 'node-cron'),
      warn: (message) => deps.log.warn({ message }, 'node-cron'),
      error: (message, err) => deps.log.error({ err: err ?? message }, 'node-cron'),
    },
  });
  void tick();
  return {
    async stop() {
      await task.destroy();
      await running;
    },
  };
}

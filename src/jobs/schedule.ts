import { randomUUID } from 'node:crypto';
import { schedule as scheduleCron } from 'node-cron';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Schedule } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';
import { nextRunAfter, shareOf } from './next-run.ts';
import { isJobName, type Queue } from './queue.ts';
import { SCHEDULES_LEASE, SCHEDULES_LEASE_MS } from './schedule-edit.ts';

/** Schedules are rows; one tick a minute enqueues what is due. Rows are read anew at each tick. */

export interface ScheduleDeps {
  readonly store: {
    readonly schedules: Store['schedules'];
    readonly leases: Pick<Store['leases'], 'acquire' | 'release' | 'renew'>;
  };
  readonly clock: Clock;
  readonly queue: Queue;
  readonly log: Log;
}

const MINUTE_MS = 60_000;
const RENEW_MS = 10_000;
// As cron does it: within three hours nothing is run twice; beyond that the old clock was wrong, and the new one holds.
const CLOCK_BACK_MS = 3 * 60 * MINUTE_MS;
// More is not counted: "at least a hundred" says enough.
const MOST_MISSED = 100;

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

/** How many further times came and went until now, and the first that did not. */
function passOver(row: Schedule, dueAt: Date, now: Date): { next: Date; missed: number } {
  let next = nextRunAfter(row, dueAt);
  let missed = 0;
  for (; next <= now && missed < MOST_MISSED; missed++) next = nextRunAfter(row, next);
  return { next: next > now ? next : nextRunAfter(row, now), missed };
}

async function fire(deps: ScheduleDeps, row: Schedule, now: Date): Promise<boolean> {
  const { store, log } = deps;
  const dueAt = row.nextRunAt;
  if (dueAt === null) return false;
  const ranBefore = { lastRunAt: row.lastRunAt, lastDueAt: row.lastDueAt };
  if (!isJobName(row.job)) {
    log.error({ schedule: row.id, job: row.job }, 'schedule names an unknown job and is paused');
    await store.schedules.moveOn(row.id, dueAt, { ...ranBefore, nextRunAt: null, missed: row.missed });
    return false;
  }
  const { id, fresh } = await deps.queue.enqueue({
    connection: row.connection,
    name: row.job,
    payload: {},
    // At most one run of a schedule waits; a second server that reads the same row asks for the same job.
    singletonKey: `schedule:${row.id}`,
    // A schedule that is spread starts at its own second, too.
    runAt: row.spreadMinutes > 0 ? later(now, Math.floor(secondShare(row) * MINUTE_MS)) : now,
  });
  let after: { next: Date | null; missed: number } = { next: null, missed: 0 };
  try {
    after = passOver(row, dueAt, now);
  } catch (err) {
    log.error({ err, schedule: row.id }, 'schedule cannot be read and is paused');
  }
  if (after.missed > 0) {
    log.warn(
      { schedule: row.id, jobId: id, dueAt, missed: after.missed },
      'missed times of a schedule run once',
    );
  }
  if (!fresh)
    log.info({ schedule: row.id, jobId: id, dueAt }, 'schedule is due and its last job still waits');
  await store.schedules.moveOn(
    row.id,
    dueAt,
    fresh
      ? { nextRunAt: after.next, lastRunAt: now, lastDueAt: dueAt, missed: after.missed }
      : { ...ranBefore, nextRunAt: after.next, missed: row.missed + 1 + after.missed },
  );
  return fresh;
}

/** The fraction of the minute; the minutes are spread by the fraction of the hour. */
export function secondShare({
  connection,
  spreadMinutes,
}: Pick<Schedule, 'connection' | 'spreadMinutes'>): number {
  return (shareOf(connection) * spreadMinutes) % 1;
}

/** Counts from now again where the clock was set back by more than hours, or the next time would never seem to come. */
async function replan(deps: ScheduleDeps, rows: readonly Schedule[], now: Date): Promise<void> {
  for (const row of rows) {
    const next = nextRunAfter(row, now);
    if (row.nextRunAt === null || row.nextRunAt <= next) continue;
    deps.log.warn(
      { schedule: row.id, nextRunAt: row.nextRunAt, next },
      'the clock was set back; schedule counts from now',
    );
    await deps.store.schedules.moveOn(row.id, row.nextRunAt, { ...row, nextRunAt: next });
  }
}

/** Enqueues what is due at `now`, each schedule at most once however many times were missed. Returns how many jobs. */
export async function fireDueSchedules(deps: ScheduleDeps, now: Date): Promise<number> {
  const { schedules, leases } = deps.store;
  // A look without the lease: on most ticks of most servers there is nothing to do, and nothing is written.
  const ahead = await schedules.ranAfter(later(now, CLOCK_BACK_MS));
  if (ahead.length === 0 && (await schedules.due(now)).length === 0) return 0;
  const lease = { name: SCHEDULES_LEASE, holder: randomUUID() };
  // Busy: another server is at this very tick, and rows it has fired are due no more.
  if (!(await leases.acquire(lease.name, lease.holder, later(now, SCHEDULES_LEASE_MS), now))) return 0;
  try {
    await replan(deps, ahead, now);
    let fired = 0;
    let renewedAt = deps.clock.now();
    for (const row of await schedules.due(now)) {
      const time = deps.clock.now();
      if (later(renewedAt, RENEW_MS) <= time) {
        // Taken over: the other server goes on where this one stands.
        if (!(await leases.renew(lease, later(time, SCHEDULES_LEASE_MS)))) return fired;
        renewedAt = time;
      }
      if (await fire(deps, row, now)) fired += 1;
    }
    return fired;
  } finally {
    await leases.release(lease.name, lease.holder);
  }
}

/** One node-cron task a minute, and one look at the start for what was missed while nothing ran. */
export function startScheduler(deps: ScheduleDeps): { stop(): Promise<void> } {
  const { clock, log } = deps;
  let running: Promise<void> = Promise.resolve();
  let ticks = 0;
  const tick = (): Promise<void> => {
    ticks += 1;
    running = fireDueSchedules(deps, clock.now()).then(
      (fired) => {
        if (fired > 0) log.info({ fired }, 'schedules fired');
      },
      (err: unknown) => log.error({ err }, 'schedules could not be fired'),
    );
    return running;
  };
  const start = () => {
    const task = scheduleCron('* * * * *', tick, {
      name: 'fire-due-schedules',
      timezone: 'UTC',
      noOverlap: true,
      logger: {
        debug: (message) => log.debug({ message: String(message) }, 'node-cron'),
        info: (message) => log.debug({ message }, 'node-cron'),
        warn: (message) => log.warn({ message }, 'node-cron'),
        error: (message, err) => log.error({ err: err ?? message }, 'node-cron'),
      },
    });
    // Handled: or node-cron warns of every minute that a sleeping machine missed. The next tick makes up for all.
    task.on('execution:missed', () => undefined);
    return task;
  };
  let task = start();
  const stopping = new AbortController();
  const watching = (async () => {
    for (let seen = ticks; ; seen = ticks) {
      await clock.sleep(2 * MINUTE_MS, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      if (ticks > seen) continue;
      // node-cron waits for the minute it once saw coming: after the clock was set back, that may be days away.
      log.warn({}, 'no tick for two minutes: the clock was set back, and the schedules start anew');
      await task.destroy();
      task = start();
      await tick();
    }
  })();
  void tick();
  return {
    async stop() {
      stopping.abort();
      await watching;
      await task.destroy();
      await running;
    },
  };
}

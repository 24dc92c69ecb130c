import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { BusyError, InputError } from '../errors.ts';
import type { Schedule } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';
import { nextRunAfter } from './next-run.ts';
import { isJobName, type JobName, type Queue } from './queue.ts';

/** What people do with schedules: they are given some, change them, and run one now. */

export interface EditDeps {
  readonly store: {
    readonly schedules: Store['schedules'];
    readonly leases: Pick<Store['leases'], 'acquire' | 'release'>;
  };
  readonly clock: Clock;
}
export interface ScheduleEdit {
  readonly expr?: string;
  readonly timeZone?: string;
  /** "22:00-06:00"; null = none. */
  readonly quietHours?: string | null;
  /** 0 = at the very time of the expression. An expression that comes without one sets it to 0. */
  readonly spreadMinutes?: number;
  readonly enabled?: boolean;
}
/** Whose schedules: a connection's, or null for those of the installation. */
export type ScheduleOwner = Pick<Connection, 'id'> | null;

// Names the lease that lets one server fire and one process edit at a time; long enough for a slow database.
export const SCHEDULES_LEASE = 'schedules';
export const SCHEDULES_LEASE_MS = 50_000;
const EDIT_WAIT_MS = 10_000;
const MOST_SPREAD_MINUTES = 720;
// A thousand connections with the same nightly hour are then fifty a minute (docs/scaling.md).
export const DEFAULT_SPREAD_MINUTES = 20;

interface Default {
  readonly job: JobName;
  readonly expr: string;
  /** Left out: once for every connection. */
  readonly per?: 'installation';
  readonly isDueAtOnce?: boolean;
}
export const DEFAULT_SCHEDULES: readonly Default[] = [
  { job: 'score-and-write', expr: '30 2 * * *' },
  // Before the scoring, which then reads what was mended.
  { job: 'reconcile', expr: '40 1 * * *' },
  { job: 'sync-incremental', expr: 'every 1 hour' },
  // Before the nightly scoring of the same night, which then uses it.
  { job: 'fit-models', expr: '0 2 * * 0' },
  // On Monday, after the scoring of that night.
  { job: 'digest', expr: '0 6 * * 1' },
  { job: 'check-alerts', expr: 'every 10 minutes' },
  // At once: notifications are to flow from the first minute.
  { job: 'renew-channels', expr: 'every 12 hours', isDueAtOnce: true },
  { job: 'backup', expr: '15 0 * * *', per: 'installation' },
  // After the backup, which then still has what goes.
  { job: 'retention', expr: '45 0 * * *', per: 'installation' },
];

/** Gives a new connection its schedules, in its own time zone; those it has stay as they are. */
export async function createDefaultSchedules(deps: EditDeps, connection: Connection): Promise<void> {
  const defaults = DEFAULT_SCHEDULES.filter(({ per }) => per === undefined);
  await createMissing(deps, connection.id, connection.org.timeZone, defaults);
}

/** The same for work that belongs to no connection; in UTC until somebody sets another zone. */
export async function createInstallationSchedules(deps: EditDeps): Promise<void> {
  const defaults = DEFAULT_SCHEDULES.filter(({ per }) => per === 'installation');
  await createMissing(deps, null, 'UTC', defaults);
}

async function createMissing(
  deps: EditDeps,
  connection: Schedule['connection'],
  timeZone: string,
  defaults: readonly Default[],
): Promise<void> {
  const existing = new Set((await deps.store.schedules.of(connection)).map(({ job }) => job));
  const now = deps.clock.now();
  for (const { job, expr, isDueAtOnce } of defaults) {
    if (existing.has(job)) continue;
    const row = {
      id: `${connection ?? 'installation'}:${job}`,
      connection,
      job,
      expr,
      timeZone,
      quietHours: null,
      spreadMinutes: DEFAULT_SPREAD_MINUTES,
      enabled: true,
      lastRunAt: null,
      lastDueAt: null,
      missed: 0,
    };
    await deps.store.schedules.upsert({ ...row, nextRunAt: isDueAtOnce ? now : nextRunAfter(row, now) });
  }
}

/** Changes a schedule, from any process. Throws InputError on what cannot be understood. */
export async function editSchedule(
  deps: EditDeps,
  owner: ScheduleOwner,
  job: string,
  edit: ScheduleEdit,
): Promise<Schedule> {
  const { spreadMinutes } = edit;
  if (spreadMinutes !== undefined && !(spreadMinutes >= 0 && spreadMinutes <= MOST_SPREAD_MINUTES)) {
    throw new InputError(`a spread is 0 to ${MOST_SPREAD_MINUTES} minutes`);
  }
  return alone(deps, async () => {
    const row = await scheduleFor(deps, owner, job);
    // Who writes an expression means the very time it names.
    const changed = { ...row, ...(edit.expr === undefined ? {} : { spreadMinutes: 0 }), ...edit };
    const next = nextRunAfter(changed, deps.clock.now());
    const saved = { ...changed, nextRunAt: changed.enabled ? next : null };
    await deps.store.schedules.upsert(saved);
    return saved;
  });
}

/** Enqueues a run beside the scheduled ones. `fresh` false: one waits already, and that one does. */
export async function runScheduleNow(
  deps: EditDeps & { readonly queue: Queue },
  owner: ScheduleOwner,
  job: string,
): Promise<{ readonly jobId: string; readonly fresh: boolean }> {
  return alone(deps, async () => {
    const row = await scheduleFor(deps, owner, job);
    if (!isJobName(row.job)) throw new InputError(`no job is called "${row.job}"`);
    const now = deps.clock.now();
    const { id, fresh } = await deps.queue.enqueue({
      connection: row.connection,
      name: row.job,
      payload: {},
      singletonKey: `schedule:${row.id}`,
      runAt: now,
    });
    if (fresh) {
      const ran = { lastRunAt: now, lastDueAt: now, missed: 0 };
      await deps.store.schedules.moveOn(row.id, row.nextRunAt, { ...ran, nextRunAt: row.nextRunAt });
    }
    return { jobId: id, fresh };
  });
}

/** Throws InputError that names the schedules there are. */
async function scheduleFor(
  deps: Pick<EditDeps, 'store'>,
  owner: ScheduleOwner,
  job: string,
): Promise<Schedule> {
  const rows = await deps.store.schedules.of(owner?.id ?? null);
  const row = rows.find((candidate) => candidate.job === job);
  if (row) return row;
  const known = rows.length === 0 ? 'none' : rows.map((one) => one.job).join(', ');
  throw new InputError(`no schedule for "${job}"; there are: ${known}`);
}

/** While no server fires and no other process edits. Throws BusyError when that takes too long. */
async function alone<T>(deps: EditDeps, work: () => Promise<T>): Promise<T> {
  const { leases } = deps.store;
  const holder = randomUUID();
  const deadline = new Date(deps.clock.now().getTime() + EDIT_WAIT_MS);
  for (;;) {
    const now = deps.clock.now();
    const until = new Date(now.getTime() + SCHEDULES_LEASE_MS);
    if (await leases.acquire(SCHEDULES_LEASE, holder, until, now)) break;
    if (now >= deadline) throw new BusyError('the schedules are in use; try again in a minute');
    await deps.clock.sleep(100);
  }
  try {
    return await work();
  } finally {
    await leases.release(SCHEDULES_LEASE, holder);
  }
}

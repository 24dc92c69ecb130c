import { hostname } from 'node:os';
import type { NotifyRules } from '../alerts.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type SendEventsDeps, startEventSender } from '../notify/send-events.ts';
import { type SendMailsDeps, startMailer } from '../notify/send-mails.ts';
import type { WorkerRow } from '../store/queue-stores.ts';
import type { Store } from '../store/store.ts';
import { type HandlerDeps, runJob } from './handlers.ts';
import { recoverDeliveries } from './process-deliveries.ts';
import { SHORT_JOBS } from './queue.ts';
import { type ScheduleDeps, startScheduler } from './schedule.ts';
import { createDefaultSchedules, createInstallationSchedules } from './schedule-edit.ts';
import { startWorkLoop, type WorkLoop, type WorkLoopDeps } from './work-loop.ts';

/** Everything that runs by itself: the schedules and the work loops, with what a crash left behind. */

export type JobsDeps = HandlerDeps &
  ScheduleDeps &
  Pick<WorkLoopDeps, 'store'> &
  Pick<SendEventsDeps, 'store'> &
  Pick<SendMailsDeps, 'store' | 'settingsOf'> & {
    /** Null: nobody is mailed. */
    readonly smtpUrl: string | null;
    readonly notify: NotifyRules;
    readonly store: Pick<Store, 'workers' | 'deliveries'> & {
      readonly connections: Pick<Store['connections'], 'list'>;
      readonly jobs: Pick<Store['jobs'], 'maintain'>;
    };
  };

/** A long run leaves room for other connections; one connection never has two jobs at work. */
export const DEFAULT_SLOTS = 3;
const MAINTAIN_MS = 8_000;
const RECOVER_MS = 60_000;
const FORGET_WORKERS_MS = 86_400_000;

export interface JobsOptions {
  /** Within this process: a thread id. */
  readonly thread: number;
  readonly kind: WorkerRow['kind'];
  readonly slots: number;
}
export interface Jobs {
  wake(): void;
  stop(deadlineMs: number): Promise<void>;
}

export async function startJobs(deps: JobsDeps, options: JobsOptions): Promise<Jobs> {
  const worker = `${hostname()}:${process.pid}:${options.thread}`;
  await createInstallationSchedules(deps);
  for (const connection of await deps.store.connections.list()) {
    await createDefaultSchedules(deps, connection);
    // The public address may have changed since the last start.
    await deps.queue.enqueue({
      connection: connection.id,
      name: 'renew-channels',
      payload: {},
      singletonKey: `renew-at-start:${connection.id}`,
      runAt: deps.clock.now(),
    });
  }
  await recoverDeliveries(deps);
  const loops = startLoops(deps, worker, options.slots);
  const housekeeping = keepHouse(deps, { ...options, worker });
  const scheduler = startScheduler(deps);
  const sender = startEventSender({ ...deps, rules: deps.notify.events });
  const { smtpUrl } = deps;
  const mailer = smtpUrl === null ? null : startMailer({ ...deps, smtpUrl });
  return {
    wake() {
      for (const loop of loops) loop.wake();
    },
    async stop(deadlineMs) {
      await scheduler.stop();
      await Promise.all([sender.stop(), mailer?.stop(), ...loops.map((loop) => loop.stop(deadlineMs))]);
      await housekeeping.stop();
    },
  };
}

function startLoops(deps: JobsDeps, worker: string, slots: number): WorkLoop[] {
  const run = { ...deps, runJob: (job: Parameters<WorkLoopDeps['runJob']>[0]) => runJob(deps, job) };
  return Array.from({ length: slots }, (_, slot) =>
    startWorkLoop(run, {
      worker: `${worker}:${slot}`,
      // Deliveries do not wait until somebody's million rows are read.
      ...(slot === 0 && slots > 1 ? { names: SHORT_JOBS } : {}),
    }),
  );
}

/** Says that this worker lives, takes jobs from those that do not, and asks again for work that got lost on the way. */
function keepHouse(
  deps: {
    readonly store: JobsDeps['store'];
    readonly queue: JobsDeps['queue'];
    readonly clock: Clock;
    readonly log: Log;
  },
  options: JobsOptions & { readonly worker: string },
): { stop(): Promise<void> } {
  const { store, clock, log } = deps;
  const stopping = new AbortController();
  const startedAt = clock.now();
  let recoveredAt = startedAt;

  async function round(): Promise<void> {
    const now = clock.now();
    const before = new Date(now.getTime() - FORGET_WORKERS_MS);
    await store.workers.beat({
      id: options.worker,
      kind: options.kind,
      host: hostname(),
      pid: process.pid,
      slots: options.slots,
      startedAt,
      beatAt: now,
    });
    await store.jobs.maintain();
    if (now.getTime() - recoveredAt.getTime() < RECOVER_MS) return;
    recoveredAt = now;
    // A server that was killed between storing a delivery and asking for its job may never come back.
    await recoverDeliveries(deps);
    await store.workers.forget(before);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await round().catch((err: unknown) => log.error({ err }, 'the queue could not be looked after'));
      await clock.sleep(MAINTAIN_MS, stopping.signal).catch(() => undefined);
    }
    await store.workers
      .leave(options.worker)
      .catch((err: unknown) => log.warn({ err }, 'worker could not sign off'));
  }

  const looping = loop();
  return {
    async stop() {
      stopping.abort();
      await looping;
    },
  };
}

import type { Store } from '../store/store.ts';
import { type HandlerDeps, runJob } from './handlers.ts';
import { recoverDeliveries } from './process-deliveries.ts';
import { type ScheduleDeps, startScheduler } from './schedule.ts';
import { createDefaultSchedules, createInstallationSchedules } from './schedule-edit.ts';
import { startWorkLoop, type WorkLoopDeps } from './work-loop.ts';

/** Everything that runs by itself: the schedules and the work loop, with what a crash left behind. */

export type JobsDeps = HandlerDeps &
  ScheduleDeps &
  Pick<WorkLoopDeps, 'store'> & {
    readonly store: { readonly connections: Pick<Store['connections'], 'list'> };
  };

// A long run of one connection leaves room for the others; one connection never has two jobs at work.
const SLOTS = 2;

export interface Jobs {
  wake(): void;
  stop(deadlineMs: number): Promise<void>;
}

export async function startJobs(deps: JobsDeps, options: { worker: string }): Promise<Jobs> {
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
  const loops = Array.from({ length: SLOTS }, (_, slot) =>
    startWorkLoop({ ...deps, runJob: (job) => runJob(deps, job) }, { worker: `${options.worker}:${slot}` }),
  );
  const scheduler = startScheduler(deps);
  return {
    wake() {
      for (const loop of loops) loop.wake();
    },
    async stop(deadlineMs) {
      await scheduler.stop();
      await Promise.all(loops.map((loop) => loop.stop(deadlineMs)));
    },
  };
}

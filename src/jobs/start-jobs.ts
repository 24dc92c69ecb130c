import { type HandlerDeps, runJob } from './handlers.ts';
import { recoverDeliveries } from './process-deliveries.ts';
import { createDefaultSchedules, type ScheduleDeps, startScheduler } from './schedule.ts';
import { startWorkLoop, type WorkLoopDeps } from './work-loop.ts';

/** Everything that runs by itself: the schedules and the work loop, with what a crash left behind. */

export type JobsDeps = HandlerDeps & ScheduleDeps & Pick<WorkLoopDeps, 'store'>;

export interface Jobs {
  wake(): void;
  stop(deadlineMs: number): Promise<void>;
}

export async function startJobs(deps: JobsDeps, options: { worker: string }): Promise<Jobs> {
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
  const loop = startWorkLoop({ ...deps, runJob: (job) => runJob(deps, job) }, options);
  const scheduler = startScheduler(deps);
  return {
    wake: () => loop.wake(),
    async stop(deadlineMs) {
      await scheduler.stop();
      await loop.stop(deadlineMs);
    },
  };
}

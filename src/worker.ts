import { parentPort, threadId, workerData } from 'node:worker_threads';
import { createApp, jobsDeps } from './app.ts';
import type { Config } from './config.ts';
import { DEFAULT_SLOTS, startJobs } from './jobs/start-jobs.ts';

/** The worker thread: runs schedules and jobs on its own database connection, so that HTTP never waits for them. */

const STOP_DEADLINE_MS = 8_000;
const BEAT_MS = 2_000;

if (parentPort === null) throw new Error('worker.ts is started by the server, not by hand');
const port = parentPort;
// Handed over by the server that started this thread, from its own frozen Config.
const { config, logTo = 'stdout' } = workerData as { config: Config; logTo?: 'stdout' | 'stderr' };

const app = await createApp(config, { logTo, part: 'jobs', note: (noted) => port.postMessage({ noted }) });
const jobs = await startJobs(jobsDeps(app), { thread: threadId, kind: 'server', slots: DEFAULT_SLOTS });

const stopped = new AbortController();
const beating = (async () => {
  while (!stopped.signal.aborted) {
    port.postMessage('beat');
    await app.clock.sleep(BEAT_MS, stopped.signal).catch(() => undefined);
  }
})();

port.on('message', (message: unknown) => {
  if (message === 'wake') jobs.wake();
  if (message === 'reload') app.reloadSettings();
  if (message === 'stop') {
    void (async () => {
      await jobs.stop(STOP_DEADLINE_MS);
      stopped.abort();
      await beating;
      await app.close();
      port.postMessage('stopped');
      port.close();
    })();
  }
});

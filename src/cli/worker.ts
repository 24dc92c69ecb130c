import closeWithGrace from 'close-with-grace';
import { type Command, InvalidArgumentError } from 'commander';
import { type App, createApp, jobsDeps } from '../app.ts';
import { type Config, processEnvironment, readConfig } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { DEFAULT_SLOTS, startJobs } from '../jobs/start-jobs.ts';
import type { Observation } from '../observe.ts';
import { createMetrics } from '../web/metrics.ts';
import { startWorkerMetrics } from '../web/worker-metrics.ts';
import { failed } from './command.ts';

// Orchestrators kill after 30 s; the rest is for signing off.
const STOP_DEADLINE_MS = 20_000;
const LAST_RESORT_MS = 28_000;
const MOST_SLOTS = 16;
const MOST_PORT = 65_535;

/** Throws ConfigError with what to do instead. */
export function requirePostgres(config: Config, instead: string): void {
  if (!config.databaseUrl.startsWith('file:')) return;
  throw new ConfigError(
    `the database is an SQLite file, which one process works on; ${instead}. For several processes set DATABASE_URL to a PostgreSQL database`,
  );
}

function slotsFrom(text: string): number {
  const slots = Number(text);
  if (!Number.isInteger(slots) || slots < 1 || slots > MOST_SLOTS)
    throw new InvalidArgumentError(`concurrency is 1 to ${MOST_SLOTS}`);
  return slots;
}

function portFrom(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > MOST_PORT)
    throw new InvalidArgumentError(`a port is 0 to ${MOST_PORT}`);
  return port;
}

export function configure(command: Command): void {
  command
    .option(
      '--concurrency <jobs>',
      'jobs at a time, each of another connection; from 2 on, one is kept for short jobs',
      slotsFrom,
      DEFAULT_SLOTS,
    )
    .option(
      '--metrics-port <port>',
      'answer /metrics and /healthz on this port of HOST; left out: this worker listens nowhere',
      portFrom,
    )
    .action(async (options: { concurrency: number; metricsPort?: number }) => {
      try {
        const config = readConfig(processEnvironment(), { isTerminal: process.stdout.isTTY === true });
        requirePostgres(
          config,
          'a worker beside zcv serve would only wait for it: zcv serve runs the jobs itself',
        );
        // What is noticed before there are metrics was not worth counting.
        const notes = { forward: (_seen: Observation): void => undefined };
        const app = await createApp(config, {
          logTo: 'stdout',
          part: 'worker',
          note: (seen) => notes.forward(seen),
        });
        const watched = options.metricsPort === undefined ? null : await watch(app, options.metricsPort);
        if (watched) notes.forward = watched.note;
        const jobs = await startJobs(jobsDeps(app), {
          thread: 0,
          kind: 'worker',
          slots: options.concurrency,
        });
        process.on('SIGHUP', () => app.reloadSettings());
        app.log.info(
          { slots: options.concurrency, ...(watched && { metrics: watched.url }) },
          'worker started',
        );
        closeWithGrace({ delay: LAST_RESORT_MS, logger: false, skip: ['SIGHUP'] }, async ({ err }) => {
          if (err) app.log.error({ err }, 'the worker stops on an error');
          await jobs.stop(STOP_DEADLINE_MS);
          await watched?.close();
          app.log.info({}, 'worker stopped');
          await app.close();
        });
      } catch (error) {
        process.exitCode = failed(error, false);
      }
    });
}

async function watch(app: App, port: number) {
  const { host, metricsToken: token } = app.config.server;
  // Only servers take notifications.
  const metrics = createMetrics({ ...app, bufferedDeliveries: () => 0, openStreams: () => 0 });
  const { url, close } = await startWorkerMetrics({ ...app, metrics }, { host, port, token });
  return { url, close, note: metrics.note };
}

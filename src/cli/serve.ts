import closeWithGrace from 'close-with-grace';
import { type Command, InvalidArgumentError } from 'commander';
import { type App, createApp, serverDeps } from '../app.ts';
import { type Config, processEnvironment, readConfig } from '../config.ts';
import { type RunningServer, startServer } from '../web/server.ts';
import { failed } from './command.ts';
import { requirePostgres } from './worker.ts';

/** HTTP in this thread, jobs and schedules in another; both from the same configuration. */
export async function serveApp(app: App, config: Config, hasJobs = true): Promise<RunningServer> {
  const { host, port, publicUrl, trustProxy } = config.server;
  const jobs = hasJobs ? { data: { config } } : null;
  return startServer(await serverDeps(app), { host, port, publicUrl, trustProxy, jobs });
}

export function portFrom(text: string): string {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('a port is 0 to 65535');
  return text;
}

export function configure(command: Command): void {
  command
    .option('--port <port>', 'PORT of the environment when left out; 0 takes any free one', portFrom)
    .option('--no-jobs', 'HTTP alone: jobs and schedules run in zcv worker (PostgreSQL)')
    .action(async (options: { port?: string; jobs: boolean }) => {
      try {
        const config = readConfig(processEnvironment(), {
          isTerminal: process.stdout.isTTY === true,
          ...(options.port === undefined ? {} : { override: { PORT: options.port } }),
        });
        if (!options.jobs) requirePostgres(config, 'leave --no-jobs out: zcv serve runs the jobs itself');
        const app = await createApp(config, { logTo: 'stdout', part: 'server' });
        const server = await serveApp(app, config, options.jobs);
        process.stderr.write(`zcv serves at ${server.url}\n`);
        process.on('SIGHUP', server.reload);
        closeWithGrace({ delay: 20_000, logger: false, skip: ['SIGHUP'] }, async () => {
          await server.stop();
          await app.close();
        });
      } catch (error) {
        process.exitCode = failed(error, false);
      }
    });
}

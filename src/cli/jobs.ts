import { type Command, Option } from 'commander';
import { InputError } from '../errors.ts';
import { JOB_STATES, type JobState, WORKER_SILENCE_MS } from '../store/queue-stores.ts';
import {
  deleteDead,
  type JobView,
  pauseJobs,
  resumeJobs,
  retryDead,
  viewJobs,
} from '../views/manage-jobs.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withApp, withConnection } from './command.ts';
import { table } from './render.ts';

type ListOptions = Partial<CommonOptions> & { state?: JobState; limit: string };

function limitFrom(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new InputError('--limit is 1 to 1000');
  return limit;
}

function shown(jobs: readonly JobView[]): string {
  if (jobs.length === 0) return 'no jobs';
  const cells = jobs.map((job) => [
    job.id,
    job.connection ?? '',
    job.name,
    job.isPaused ? 'queued (paused)' : job.state,
    job.diedAt ?? job.runAt,
    String(job.attempts),
    job.lastError ?? '',
  ]);
  return table(['job', 'connection', 'kind', 'state', 'due or died (UTC)', 'attempts', 'last error'], cells);
}

/** Of one connection when it is named, else of all. */
function list(options: ListOptions, state: JobState | undefined): Promise<void> {
  return withApp(options, async (app) => {
    const named = options.connection === undefined ? null : await app.connection(options.connection);
    const jobs = await viewJobs(app, {
      limit: limitFrom(options.limit),
      ...(named ? { connection: named } : {}),
      ...(state ? { state } : {}),
    });
    if (options.json) {
      const since = new Date(app.clock.now().getTime() - WORKER_SILENCE_MS);
      printJson({
        counts: await app.store.jobs.counts(),
        jobs,
        workers: await app.store.workers.alive(since),
      });
    } else print(shown(jobs));
    return 0;
  });
}

const listing = (command: Command) =>
  command
    .option('--connection <name>', 'which connection; all when left out')
    .option('--limit <n>', 'at most so many, newest first', '100')
    .option('--json', 'print exactly one JSON document');

export function configure(command: Command): void {
  listing(command.command('list').description('what waits, runs or died, newest first'))
    .addOption(new Option('--state <state>', 'only these').choices([...JOB_STATES]))
    .action((options: ListOptions) => list(options, options.state));
  listing(command.command('dead').description('what failed for good, and why')).action(
    (options: ListOptions) => list(options, 'dead'),
  );
  common(command.command('retry [id]').description('try a dead job again, or with --all every one'))
    .option('--all', 'every dead job of the connection')
    .option('--delete', 'forget it instead')
    .action((id: string | undefined, options: CommonOptions & { all?: boolean; delete?: boolean }) =>
      withConnection(options, async (app, connection) => {
        if ((id === undefined) === (options.all !== true)) throw new InputError('give one job id, or --all');
        const action = options.delete ? 'jobs.delete' : 'jobs.retry';
        const deed = { action, target: id ?? 'all dead', after: (result: object) => result };
        const done = await audited(app, connection, deed, async () =>
          options.delete ? deleteDead(app, connection, id ?? null) : retryDead(app, connection, id ?? null),
        );
        if (options.json) printJson(done);
        else print('deleted' in done ? `${done.deleted} deleted` : `${done.retried} back in the queue`);
        return 0;
      }),
    );
  common(command.command('pause').description('start no job of a connection until it is resumed'))
    .option('--why <reason>', 'shown to whoever looks', 'by command')
    .action((options: CommonOptions & { why: string }) =>
      withConnection(options, async (app, connection) => {
        const deed = { action: 'jobs.pause', target: connection.name, after: () => ({ why: options.why }) };
        const done = await audited(app, connection, deed, () => pauseJobs(app, connection, options.why));
        if (options.json) printJson(done);
        else
          print(
            `jobs of ${connection.name} are paused; the one at work ends, what comes is kept. Go on with: zcv jobs resume`,
          );
        return 0;
      }),
    );
  common(command.command('resume').description('go on with the jobs of a paused connection')).action(
    (options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        const deed = { action: 'jobs.resume', target: connection.name, after: (result: object) => result };
        const done = await audited(app, connection, deed, () => resumeJobs(app, connection));
        if (options.json) printJson(done);
        else print(done.wasPaused ? `jobs of ${connection.name} go on` : `${connection.name} was not paused`);
        return 0;
      }),
  );
}

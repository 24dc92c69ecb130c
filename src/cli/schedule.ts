import { type Command, InvalidArgumentError, Option } from 'commander';
import { DateTime } from 'luxon';
import type { App } from '../app.ts';
import type { Language } from '../domain.ts';
import { InputError } from '../errors.ts';
import { upcomingRuns } from '../jobs/next-run.ts';
import {
  createDefaultSchedules,
  createInstallationSchedules,
  editSchedule,
  runScheduleNow,
  type ScheduleEdit,
  type ScheduleOwner,
} from '../jobs/schedule-edit.ts';
import type { Schedule } from '../store/job-stores.ts';
import { scheduleInWords } from '../texts/schedule-text.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withApp } from './command.ts';
import { table } from './render.ts';

type OwnerOptions = CommonOptions & { installation?: boolean };
type ListOptions = OwnerOptions & { lang?: Language };
type SetOptions = OwnerOptions & {
  tz?: string;
  quiet?: string;
  spread?: number;
  enable?: boolean;
  disable?: boolean;
};

const MOST_TIMES = 100;

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('write a whole number');
  return Number(text);
}

function editOf(expr: string | undefined, options: SetOptions): ScheduleEdit {
  if (options.enable && options.disable) throw new InputError('give either --enable or --disable, not both');
  const edit: ScheduleEdit = {
    ...(expr === undefined ? {} : { expr }),
    ...(options.tz === undefined ? {} : { timeZone: options.tz }),
    ...(options.quiet === undefined ? {} : { quietHours: options.quiet === 'none' ? null : options.quiet }),
    ...(options.spread === undefined ? {} : { spreadMinutes: options.spread }),
    ...(options.enable ? { enabled: true } : {}),
    ...(options.disable ? { enabled: false } : {}),
  };
  if (Object.keys(edit).length === 0)
    throw new InputError('nothing to change: give an expression or an option (--help)');
  return edit;
}

/** Every subcommand speaks of one owner's schedules, which are made where they are missing. */
function owned(command: Command): Command {
  return common(command).option(
    '--installation',
    'the schedules that belong to no connection, instead of a connection’s',
  );
}
function withOwner(
  options: OwnerOptions,
  work: (app: App, owner: ScheduleOwner) => Promise<undefined>,
): Promise<void> {
  return withApp(options, async (app) => {
    if (options.installation) {
      await createInstallationSchedules(app);
      return work(app, null);
    }
    const connection = await app.connection(options.connection);
    await createDefaultSchedules(app, connection);
    return work(app, connection);
  });
}

function shownTimes(row: Schedule, now: Date, count: number): Date[] {
  if (!row.enabled || row.nextRunAt === null) return [];
  // What is overdue runs at the next tick, before all others.
  return [row.nextRunAt, ...upcomingRuns(row, row.nextRunAt > now ? row.nextRunAt : now, count - 1)];
}
function localTime(at: Date, timeZone: string): string {
  return DateTime.fromJSDate(at, { zone: timeZone }).toFormat('ccc yyyy-MM-dd HH:mm ZZ');
}
function lastRun({ lastRunAt, lastDueAt, missed, timeZone }: Schedule): string {
  if (lastRunAt === null) return '';
  const lateMinutes =
    lastDueAt === null ? 0 : Math.floor((lastRunAt.getTime() - lastDueAt.getTime()) / 60_000);
  const notes = [
    ...(lateMinutes > 1 && lastDueAt ? [`for ${localTime(lastDueAt, timeZone)}`] : []),
    ...(missed > 0 ? [`${missed} more missed`] : []),
  ];
  return `${localTime(lastRunAt, timeZone)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

function showList(rows: readonly Schedule[], language: Language): void {
  const cells = rows.map((row) => [
    row.job,
    row.enabled ? row.expr : `${row.expr} (off)`,
    scheduleInWords(row.expr, language),
    row.timeZone,
    [row.quietHours ?? '', row.spreadMinutes > 0 ? `spread ${row.spreadMinutes} min` : '']
      .filter((part) => part !== '')
      .join(', '),
    row.nextRunAt === null ? '' : localTime(row.nextRunAt, row.timeZone),
    lastRun(row),
  ]);
  print(table(['job', 'when', 'in words', 'zone', 'quiet hours, spread', 'next run', 'last run'], cells));
}

export function configure(command: Command): void {
  const language = () =>
    new Option('--lang <language>', 'language of the words; that of fields.yaml when left out').choices([
      'en',
      'nl',
      'pl',
      'da',
    ]);
  owned(command.command('list').description('what runs when, in words, with the next and the last run'))
    .addOption(language())
    .action((options: ListOptions) =>
      withOwner(options, async (app, owner) => {
        const words = options.lang ?? app.config.settings.plan.language;
        const rows = await app.store.schedules.of(owner?.id ?? null);
        if (options.json) {
          printJson(
            rows.map(({ id: _id, connection: _connection, ...row }) => ({
              ...row,
              inWords: scheduleInWords(row.expr, words),
            })),
          );
        } else showList(rows, words);
      }),
    );
  owned(command.command('next [job]').description('the next run times, in the zone of each schedule'))
    .option('--count <n>', `how many, 1 to ${MOST_TIMES}`, wholeNumber, 5)
    .action((job: string | undefined, options: OwnerOptions & { count: number }) =>
      withOwner(options, async (app, owner) => {
        if (options.count < 1 || options.count > MOST_TIMES)
          throw new InputError(`--count is 1 to ${MOST_TIMES}`);
        const all = await app.store.schedules.of(owner?.id ?? null);
        const rows = all.filter((row) => job === undefined || row.job === job);
        if (job !== undefined && rows.length === 0)
          throw new InputError(
            `no schedule for "${job}"; there are: ${all.map((one) => one.job).join(', ')}`,
          );
        const shown = rows.map((row) => ({
          job: row.job,
          timeZone: row.timeZone,
          next: shownTimes(row, app.clock.now(), options.count),
        }));
        if (options.json) printJson(shown);
        else
          print(
            table(
              ['job', 'run', 'UTC'],
              shown.flatMap(({ job: name, timeZone, next }) =>
                next.map((at) => [name, localTime(at, timeZone), at.toISOString()]),
              ),
            ),
          );
      }),
    );
  owned(
    command
      .command('set <job> [expression]')
      .description('five cron fields, "every N minutes" or "every N hours"'),
  )
    .option('--tz <zone>', 'IANA time zone of the expression')
    .option('--quiet <hours>', 'no runs within these hours, e.g. 22:00-06:00; none to clear')
    .option(
      '--spread <minutes>',
      'a fixed place of the connection within this span; 0 for the very time',
      wholeNumber,
    )
    .option('--enable', 'switch it on')
    .option('--disable', 'switch it off')
    .action((job: string, expression: string | undefined, options: SetOptions) =>
      withOwner(options, async (app, owner) => {
        const before = (await app.store.schedules.of(owner?.id ?? null)).find((one) => one.job === job);
        const edit = editOf(expression, options);
        const deed = { action: 'schedule.set', target: job, before: before ?? null, after: () => edit };
        const row = await audited(app, owner, deed, () => editSchedule(app, owner, job, edit));
        if (options.json) printJson(row);
        else {
          const next = row.nextRunAt === null ? 'never: it is off' : localTime(row.nextRunAt, row.timeZone);
          print(
            `${row.job}: ${scheduleInWords(row.expr, app.config.settings.plan.language)} (${row.timeZone}), next run ${next}`,
          );
        }
      }),
    );
  owned(
    command.command('run <job>').description('run it now, by the server or worker, beside its times'),
  ).action((job: string, options: OwnerOptions) =>
    withOwner(options, async (app, owner) => {
      const deed = { action: 'schedule.run', target: job, after: (done: unknown) => done };
      const { jobId, fresh } = await audited(app, owner, deed, () => runScheduleNow(app, owner, job));
      if (options.json) printJson({ job, jobId, fresh });
      else print(fresh ? `${job} is queued as job ${jobId}` : `${job} waits already as job ${jobId}`);
    }),
  );
}

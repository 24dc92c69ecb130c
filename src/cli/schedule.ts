import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { createDefaultSchedules, editSchedule, type ScheduleEdit } from '../jobs/schedule.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { table } from './render.ts';

type SetOptions = CommonOptions & { tz?: string; quiet?: string; enable?: boolean; disable?: boolean };

function editOf(expr: string | undefined, options: SetOptions): ScheduleEdit {
  if (options.enable && options.disable) throw new InputError('give either --enable or --disable, not both');
  const edit: ScheduleEdit = {
    ...(expr === undefined ? {} : { expr }),
    ...(options.tz === undefined ? {} : { timeZone: options.tz }),
    ...(options.quiet === undefined ? {} : { quietHours: options.quiet === 'none' ? null : options.quiet }),
    ...(options.enable ? { enabled: true } : {}),
    ...(options.disable ? { enabled: false } : {}),
  };
  if (Object.keys(edit).length === 0)
    throw new InputError('nothing to change: give an expression or an option (--help)');
  return edit;
}

export function configure(command: Command): void {
  common(command.command('list').description('what runs when, and the next times')).action(
    (options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        await createDefaultSchedules(app, connection);
        const rows = await app.store.schedules.of(connection.id);
        const shown = rows.map(({ job, expr, timeZone, quietHours, enabled, nextRunAt, lastRunAt }) => ({
          job,
          expr,
          timeZone,
          quietHours,
          enabled,
          nextRunAt,
          lastRunAt,
        }));
        if (options.json) printJson(shown);
        else {
          const cells = shown.map((row) => [
            row.job,
            row.enabled ? row.expr : `${row.expr} (off)`,
            row.timeZone,
            row.quietHours ?? '',
            row.nextRunAt?.toISOString() ?? '',
            row.lastRunAt?.toISOString() ?? '',
          ]);
          print(table(['job', 'when', 'zone', 'quiet hours', 'next run (UTC)', 'last run (UTC)'], cells));
        }
        return 0;
      }),
  );
  common(command.command('set <job> [expression]').description('five cron fields, or "every N minutes"'))
    .option('--tz <zone>', 'IANA time zone of the expression')
    .option('--quiet <hours>', 'no runs within these hours, e.g. 22:00-06:00; none to clear')
    .option('--enable', 'switch it on')
    .option('--disable', 'switch it off')
    .action((job: string, expression: string | undefined, options: SetOptions) =>
      withConnection(options, async (app, connection) => {
        await createDefaultSchedules(app, connection);
        const before = (await app.store.schedules.of(connection.id)).find((one) => one.job === job);
        const edit = editOf(expression, options);
        const deed = { action: 'schedule.set', target: job, before: before ?? null, after: () => edit };
        const row = await audited(app, connection, deed, () => editSchedule(app, connection, job, edit));
        if (options.json) printJson(row);
        else
          print(
            `${row.job}: ${row.expr} (${row.timeZone}), next run ${row.nextRunAt?.toISOString() ?? 'never: it is off'}`,
          );
        return 0;
      }),
    );
}

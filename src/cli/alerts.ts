import { type Command, Option } from 'commander';
import { ALERT_CODES, type AlertCode } from '../alerts.ts';
import type { Language } from '../domain.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { alertText } from '../texts/alerts.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { table } from './render.ts';

type ListOptions = CommonOptions & { past?: boolean; lang?: Language };
type MuteOptions = CommonOptions & { days: string };

const DAY_MS = 86_400_000;
const MOST_PAST = 100;
// There is no sign-in at the command line: whoever runs it owns the machine.
const BY = 'cli';

const deed = (does: 'ack' | 'mute' | 'unmute', target: string, after: unknown = null) => ({
  ...{ action: `alert.${does}`, target },
  after: () => after,
});
const code = () => new Option('--code <code>', 'which alert').choices(ALERT_CODES).makeOptionMandatory();

export function configure(command: Command): void {
  common(command.command('list').description('what is wrong now, and what to do'))
    .option('--past', 'the closed ones too, newest first')
    .addOption(new Option('--lang <language>', 'language of the text').choices(['en', 'nl', 'pl', 'da']))
    .action((options: ListOptions) =>
      withConnection(options, async (app, connection) => {
        const { alerts } = app.store;
        const rows = options.past
          ? await alerts.list(connection.id, MOST_PAST)
          : await alerts.open(connection.id);
        const language = options.lang ?? app.config.settings.plan.language;
        const names = { connection: connection.name, org: connection.org.name };
        const format = { language, currency: connection.org.currency };
        const shown = rows.map((alert) => ({ ...alert, ...alertText(alert, names, format) }));
        if (options.json) printJson(shown);
        else if (shown.length === 0) print('No alerts.');
        else
          print(
            table(
              ['severity', 'code', 'since (UTC)', 'what', 'what to do'],
              shown.map(({ severity, code: of, openedAt, closedAt, title, todo, mutedUntil }) => [
                mutedUntil !== null && mutedUntil > app.clock.now() ? `${severity} (muted)` : severity,
                of,
                closedAt === null
                  ? openedAt.toISOString()
                  : `${openedAt.toISOString()} – ${closedAt.toISOString()}`,
                title,
                todo,
              ]),
            ),
          );
        return 0;
      }),
    );
  common(command.command('ack').description('say that somebody is at work on it'))
    .addOption(code())
    .action((options: CommonOptions & { code: AlertCode }) =>
      withConnection(options, async (app, connection) => {
        await audited(app, connection, deed('ack', options.code), async () => {
          const isOpen = await app.store.alerts.acknowledge(connection.id, options.code, BY, app.clock.now());
          if (!isOpen) throw new NotFoundError(`no alert ${options.code} is open`);
        });
        if (options.json) printJson({ code: options.code, acknowledged: true });
        else print(`${options.code}: acknowledged`);
        return 0;
      }),
    );
  common(command.command('mute').description('tell nobody of it for some days, neither by mail nor by event'))
    .addOption(code())
    .option('--days <days>', 'for how long, from now', '7')
    .action((options: MuteOptions & { code: AlertCode }) =>
      withConnection(options, async (app, connection) => {
        const until = new Date(app.clock.now().getTime() + daysFrom(options.days) * DAY_MS);
        await audited(app, connection, deed('mute', options.code, { mutedUntil: until }), () =>
          app.store.alerts.mute(connection.id, options.code, { until, by: BY }),
        );
        if (options.json) printJson({ code: options.code, until });
        else print(`${options.code}: muted until ${until.toISOString()}`);
        return 0;
      }),
    );
  common(command.command('unmute').description('tell of it again'))
    .addOption(code())
    .action((options: CommonOptions & { code: AlertCode }) =>
      withConnection(options, async (app, connection) => {
        await audited(app, connection, deed('unmute', options.code), () =>
          app.store.alerts.mute(connection.id, options.code, null),
        );
        const told = await app.store.alerts.tellUntold(connection.id, app.clock.now());
        if (options.json) printJson({ code: options.code, told });
        else print(`${options.code}: not muted any more`);
        return 0;
      }),
    );
}

function daysFrom(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InputError('--days: a number of days from 1 to 999');
  return Number(text);
}

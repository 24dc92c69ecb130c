import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { compareViews } from '../jobs/compare-views.ts';
import { asOfDay, withLine } from '../jobs/line.ts';
import { AS_OF, asOfFrom } from './as-of.ts';
import { type CommonOptions, commandConfig, common, print, printJson, withConnection } from './command.ts';
import { whatIfText } from './comparison-text.ts';

type Options = CommonOptions & { config: string; asOf?: string; most: string };

export function configure(command: Command): void {
  common(command)
    .requiredOption(
      '--config <dir>',
      'folder with the rules to try: scoring.yaml, fields.yaml, playbook.yaml',
    )
    .option(...AS_OF)
    .option('--most <n>', 'how many of the customers that change are listed', '20')
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const most = countFrom(options.most);
        const other = app.settingsIn(commandConfig({ CONFIG_DIR: options.config }));
        const { settings } = await other.of(connection);
        const asOf = asOfDay(deps, connection, asOfFrom(options.asOf));
        // The line: a first fill that was killed has left indexes out, and a sync beside it would count as a difference.
        const comparison = await withLine(deps, connection, (line) =>
          compareViews(line, {
            connection,
            before: { asOf, settings: deps.settings },
            after: { asOf, settings },
            most,
          }),
        );
        if (options.json) printJson({ asOf, config: options.config, ...comparison });
        else print(whatIfText(comparison, connection.org.currency));
        return 0;
      }),
    );
}

function countFrom(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InputError(`--most ${text}: give a whole number up to 99999`);
  return Number(text);
}

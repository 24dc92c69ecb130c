import type { Command } from 'commander';
import { addMonths } from '../days.ts';
import type { Day } from '../domain.ts';
import { InputError } from '../errors.ts';
import { compareViews } from '../jobs/compare-views.ts';
import { asOfDay } from '../jobs/line.ts';
import { asOfFrom } from './as-of.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { baseText } from './comparison-text.ts';

const MONTHS_BACK = 12;

export function configure(command: Command): void {
  common(command)
    .option('--from <day>', 'the earlier date, YYYY-MM-DD; 12 months before the later one when left out')
    .option('--to <day>', 'the later date; today when left out')
    .action((options: CommonOptions & { from?: string; to?: string }) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const to = asOfDay(deps, connection, asOfFrom(options.to, '--to'));
        const from = asOfFrom(options.from, '--from') ?? addMonths(to, -MONTHS_BACK);
        requireOrder(from, to);
        const { settings } = deps;
        const comparison = await compareViews(deps, {
          connection,
          before: { asOf: from, settings },
          after: { asOf: to, settings },
          most: 0,
        });
        if (options.json) printJson({ from, to, currency: connection.org.currency, ...comparison });
        else print(baseText(comparison, connection.org.currency));
        return 0;
      }),
    );
}

function requireOrder(from: Day, to: Day): void {
  if (from >= to) throw new InputError(`--from ${from} must lie before --to ${to}`);
}

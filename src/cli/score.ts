import type { Command } from 'commander';
import { asOfDay, withLine } from '../jobs/line.ts';
import { runScoring } from '../jobs/run-scoring.ts';
import { AS_OF, asOfFrom } from './as-of.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { scoreText } from './summaries.ts';

export function configure(command: Command): void {
  common(command)
    .option(...AS_OF)
    .action((options: CommonOptions & { asOf?: string }) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const asOf = asOfDay(deps, connection, asOfFrom(options.asOf));
        const score = await withLine(deps, connection, (line) => runScoring(line, { connection, asOf }));
        if (options.json) printJson(score);
        else print(scoreText(score, connection.org.currency));
        return 0;
      }),
    );
}

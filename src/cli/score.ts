import type { Command } from 'commander';
import { asOfDay, withLine } from '../jobs/line.ts';
import { runScoring } from '../jobs/run-scoring.ts';
import { AS_OF, asOfFrom } from './as-of.ts';
import { type ManyOptions, many, withConnections } from './many.ts';
import { scoreText } from './summaries.ts';

export function configure(command: Command): void {
  many(command)
    .option(...AS_OF)
    .action((options: ManyOptions & { asOf?: string }) =>
      withConnections(options, async (app, connection, out) => {
        const deps = await app.depsOf(connection);
        const asOf = asOfDay(deps, connection, asOfFrom(options.asOf));
        const score = await withLine(deps, connection, (line) => runScoring(line, { connection, asOf }));
        if (options.json) out.json(score);
        else out.print(scoreText(score, connection.org.currency));
        return 0;
      }),
    );
}

import type { Command } from 'commander';
import type { ApplyParts } from '../jobs/apply-parts.ts';
import type { LineResult } from '../jobs/run-line.ts';
import { runLine } from '../jobs/run-line.ts';
import { appliedCounts, applyExitCode, CANARY, FIELDS_ONLY } from './apply.ts';
import { AS_OF, asOfFrom } from './as-of.ts';
import { audited } from './audited.ts';
import { type ExitCode, say, worst } from './command.ts';
import { confirmed } from './confirm.ts';
import { type ManyOptions, many, requireYes, skipReadOnly, withConnections } from './many.ts';
import { lineText, nextAfterPlan } from './summaries.ts';
import { syncExitCode } from './sync.ts';

export function lineExitCode(line: LineResult): ExitCode {
  return worst([
    line.apply ? applyExitCode(line.apply, line.stopped) : 0,
    line.plan?.held ? 3 : 0,
    line.sync ? syncExitCode(line.sync) : 0,
  ]);
}

export function configure(command: Command): void {
  many(command)
    .option('--apply', 'write the plan to Zoho at the end')
    .option('--yes', 'write without asking')
    .option('--full', 'read everything again, not only what changed')
    .option(...AS_OF)
    .option(...FIELDS_ONLY)
    .option(...CANARY)
    .action(
      (
        options: ManyOptions & {
          apply?: boolean;
          yes?: boolean;
          full?: boolean;
          asOf?: string;
        } & ApplyParts,
      ) =>
        withConnections(
          options,
          async (app, connection, out) => {
            if (options.apply) requireYes(options);
            const deps = await app.depsOf(connection);
            const apply =
              options.apply === true && (await confirmed(options.yes, `Write to ${connection.org.name}?`));
            const asOf = asOfFrom(options.asOf);
            const work = () =>
              runLine(deps, {
                connection,
                full: options.full === true,
                apply,
                asOf,
                fieldsOnly: options.fieldsOnly,
                canary: options.canary,
              });
            const line = apply
              ? await audited(
                  app,
                  connection,
                  {
                    action: 'run.apply',
                    target: connection.name,
                    after: (done) => (done.apply ? appliedCounts(done.apply) : null),
                  },
                  work,
                )
              : await work();
            const { stopped: _stopped, ...result } = line;
            if (options.json) out.json(result);
            else out.print(lineText(line, connection.org.currency));
            const next = line.plan && !line.apply ? nextAfterPlan(line.plan, connection.name) : null;
            if (next !== null && !options.json && !out.isMany) say(`\n${next}`);
            return lineExitCode(line);
          },
          options.apply ? { skip: skipReadOnly } : {},
        ),
    );
}

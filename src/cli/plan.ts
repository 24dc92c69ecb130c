import type { Command } from 'commander';
import { withLine } from '../jobs/line.ts';
import { runPlan } from '../jobs/run-plan.ts';
import { planDiff } from '../views/plan-diff.ts';
import { say } from './command.ts';
import { type ManyOptions, many, withConnections } from './many.ts';
import { configureApprove, configureList, configureReject, configureShow } from './plan-decide.ts';
import { nextAfterPlan, planText } from './summaries.ts';

export function configure(command: Command): void {
  many(command)
    .option('--diff', 'print every change of the new plan, one JSON object a line')
    .action((options: ManyOptions & { diff?: boolean }) =>
      withConnections(
        options,
        async (app, connection, out) => {
          const deps = await app.depsOf(connection);
          const plan = await withLine(deps, connection, async (line) => {
            const lastSync = await app.store.runs.latest(connection.id, 'sync');
            return runPlan(line, {
              connection,
              isPartial: lastSync?.state === 'partial',
              creditsLeft: await deps.creditsLeft(connection),
            });
          });
          if (options.diff)
            for await (const line of planDiff(deps, connection, plan.planId))
              out.print(JSON.stringify(out.isMany ? { connection: connection.name, ...line } : line));
          else if (options.json) out.json(plan);
          else out.print(planText(plan));
          const next = nextAfterPlan(plan, connection.name);
          if (next !== null && !options.json && !options.diff && !out.isMany) say(`\n${next}`);
          return plan.held ? 3 : 0;
        },
        { isLines: options.diff === true },
      ),
    );
  configureApprove(command);
  configureReject(command);
  configureList(command);
  configureShow(command);
}

import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { PlanState } from '../changes.ts';
import type { Connection } from '../domain.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { withLine } from '../jobs/line.ts';
import { closeDecided } from '../jobs/plan-alerts.ts';
import { runPlan } from '../jobs/run-plan.ts';
import { type CommonOptions, common, print, printJson, say, withConnection } from './command.ts';
import { planDiff } from './plan-diff.ts';
import { nextAfterPlan, planText } from './summaries.ts';

async function decide(app: App, connection: Connection, id: string, state: PlanState): Promise<void> {
  const plan = await app.store.plans.get(id);
  if (!plan || plan.connection !== connection.id) throw new NotFoundError(`there is no plan ${id}`);
  if (plan.state !== 'held' && plan.state !== 'open' && plan.state !== 'approved') {
    throw new ConflictError(`plan ${id} is ${plan.state}; only an open or held plan can be decided`);
  }
  await app.store.plans.setState(id, state);
  await closeDecided(app.deps, connection, state);
}

function configureDecision(command: Command, name: 'approve' | 'reject', state: PlanState): void {
  common(command.command(`${name} <id>`).description(`${name} an open or held plan`)).action(
    (id: string, _options: unknown, inner: Command) => {
      const options = inner.optsWithGlobals<CommonOptions>();
      return withConnection(options, async (app, connection) => {
        await decide(app, connection, id, state);
        if (options.json) printJson({ planId: id, state });
        else
          print(
            `Plan ${id} is ${state}.${state === 'approved' ? ` Write it with: zcv apply --plan ${id}` : ''}`,
          );
        return 0;
      });
    },
  );
}

export function configure(command: Command): void {
  common(command)
    .option('--diff', 'print every change of the new plan, one JSON object a line')
    .action((options: CommonOptions & { diff?: boolean }) =>
      withConnection(options, async (app, connection) => {
        const plan = await withLine(app.deps, connection, async (line) => {
          const lastSync = await app.store.runs.latest(connection.id, 'sync');
          return runPlan(line, {
            connection,
            isPartial: lastSync?.state === 'partial',
            creditsLeft: await app.deps.creditsLeft(connection),
          });
        });
        if (options.diff)
          for await (const line of planDiff(app.deps, connection, plan.planId)) print(JSON.stringify(line));
        else if (options.json) printJson(plan);
        else print(planText(plan));
        const next = nextAfterPlan(plan, connection.name);
        if (next !== null && !options.json && !options.diff) say(`\n${next}`);
        return plan.held ? 3 : 0;
      }),
    );
  configureDecision(command, 'approve', 'approved');
  configureDecision(command, 'reject', 'rejected');
}

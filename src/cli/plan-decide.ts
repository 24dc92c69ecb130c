import type { Command } from 'commander';
import { approvePlan, type Decision, planOf, rejectPlan } from '../jobs/decide-plan.ts';
import { planDiff } from '../views/plan-diff.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { spreadText } from './price-text.ts';
import { counts, table } from './render.ts';

/** Looking at stored plans, and deciding about them. */

interface Selected {
  module?: string[];
  tier?: string[];
  owner?: string[];
}

const collect = (value: string, all: string[] = []) => [...all, value];

export function configureApprove(command: Command): void {
  common(command.command('approve <id>').description('approve an open or held plan, or part of it'))
    .option('--module <module>', 'only changes of this module; Tasks for reminders (repeatable)', collect)
    .option('--tier <tier>', 'only customers of this tier (repeatable)', collect)
    .option('--owner <id or name>', 'only customers of this person (repeatable)', collect)
    .action((id: string, _options: unknown, inner: Command) => {
      const options = inner.optsWithGlobals<CommonOptions & Selected>();
      return withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const { module: modules = [], tier: tiers = [], owner: owners = [] } = options;
        const selection = { modules, tiers, owners };
        const deed = {
          action: 'plan.approve',
          target: `plan ${id}`,
          after: ({ records, tasks, leftOut }: Decision) => ({ records, tasks, leftOut, selection }),
        };
        const decision = await audited(app, connection, deed, () =>
          approvePlan(deps, connection, id, selection),
        );
        if (options.json) printJson(decision);
        else print(decisionText(decision));
        return 0;
      });
    });
}

export function configureReject(command: Command): void {
  common(command.command('reject <id>').description('reject an open or held plan')).action(
    (id: string, _options: unknown, inner: Command) => {
      const options = inner.optsWithGlobals<CommonOptions>();
      return withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const deed = { action: 'plan.reject', target: `plan ${id}`, after: () => null };
        await audited(app, connection, deed, () => rejectPlan(deps, connection, id));
        if (options.json) printJson({ planId: id, state: 'rejected' });
        else print(`Plan ${id} is rejected.`);
        return 0;
      });
    },
  );
}

function decisionText({ planId, records, tasks, credits, calls, leftOut, instalments }: Decision): string {
  const { create, update, close } = tasks;
  return [
    `Plan ${planId} is approved: ${records.toLocaleString('en')} records, tasks: create ${create}, update ${update}, close ${close}; ${credits.toLocaleString('en')} credits in ${calls.toLocaleString('en')} calls`,
    ...(instalments ? [`  in instalments: ${spreadText(instalments)}`] : []),
    ...(leftOut > 0
      ? [
          `  left out: ${leftOut.toLocaleString('en')} changes; they are not written, and the next plan proposes them again`,
        ]
      : []),
    `Write it with: zcv apply --plan ${planId}`,
  ].join('\n');
}

const SHOWN = 20;

export function configureList(command: Command): void {
  common(command.command('list').description('the newest plans, and what became of them')).action(
    (_options: unknown, inner: Command) => {
      const options = inner.optsWithGlobals<CommonOptions>();
      return withConnection(options, async (app, connection) => {
        const plans = await app.store.plans.list(connection.id, SHOWN);
        const rows = await Promise.all(
          plans.map(async ({ id, asOf, state, createdAt }) => ({
            ...{ planId: id, asOf, state, createdAt: createdAt.toISOString() },
            ...(await app.store.plans.counts(id)),
          })),
        );
        if (options.json) printJson(rows);
        else {
          const head = ['plan', 'as of', 'state', 'made at', 'to write', 'written', 'left out'];
          const cells = rows.map((row) => [
            ...[row.planId, row.asOf, row.state, row.createdAt],
            ...[row.pending, row.done, row.leftOut],
          ]);
          print(table(head, cells));
        }
        return 0;
      });
    },
  );
}

export function configureShow(command: Command): void {
  common(
    command.command('show <id>').description('a stored plan: how far it is, and with --diff every change'),
  )
    .option('--diff', 'print every change, one JSON object a line')
    .action((id: string, _options: unknown, inner: Command) => {
      const options = inner.optsWithGlobals<CommonOptions & { diff?: boolean }>();
      return withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const plan = await planOf(deps, connection, id);
        const changes = await app.store.plans.counts(id);
        const { asOf, state } = plan;
        if (options.diff)
          for await (const line of planDiff(deps, connection, id)) print(JSON.stringify(line));
        else if (options.json) printJson({ planId: id, asOf, state, changes, summary: plan.summary });
        else {
          const { pending, done, leftOut } = changes;
          const told = counts({ 'to write': pending, written: done, 'left out': leftOut });
          print(
            `Plan ${id} as of ${asOf} is ${state}: ${pending + done + leftOut === 0 ? 'no' : told} changes`,
          );
        }
        return 0;
      });
    });
}

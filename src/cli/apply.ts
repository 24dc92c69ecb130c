import { type Command, InvalidArgumentError } from 'commander';
import { type AppError, InputError } from '../errors.ts';
import type { ApplyParts } from '../jobs/apply-parts.ts';
import { withLine } from '../jobs/line.ts';
import { type ApplySummary, runApply } from '../jobs/run-apply.ts';
import { audited } from './audited.ts';
import { exitCodeOf, worst } from './command.ts';
import { confirmed } from './confirm.ts';
import { type ManyOptions, many, requireYes, skipReadOnly, withConnections } from './many.ts';
import { applyText } from './summaries.ts';

export function applyExitCode(apply: ApplySummary, stopped: AppError | null) {
  return worst([
    stopped ? exitCodeOf(stopped) : 0,
    // The rest of the plan waits for the credits of another day.
    apply.instalments ? 6 : 0,
    apply.canary?.passed === false ? 3 : 0,
    apply.rejected.length > 0 ? 4 : 0,
  ]);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number of records');
  return value;
}
function ofApply(plan: string | undefined) {
  return {
    action: 'plan.apply',
    target: plan === undefined ? 'the newest plan' : `plan ${plan}`,
    after: ({ summary }: { readonly summary: ApplySummary }) => appliedCounts(summary),
  };
}
export function appliedCounts({ planId, runId, written, tasks, rejected }: ApplySummary) {
  return { planId, runId, written, tasks, rejected: rejected.length };
}

export const FIELDS_ONLY = ['--fields-only', 'write fields only; reminders stay in the plan'] as const;
export const CANARY = [
  '--canary <records>',
  'write so many records first and read them back; the rest only if all came out as written',
  wholeNumber,
] as const;

export function configure(command: Command): void {
  many(command)
    .option('--plan <id>', 'which plan; the newest when left out')
    .option('--yes', 'write without asking')
    .option(...FIELDS_ONLY)
    .option(...CANARY)
    .action((options: ManyOptions & { plan?: string; yes?: boolean } & ApplyParts) =>
      withConnections(
        options,
        async (app, connection, out) => {
          requireYes(options);
          if (out.isMany && options.plan !== undefined)
            throw new InputError(
              '--plan names a plan of one connection; leave it out, and the newest of each is applied',
            );
          const deps = await app.depsOf(connection);
          if (!(await confirmed(options.yes, `Write to ${connection.org.name}?`))) return 0;
          const { summary, stopped } = await audited(app, connection, ofApply(options.plan), () =>
            withLine(deps, connection, (line) =>
              runApply(line, {
                connection,
                planId: options.plan ?? null,
                fieldsOnly: options.fieldsOnly,
                canary: options.canary,
              }),
            ),
          );
          if (options.json) out.json(summary);
          else out.print(applyText(summary));
          return applyExitCode(summary, stopped);
        },
        { skip: skipReadOnly },
      ),
    );
}

import type { Command } from 'commander';
import { withLine } from '../jobs/line.ts';
import { type FailedRow, failedOf, type RetryResult, retryFailed } from '../jobs/retry-failed.ts';
import { appliedCounts, applyExitCode } from './apply.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, say, withConnection, worst } from './command.ts';
import { confirmed } from './confirm.ts';
import { applyText, planText } from './summaries.ts';

const MOST_NAMED = 20;

function failedText(run: string, failed: readonly FailedRow[]): string {
  if (failed.length === 0) return `Nothing of run ${run} is refused any more.`;
  const rows = failed.slice(0, MOST_NAMED).map((row) => {
    const what = [row.module, row.recordId, row.field].filter(Boolean).join(' ');
    return `  ${what}: ${row.code} ${row.message} (${row.attempts} times)`;
  });
  const repairs = [...new Map(failed.map((row) => [row.code, row.repair]))].map(
    ([code, repair]) => `  ${code}: ${repair}`,
  );
  const more = failed.length - rows.length;
  return [
    `Refused in run ${run}: ${failed.length}`,
    ...rows,
    ...(more > 0 ? [`  … and ${more} more (--json lists all)`] : []),
    'What to do:',
    ...repairs,
  ].join('\n');
}

function retryText({ plan, apply }: RetryResult): string {
  return [...(plan ? [planText(plan)] : []), ...(apply ? [applyText(apply)] : [])].join('\n\n');
}

export function configure(command: Command): void {
  common(command.argument('<run>', 'number of the apply run; apply prints it'))
    .option('--yes', 'write without asking')
    .action((run: string, options: CommonOptions & { yes?: boolean }) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const failed = await failedOf(deps, connection, run);
        if (!options.json) print(failedText(run, failed));
        if (failed.length === 0 || !options.yes) {
          const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
          if (options.json && (failed.length === 0 || !isTerminal))
            printJson({ retried: run, failed, plan: null, apply: null });
          if (failed.length === 0) return 0;
          if (!isTerminal) {
            say(`zcv: nothing was written; to try again: zcv retry-failed ${run} --yes`);
            return 2;
          }
          if (!(await confirmed(options.yes, `Write to ${connection.org.name}?`))) return 0;
        }
        const { result, stopped } = await audited(
          app,
          connection,
          {
            action: 'run.retry',
            target: `run ${run}`,
            after: (done) => (done.result.apply ? appliedCounts(done.result.apply) : null),
          },
          () => withLine(deps, connection, (line) => retryFailed(line, connection, run)),
        );
        if (options.json) printJson(result);
        else print(`\n${retryText(result)}`);
        return worst([result.plan?.held ? 3 : 0, result.apply ? applyExitCode(result.apply, stopped) : 0]);
      }),
    );
}

import type { Command } from 'commander';
import type { AppError } from '../errors.ts';
import { withLine } from '../jobs/line.ts';
import { type ApplySummary, runApply } from '../jobs/run-apply.ts';
import {
  type CommonOptions,
  common,
  exitCodeOf,
  print,
  printJson,
  withConnection,
  worst,
} from './command.ts';
import { confirmed } from './confirm.ts';
import { applyText } from './summaries.ts';

export function applyExitCode(apply: ApplySummary, stopped: AppError | null) {
  return worst([
    stopped ? exitCodeOf(stopped) : 0,
    // The rest of the plan waits for the credits of another day.
    apply.instalments ? 6 : 0,
    apply.rejected.length > 0 ? 4 : 0,
  ]);
}

export function configure(command: Command): void {
  common(command)
    .option('--plan <id>', 'which plan; the newest when left out')
    .option('--yes', 'write without asking')
    .action((options: CommonOptions & { plan?: string; yes?: boolean }) =>
      withConnection(options, async (app, connection) => {
        if (!(await confirmed(options.yes, `Write to ${connection.org.name}?`))) return 0;
        const { summary, stopped } = await withLine(app.deps, connection, (line) =>
          runApply(line, { connection, planId: options.plan ?? null }),
        );
        if (options.json) printJson(summary);
        else print(applyText(summary));
        return applyExitCode(summary, stopped);
      }),
    );
}

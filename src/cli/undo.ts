import type { Command } from 'commander';
import { withLine } from '../jobs/line.ts';
import { previewUndo, runUndo, type UndoSummary } from '../jobs/run-undo.ts';
import { audited } from './audited.ts';
import {
  type CommonOptions,
  common,
  exitCodeOf,
  print,
  printJson,
  say,
  withConnection,
  worst,
} from './command.ts';
import { confirmed } from './confirm.ts';
import { undoText } from './undo-text.ts';

function show(summary: UndoSummary, options: CommonOptions): void {
  if (options.json) printJson(summary);
  else print(undoText(summary));
}

export function configure(command: Command): void {
  common(command.argument('<run>', 'number of the run that is taken back; apply prints it'))
    .option('--yes', 'write without asking')
    .action((run: string, options: CommonOptions & { yes?: boolean }) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        if (!options.yes) {
          const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
          const preview = await withLine(deps, connection, (line) =>
            previewUndo(line, { connection, undone: run }),
          );
          // One JSON document: with --json the preview is it, unless somebody can answer.
          if (!options.json || !isTerminal) show(preview.summary, options);
          if (!isTerminal) {
            say(`zcv: nothing was undone; to do it: zcv undo ${run} --yes`);
            return preview.stopped ? exitCodeOf(preview.stopped) : 2;
          }
          if (!(await confirmed(options.yes, `Undo run ${run} in ${connection.org.name}?`))) return 0;
        }
        const { summary, stopped } = await audited(
          app,
          connection,
          {
            action: 'run.undo',
            target: `run ${run}`,
            after: ({ summary: { restored, tasksDeleted, rejected, remaining } }) => ({
              ...{ restored, tasksDeleted, rejected: rejected.length, remaining },
            }),
          },
          () => withLine(deps, connection, (line) => runUndo(line, { connection, undone: run })),
        );
        show(summary, options);
        return worst([
          stopped ? exitCodeOf(stopped) : 0,
          summary.rejected.length + summary.remaining > 0 ? 4 : 0,
        ]);
      }),
    );
}

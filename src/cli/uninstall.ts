import type { Command } from 'commander';
import { withLine } from '../jobs/line.ts';
import { lossOfRemoval } from '../setup/fields-remove.ts';
import { type Uninstalled, uninstall } from '../setup/uninstall.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, say, withConnection } from './command.ts';
import { confirmed } from './confirm.ts';
import { lossTable } from './fields.ts';

type Options = CommonOptions & {
  clearAdopted?: boolean;
  withInputs?: boolean;
  force?: boolean;
  yes?: boolean;
};

export function configure(command: Command): void {
  common(command)
    .option('--clear-adopted', 'also empty the fields that were there before us')
    .option('--with-inputs', 'also delete the fields that people filled in')
    .option('--force', 'forget the org although Zoho refused a step')
    .option('--yes', 'uninstall without asking')
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        if (!options.yes) say(lossTable(await lossOfRemoval(app, { connection, sets: null })));
        const question = `Take everything of ours out of ${connection.org.name} and forget the org?`;
        if (!(await confirmed(options.yes, question))) return 0;
        const deed = {
          action: 'connection.uninstall',
          target: connection.name,
          after: ({ disconnected, problems }: Uninstalled) => ({ disconnected, problems }),
        };
        // Of no connection: the entry must outlive this one.
        const done = await audited(app, null, deed, () =>
          withLine(deps, connection, (line) =>
            uninstall(
              { ...app, zohoFor: async (of) => line.zohoFor(of) },
              {
                connection,
                clearAdopted: options.clearAdopted ?? false,
                withInputs: options.withInputs ?? false,
                force: options.force ?? false,
              },
            ),
          ),
        );
        if (options.json) printJson(done);
        else print(page(done));
        return done.problems.length > 0 ? 4 : 0;
      }),
    );
}

function page(done: Uninstalled): string {
  const removed = done.fields.filter(({ action }) => action === 'removed').length;
  return [
    `Deleted: ${done.tasks.deleted} open tasks that nobody had touched, ${removed} fields, ${done.channels} notification channels.`,
    ...(done.emptied > 0 ? [`Emptied: ${done.emptied} values in fields that were there before us.`] : []),
    ...done.problems.map((problem) => `! ${problem}`),
    done.disconnected
      ? `${done.connection} was forgotten${done.revoked ? ' and its access revoked' : ''}.`
      : `${done.connection} stays, so that a second run can do the rest: zcv uninstall. To forget it anyway: --force.`,
    'What stays:',
    ...done.keeps.map(({ what, why }) => `- ${what}: ${why}`),
  ].join('\n');
}

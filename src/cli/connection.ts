import { type Command, Option } from 'commander';
import type { ConnectionMode } from '../domain.ts';
import { disconnectOrg } from '../setup/disconnect.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withApp, withConnection } from './command.ts';
import { confirmed } from './confirm.ts';
import { table } from './render.ts';

export function configure(command: Command): void {
  command
    .command('list')
    .description('all connections, their mode and state')
    .option('--json', 'print exactly one JSON document')
    .action((options: Pick<CommonOptions, 'json'>) =>
      withApp(options, async (app) => {
        const connections = await app.store.connections.list();
        if (options.json) {
          printJson(
            connections.map(({ name, org, mode, state, location }) => ({ name, org, mode, state, location })),
          );
        } else if (connections.length === 0) {
          print('No connection yet. Make one with: zcv connect');
        } else {
          const rows = connections.map(({ name, org, mode, state, location }) => [
            name,
            org.name,
            org.edition,
            location,
            mode,
            state,
          ]);
          print(table(['name', 'org', 'edition', 'data centre', 'mode', 'state'], rows));
        }
        return 0;
      }),
    );
  common(command.command('set').description('change how a connection may write'))
    .addOption(
      new Option(
        '--mode <mode>',
        'manual: on command only; auto: by schedule and webhook too; read-only: never',
      )
        .choices(['manual', 'auto', 'read-only'])
        .makeOptionMandatory(),
    )
    .action((options: CommonOptions & { mode: ConnectionMode }) =>
      withConnection(options, async (app, connection) => {
        const { mode } = options;
        const deed = {
          action: 'connection.set',
          target: connection.name,
          before: { mode: connection.mode },
          after: () => ({ mode }),
        };
        await audited(app, connection, deed, async () => {
          await app.store.connections.setMode(connection.id, mode);
          // Whoever says what a restored connection may do wants it to work again.
          if (connection.state === 'standby')
            await app.store.connections.setState(connection.id, 'ready', null);
        });
        if (options.json) printJson({ connection: connection.name, mode: options.mode });
        else print(`${connection.name} is now in mode ${options.mode}.`);
        return 0;
      }),
    );
  common(
    command.command('remove').description('revoke the grant and delete everything stored about this org'),
  )
    .option('--yes', 'remove without asking')
    .action((options: CommonOptions & { yes?: boolean }) =>
      withConnection(options, async (app, connection) => {
        if (!(await confirmed(options.yes, `Revoke and delete ${connection.name} (${connection.org.name})?`)))
          return 0;
        const deed = {
          action: 'connection.remove',
          target: connection.name,
          before: { org: connection.org.name, orgId: connection.org.id },
          after: ({ revoked, problems }: { revoked: boolean; problems: string[] }) => ({ revoked, problems }),
        };
        // Of no connection: the entry must outlive this one.
        const removed = await audited(app, null, deed, () => disconnectOrg(app, connection));
        if (options.json) printJson({ connection: connection.name, ...removed });
        else {
          print(`${connection.name} was removed. Our fields and tasks stay in Zoho.`);
          for (const problem of removed.problems) print(`! ${problem}`);
        }
        return removed.problems.length > 0 ? 4 : 0;
      }),
    );
}

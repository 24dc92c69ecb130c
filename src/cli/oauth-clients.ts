import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import { NotFoundError } from '../errors.ts';
import { allowProgram } from '../setup/allow-program.ts';
import type { OAuthClient, OAuthScope } from '../store/oauth-stores.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, say, withApp, withConnection } from './command.ts';
import { table } from './render.ts';

/** `zcv oauth-clients add|list|remove`: programs that may ask people for access, such as a connection inside Zoho. */

interface AddOptions extends CommonOptions {
  readonly name: string;
  readonly redirectUri: readonly string[];
  readonly scope: readonly OAuthScope[];
}

/** What is entered in Zoho; docs/extension.md shows it step by step. */
function addresses(app: App) {
  const issuer = `${app.config.server.publicUrl ?? '<PUBLIC_URL>'}/oauth`;
  return {
    authorizeUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/token`,
    revokeUrl: `${issuer}/revoke`,
  };
}

async function add(options: AddOptions): Promise<void> {
  await withConnection(options, async (app, connection) => {
    const wanted = {
      ...{ connection: connection.id, name: options.name, redirectUris: options.redirectUri },
      ...{ scopes: options.scope, createdBy: 'cli' },
    };
    const deed = {
      ...{ action: 'oauth_client.add', target: options.name },
      after: ({ client }: { readonly client: OAuthClient }) => shown(client),
    };
    const { client, secret } = await audited(app, connection, deed, () => allowProgram(app, wanted));
    const at = addresses(app);
    if (options.json) printJson({ ...shown(client), secret, ...at });
    else {
      print(
        [
          `Client ID       ${client.id}`,
          `Client Secret   ${secret}`,
          `Authorize URL   ${at.authorizeUrl}`,
          `Token URL       ${at.tokenUrl}   (for refreshing, too)`,
          `Revoke URL      ${at.revokeUrl}`,
          `Scopes          ${client.scopes.join(' ')}`,
        ].join('\n'),
      );
      say('The secret is shown this once.');
    }
    if (!app.config.server.isOAuthProvider)
      say('zcv: OAUTH_PROVIDER is not on: nobody can be asked for access yet');
    return 0;
  });
}

async function list(app: App, json: boolean): Promise<void> {
  const clients = await app.store.oauthClients.list('all', app.clock.now());
  const names = new Map((await app.store.connections.list()).map(({ id, name }) => [id, name]));
  const rows = clients.map(({ people, ...client }) => ({
    ...{ ...shown(client), people },
    connection: names.get(client.connection) ?? client.connection,
  }));
  if (json) printJson(rows);
  else if (rows.length === 0) print('No program may ask for access. Let one with: zcv oauth-clients add');
  else
    print(
      table(
        ['id', 'name', 'connection', 'scopes', 'allowed by', 'sends back to'],
        rows.map(({ id, name, connection, scopes, people, redirectUris }) => [
          ...[id, name, connection, scopes.join(' '), `${people}`, redirectUris.join(' ')],
        ]),
      ),
    );
}

async function remove(app: App, id: string, json: boolean): Promise<void> {
  const client = await app.store.oauthClients.byId(id);
  if (client === null) throw new NotFoundError(`there is no program ${id}; see: zcv oauth-clients list`);
  const deed = { action: 'oauth_client.remove', target: client.name, before: shown(client) };
  const connection = { id: client.connection };
  await audited(app, connection, { ...deed, after: () => null }, () =>
    app.store.oauthClients.remove(client.connection, id),
  );
  if (json) printJson({ removed: id });
  else print(`Removed: ${client.name}. What people allowed it has ended.`);
}

function shown({ id, name, redirectUris, scopes, createdBy, createdAt }: OAuthClient) {
  return { id, name, redirectUris, scopes, createdBy, createdAt };
}

export function configure(command: Command): void {
  const json = () => new Option('--json', 'print exactly one JSON document');
  common(
    command
      .command('add')
      .description('let a program ask people for access to a connection; its secret is printed once')
      .requiredOption('--name <name>', 'as people read it when they are asked')
      .requiredOption(
        '--redirect-uri <uris...>',
        'where the program wants people sent back to, letter by letter',
      )
      .addOption(
        new Option('--scope <scopes...>', 'what it may ask for at most')
          .choices(['read', 'inputs'])
          .default(['read', 'inputs']),
      ),
  ).action(add);
  command
    .command('list')
    .description('all of them, and how many people allowed each')
    .addOption(json())
    .action((options: { readonly json?: boolean }) =>
      withApp(options, async (app) => {
        await list(app, options.json === true);
        return 0;
      }),
    );
  command
    .command('remove <id>')
    .description('end one, and with it all that people allowed it')
    .addOption(json())
    .action((id: string, options: { readonly json?: boolean }) =>
      withApp(options, async (app) => {
        await remove(app, id, options.json === true);
        return 0;
      }),
    );
}

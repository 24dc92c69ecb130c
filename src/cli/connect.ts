import { type Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../app.ts';
import type { Connection, ConnectionMode } from '../domain.ts';
import { ConfigError, InputError } from '../errors.ts';
import type { ConnectResult } from '../setup/connect.ts';
import { type CommonOptions, print, printJson, say, withApp } from './command.ts';
import { type LinkOptions, makeConnectLink } from './connect-link.ts';

type Options = Pick<CommonOptions, 'json'> & {
  name: string;
  connection?: string;
  refreshToken?: string;
  grantCode?: string;
  mode?: ConnectionMode;
  link?: boolean;
} & LinkOptions;

function grantOf(app: App, options: Options): { refreshToken: string } | { grantCode: string } {
  if (options.refreshToken !== undefined && options.grantCode !== undefined) {
    throw new InputError('give either --refresh-token or --grant-code, not both');
  }
  if (options.refreshToken !== undefined) return { refreshToken: options.refreshToken };
  if (options.grantCode !== undefined) return { grantCode: options.grantCode };
  const { refreshToken, grantCode } = app.config.zoho;
  if (refreshToken !== null) return { refreshToken };
  if (grantCode !== null) return { grantCode };
  const client = [
    ...(app.config.zoho.clientId === null ? ['ZOHO_CLIENT_ID'] : []),
    ...(app.config.zoho.clientSecret === null ? ['ZOHO_CLIENT_SECRET'] : []),
  ];
  const first = client.length === 0 ? '' : `set ${client.join(' and ')} (see .env.example), and `;
  throw new ConfigError(
    first.concat(
      'give a grant: --grant-code (self client of the Zoho API console) or --refresh-token, or set ZOHO_GRANT_CODE or ZOHO_REFRESH_TOKEN',
    ),
  );
}

function textOf({ connection, org, scopes, warnings }: ConnectResult): string {
  return [
    `Connected ${connection.name}: ${org.name} (${org.id}), ${org.edition}, ${org.users} users, ${org.currency}, ${org.timeZone}`,
    `  data centre ${connection.location}, mode ${connection.mode}`,
    scopes.missing.length === 0
      ? `  scopes: all ${scopes.granted.length} granted`
      : `! scopes missing: ${scopes.missing.join(', ')} (docs/scopes.md says what breaks without each)`,
    ...warnings.map((warning) => `! ${warning}`),
    'Next: zcv doctor, zcv assess, zcv fields plan',
  ].join('\n');
}

function daysFrom(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 30) throw new InvalidArgumentError('1 to 30 days');
  return value;
}

async function noteConnected(app: App, existing: Connection | null, result: ConnectResult): Promise<void> {
  const { connection, scopes } = result;
  await app.store.audit.add({
    ...{ connection: connection.id, who: 'cli', action: 'connection.connect', target: connection.name },
    before: existing && { org: existing.org.name, mode: existing.mode, scopes: existing.scopes },
    after: { org: connection.org.name, mode: connection.mode, missing: scopes.missing },
    at: app.clock.now(),
  });
}

export function configure(command: Command): void {
  command
    .option('--refresh-token <token>', 'refresh token; ZOHO_REFRESH_TOKEN when left out')
    .option('--grant-code <code>', 'self-client grant code; ZOHO_GRANT_CODE when left out')
    .option('--name <name>', 'name of the connection')
    .option('--connection <name>', 'the same as --name')
    .addOption(
      new Option('--mode <mode>', 'how it may write; a new connection is manual').choices([
        'manual',
        'auto',
        'read-only',
      ]),
    )
    .option('--link', 'print an address with which somebody else links their org, once')
    .option('--days <days>', 'with --link: how long it is good', daysFrom, 7)
    .option('--data-centre <name>', 'with --link: us, eu, in, au, jp, ca, sa, uk or cn')
    .option('--client-id <id>', 'with --link: an OAuth client of its own')
    .option('--client-secret-file <path>', 'with --link: the file with its secret')
    .option('--json', 'print exactly one JSON document')
    .action((options: Options) =>
      withApp(options, async (app) => {
        const name = options.name ?? options.connection ?? 'default';
        if (options.link) {
          await makeConnectLink(app, name, options);
          return 0;
        }
        const grant = grantOf(app, options);
        const existing = await app.store.connections.byName(name);
        const result = await app.connect({ name, mode: options.mode, ...grant });
        await noteConnected(app, existing, result);
        const { connection, org, scopes, warnings } = result;
        if (options.json) {
          printJson({
            connection: connection.name,
            mode: connection.mode,
            location: connection.location,
            org,
            scopes,
            warnings,
          });
        } else {
          print(textOf(result));
        }
        if (scopes.missing.length > 0)
          say(`${scopes.missing.length} scopes are missing; what needs them is left out.`);
        return 0;
      }),
    );
}

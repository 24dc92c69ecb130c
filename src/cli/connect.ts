import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import type { ConnectionMode } from '../domain.ts';
import { ConfigError, InputError } from '../errors.ts';
import type { ConnectResult } from '../setup/connect.ts';
import { type CommonOptions, print, printJson, say, withApp } from './command.ts';

type Options = Pick<CommonOptions, 'json'> & {
  name: string;
  connection?: string;
  refreshToken?: string;
  grantCode?: string;
  mode?: ConnectionMode;
};

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
    .option('--json', 'print exactly one JSON document')
    .action((options: Options) =>
      withApp(options, async (app) => {
        const name = options.name ?? options.connection ?? 'default';
        const result = await app.connect({ name, mode: options.mode, ...grantOf(app, options) });
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

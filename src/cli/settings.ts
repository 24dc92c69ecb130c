import type { Command } from 'commander';
import { type CommonOptions, commandConfig, failed, print, printJson } from './command.ts';

const MASK = '••••';

function shownConfig() {
  const config = commandConfig();
  const { zoho, encryptionKeys, databaseUrl, settings: _settings, origins, ...rest } = config;
  const masked = (value: string | null) => (value === null ? null : MASK);
  return {
    ...rest,
    databaseUrl: databaseUrl.replace(/(:\/\/[^:/@]*):[^@]*@/, `$1:${MASK}@`),
    encryptionKeys: masked(encryptionKeys),
    zoho: {
      ...zoho,
      clientSecret: masked(zoho.clientSecret),
      refreshToken: masked(zoho.refreshToken),
      grantCode: masked(zoho.grantCode),
      secretByLocation: Object.fromEntries(
        Object.keys(zoho.secretByLocation).map((location) => [location, MASK]),
      ),
    },
    settings: origins,
  };
}

type Options = Pick<CommonOptions, 'json'> & { origin?: boolean };

function printSettings(options: Options): void {
  try {
    const config = shownConfig();
    if (options.json) {
      printJson(config);
      return;
    }
    const { settings, ...environment } = config;
    print(`environment: ${JSON.stringify(environment, null, 2)}`);
    for (const { key, value, origin } of settings) {
      print(`${key}: ${JSON.stringify(value)}${options.origin ? `  (${origin})` : ''}`);
    }
  } catch (error) {
    process.exitCode = failed(error, options.json === true);
  }
}

function validateSettings(options: Options): void {
  try {
    const config = commandConfig();
    if (options.json) printJson({ ok: true, configDir: config.configDir });
    else print(`The environment and ${config.configDir} are valid.`);
  } catch (error) {
    process.exitCode = failed(error, options.json === true);
  }
}

export function configure(command: Command): void {
  command
    .command('print')
    .description('the configuration in force, secrets masked')
    .option('--origin', 'say where each value comes from')
    .option('--json', 'print exactly one JSON document')
    .action(printSettings);
  command
    .command('validate')
    .description('check environment and config files; every problem is listed, exit 2')
    .option('--json', 'print exactly one JSON document')
    .action(validateSettings);
}

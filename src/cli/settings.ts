import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { commandConfig, type ExitCode, failed, print, printJson, withApp } from './command.ts';
import { configureEdits } from './settings-edits.ts';

const MASK = '••••';

type Origins = Awaited<ReturnType<App['settings']['of']>>['origins'];

function shownConfig(config: Config, origins: Origins) {
  const {
    zoho,
    encryptionKeys,
    databaseUrl,
    server,
    settings: _settings,
    origins: _base,
    base: _texts,
    ...rest
  } = config;
  const masked = (value: string | null) => (value === null ? null : MASK);
  return {
    ...rest,
    databaseUrl: databaseUrl.replace(/(:\/\/[^:/@]*):[^@]*@/, `$1:${MASK}@`),
    server: { ...server, sessionSecret: masked(server.sessionSecret) },
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

type Options = { json?: boolean; connection?: string; origin?: boolean; all?: boolean };

/** Of one connection, or what all have in common; the latter needs no database. */
async function printSettings(options: Options): Promise<void> {
  const { connection: name } = options;
  if (name !== undefined) {
    return withApp(options, async (app) => {
      const { origins } = await app.settings.of(await app.connection(name));
      show(shownConfig(app.config, origins), options);
      return 0;
    });
  }
  try {
    const config = commandConfig();
    show(shownConfig(config, config.origins), options);
  } catch (error) {
    process.exitCode = failed(error, options.json === true);
  }
}

function show(config: ReturnType<typeof shownConfig>, options: Options): void {
  if (options.json) {
    printJson(config);
    return;
  }
  const { settings, ...environment } = config;
  print(`environment: ${JSON.stringify(environment, null, 2)}`);
  for (const { key, value, origin, at, why } of settings) {
    const from = [origin, ...(at === null ? [] : [at]), ...(why === null ? [] : [`# ${why}`])].join(', ');
    print(`${key}: ${JSON.stringify(value)}${options.origin ? `  (${from})` : ''}`);
  }
}

async function validateSettings(options: Options): Promise<void> {
  if (options.all || options.connection !== undefined)
    return withApp(options, (app) => validateAll(app, options));
  try {
    const config = commandConfig();
    if (options.json) printJson({ ok: true, configDir: config.configDir });
    else print(`The environment and ${config.configDir} are valid.`);
  } catch (error) {
    process.exitCode = failed(error, options.json === true);
  }
}

/** Also of folders that no connection has the name of: they may be made before the connection is. */
async function validateAll(app: App, options: Options): Promise<ExitCode> {
  const known = await app.store.connections.list();
  const chosen =
    options.connection === undefined ? known : known.filter(({ name }) => name === options.connection);
  const judged: Record<string, { ok: boolean; problems: readonly string[]; note?: string }> = {};
  for (const connection of chosen) {
    const problems = await app.settings.problemsOf(connection);
    judged[connection.name] = { ok: problems.length === 0, problems };
  }
  const strangers = app.settings.overlayNames().filter((name) => !known.some((one) => one.name === name));
  for (const name of strangers) {
    if (options.connection !== undefined && options.connection !== name) continue;
    const problems = app.settings.problemsOfName(name);
    judged[name] = { ok: problems.length === 0, problems, note: 'no connection has this name' };
  }
  if (options.connection !== undefined && Object.keys(judged).length === 0)
    await app.connection(options.connection);
  const isOk = Object.values(judged).every(({ ok }) => ok);
  if (options.json) printJson({ ok: isOk, configDir: app.config.configDir, connections: judged });
  else {
    print(`The environment and the base files of ${app.config.configDir} are valid.`);
    for (const [name, { ok, problems, note }] of Object.entries(judged)) {
      print(`${ok ? 'ok  ' : 'FAIL'}  ${name}${note === undefined ? '' : ` (${note})`}`);
      for (const problem of problems) print(`      ${problem}`);
    }
  }
  return isOk ? 0 : 2;
}

export function configure(command: Command): void {
  command
    .command('print')
    .description('the configuration in force, secrets masked')
    .option('--connection <name>', 'as they hold for this connection; what all have in common when left out')
    .option('--origin', 'say where each value comes from: layer, file and line, and the comment beside it')
    .option('--json', 'print exactly one JSON document')
    .action(printSettings);
  command
    .command('validate')
    .description('check environment and config files; every problem is listed, exit 2')
    .option('--connection <name>', 'the layers of this connection too')
    .option('--all', 'the layers of every connection too')
    .option('--json', 'print exactly one JSON document')
    .action(validateSettings);
  configureEdits(command);
}

import type { Command, Option } from 'commander';
import { type App, type AppOptions, createApp } from '../app.ts';
import { type Config, processEnvironment, readConfig } from '../config.ts';
import type { Connection } from '../domain.ts';
import {
  AppError,
  ConfigError,
  InputError,
  NotFoundError,
  ZohoAuthError,
  ZohoCreditsError,
} from '../errors.ts';
import { PlanHeldError } from '../jobs/run-apply.ts';
import { withoutSecrets } from '../log.ts';

/** What every command shares: configuration, one app, data on stdout, messages on stderr, exit codes. */

export interface CommonOptions {
  readonly connection: string;
  readonly json?: boolean;
}

export function common(command: Command): Command {
  return command
    .option('--connection <name>', 'which connection', 'default')
    .option('--json', 'print exactly one JSON document');
}

/** An option that may be given several times; help names what holds when it is left out. */
export function repeatable(option: Option, whenLeftOut: string): Option {
  return option
    .default([], whenLeftOut)
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}

// Highest priority first, as README lists them.
const EXIT_ORDER = [2, 5, 6, 3, 4, 1, 0] as const;
export type ExitCode = (typeof EXIT_ORDER)[number];

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof PlanHeldError) return 3;
  if (error instanceof ConfigError || error instanceof InputError || error instanceof NotFoundError) return 2;
  if (error instanceof ZohoAuthError && !error.scope) return 5;
  if (error instanceof ZohoCreditsError) return 6;
  return 1;
}
export function worst(codes: readonly ExitCode[]): ExitCode {
  return EXIT_ORDER.find((code) => codes.includes(code)) ?? 0;
}

/** Prints what went wrong and what to do; the stack only of a bug. */
export function failed(error: unknown, asJson: boolean): ExitCode {
  const message = withoutSecrets(error instanceof Error ? error.message : String(error));
  const code = error instanceof AppError ? error.code : 'internal_error';
  if (asJson) printJson({ error: { code, message } });
  process.stderr.write(`zcv: ${message}\n`);
  if (!(error instanceof AppError) && error instanceof Error && error.stack) {
    process.stderr.write(`${withoutSecrets(error.stack)}\n`);
  }
  return exitCodeOf(error);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`);
}
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Address of a database without user and password. */
export const shownUrl = (url: string): string => url.replace(/(:\/\/)[^@/]*@/, '$1…@');

export function commandConfig(override?: NodeJS.ProcessEnv): Config {
  return readConfig(processEnvironment(), {
    isTerminal: process.stderr.isTTY === true,
    // A person at the command line wants results; LOG_LEVEL brings the log back.
    defaultLogLevel: 'error',
    ...(override ? { override } : {}),
  });
}

export async function openApp(
  override?: NodeJS.ProcessEnv,
  options: Pick<AppOptions, 'isRepair'> = {},
): Promise<App> {
  return createApp(commandConfig(override), { logTo: 'stderr', say, ...options });
}

/** Opens the app, runs the work, closes, and sets the exit code; errors are printed here and nowhere else. */
export async function withApp(
  options: { readonly json?: boolean | undefined } & Pick<AppOptions, 'isRepair'>,
  work: (app: App) => Promise<ExitCode | undefined>,
): Promise<void> {
  let app: App | null = null;
  try {
    app = await openApp(undefined, options.isRepair ? { isRepair: true } : {});
    process.exitCode = (await work(app)) ?? 0;
  } catch (error) {
    process.exitCode = failed(error, options.json === true);
  } finally {
    await app?.close();
  }
}

export function withConnection(
  options: CommonOptions,
  work: (app: App, connection: Connection) => Promise<ExitCode | undefined>,
): Promise<void> {
  return withApp(options, async (app) => work(app, await app.connection(options.connection)));
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import PQueue from 'p-queue';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { AppError, InputError, NotFoundError } from '../errors.ts';
import { readWaves } from '../fleet-file.ts';
import { withoutSecrets } from '../log.ts';
import {
  type CommonOptions,
  common,
  type ExitCode,
  exitCodeOf,
  print,
  printJson,
  say,
  withApp,
  worst,
} from './command.ts';
import { seconds, table } from './render.ts';

/** One command over many connections: one that fails stops no other, and a table at the end says how each went. */

export interface ManyOptions extends CommonOptions {
  readonly all?: boolean;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly wave?: number;
  readonly parallel: number;
  /** It looks at a database on which no work may begin, too. */
  readonly isRepair?: boolean;
}
/** Where a command puts its answer: at once for one connection, kept together for many. */
export interface Out {
  readonly isMany: boolean;
  print(text: string): void;
  json(value: unknown): void;
}
type Work = (app: App, connection: Connection, out: Out) => Promise<ExitCode | undefined>;

const MOST_PARALLEL = 8;

const names = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
function whole(most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new InvalidArgumentError(`a whole number from 1 to ${most}`);
    return value;
  };
}

/** --connection for one, or --all, --only, --except, --wave for many. */
export function many(command: Command): Command {
  return common(command)
    .option('--all', 'every connection')
    .addOption(new Option('--only <names>', 'these connections, comma-separated').argParser(names))
    .addOption(new Option('--except <names>', 'all but these, comma-separated').argParser(names))
    .addOption(new Option('--wave <n>', 'those of this wave of fleet.yaml').argParser(whole(1_000)))
    .addOption(
      new Option('--parallel <n>', 'so many connections at a time')
        .argParser(whole(MOST_PARALLEL))
        .default(1),
    );
}

export const isMany = ({ all, only, except, wave }: ManyOptions): boolean =>
  all === true || only !== undefined || except !== undefined || wave !== undefined;

interface Outcome {
  readonly connection: Connection;
  readonly code: ExitCode;
  readonly text: string;
  readonly json: unknown;
  readonly error: string | null;
  readonly durationMs: number;
}

const ONE: Out = { isMany: false, print, json: printJson };

/**
 * Runs `work` for each chosen connection. `skip` says why one is left out, or null. With `--json` one document by
 * connection; an error stands there as for one connection. The exit code is the worst by its priority.
 */
export function withConnections(
  options: ManyOptions,
  work: Work,
  {
    skip = () => null,
    isLines = false,
  }: {
    readonly skip?: (connection: Connection) => string | null;
    /** One object a line: no headings among them, and the table goes to stderr. */
    readonly isLines?: boolean;
  } = {},
): Promise<void> {
  return withApp(options, async (app) => {
    if (!isMany(options)) return work(app, await app.connection(options.connection), ONE);
    const chosen = await chosenOf(app, options);
    const queue = new PQueue({ concurrency: options.parallel });
    const outcomes = await Promise.all(
      chosen.map((connection) => queue.add(() => outcomeOf(app, connection, work, skip(connection)))),
    );
    if (isLines) {
      for (const { text } of outcomes) if (text !== '') print(text);
      say(summaryText(outcomes));
    } else if (options.json) {
      printJson(Object.fromEntries(outcomes.map(({ connection, json }) => [connection.name, json])));
    } else {
      for (const { connection, text } of outcomes)
        if (text !== '') print(`== ${connection.name} (${connection.org.name})\n${text}\n`);
      print(summaryText(outcomes));
    }
    return worst(outcomes.map(({ code }) => code));
  });
}

/** In the order of their waves, then by name. Throws NotFoundError for a name that no connection has. */
async function chosenOf(app: App, options: ManyOptions): Promise<Connection[]> {
  const all = await app.store.connections.list();
  const waveOf = readWaves(app.config.configDir);
  const known = new Set(all.map(({ name }) => name));
  const unknown = [...(options.only ?? []), ...(options.except ?? [])].find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new NotFoundError(`there is no connection ${unknown}; there are: ${[...known].join(', ')}`);
  const chosen = all.filter(
    ({ name }) =>
      (options.only === undefined || options.only.includes(name)) &&
      !(options.except ?? []).includes(name) &&
      (options.wave === undefined || waveOf(name) === options.wave),
  );
  if (chosen.length === 0) throw new InputError('no connection is chosen; see: zcv connection list');
  return chosen.sort((a, b) => waveOf(a.name) - waveOf(b.name) || (a.name < b.name ? -1 : 1));
}

async function outcomeOf(
  app: App,
  connection: Connection,
  work: Work,
  skipped: string | null,
): Promise<Outcome> {
  const startedAt = app.clock.now().getTime();
  const lines: string[] = [];
  let json: unknown = null;
  const out: Out = {
    isMany: true,
    print: (text) => lines.push(text),
    json: (value) => {
      json = value;
    },
  };
  const ended = (code: ExitCode, error: string | null): Outcome => ({
    ...{ connection, code, error, json, text: lines.join('\n') },
    durationMs: app.clock.now().getTime() - startedAt,
  });
  if (skipped !== null) {
    json = { skipped };
    return ended(0, `skipped: ${skipped}`);
  }
  try {
    return ended((await work(app, connection, out)) ?? 0, null);
  } catch (error) {
    const message = withoutSecrets(error instanceof Error ? error.message : String(error));
    json = { error: { code: error instanceof AppError ? error.code : 'internal_error', message } };
    // What we know how to name stands in the table; anything else is a bug, and its stack is wanted.
    if (!(error instanceof AppError))
      app.log.error({ err: error, connection: connection.name }, 'a connection failed; the others go on');
    return ended(exitCodeOf(error), message);
  }
}

const MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'failed',
  2: 'wrong use or configuration',
  3: 'held for approval',
  4: 'done in part',
  5: 'reconnect needed',
  6: 'no credits left today',
};

function summaryText(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ connection, code, error, durationMs }) => [
    connection.name,
    connection.org.name,
    MEANING[code],
    String(code),
    seconds(durationMs),
    error?.replaceAll(/\s*\n\s*/g, ' ') ?? '',
  ]);
  return table(['connection', 'org', 'result', 'exit', 'time', 'note'], rows);
}

/** A file of its own for each: `{connection}` in the path stands for its name. Throws InputError. */
export function fileOf(path: string, connection: Connection, { isMany: isOneOfMany }: Out): string {
  if (isOneOfMany && !path.includes('{connection}'))
    throw new InputError(`--out ${path}: with many connections name a file for each, e.g. {connection}.csv`);
  return path.replaceAll('{connection}', connection.name);
}

/** Nobody answers the same question for every connection. Throws InputError. */
export function requireYes(options: ManyOptions & { readonly yes?: boolean }): void {
  if (isMany(options) && options.yes !== true)
    throw new InputError('this would write to many orgs: look at zcv plan --all first, then add --yes');
}

/** Why a connection that is never written to is left out. */
export const skipReadOnly = ({ mode }: Connection): string | null =>
  mode === 'read-only' ? 'its mode is read-only' : null;

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { type Command, InvalidArgumentError } from 'commander';
import { type App, createApp } from '../app.ts';
import { dayOf, systemClock } from '../clock.ts';
import { processEnvironment, readConfig } from '../config.ts';
import type { Connection } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import { runLine } from '../jobs/run-line.ts';
import { GENERATED_TIME_ZONE, generatedOrg } from '../sample/generator.ts';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../sample/superstore.ts';
import { FIELD_SET_NAMES } from '../setup/field-sets.ts';
import { type AppliedField, applyFields } from '../setup/fields.ts';
import { type Simulator, startSimulator } from '../simulator/simulator.ts';
import { operatorLink } from './admin-link.ts';
import { type CommonOptions, failed, print, printJson, say } from './command.ts';
import { inputText, showInput } from './demo-input.ts';
import { fieldDeps } from './fields.ts';
import { counts } from './render.ts';
import { lineExitCode } from './run.ts';
import { portFrom, serveApp } from './serve.ts';
import { lineText } from './summaries.ts';

type Options = Pick<CommonOptions, 'json'> & { once?: boolean; scale?: number; port: string };

const DATABASE = 'data/demo.db';
const CONNECTION = 'demo';
const SETS = FIELD_SET_NAMES;
const PID_FILE = 'data/demo.pid';

/** A demo that runs in this folder keeps its database: wiping it beneath would leave both broken. */
function requireNoOther(): void {
  if (!existsSync(PID_FILE)) return;
  const pid = Number(readFileSync(PID_FILE, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return;
  try {
    process.kill(pid, 0);
  } catch {
    return;
  }
  throw new ConfigError(
    `a demo already runs in this folder (process ${pid}); end it first, or start this one elsewhere`,
  );
}

function wipe(): string {
  requireNoOther();
  mkdirSync('data', { recursive: true });
  writeFileSync(PID_FILE, String(process.pid));
  for (const suffix of ['', '-wal', '-shm', '.key', '.session'])
    rmSync(`${DATABASE}${suffix}`, { force: true });
  return resolve(DATABASE);
}

/** The demo's own database and simulator, whatever the environment says of Zoho. */
function demoEnvironment(simulator: Simulator, database: string, port: string): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: `file:${database}`,
    ZOHO_ACCOUNTS_URL: simulator.url,
    ZOHO_CLIENT_ID: simulator.clientId,
    ZOHO_CLIENT_SECRET: simulator.clientSecret,
    ZOHO_REFRESH_TOKEN: simulator.refreshToken,
    HOST: '127.0.0.1',
    PORT: port,
    // The simulator notifies over http on this machine; Zoho itself would insist on https.
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
}

/** The last order is yesterday where the firm is, not here. */
function sampleOrg(customers: number | undefined) {
  const now = systemClock.now();
  if (customers === undefined) return superstoreOrg({ today: dayOf(now, SUPERSTORE_TIME_ZONE) });
  return generatedOrg({ customers, today: dayOf(now, GENERATED_TIME_ZONE) });
}

/** Variables that must not reach the demo: it would otherwise use a real database or a real org. */
function withoutReal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(ZOHO_|DATABASE_URL|ENCRYPTION_KEYS|PUBLIC_URL)/.test(name)),
  );
}

function fieldsText(fields: readonly AppliedField[]): string {
  const actions: Record<string, number> = {};
  for (const { action } of fields) actions[action] = (actions[action] ?? 0) + 1;
  return `Fields (${SETS.join(', ')}, and CV Ref on Tasks): ${counts(actions)}`;
}

async function runDemo(app: App, connection: Connection, options: Options) {
  const fields = await applyFields(await fieldDeps(app, connection), {
    connection,
    sets: [...SETS],
    max: null,
  });
  if (!options.json) print(`${fieldsText(fields.fields)}\n`);
  return runLine(await app.depsOf(connection), { connection, full: true, apply: true, asOf: null });
}

async function demo(options: Options): Promise<void> {
  const database = wipe();
  const seed = sampleOrg(options.scale);
  const simulator = await startSimulator({ seed });
  const environment = demoEnvironment(simulator, database, options.once ? '0' : await freePort(options.port));
  const config = readConfig(withoutReal(processEnvironment()), {
    isTerminal: process.stderr.isTTY === true,
    defaultLogLevel: 'error',
    override: environment,
  });
  const app = await createApp(config, { logTo: 'stderr' });
  const { connection, org, scopes } = await app.connect({
    name: CONNECTION,
    mode: 'manual',
    refreshToken: simulator.refreshToken,
  });
  if (!options.json) print(`Sample org ${org.name} at ${simulator.url}\n`);
  const line = await runDemo(app, connection, options);
  if (!options.json) print(lineText(line, connection.org.currency));
  // Of a large generated org a second run would only show how long it takes.
  const isShown = line.apply !== null && options.scale === undefined;
  const input = isShown ? await showInput(app, connection, simulator) : null;
  if (!options.json && input) print(`\n${inputText(input)}`);
  const { stopped: _stopped, ...result } = line;
  if (options.json) printJson({ connection: { name: connection.name, org, scopes }, ...result, input });
  process.exitCode = lineExitCode(line);
  if (options.once) {
    await app.close();
    await simulator.close();
    return;
  }
  const server = await serveApp(app, config);
  printAddresses(environment, server.url, simulator.url);
  const { url } = await operatorLink(app, { name: 'demo', minutes: 60, url: server.url });
  say(`\nSign in as operator, once, within the hour: ${url}`);
  closeWithGrace({ delay: 20_000, logger: false }, async () => {
    await server.stop();
    await app.close();
    await simulator.close();
  });
}

function printAddresses(environment: NodeJS.ProcessEnv, serverUrl: string, simulatorUrl: string): void {
  const { HOST: _host, PORT: _port, PUBLIC_URL: _url, ...variables } = environment;
  say(`\nServer    ${serverUrl}\nSimulator ${simulatorUrl}\n`);
  say('Other commands reach this demo with --connection demo and:\n');
  for (const [name, value] of Object.entries(variables)) say(`export ${name}='${value}'`);
  say('\nFor example: npx zcv plan --diff --connection demo\nStop it with Ctrl-C.');
}

/** The asked port when it is free, else any other: the demo must not fail after its work for want of a port. */
async function freePort(asked: string): Promise<string> {
  for (const port of [Number(asked), 0]) {
    const server = createServer();
    const isFree = await new Promise<boolean>((done) => {
      server.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true));
    });
    if (!isFree) continue;
    const address = server.address();
    await new Promise((done) => server.close(done));
    if (address !== null && typeof address === 'object') return String(address.port);
  }
  return asked;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000)
    throw new InvalidArgumentError('1 to 1,000,000 customers');
  return value;
}

export function configure(command: Command): void {
  command
    .option('--once', 'end after the summary')
    .option(
      '--scale <customers>',
      'a generated org of this many customers instead of the sample firm',
      wholeNumber,
    )
    .option('--port <port>', 'port of the server; another one when it is taken', portFrom, '3000')
    .option('--json', 'print exactly one JSON document')
    .action(async (options: Options) => {
      try {
        await demo(options);
      } catch (error) {
        process.exitCode = failed(error, options.json === true);
      }
    });
}

/**
 * First and incremental sync of a large org from the simulator, each beside its floor in the same run: the same CSV
 * downloaded, unzipped, parsed and inserted by the plain driver, and the official client reading pages.
 *
 *   npm run build && node scripts/bench/sync.ts [--database sqlite|postgres] [--accounts 300000] [--contacts N]
 *     [--deals N] [--activities N] [--modules Accounts,Deals] [--changed 1000] [--pairs 1] [--no-sdk]
 *     [--latency 200]
 *
 * The official client is timed twice: against the bare simulator, which answers at once, and beside a second first sync
 * with `--latency` ms on every call, as any service across a network has.
 *
 * The simulator is a process of its own on the same machine: its share of the two cores is in both figures.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readSettings } from '../../src/settings.ts';
import { columnsOf } from '../../src/sync/columns.ts';
import type { ZohoAnswer, ZohoClient, ZohoRequest } from '../../src/zoho/client.ts';
import { fetchFields } from '../../src/zoho/metadata.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { type Ended, runScript } from './child-process.ts';

const { values: options } = parseArgs({
  options: {
    database: { type: 'string', default: 'sqlite' },
    accounts: { type: 'string', default: '300000' },
    contacts: { type: 'string' },
    deals: { type: 'string' },
    activities: { type: 'string' },
    modules: { type: 'string', default: 'Accounts,Deals' },
    changed: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '1' },
    'no-sdk': { type: 'boolean', default: false },
    latency: { type: 'string', default: '200' },
  },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(root, 'dist/cli.js');
const askedModules = options.modules.split(',').flatMap((module) => ['--module', module]);
const folder = mkdtempSync(join(tmpdir(), 'zcv-sync-bench-'));
const children: ChildProcess[] = [];
const say = (text: string) => process.stdout.write(`${text}\n`);

function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return runScript(script, args, { env: { HOME: folder, ...env }, cwd: root, children });
}

async function startSimulator(): Promise<Record<string, string>> {
  const given = ['--scale', options.accounts];
  for (const name of ['contacts', 'deals', 'activities'] as const) {
    const size = options[name];
    if (size !== undefined) given.push(`--${name}`, size);
  }
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=14000', join(root, 'dist/simulator/start.js'), '--port', '0', ...given],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    const found = Object.fromEntries(
      [...text.matchAll(/(ZOHO_\w+)='?([^'\s]+)/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
    );
    if (!found.ZOHO_REFRESH_TOKEN) continue;
    child.stdout?.resume();
    return found;
  }
  throw new Error('the simulator did not start');
}

interface Report {
  readonly calls: Record<string, number>;
  readonly credits: number;
  readonly totalCalls: number;
}
async function control<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${zoho.ZOHO_ACCOUNTS_URL}/__control/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  return (text === '' ? null : JSON.parse(text)) as T; // as the control API documents it
}

interface ModuleLine {
  readonly module: string;
  readonly mode: string;
  readonly method: string | null;
  readonly read: number;
  readonly changed: number;
}
interface SyncAnswer {
  readonly modules: readonly ModuleLine[];
  readonly calls: number;
  readonly credits: number;
  readonly durationMs: number;
}

// Without limits, retries and a ledger: the bench spends nobody's credits.
const client: ZohoClient = {
  request: api,
  usage: () => ({ calls: 0, credits: 0 }),
  prices: DEFAULT_PRICES,
};
/** What the sync asks for of each module, so that the floor downloads the same CSV. */
async function fieldsAsked(): Promise<Record<string, string[]>> {
  const settings = readSettings(join(root, 'config'), []).settings;
  if (!settings) throw new Error('config/ cannot be read');
  const asked: Record<string, string[]> = {};
  for (const module of ['Accounts', 'Contacts', 'Deals', 'Calls', 'Tasks'] as const) {
    const meta = await fetchFields(client, module);
    const { fields } = columnsOf({
      module,
      meta,
      mapping: settings.mapping,
      ours: [],
      known: [],
      optionsOf: () => [],
    });
    asked[module] = ['id', ...fields];
  }
  return asked;
}
async function api({ method, path, query }: ZohoRequest): Promise<ZohoAnswer> {
  accessToken ||= await refreshed();
  const text = new URLSearchParams(
    Object.entries(query ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
  const answer = await fetch(`${zoho.ZOHO_ACCOUNTS_URL}${path}?${text}`, {
    method,
    headers: { authorization: `Zoho-oauthtoken ${accessToken}` },
  });
  return { status: answer.status, headers: {}, body: answer.status === 204 ? null : await answer.json() };
}
async function refreshed(): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: zoho.ZOHO_CLIENT_ID ?? '',
    client_secret: zoho.ZOHO_CLIENT_SECRET ?? '',
    refresh_token: zoho.ZOHO_REFRESH_TOKEN ?? '',
  });
  const answer = await fetch(`${zoho.ZOHO_ACCOUNTS_URL}/oauth/v2/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token; // the shape that Zoho documents
}
/** Ids of some deals, page after page. */
async function someDeals(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let pageToken = ''; ids.length < count; ) {
    const { body } = await api({
      method: 'GET',
      path: '/crm/v8/Deals',
      query: { fields: 'id', per_page: 200, ...(pageToken ? { page_token: pageToken } : {}) },
      credits: 1,
    });
    const { data, info } = body as { data: { id: string }[]; info: { next_page_token: string | null } }; // as documented
    ids.push(...data.map(({ id }) => id));
    if (info.next_page_token === null) break;
    pageToken = info.next_page_token;
  }
  return ids.slice(0, count);
}

function freshDatabase(cluster: { url: string } | null): Promise<string> {
  if (cluster === null) {
    const path = join(folder, `${randomBytes(4).toString('hex')}.db`);
    return Promise.resolve(`file:${path}`);
  }
  return createDatabase(cluster.url);
}
async function createDatabase(server: string): Promise<string> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name} template template0`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function perSecond(rows: number, seconds: number): string {
  return `${Math.round(rows / seconds).toLocaleString('en')} rows/s`;
}

async function serverFor(database: string) {
  if (database !== 'postgres') return null;
  const started = await startPostgres();
  if (started.url === null) throw new Error(started.reason);
  return started;
}
const cluster = await serverFor(options.database);
const zoho = await startSimulator();
let accessToken = '';
let dealFields = '';
let oursPerSecond = 0;
try {
  for (let pair = 1; pair <= Number(options.pairs); pair += 1) await measurePair(pair);
  if (!options['no-sdk']) await measureClient();
} finally {
  for (const child of children) child.kill('SIGTERM');
  await cluster?.stop();
  await sleep(500);
  rmSync(folder, { recursive: true, force: true });
}

/** A database of its own, linked with the simulated org. */
async function connectedEnv(): Promise<NodeJS.ProcessEnv> {
  const env = {
    ...zoho,
    DATABASE_URL: await freshDatabase(cluster),
    CONFIG_DIR: join(root, 'config'),
    ...(cluster ? { ENCRYPTION_KEYS: randomBytes(32).toString('base64') } : {}),
  };
  await run(cli, ['connect', '--json'], env);
  return env;
}
async function firstSync(env: NodeJS.ProcessEnv): Promise<{ answer: SyncAnswer; ended: Ended }> {
  const ended = await run(cli, ['sync', ...askedModules, '--json'], env);
  return { answer: JSON.parse(ended.stdout), ended };
}
function rowsOf(answer: SyncAnswer): number {
  return answer.modules.reduce((sum, { read }) => sum + read, 0);
}

async function measurePair(pair: number): Promise<void> {
  const env = await connectedEnv();
  await control('reset-report', {});
  const { answer, ended: first } = await firstSync(env);
  const report = await control<Report>('report');
  const rows = rowsOf(answer);
  oursPerSecond = rows / first.seconds;
  say(`\n${options.database}: first sync, pair ${pair}`);
  for (const { module, method, read } of answer.modules) {
    if (read > 0) say(`  ${module.padEnd(10)} ${String(method).padEnd(5)} ${read.toLocaleString('en')}`);
  }
  const fields = await fieldsAsked();
  dealFields = (fields.Deals ?? []).filter((name) => name !== 'id').join(',');
  say(
    `  whole command ${first.seconds.toFixed(1)} s (cpu ${first.cpuSeconds.toFixed(1)} s), ${rows.toLocaleString('en')} rows, ${perSecond(rows, first.seconds)}, peak ${Math.round(first.peakMb)} MB`,
  );
  credits(answer, report);

  for (const indexes of ['same', 'none']) {
    // Zoho's ten downloads a minute are the org's: nobody is to wait for what another took.
    await sleep(60_000);
    const floorDatabase = await freshDatabase(cluster);
    const floor = await run(
      join(root, 'scripts/bench/sync-baseline.ts'),
      ['--database', floorDatabase, '--modules', options.modules, '--indexes', indexes],
      { ...zoho, BENCH_FIELDS: JSON.stringify(fields) },
    );
    const told: { rows: number; seconds: number } = JSON.parse(floor.stdout);
    say(
      `  floor (indexes: ${indexes}) ${told.seconds.toFixed(1)} s (cpu ${floor.cpuSeconds.toFixed(1)} s), ${told.rows.toLocaleString('en')} rows, ${perSecond(told.rows, told.seconds)}, peak ${Math.round(floor.peakMb)} MB; ratio ${(first.seconds / told.seconds).toFixed(2)}, by cpu ${(first.cpuSeconds / floor.cpuSeconds).toFixed(2)}`,
    );
  }
  await measureIncremental(env);
}

/** What Zoho's price list asks for at least, and what was spent beside it. */
function credits(answer: SyncAnswer, report: Report): void {
  const minimum = answer.modules.reduce((sum, { method, read }) => sum + leastCredits(method, read), 0);
  const count = (pattern: RegExp) =>
    Object.entries(report.calls).reduce((sum, [name, calls]) => sum + (pattern.test(name) ? calls : 0), 0);
  const polls = count(/^GET \/crm\/bulk\/v8\/read\/\{id\}$/);
  const downloads = count(/\/result$/);
  const metadata = count(/\/settings\/|\/org|\/users/);
  say(
    `  credits ${answer.credits} (Zoho counted ${report.credits}): reads at least ${minimum}, polls ${polls}, downloads ${downloads}, metadata ${metadata}, the rest ${report.credits - minimum - polls - downloads - metadata} (counts, catching up, deletions)`,
  );
}
function leastCredits(method: string | null, rows: number): number {
  if (method === 'bulk') return Math.ceil(rows / 200_000) * 50;
  if (method === 'list') return Math.max(1, Math.ceil(rows / 200));
  const last = rows % 2_000;
  return Math.floor(rows / 2_000) * 3 + (last === 0 ? 0 : last <= 200 ? 1 : last <= 1_000 ? 2 : 3);
}

async function measureIncremental(env: NodeJS.ProcessEnv): Promise<void> {
  // Also reads what the first command left out.
  await run(cli, ['sync', '--json'], env);
  await timeSync('nothing changed, all modules', [], env);
  const ids = await someDeals(Number(options.changed));
  for (const [round, asked] of [askedModules, []].entries()) {
    await control('records/Deals', { data: ids.map((id) => ({ id, Amount: 4711.11 + round })) });
    const which = asked.length > 0 ? options.modules : 'all modules';
    await timeSync(`${options.changed} deals changed, ${which}`, asked, env);
  }
}
async function timeSync(what: string, asked: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const ended = await run(cli, ['sync', ...asked, '--json'], env);
  const answer: SyncAnswer = JSON.parse(ended.stdout);
  const changed = answer.modules.reduce((sum, module) => sum + module.changed, 0);
  say(
    `  ${what}: ${ended.seconds.toFixed(2)} s, ${answer.credits} credits, ${answer.calls} calls, changed ${changed}`,
  );
}

async function measureClient(): Promise<void> {
  const bare = await clientPerSecond(100);
  say(
    `\nofficial client: ${Math.round(bare)} records/s; the sync reads ${(oursPerSecond / bare).toFixed(1)} times as many`,
  );
  const latencyMs = Number(options.latency);
  if (latencyMs === 0) return;
  await control('switches', { latencyMs });
  const theirs = await clientPerSecond(20);
  const { answer, ended } = await firstSync(await connectedEnv());
  const ours = rowsOf(answer) / ended.seconds;
  say(
    `with ${latencyMs} ms a call: official client ${Math.round(theirs)} records/s, the sync ${Math.round(ours)} rows/s: ${(ours / theirs).toFixed(1)} times as many`,
  );
}
async function clientPerSecond(pages: number): Promise<number> {
  const sdkFolder = mkdtempSync(join(folder, 'sdk-'));
  const client = await run(join(root, 'scripts/bench/sdk-read.ts'), [String(pages)], {
    ...zoho,
    SDK_DIR: sdkFolder,
    BENCH_FIELDS: dealFields,
  });
  const told: { records: number; seconds: number } = JSON.parse(client.stdout);
  return told.records / told.seconds;
}

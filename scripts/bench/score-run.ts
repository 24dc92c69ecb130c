/**
 * The whole command `zcv score`, as a process of its own, on stores of growing size, beside its floor in the same run.
 *
 *   npm run build && node scripts/bench/score-run.ts [--database sqlite|postgres] [--customers 1000,10000,100000,300000]
 *     [--deals 3.33] [--activities 1] [--cpu-prof FOLDER] [--keep]
 *
 * Deals and activities are counted per customer. Printed are the first scoring, which fits the purchase models as well, and
 * the next day's, which is the nightly one. Growth is the exponent of time over customers.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../../test/support/postgres.ts';
import { type Ended, runScript } from './child-process.ts';
import { fillStore, LAST_DAY } from './score-store.ts';

const { values: options } = parseArgs({
  options: {
    database: { type: 'string', default: 'sqlite' },
    customers: { type: 'string', default: '1000,10000,100000,300000' },
    deals: { type: 'string', default: '3.33' },
    activities: { type: 'string', default: '1' },
    'cpu-prof': { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const NEXT_DAY = '2026-11-29';
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zcv-score-bench-'));
const keys = randomBytes(32).toString('base64');
const children: ChildProcess[] = [];
const say = (text: string) => process.stdout.write(`${text}\n`);

async function freshDatabase(server: string | null, name: string): Promise<string> {
  if (server === null) return `file:${join(folder, `${name}.db`)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name} template template0`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function score(url: string, asOf: string, isProfiled: boolean): Promise<Ended> {
  const profile = options['cpu-prof'];
  return runScript(join(root, 'dist/cli.js'), ['score', '--as-of', asOf, '--json'], {
    env: { HOME: folder, DATABASE_URL: url, ENCRYPTION_KEYS: keys, CONFIG_DIR: join(root, 'config') },
    cwd: root,
    children,
    nodeArgs: isProfiled && profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
  });
}

interface Step {
  readonly customers: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}
const before = new Map<string, Step>();
function print(what: string, customers: number, rows: number, { seconds, cpuSeconds, peakMb }: Ended): void {
  const smaller = before.get(what);
  before.set(what, { customers, seconds, cpuSeconds });
  const exponent = (key: 'seconds' | 'cpuSeconds', now: number) =>
    smaller ? (Math.log(now / smaller[key]) / Math.log(customers / smaller.customers)).toFixed(2) : '–';
  const cells = [
    what.padEnd(22),
    `${seconds.toFixed(2)} s`.padStart(9),
    `cpu ${cpuSeconds.toFixed(2)} s`.padStart(12),
    `${Math.round(rows / seconds).toLocaleString('en')} rows/s`.padStart(16),
    `peak ${Math.round(peakMb)} MB`.padStart(12),
    `growth ${exponent('seconds', seconds)} / cpu ${exponent('cpuSeconds', cpuSeconds)}`,
  ];
  say(`  ${cells.join('  ')}`);
}

async function measure(server: string | null, customers: number): Promise<void> {
  const deals = Math.round(customers * Number(options.deals));
  const activities = Math.round(customers * Number(options.activities));
  const url = await freshDatabase(server, `bench_${customers}`);
  const fillingAt = performance.now();
  await fillStore(url, keys, { customers, deals, activities });
  // Each customer has a contact; each gets a score.
  const rows = 2 * customers + deals + activities;
  say(
    `\n${options.database}: ${[customers, deals, activities].map((n) => n.toLocaleString('en')).join(' customers, ')} …`
      .replace(' customers, ', ' customers and contacts, ')
      .replace(' customers, ', ' deals, ')
      .replace(' …', ` calls (filled in ${((performance.now() - fillingAt) / 1_000).toFixed(1)} s)`),
  );
  print('first, with its fit', customers, rows, await score(url, LAST_DAY, false));
  const nightly = await score(url, NEXT_DAY, true);
  print('nightly', customers, rows, nightly);
  const { model, tiers, phases } = JSON.parse(nightly.stdout);
  const floor = await runScript(join(root, 'scripts/bench/score-floor.ts'), ['--database', url], {
    env: { HOME: folder },
    cwd: root,
    children,
  });
  const told = JSON.parse(floor.stdout);
  const seconds = told.readSeconds + told.writeSeconds;
  say(
    `  floor: ${told.read.toLocaleString('en')} rows read in ${told.readSeconds.toFixed(2)} s, ${told.written.toLocaleString('en')} scores written in ${told.writeSeconds.toFixed(2)} s; peak ${Math.round(floor.peakMb)} MB; ratio of the nightly one ${(nightly.seconds / seconds).toFixed(2)}`,
  );
  say(`  ${model.name} ${model.status}; tiers ${JSON.stringify(tiers)}; phases ${JSON.stringify(phases)}`);
  if (server === null) say(`  file ${Math.round(statSync(url.slice('file:'.length)).size / 1e6)} MB`);
  if (server === null && !options.keep) rmSync(url.slice('file:'.length), { force: true });
}

const cluster = options.database === 'postgres' ? await startPostgres() : null;
if (cluster?.url === null) throw new Error(cluster.reason);
try {
  for (const customers of options.customers.split(',').map(Number))
    await measure(cluster?.url ?? null, customers);
} finally {
  for (const child of children) child.kill('SIGTERM');
  await cluster?.stop();
  if (options.keep) say(`kept: ${folder}, ENCRYPTION_KEYS=${keys}`);
  else rmSync(folder, { recursive: true, force: true });
}

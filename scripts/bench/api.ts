// Lists of the API over many customers, asked over HTTP one after another: every order, filters, searches, far pages. Beside
// them, asked in turn, the smallest route there is. Exit code 1 when a median is above --max-ms (200 unless told).
//   npm run build && node scripts/bench/api.ts [--accounts 100000] [--rounds 7] [--postgres]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { scaleOrg } from '../../src/sample/scale.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { aFreePort } from '../../test/support/server.ts';
import { disableSchedules, environmentOf, processesIn, usageOf, ZCV } from './deliveries-service.ts';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '7' },
    postgres: { type: 'boolean', default: false },
    'max-ms': { type: 'string', default: '200' },
  },
});
const accounts = Number(values.accounts);
const rounds = Number(values.rounds);
const maxMs = Number(values['max-ms']);
const SETUP_MS = 60_000;
const FAR_PAGES = 20;

const folder = mkdtempSync(join(tmpdir(), 'zcv-api-'));
const endings: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];

interface Asked {
  readonly name: string;
  readonly path: string;
}
const LISTS: readonly Asked[] = [
  ...['value', 'revenue', 'expected', 'name', 'last_contact'].flatMap((sort) =>
    ['asc', 'desc'].map((direction) => ({
      name: `by ${sort}, ${direction}`,
      path: `/customers?sort=${sort}&direction=${direction}`,
    })),
  ),
  { name: 'top, by value', path: '/customers?tier=top' },
  { name: 'loss-making, by revenue', path: '/customers?tier=loss_making&sort=revenue' },
  { name: 'leaving, by expected', path: '/customers?phase=leaving&sort=expected' },
  { name: 'gold', path: '/customers?gold=true' },
  { name: 'overdue', path: '/customers?contactStatus=overdue' },
  { name: 'search: some', path: '/customers?search=kafe%2011' },
  { name: 'search: none', path: '/customers?search=nobody-has-this-name' },
  { name: 'search and filter', path: '/customers?search=hurt&tier=good,top&sort=name' },
  { name: 'overview', path: '/overview' },
];

async function setUp(): Promise<{
  ask: (path: string) => Promise<unknown>;
  url: string;
  peakMb: () => number;
}> {
  const today = new Date().toISOString().slice(0, 10);
  const seed = scaleOrg({ accounts, contacts: 0, deals: accounts * 3, activities: accounts, today });
  const simulator = await startSimulator({ seed });
  let databaseUrl = `file:${join(folder, 'zcv.db')}`;
  if (values.postgres) {
    const cluster = await startPostgres();
    if (cluster.url === null) throw new Error(cluster.reason);
    endings.push(cluster.stop);
    databaseUrl = cluster.url;
  }
  const port = await aFreePort();
  const processes = processesIn(folder, environmentOf(folder, databaseUrl, simulator));
  endings.push(processes.stop);
  await processes.command(['connect']);
  await processes.command(['sync']);
  await processes.command(['score']);
  await disableSchedules(processes);
  await simulator.close();
  const token = processes.start('token', ZCV, ['token', 'create', '--name', 'bench', '--fleet', '--json']);
  await new Promise((done) => token.child.once('close', done));
  const secret = /"secret": ?"([^"]+)"/.exec(token.said())?.[1];
  if (secret === undefined) throw new Error(`no token: ${token.said()}`);
  const server = processes.start('serve', ZCV, ['serve', '--port', String(port)]);
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + SETUP_MS;
  while (!(await fetch(`${url}/healthz`).catch(() => null))?.ok) {
    if (performance.now() > deadline) throw new Error(`the server does not answer: ${server.said()}`);
    await sleep(100);
  }
  const headers = { authorization: `Bearer ${secret}` };
  const ask = async (path: string) => {
    const answer = await fetch(`${url}${path}`, { headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  return { ask, url, peakMb: () => usageOf(server).peakMb };
}

const medianOf = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;

let failed = true;
try {
  const { ask, peakMb } = await setUp();
  const base = '/api/v1/connections/default';
  const far: Asked[] = [];
  for (const { name, path } of LISTS.filter((one) => one.name.endsWith('desc'))) {
    let cursor = '';
    for (let page = 0; page < FAR_PAGES; page++) {
      // As the route declares its answer.
      const { next } = (await ask(`${base}${path}&limit=200${cursor}`)) as { next: string | null };
      if (next !== null) cursor = `&cursor=${encodeURIComponent(next)}`;
    }
    far.push({ name: `${name}, page ${FAR_PAGES + 1}`, path: `${path}${cursor}` });
  }
  const timed = async (path: string) => {
    const startedAt = performance.now();
    await ask(path);
    return performance.now() - startedAt;
  };
  console.log(`${accounts} accounts, ${values.postgres ? 'PostgreSQL' : 'SQLite'}; medians of ${rounds}`);
  let worst = 0;
  for (const { name, path } of [...LISTS, ...far]) {
    const [times, least]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      times.push(await timed(`${base}${path}`));
      least.push(await timed('/api/v1/me'));
    }
    const median = medianOf(times);
    worst = Math.max(worst, median);
    console.log(
      `${name}: ${median.toFixed(1)} ms, most ${Math.max(...times).toFixed(1)}; ${(median / medianOf(least)).toFixed(1)} times /me`,
    );
  }
  console.log(`slowest median ${worst.toFixed(1)} ms of ${maxMs}; peak RSS ${peakMb().toFixed(0)} MB`);
  failed = worst > maxMs;
} finally {
  for (const ending of endings.splice(0).reverse()) await ending();
}
process.exit(failed ? 1 : 0);

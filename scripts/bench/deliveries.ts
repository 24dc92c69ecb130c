// Real changes of deals in the simulated Zoho, so many a second, and what becomes of each: our answer to the notification,
// and the write of its account. Each account changes once, so it is to be written once. Beside it, in the same run and
// at the same rate, a bare server that stores nothing. Ends with code 1 when something is lost, doubled or too slow.
//   npm run build && node scripts/bench/deliveries.ts [--rate 50] [--seconds 60] [--postgres URL --servers 2 --workers 4]
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scaleOrg } from '../../src/sample/scale.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
    postgres: { type: 'string' },
    servers: { type: 'string', default: '2' },
    workers: { type: 'string', default: '4' },
    'max-p95': { type: 'string', default: '5' },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const changes = rate * seconds;
const DRAIN_MS = 180_000;
// Zoho is to have its answer within this.
const ANSWER_MS = 100;
const BASE_CUSTOMERS = 500;

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zcv-deliveries-'));
const children: ChildProcess[] = [];
const servers: Server[] = [];

interface Service {
  readonly name: string;
  readonly child: ChildProcess;
}

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
function start(args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  return child;
}
async function command(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = start(args, env);
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`zcv ${args.join(' ')} ended with ${code}\n${errors}`);
}
function usageOf({ child }: Service): { cpuSeconds: number; peakMb: number } {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, peakMb: Number(peak ?? 0) / 1_024 };
}
function percentiles(name: string, times: readonly number[], unit: 'ms' | 's'): string {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) /
    (unit === 's' ? 1_000 : 1);
  const show = (value: number) => value.toFixed(unit === 's' ? 2 : 1);
  return `${name}: p50 ${show(at(0.5))} p95 ${show(at(0.95))} p99 ${show(at(0.99))} most ${show(at(1))} ${unit} (${sorted.length})`;
}
function shareWithin(times: readonly number[], limit: number): number {
  return times.length === 0 ? 0 : times.filter((one) => one <= limit).length / times.length;
}

async function run(): Promise<boolean> {
  const accounts = changes + BASE_CUSTOMERS;
  const today = new Date().toISOString().slice(0, 10);
  const simulator = await startSimulator({
    seed: scaleOrg({ accounts, contacts: 0, deals: accounts * 3, activities: 0, today }),
  });
  const targets: string[] = [];
  const answers: number[] = [];
  const refused: number[] = [];
  const toldAt = new Map<string, number>();
  const forward = async (path: string, body: Buffer<ArrayBuffer>, turn: number) => {
    const startedAt = performance.now();
    const answer = await fetch(`${targets[turn % targets.length]}${path}`, { method: 'POST', body });
    await answer.arrayBuffer();
    answers.push(performance.now() - startedAt);
    if (!answer.ok) refused.push(answer.status);
  };
  // Stands where Zoho's many senders stand: the simulator tells one after another, Zoho does not.
  let turn = 0;
  const relay = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const body = Buffer.concat(parts);
      res.end('{}');
      const text = body.toString('utf8');
      if (text.includes('"Deals"')) {
        const { ids = [] } = JSON.parse(text) as { ids?: string[] };
        for (const id of ids) if (!toldAt.has(id)) toldAt.set(id, performance.now());
      }
      void forward(req.url ?? '/', body, turn++).catch(() => refused.push(0));
    });
  });
  const publicUrl = await listening(relay);
  const database = values.postgres ?? `file:${join(folder, 'zcv.db')}`;
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    NO_COLOR: '1',
    LOG_LEVEL: 'warn',
    DATABASE_URL: database,
    ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    ZOHO_ACCOUNTS_URL: simulator.url,
    ZOHO_CLIENT_ID: simulator.clientId,
    ZOHO_CLIENT_SECRET: simulator.clientSecret,
    ZOHO_REFRESH_TOKEN: simulator.refreshToken,
    PUBLIC_URL: publicUrl,
  };
  await command(['connect', '--mode', 'auto'], env);
  await command(['fields', 'apply', '--yes'], env);
  await command(['run', '--apply', '--yes'], env);

  const services: Service[] = [];
  for (let index = 0; index < (values.postgres ? Number(values.servers) : 1); index++) {
    const port = await freePort();
    targets.push(`http://127.0.0.1:${port}`);
    services.push({ name: `serve ${index + 1}`, child: start(['serve', '--port', String(port)], env) });
  }
  for (let index = 0; values.postgres && index < Number(values.workers); index++)
    services.push({ name: `worker ${index + 1}`, child: start(['worker'], env) });
  for (const { child } of services) child.stderr?.resume();
  for (const target of targets)
    while (!(await fetch(`${target}/readyz`).catch(() => null))?.ok) await sleep(200);
  for (let tries = 0; !simulator.control.report().calls['POST /crm/v8/actions/watch']; tries++) {
    if (tries > 300) throw new Error('no channel was made');
    await sleep(200);
  }
  await sleep(5_000);

  // One won deal of the last year for each account: its amount is a real change of the account's profit.
  const floor = new Date(Date.now() - 330 * 86_400_000).toISOString().slice(0, 10);
  const dealOf = new Map<string, { id: string; amount: number }>();
  for (const row of simulator.control.records('Deals')) {
    const account = (row.Account_Name as { id?: string } | null)?.id;
    const { Stage: stage, Closing_Date: day, Amount: amount, id } = row;
    if (account === undefined || dealOf.has(account) || typeof amount !== 'number' || amount < 100) continue;
    if (stage === 'Closed Won' && typeof day === 'string' && day > floor && day < today)
      dealOf.set(account, { id: String(id), amount });
  }
  const plan = [...dealOf].slice(0, changes);
  const tasksBefore = simulator.control.records('Tasks').length;

  // The very requests that the simulator answers, seen from within: which account was written when.
  const writes = new Map<string, { at: number; times: number; values: Map<string, string[]> }>();
  let zohoMs = 0;
  const begun = new WeakMap<IncomingMessage, number>();
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    begun.set(request, performance.now());
  });
  diagnostics.subscribe('http.server.response.finish', (message) => {
    const { request } = message as {
      request: IncomingMessage & { body?: { data?: Record<string, unknown>[] } };
    };
    // Express gives routers a path of their own; the original one is kept beside it.
    const path = (request as { originalUrl?: string }).originalUrl ?? request.url ?? '';
    if (path.startsWith('/crm/')) zohoMs += performance.now() - (begun.get(request) ?? performance.now());
    if (request.method !== 'PUT' || !/^\/crm\/v8\/Accounts\b/.test(path)) return;
    for (const { id, ...fields } of request.body?.data ?? []) {
      const known = writes.get(String(id)) ?? { at: performance.now(), times: 0, values: new Map() };
      known.times += 1;
      for (const [field, value] of Object.entries(fields))
        known.values.set(field, [...(known.values.get(field) ?? []), JSON.stringify(value)]);
      writes.set(String(id), known);
    }
  });

  const before = services.map(usageOf);
  const startedAt = performance.now();
  for (const [index, [, deal]] of plan.entries()) {
    const waitMs = startedAt + (index * 1_000) / rate - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    simulator.control.writeRecords('Deals', [{ id: deal.id, Amount: Math.round(deal.amount * 1.1) }]);
  }
  const sentMs = performance.now() - startedAt;
  const deadline = performance.now() + DRAIN_MS;
  const isWritten = ([account]: (typeof plan)[number]) => writes.has(account);
  while (!plan.every(isWritten) && performance.now() < deadline) await sleep(200);
  // A second write of an account would come with the next piece.
  await sleep(6_000);
  const used = services.map((service, index) => {
    const now = usageOf(service);
    return { ...now, name: service.name, cpuSeconds: now.cpuSeconds - (before[index]?.cpuSeconds ?? 0) };
  });

  const lost = plan.filter((one) => !isWritten(one));
  const rewritten = plan.filter(([account]) => (writes.get(account)?.times ?? 0) > 1);
  // A field that gets the value it has already: work done twice.
  const doubled = [...writes.values()].filter(({ values: fields }) =>
    [...fields.values()].some((list) => list.some((value, index) => index > 0 && value === list[index - 1])),
  );
  const refs = simulator.control.records('Tasks').flatMap((task) => {
    const name = Object.keys(task).find((field) => field.startsWith('CV_Ref'));
    return name && task[name] ? [String(task[name])] : [];
  });
  const doubledTasks = refs.length - new Set(refs).size;
  const latencies = plan.flatMap(([account, deal]) => {
    const told = toldAt.get(deal.id);
    const written = writes.get(account);
    return told === undefined || written === undefined ? [] : [written.at - told];
  });
  const stored = answers.slice();
  const bare = await bareAnswers(plan.length);

  const topology = values.postgres
    ? `${values.servers} servers, ${values.workers} workers, PostgreSQL`
    : '1 server, SQLite';
  console.log(
    `${topology}; ${plan.length} changes in ${(sentMs / 1_000).toFixed(1)} s (asked: ${rate}/s), ${accounts} accounts`,
  );
  console.log(percentiles('our answer', stored, 'ms'));
  console.log(percentiles('a bare server, which stores nothing', bare, 'ms'));
  console.log(percentiles('notification → answer of the write', latencies, 's'));
  console.log(
    `answered within ${ANSWER_MS} ms: ${(100 * shareWithin(stored, ANSWER_MS)).toFixed(2)} %; refused: ${refused.length}`,
  );
  console.log(
    `Zoho's own time over all calls: ${(zohoMs / 1_000).toFixed(1)} s (contained in the times above)`,
  );
  for (const { name, cpuSeconds, peakMb } of used)
    console.log(`${name}: ${cpuSeconds.toFixed(1)} s of CPU, at most ${peakMb.toFixed(0)} MB`);
  console.log(
    `lost: ${lost.length}; written more than once: ${rewritten.length}; the same value twice: ${doubled.length}`,
  );
  console.log(`tasks: ${tasksBefore} before, ${refs.length} with our key, doubled: ${doubledTasks}`);
  const isSlow = shareWithin(latencies, Number(values['max-p95']) * 1_000) < 0.95;
  const isLate = shareWithin(stored, ANSWER_MS) < 0.99;
  if (isSlow) console.log(`too slow: p95 is above ${values['max-p95']} s`);
  if (isLate) console.log(`too slow: more than 1 % of our answers took longer than ${ANSWER_MS} ms`);
  if (plan.length < changes) console.log(`too few deals to change: ${plan.length} of ${changes}`);
  await simulator.close();
  return (
    ![lost, doubled, refused].some((list) => list.length > 0) &&
    doubledTasks === 0 &&
    !isSlow &&
    !isLate &&
    plan.length === changes
  );
}

/** The same number of posts at the same rate to a server that only answers. */
async function bareAnswers(count: number): Promise<number[]> {
  const target = await listening(createServer((req, res) => req.resume().on('end', () => res.end('{}'))));
  const times: number[] = [];
  const startedAt = performance.now();
  const posts: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const waitMs = startedAt + (index * 1_000) / rate - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const sentAt = performance.now();
    posts.push(
      fetch(target, { method: 'POST', body: '{"module":"Deals"}' }).then(async (answer) => {
        await answer.arrayBuffer();
        times.push(performance.now() - sentAt);
      }),
    );
  }
  await Promise.all(posts);
  return times;
}

let isGood = false;
try {
  isGood = await run();
} finally {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'close') : null)));
  rmSync(folder, { recursive: true, force: true });
}
process.exit(isGood ? 0 : 1);

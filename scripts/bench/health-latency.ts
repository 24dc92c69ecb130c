// How long /healthz takes while the same server's job thread works through a full run, beside a server that does
// nothing, asked in turn: the machine's own noise shows in both. Target: never blocked for more than 50 ms.
//   npm run build && node scripts/bench/health-latency.ts [customers]
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const customers = process.argv[2] ?? '5000';
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zcv-health-'));
const children: ChildProcess[] = [];

function start(file: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, [join(dist, file), ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}
async function command(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = start('cli.js', args, env);
  child.stdout?.resume();
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`zcv ${args.join(' ')} ended with ${code}\n${errors}`);
}
async function simulator(): Promise<NodeJS.ProcessEnv> {
  const child = start('simulator/start.js', ['--port', '0', '--scale', customers], {
    PATH: process.env.PATH,
  });
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    const found = Object.fromEntries(
      [...text.matchAll(/(ZOHO_\w+)='?([^'\s]+)/g)].map((match) => [match[1], match[2]]),
    );
    if (found.ZOHO_REFRESH_TOKEN) {
      child.stdout?.resume();
      return found;
    }
  }
  throw new Error('the simulator did not start');
}
async function timed(url: string, times: number[]): Promise<void> {
  const startedAt = performance.now();
  await (await fetch(url)).arrayBuffer();
  times.push(performance.now() - startedAt);
}
function line(name: string, times: number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const slow = sorted.filter((ms) => ms > 50).length;
  return `${name}: ${sorted.length} calls, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms, above 50 ms: ${slow}`;
}

const control = createServer((_request, response) => response.end('ok'));
try {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    DATABASE_URL: `file:${join(folder, 'zcv.db')}`,
    LOG_LEVEL: 'info',
    ...(await simulator()),
  };
  await command(['connect', '--mode', 'auto'], env);
  await command(['fields', 'apply', '--yes'], env);
  const server = start('cli.js', ['serve', '--port', '0'], env);
  let log = '';
  server.stdout?.on('data', (text) => {
    log += text;
  });
  server.stderr?.on('data', (text) => {
    log += text;
  });
  while (!/zcv serves at (\S+)/.test(log)) await sleep(50);
  const url = /zcv serves at (\S+)/.exec(log)?.[1];
  await new Promise<void>((done) => control.listen(0, '127.0.0.1', done));
  const address = control.address();
  const controlUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  await command(['schedule', 'set', 'score-and-write', 'every 1 minutes'], env);
  while (!log.includes('run started')) await sleep(100);
  const health: number[] = [];
  const idle: number[] = [];
  const deadline = Date.now() + 180_000;
  while (!/"kind":"apply"[^\n]*run ended/.test(log) && Date.now() < deadline) {
    await timed(`${url}/healthz`, health);
    await timed(controlUrl, idle);
    await sleep(5);
  }
  console.log(`full run of ${customers} customers, jobs beside HTTP`);
  console.log(line('/healthz      ', health));
  console.log(line('idle control  ', idle));
} finally {
  control.close();
  for (const child of children) child.kill('SIGTERM');
  await sleep(2_000);
  rmSync(folder, { recursive: true, force: true });
}

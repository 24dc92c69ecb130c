/**
 * The whole command `zcv plan`, as a process of its own, on scored stores of growing size (SQLite).
 *
 *   npm run build && node scripts/bench/plan-run.ts [--customers 1000,10000,100000,300000] [--cli dist/cli.js]
 *
 * No field of ours is mapped: what is measured is reading every score, asking the playbook as it is shipped what each customer
 * needs, and choosing the tasks of twenty owners. `--cli`: another build, to compare with. Growth is the exponent of time
 * over customers.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runScript } from './child-process.ts';
import { fillStore, LAST_DAY } from './score-store.ts';

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '1000,10000,100000,300000' },
    cli: { type: 'string' },
  },
});
const DEALS_A_CUSTOMER = 3.33;
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = options.cli ? resolve(options.cli) : join(root, 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'zcv-plan-bench-'));
const keys = randomBytes(32).toString('base64');
const children: ChildProcess[] = [];
const say = (text: string) => process.stdout.write(`${text}\n`);

let smaller: { readonly customers: number; readonly cpuSeconds: number } | null = null;

async function measure(customers: number): Promise<void> {
  const path = join(folder, `${customers}.db`);
  await fillStore(`file:${path}`, keys, {
    customers,
    deals: Math.round(customers * DEALS_A_CUSTOMER),
    activities: customers,
  });
  const env = {
    ...{ HOME: folder, DATABASE_URL: `file:${path}`, ENCRYPTION_KEYS: keys },
    CONFIG_DIR: join(root, 'config'),
  };
  const run = (...args: string[]) => runScript(cli, [...args, '--json'], { env, cwd: root, children });
  await run('score', '--as-of', LAST_DAY);
  const { stdout, seconds, cpuSeconds, peakMb } = await run('plan');
  const { tasks, suppressed } = JSON.parse(stdout);
  const growth = smaller
    ? (Math.log(cpuSeconds / smaller.cpuSeconds) / Math.log(customers / smaller.customers)).toFixed(2)
    : '–';
  smaller = { customers, cpuSeconds };
  const cells = [
    `${customers.toLocaleString('en')} customers`.padStart(17),
    `${seconds.toFixed(2)} s`.padStart(9),
    `cpu ${cpuSeconds.toFixed(2)} s`.padStart(12),
    `peak ${Math.round(peakMb)} MB`.padStart(13),
    `growth ${growth}`.padStart(12),
    `tasks ${tasks.create}, suppressed ${JSON.stringify(suppressed)}`,
  ];
  say(cells.join('  '));
  rmSync(path);
}

try {
  for (const customers of options.customers.split(',').map(Number)) await measure(customers);
} finally {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** The processes of a run: started here, and ended here whatever happens. */
export interface Processes {
  readonly start: (name: string, script: string, args: readonly string[]) => Started;
  /** `zcv …` to its end. Throws with what it said when it fails. */
  readonly command: (args: readonly string[]) => Promise<void>;
  /** Of services that have ended although nobody asked them to. */
  readonly fallen: () => readonly string[];
  readonly end: (one: Started) => Promise<void>;
  readonly stop: () => Promise<void>;
}
export interface Started {
  readonly name: string;
  readonly child: ChildProcess;
  /** The last it said. */
  readonly said: () => string;
}

export const ZCV = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const KEPT_TEXT = 4_000;
const STOP_MS = 20_000;
const TICKS_A_SECOND = 100;

/** What `zcv` is given: a home of its own, this database and this simulated org. */
export function environmentOf(
  folder: string,
  databaseUrl: string,
  simulator: Pick<Simulator, 'url' | 'clientId' | 'clientSecret' | 'refreshToken'>,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    NO_COLOR: '1',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    ZOHO_ACCOUNTS_URL: simulator.url,
    ZOHO_CLIENT_ID: simulator.clientId,
    ZOHO_CLIENT_SECRET: simulator.clientSecret,
    ZOHO_REFRESH_TOKEN: simulator.refreshToken,
  };
}

/** Nothing runs by the clock while something is measured. */
export async function disableSchedules({ command }: Pick<Processes, 'command'>): Promise<void> {
  for (const job of ['sync-incremental', 'score-and-write', 'reconcile', 'fit-models'])
    await command(['schedule', 'set', job, '--disable']);
}

export function processesIn(cwd: string, env: NodeJS.ProcessEnv): Processes {
  const all: Started[] = [];
  const start = (name: string, script: string, args: readonly string[]): Started => {
    const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        text = (text + chunk).slice(-KEPT_TEXT);
      });
    const started = { name, child, said: () => text };
    all.push(started);
    return started;
  };
  const hasEnded = ({ child }: Started) => child.exitCode !== null || child.signalCode !== null;
  const end = async (one: Started) => {
    if (hasEnded(one)) return;
    const ended = once(one.child, 'close');
    one.child.kill('SIGTERM');
    const patience = setTimeout(() => one.child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(patience);
  };
  return {
    start,
    async command(args) {
      const started = start(`zcv ${args.join(' ')}`, ZCV, args);
      const [code] = await once(started.child, 'close');
      if (code !== 0) throw new Error(`${started.name} ended with ${code}\n${started.said()}`);
      all.splice(all.indexOf(started), 1);
    },
    fallen: () => all.filter(hasEnded).map(({ name, said }) => `${name}: ${said()}`),
    end,
    async stop() {
      await Promise.all(all.map(end));
    },
  };
}

/** What a running process has used so far. */
export function usageOf({ child }: Started): { readonly cpuSeconds: number; readonly peakMb: number } {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
    peakMb: Number(peak ?? 0) / 1_024,
  };
}

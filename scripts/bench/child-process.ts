import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Scripts of ours run to their end, with what they took. */
export interface Ended {
  readonly stdout: string;
  readonly seconds: number;
  /** Highest resident size, read while it ran. */
  readonly peakMb: number;
  /** Of the process itself: what a busy machine does not change. */
  readonly cpuSeconds: number;
}

export async function runScript(
  script: string,
  args: readonly string[],
  {
    env,
    cwd,
    children,
    nodeArgs = [],
  }: {
    readonly env: NodeJS.ProcessEnv;
    readonly cwd: string;
    /** Takes the process in, so that whoever is interrupted can end it. */
    readonly children: ChildProcess[];
    readonly nodeArgs?: readonly string[];
  },
): Promise<Ended> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    cwd,
    env: { PATH: process.env.PATH, NO_COLOR: '1', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  let peakMb = 0;
  let cpuSeconds = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child));
    cpuSeconds = Math.max(cpuSeconds, cpuOf(child));
  }, 50);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return { stdout, seconds: (performance.now() - startedAt) / 1_000, peakMb, cpuSeconds };
}

function peakOf(child: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

const TICKS_A_SECOND = 100;
function cpuOf(child: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return 0;
  }
}

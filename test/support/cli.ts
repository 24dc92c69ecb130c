import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** Runs the built command line as a child process, with the variables of the contract and nothing else. */

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as its one JSON document. Throws when it is none. */
  json<T = Record<string, unknown>>(): T;
}
export interface CliHome {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  run(...args: string[]): Promise<CliResult>;
  start(...args: string[]): ChildProcess;
  remove(): void;
}

/** A folder with its own database, linked to the simulator through the environment only. */
type Link = Pick<Simulator, 'url' | 'clientId' | 'clientSecret' | 'refreshToken'>;
export function aCliHome(simulator: Link, more: NodeJS.ProcessEnv = {}): CliHome {
  const folder = mkdtempSync(join(tmpdir(), 'zcv-e2e-'));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    NO_COLOR: '1',
    CONFIG_DIR: CONFIG,
    DATABASE_URL: `file:${join(folder, 'zcv.db')}`,
    ZOHO_ACCOUNTS_URL: simulator.url,
    ZOHO_CLIENT_ID: simulator.clientId,
    ZOHO_CLIENT_SECRET: simulator.clientSecret,
    ZOHO_REFRESH_TOKEN: simulator.refreshToken,
    ...more,
  };
  const start = (...args: string[]) =>
    spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: 'pipe' });
  return {
    folder,
    env,
    start,
    run: (...args) => finished(start(...args)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function finished(child: ChildProcess): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin?.end();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout,
        stderr,
        json: <T>() => {
          try {
            return JSON.parse(stdout) as T; // the test names what the contract says the document is
          } catch (cause) {
            throw new Error(
              `stdout is no single JSON document:\n${stdout.slice(0, 2000)}\n${stderr.slice(0, 2000)}`,
              { cause },
            );
          }
        },
      }),
    );
  });
}

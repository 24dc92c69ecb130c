import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';

/** A folder in which commands run as a reader would run them: a database, the shipped config, and a simulator for Zoho. */

const CLI = resolve('dist/cli.js');
const CUSTOMERS = 60;
const SETTLE_MS = 2_000;
/** A command that takes longer waits for something that does not come. */
const LONGEST_MS = 120_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Home {
  readonly folder: string;
  readonly simulator: Simulator;
  readonly env: NodeJS.ProcessEnv;

  constructor(simulator: Simulator, port: number, from?: Home) {
    this.folder = mkdtempSync(join(tmpdir(), 'zcv-documents-'));
    this.simulator = simulator;
    if (from) cpSync(from.folder, this.folder, { recursive: true });
    this.env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      NO_COLOR: '1',
      DATABASE_URL: 'file:./data/zcv.db',
      BACKUP_DIR: './backups',
      PORT: String(port),
      // Nobody listens there: what Zoho would tell is found by the next sync.
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ZOHO_ACCOUNTS_URL: simulator.url,
      ZOHO_CLIENT_ID: simulator.clientId,
      ZOHO_CLIENT_SECRET: simulator.clientSecret,
      ZOHO_REFRESH_TOKEN: simulator.refreshToken,
    };
  }

  /** `stopWhen`: SIGTERM once the output matches, for what runs until it is stopped. */
  run(words: readonly string[], stopWhen?: RegExp): Promise<Ran> {
    const child = spawn(process.execPath, [CLI, ...words], {
      cwd: this.folder,
      env: this.env,
      stdio: 'pipe',
    });
    const out = { stdout: '', stderr: '' };
    let isStopped = false;
    const take = (name: 'stdout' | 'stderr') => (text: string) => {
      out[name] += text;
      if (stopWhen === undefined || isStopped || !stopWhen.test(out.stdout + out.stderr)) return;
      isStopped = true;
      // What it prints last before it serves comes before it listens to signals.
      setTimeout(() => child.kill('SIGTERM'), SETTLE_MS);
    };
    child.stdout.setEncoding('utf8').on('data', take('stdout'));
    child.stderr.setEncoding('utf8').on('data', take('stderr'));
    child.stdin.end();
    const deadline = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    return new Promise((done, failed) => {
      child.on('error', failed);
      child.on('close', (code) => {
        clearTimeout(deadline);
        done({ code, ...out });
      });
    });
  }

  /** What the caller relies on; throws when it does not exit as it must. */
  async must(line: string, codes: readonly number[] = [0]): Promise<Ran> {
    const ran = await this.run(line.split(' '));
    if (ran.code === null || !codes.includes(ran.code))
      throw new Error(`to prepare: zcv ${line} exited ${ran.code}: ${ran.stderr.slice(-500)}`);
    return ran;
  }

  async json<T>(line: string, codes?: readonly number[]): Promise<T> {
    return JSON.parse((await this.must(`${line} --json`, codes)).stdout) as T; // the caller knows the document
  }

  write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, name), content);
  }

  /** One statement in the database, for what no command makes. */
  change(sql: string): void {
    const database = new DatabaseSync(join(this.folder, 'data/zcv.db'));
    database.exec(sql);
    database.close();
  }

  /** As ENCRYPTION_KEYS has them. */
  keys(): string {
    return readFileSync(join(this.folder, 'data/zcv.db.key'), 'utf8').trim();
  }

  async copy(): Promise<Home> {
    return new Home(this.simulator, await freePort(), this);
  }

  copyKey(databases: readonly string[]): void {
    for (const name of databases)
      cpSync(join(this.folder, 'data/zcv.db.key'), join(this.folder, `${name}.key`));
  }

  /** As on a new machine, except for the key. */
  dropDatabase(): void {
    for (const end of ['', '-wal', '-shm']) rmSync(join(this.folder, `data/zcv.db${end}`), { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A linked org with fields, scores and written values, as after the README's first steps. */
export async function aHome(): Promise<Home> {
  const simulator = await startSimulator({
    seed: generatedOrg({ customers: CUSTOMERS, today: new Date().toISOString().slice(0, 10) }),
  });
  const home = new Home(simulator, await freePort());
  for (const folder of ['data', 'backups', 'exports', 'reports']) mkdirSync(join(home.folder, folder));
  cpSync('config', join(home.folder, 'config'), { recursive: true });
  home.write('config/fleet.yaml', 'version: 1\nwaves:\n  - [default]\n');
  await home.must('connect');
  await home.must('fields apply --set essential --set full --set inputs --yes');
  await home.must('run --apply --yes', [0, 3]);
  return home;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

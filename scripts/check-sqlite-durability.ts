import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What docs/adr/0002-node-sqlite.md rests on, with the driver settings of src/store/:
 * 1. kill -9 of a writer at random moments loses no acknowledged commit;
 * 2. two processes may write one file: no error, no lost row;
 * 3. every commit is synced to the disk (counted by strace where it is installed).
 * Run: node scripts/check-sqlite-durability.ts [kills]. Exit code 1 when one of them does not hold.
 */

const KILLS = Number(process.argv[2] ?? 20);
const ROWS_EACH = 2_000;
const SYNCED_COMMITS = 200;
const WRITER = new URL('./check-sqlite-durability-writer.ts', import.meta.url).pathname;

interface Writer {
  readonly child: ChildProcess;
  readonly acknowledged: number[];
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

function start(file: string, name: string, rows: number): Writer {
  const child = spawn(process.execPath, [WRITER, `file:${file}`, name, String(rows)]);
  const acknowledged: number[] = [];
  let rest = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    acknowledged.push(...lines.map(Number));
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, acknowledged, errors: () => errors, ended };
}

function stored(file: string, writer: string): Set<number> {
  const database = new DatabaseSync(file);
  const check = database.prepare('pragma integrity_check').get();
  if (check?.integrity_check !== 'ok') throw new Error(`integrity_check: ${JSON.stringify(check)}`);
  const rows = database.prepare('select number from probe where writer = ?').all(writer);
  database.close();
  return new Set(rows.map((row) => Number(row.number)));
}

async function killLoop(directory: string): Promise<{ commits: number; lost: number }> {
  const file = join(directory, 'kill.db');
  let commits = 0;
  let lost = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const writer = start(file, 'a', 0);
    while (writer.acknowledged.length === 0) await sleep(5);
    await sleep(Math.random() * 500);
    writer.child.kill('SIGKILL');
    await writer.ended;
    const found = stored(file, 'a');
    commits += writer.acknowledged.length;
    lost += writer.acknowledged.filter((number) => !found.has(number)).length;
  }
  return { commits, lost };
}

async function twoWriters(directory: string): Promise<{ failed: string[]; missing: number }> {
  const file = join(directory, 'two.db');
  const writers = ['a', 'b'].map((name) => ({ name, writer: start(file, name, ROWS_EACH) }));
  const failed: string[] = [];
  let missing = 0;
  for (const { name, writer } of writers) {
    if ((await writer.ended) !== 0) failed.push(`${name}: ${writer.errors().trim().slice(0, 300)}`);
    missing += ROWS_EACH - stored(file, name).size;
  }
  return { failed, missing };
}

/** Syncs of one writer's commits; null without strace. */
function countSyncs(directory: string): number | null {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const out = join(directory, 'syncs.txt');
  const command = [
    process.execPath,
    WRITER,
    `file:${join(directory, 'sync.db')}`,
    'a',
    String(SYNCED_COMMITS),
  ];
  execFileSync('strace', ['-f', '-o', out, '-e', 'trace=fsync,fdatasync', ...command], { stdio: 'ignore' });
  return Number(execFileSync('grep', ['-cE', '(fsync|fdatasync)\\(', out]).toString());
}

const directory = mkdtempSync(join(tmpdir(), 'zcv-durability-'));
try {
  const version = new DatabaseSync(':memory:').prepare('select sqlite_version() as version').get()?.version;
  console.log(`node ${process.version}, SQLite ${String(version)}`);
  const kills = await killLoop(directory);
  console.log(`kill -9: ${KILLS} times, ${kills.commits} acknowledged commits, ${kills.lost} lost`);
  const two = await twoWriters(directory);
  console.log(
    `two processes: ${2 * ROWS_EACH} commits, ${two.failed.length} failed, ${two.missing} rows missing`,
  );
  for (const failure of two.failed) console.log(`  ${failure}`);
  const syncs = countSyncs(directory);
  console.log(
    syncs === null
      ? 'syncs: strace is not installed'
      : `syncs: ${syncs} for ${SYNCED_COMMITS} commits (strace)`,
  );
  const isGood =
    kills.lost === 0 &&
    two.failed.length === 0 &&
    two.missing === 0 &&
    (syncs === null || syncs >= SYNCED_COMMITS);
  process.exitCode = isGood ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

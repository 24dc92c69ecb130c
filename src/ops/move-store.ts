import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { ConfigError, ConflictError } from '../errors.ts';
import type { MovedFact, ServiceFacts } from '../store/service-facts.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { Copy, Locked } from '../store/whole-load.ts';
import { sumsOf, type TableSum } from './backup-file.ts';
import type { CopyTarget } from './restore.ts';

/** From one database to another, SQLite or PostgreSQL: until the very end the former one is the one in force. */

export interface MoveDeps {
  readonly source: {
    /** Nobody else can write there meanwhile. */
    readonly whileLocked: <T>(work: (locked: Locked) => Promise<T>) => Promise<T>;
    readonly facts: ServiceFacts;
    readonly workers: (now: Date) => Promise<string[]>;
  };
  readonly target: CopyTarget & { readonly openSnapshot: () => Promise<Snapshot> };
  readonly clock: Clock;
  readonly say: (text: string) => void;
}
export interface MoveResult {
  readonly tables: number;
  readonly rows: number;
  readonly durationMs: number;
}

/**
 * Copies, compares every table by count and checksum, and only then marks the former database as moved. Killed anywhere,
 * it is repeated by the same command. Throws ConflictError when somebody works on either, or when rows stand in the target.
 */
export async function moveStore(
  deps: MoveDeps,
  { to, replace }: { to: string; replace: boolean },
): Promise<MoveResult> {
  const { source, target, clock } = deps;
  const startedAt = clock.now();
  const moved = await source.facts.get('moved');
  if (moved !== null) return finishMove(deps, moved);
  await requireIdle(await source.workers(startedAt), 'the database that is moved');
  await requireFree(deps, replace);
  const id = randomUUID();
  const sums = await source.whileLocked(async ({ openSnapshot, mark }) => {
    const copied = await copyAll(deps, id, await openSnapshot());
    const arrived = await target.openSnapshot();
    const there = await sumsOf(arrived).finally(() => arrived.close());
    requireSame(copied, there);
    await mark({ id, to }, clock.now());
    return copied;
  });
  await target.finish(clock.now());
  return resultOf(sums, clock.now().getTime() - startedAt.getTime());
}

/** Killed between the mark in one database and the last word in the other. */
async function finishMove({ target, clock }: MoveDeps, moved: MovedFact): Promise<MoveResult> {
  const copy = await (await target.facts())?.get('copy');
  if (copy?.id !== moved.id) {
    throw new ConfigError(
      `this database was moved to ${moved.to} before; work goes on there. To come back to this one instead: zcv restore --activate`,
    );
  }
  await target.finish(clock.now());
  const snapshot = await target.openSnapshot();
  return resultOf(await sumsOf(snapshot).finally(() => snapshot.close()), 0);
}

const resultOf = (sums: readonly TableSum[], durationMs: number): MoveResult => ({
  tables: sums.length,
  rows: sums.reduce((sum, { rows }) => sum + rows, 0),
  durationMs,
});

async function copyAll(
  { target, clock, say }: MoveDeps,
  id: string,
  snapshot: Snapshot,
): Promise<TableSum[]> {
  try {
    say(`Copying ${snapshot.tables.length} tables; nobody can write meanwhile.`);
    const copy: Copy = {
      migrations: snapshot.migrations,
      sequences: snapshot.sequences,
      tables: tablesOf(snapshot),
    };
    const at = clock.now();
    await target.fill(copy, { kind: 'move', id, asOf: at, standby: false, erasures: [], at });
    return await sumsOf(snapshot);
  } finally {
    await snapshot.close();
  }
}

async function* tablesOf(snapshot: Snapshot): Copy['tables'] {
  for (const table of snapshot.tables)
    yield { name: table.name, columns: table.columns, rows: snapshot.rows(table) };
}

function requireSame(from: readonly TableSum[], to: readonly TableSum[]): void {
  const arrived = new Map(to.map((sum) => [sum.name, sum]));
  for (const { name, rows, sha256 } of from) {
    const there = arrived.get(name);
    if (there?.rows === rows && there.sha256 === sha256) continue;
    throw new ConflictError(
      `the table ${name} did not arrive as it was (${there?.rows ?? 0} of ${rows} rows); nothing was changed in the former database, which stays in force`,
    );
  }
}

async function requireIdle(workers: readonly string[], where: string): Promise<void> {
  if (workers.length === 0) return;
  throw new ConflictError(
    `${workers.join(', ')} still works on ${where}; stop the service, wait a minute, and move again`,
  );
}

async function requireFree({ target, clock }: MoveDeps, replace: boolean): Promise<void> {
  if (await target.isEmpty()) return;
  const copy = await (await target.facts())?.get('copy');
  const isHalfMoved = copy?.kind === 'move' && copy.state === 'unfinished';
  if (!replace && !isHalfMoved) {
    throw new ConflictError('the database to move to is not empty; with --replace everything in it goes');
  }
  await requireIdle(await target.workers(clock.now()), 'the database to move to');
}

import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { InputError } from '../errors.ts';
import type { RememberedErasures } from '../store/remembered-erasures.ts';
import type { KeyUse } from '../store/secrets.ts';
import type { BackupFact, ServiceFacts } from '../store/service-facts.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { type BackupHead, writeBackup } from './backup-file.ts';

/** Everything that is stored, into one file, while the service works on. */

export interface BackupDeps {
  readonly openSnapshot: () => Promise<Snapshot>;
  readonly erasures: () => Promise<RememberedErasures>;
  readonly keyUses: () => Promise<KeyUse[]>;
  readonly facts: ServiceFacts;
  readonly clock: Clock;
  /** Version of this service. */
  readonly product: string;
}
export interface BackupResult {
  readonly file: string;
  readonly head: BackupHead;
  readonly bytes: number;
  readonly durationMs: number;
  /** Older backups that were removed. */
  readonly removed: readonly string[];
}

const NAME = /^zcv-\d{8}T\d{6}Z\.zcvb$/;
const PART = /^zcv-\d{8}T\d{6}Z\.zcvb\.part-[0-9a-f]{8}$/;
/** Beside the backups, newer than all of them. */
const ERASURES = 'erasures.json';
const DAY_MS = 86_400_000;

export function backupName(at: Date): string {
  return `zcv-${at.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')}.zcvb`;
}
export function erasuresFile(folder: string): string {
  return join(folder, ERASURES);
}

/** Throws what the database or the disk throws; then the fact 'backup_failed' says why. */
export async function backUp(
  deps: BackupDeps,
  { out, keep }: { readonly out: string; readonly keep: number | null },
): Promise<BackupResult> {
  const startedAt = deps.clock.now();
  try {
    await mkdir(dirname(out), { recursive: true, mode: 0o700 });
    const keyIds = (await deps.keyUses()).map(({ keyId }) => keyId);
    const snapshot = await deps.openSnapshot();
    let head: BackupHead;
    try {
      head = await writeBackup(snapshot, out, { product: deps.product, createdAt: startedAt, keyIds });
    } finally {
      await snapshot.close();
    }
    await writeErasures(erasuresFile(dirname(out)), await deps.erasures());
    const { size: bytes } = await stat(out);
    const endedAt = deps.clock.now();
    const durationMs = endedAt.getTime() - startedAt.getTime();
    const rows = head.tables.reduce((sum, table) => sum + table.rows, 0);
    await deps.facts.set(
      'backup',
      { file: basename(out), bytes, rows, durationMs } satisfies BackupFact,
      endedAt,
    );
    await deps.facts.remove('backup_failed');
    const removed = keep === null ? [] : await removeOlder(dirname(out), keep, endedAt);
    return { file: out, head, bytes, durationMs, removed };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await deps.facts.set('backup_failed', { why }, deps.clock.now()).catch(() => undefined);
    throw error;
  }
}

/** As the schedule does it: a new file in the folder, and the oldest go. */
export function scheduledBackup(
  deps: BackupDeps,
  { folder, keep }: { readonly folder: string; readonly keep: number },
): Promise<BackupResult> {
  return backUp(deps, { out: join(folder, backupName(deps.clock.now())), keep });
}

/** Only files that carry our names: others that lie there are not ours. Unfinished ones of killed processes go after a day. */
async function removeOlder(folder: string, keep: number, now: Date): Promise<string[]> {
  if (keep < 1) throw new InputError('keep at least 1 backup');
  const names = await readdir(folder);
  const old = names
    .filter((name) => NAME.test(name))
    .sort()
    .slice(0, -keep);
  for (const name of names.filter((each) => PART.test(each))) {
    const { mtimeMs } = await stat(join(folder, name));
    if (now.getTime() - mtimeMs > DAY_MS) old.push(name);
  }
  for (const name of old) await rm(join(folder, name), { force: true });
  return old;
}

async function writeErasures(path: string, list: RememberedErasures): Promise<void> {
  const aside = `${path}.part`;
  const file = await open(aside, 'w', 0o600);
  await file.writeFile(`${JSON.stringify(list)}\n`);
  await file.sync();
  await file.close();
  await rename(aside, path);
}

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders for downloads of bulk jobs. A killed process leaves its own behind: the next one takes it away. */

const PREFIX = 'zcv-bulk-';
// In a container that shares the folder the number of a living process may mean nothing here.
const OLD_MS = 60 * 60_000;

/** A new, empty folder; whoever asked for it removes it. */
export async function bulkFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  await removeStale((await stat(folder)).mtimeMs);
  return folder;
}

async function removeStale(nowMs: number): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const [pid] = name.slice(PREFIX.length).split('-');
    if (isRunning(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    try {
      if (nowMs - (await stat(folder)).mtimeMs >= OLD_MS) await rm(folder, { recursive: true, force: true });
    } catch {
      // Another process was faster, or the folder is not ours to remove; neither concerns this download.
    }
  }
}

function isRunning(pid: number): boolean {
  // Folders of earlier versions have no number.
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

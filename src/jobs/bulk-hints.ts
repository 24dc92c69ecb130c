import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from '../domain.ts';
import type { BulkHints } from '../zoho/bulk-jobs.ts';
import type { LineDeps } from './line.ts';

// Zoho keeps a result for a day; an address that nobody waits at is of no use after that.
const OPEN_MS = 24 * 3_600_000;

/** Where Zoho may tell that a bulk job is done; undefined where it cannot reach us, and then it is only asked. */
export async function bulkHints(
  { store, clock, publicUrl }: Pick<LineDeps, 'store' | 'clock' | 'publicUrl'>,
  connection: Connection,
): Promise<BulkHints | undefined> {
  if (!publicUrl || !isReachable(publicUrl)) return undefined;
  await store.bulkHints.closeBefore(connection.id, new Date(clock.now().getTime() - OPEN_MS));
  const hashes = new Map<string, string>();
  return {
    async open() {
      const secret = randomBytes(32).toString('base64url');
      const hash = createHash('sha256').update(secret).digest('hex');
      await store.bulkHints.open(connection.id, hash, clock.now());
      return {
        url: `${publicUrl}/hooks/bulk/${secret}`,
        bind: (jobId) => void hashes.set(jobId, hash),
      };
    },
    isExpected: (jobId) => hashes.has(jobId),
    hasArrived: async (jobId) => store.bulkHints.hasArrived(hashes.get(jobId) ?? ''),
    async close(jobId) {
      await store.bulkHints.close(hashes.get(jobId) ?? '');
      hashes.delete(jobId);
    },
  };
}

/** Zoho refuses a job whose callback is not https; a simulator on this machine takes http. */
function isReachable(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost';
}

import type { RequestHandler } from 'express';
import type { Store } from '../../store/store.ts';
import { sendPage } from '../page.ts';

/** Counts only: the page is shown to whoever finds the address, so it names no org and no customer. */
export function getStatusPage(store: Pick<Store, 'connections' | 'runs' | 'jobs'>): RequestHandler {
  return async (_req, res) => {
    const connections = await store.connections.list();
    const isReady = connections.filter(({ state }) => state === 'ready').length;
    let lastRunAt: Date | null = null;
    for (const { id } of connections) {
      const [run] = await store.runs.list(id, 1);
      if (run && (lastRunAt === null || run.startedAt > lastRunAt)) lastRunAt = run.startedAt;
    }
    const { queued, active, dead } = await store.jobs.counts();
    sendPage(res, 200, {
      title: 'Customer Value for Zoho CRM',
      lines: [
        `Connections: ${connections.length}, of which ready: ${isReady}`,
        `Last run: ${lastRunAt === null ? 'none yet' : lastRunAt.toISOString()}`,
        `Jobs: ${queued} queued, ${active} active, ${dead} failed for good`,
        ...(connections.length === 0 ? ['Open /connect to link a Zoho CRM.'] : []),
      ],
    });
  };
}

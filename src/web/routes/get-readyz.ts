import type { RequestHandler } from 'express';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';

export interface ReadyzDeps {
  readonly store: Pick<Store, 'jobs' | 'connections' | 'channels' | 'workers'>;
  /** Names of migrations that have not run; throws when the database cannot be reached. */
  readonly pendingMigrations: () => Promise<readonly string[]>;
  /** When the job thread last said that it lives; null: this server has none, workers elsewhere run the jobs. */
  readonly lastBeatAt: (() => Date | null) | null;
  readonly publicUrl: string | null;
  /** It stops: what is under way is finished, nothing new should come. */
  readonly isDraining: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

interface Check {
  readonly status: 'ok' | 'fail';
  readonly detail: string;
}

const PATIENCE_MS = 2_000;
const LONGEST_SILENCE_MS = 30_000;

/** Can this process do its work: database, migrations, queue, job thread, and how changes reach it. */
export function getReadyz(deps: ReadyzDeps): RequestHandler {
  const { store, clock } = deps;

  async function judged(name: string, look: () => Promise<Check>): Promise<Check> {
    const done = new AbortController();
    try {
      return await Promise.race([
        look(),
        clock.sleep(PATIENCE_MS, done.signal).then((): Check => {
          return { status: 'fail', detail: `no answer within ${PATIENCE_MS} ms` };
        }),
      ]);
    } catch (err) {
      // The log has the reason; a public page names only the part.
      deps.log.warn({ err, check: name }, 'not ready');
      return { status: 'fail', detail: 'cannot be reached; see the log' };
    } finally {
      done.abort();
    }
  }

  async function database(): Promise<Check> {
    const pending = await deps.pendingMigrations();
    if (pending.length === 0) return { status: 'ok', detail: 'schema is current' };
    return { status: 'fail', detail: `migrations to run: ${pending.join(', ')}` };
  }

  async function queue(): Promise<Check> {
    const { queued, active, dead } = await store.jobs.counts();
    return { status: 'ok', detail: `${queued} queued, ${active} active, ${dead} dead` };
  }

  async function worker(): Promise<Check> {
    if (deps.lastBeatAt === null) {
      const alive = await store.workers.alive(new Date(clock.now().getTime() - LONGEST_SILENCE_MS));
      // Without a worker this server still takes deliveries, which then wait: it stays in service.
      return { status: 'ok', detail: `jobs run elsewhere: ${alive.length} workers alive` };
    }
    const beatAt = deps.lastBeatAt();
    if (beatAt === null) return { status: 'fail', detail: 'the job thread is not running' };
    const silentMs = clock.now().getTime() - beatAt.getTime();
    return {
      status: silentMs <= LONGEST_SILENCE_MS ? 'ok' : 'fail',
      detail: `last heartbeat ${Math.round(silentMs / 1000)} s ago`,
    };
  }

  async function notifications(): Promise<Check> {
    if (deps.publicUrl === null) {
      return { status: 'ok', detail: 'no PUBLIC_URL: changes are found by polling' };
    }
    let live = 0;
    for (const { id } of await store.connections.list()) {
      const channels = await store.channels.of(id);
      if (channels.some(({ expiresAt }) => expiresAt > clock.now())) live += 1;
    }
    return { status: 'ok', detail: `${live} connections are notified of changes` };
  }

  return async (_req, res) => {
    if (deps.isDraining()) {
      res.status(503).json({ status: 'draining', checks: {} });
      return;
    }
    const looks = { database, queue, worker, notifications };
    const entries = await Promise.all(
      Object.entries(looks).map(async ([name, look]) => [name, await judged(name, look)] as const),
    );
    const isReady = entries.every(([, { status }]) => status === 'ok');
    res
      .status(isReady ? 200 : 503)
      .json({ status: isReady ? 'ok' : 'fail', checks: Object.fromEntries(entries) });
  };
}

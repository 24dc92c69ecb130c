import type { Connection } from '../domain.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { JobState, ListedJob } from '../store/queue-stores.ts';
import type { Store } from '../store/store.ts';

/** What people do with the queue: look, try dead jobs again or forget them, pause and resume. */

export interface JobView {
  readonly id: string;
  readonly name: string;
  readonly connection: string | null;
  readonly state: JobState;
  readonly runAt: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly diedAt: string | null;
  /** It waits because its connection is paused. */
  readonly isPaused: boolean;
}
interface ManageDeps {
  readonly store: Pick<Store, 'jobs' | 'connections'>;
}

export async function viewJobs(
  { store }: ManageDeps,
  of: { connection?: Connection; state?: JobState; limit: number },
): Promise<JobView[]> {
  const { connection, ...rest } = of;
  const jobs = await store.jobs.list({ ...rest, ...(connection ? { connection: connection.id } : {}) });
  const paused = new Set((await store.jobs.paused()).map((pause) => pause.connection));
  const names = new Map((await store.connections.list()).map(({ id, name }) => [id, name]));
  return jobs.map((job) => ({
    id: job.id,
    name: job.name,
    connection: job.connection === null ? null : (names.get(job.connection) ?? job.connection),
    state: job.state,
    runAt: job.runAt.toISOString(),
    attempts: job.attempts,
    lastError: job.lastError,
    diedAt: job.diedAt?.toISOString() ?? null,
    isPaused: job.state === 'queued' && job.connection !== null && paused.has(job.connection),
  }));
}

// More than anybody reads; whoever has more pauses and mends first.
const MOST_DEAD = 10_000;

/** The dead jobs of a connection. Throws NotFoundError when it has no job `id`, ConflictError when that one lives. */
async function deadOf(
  { store }: ManageDeps,
  connection: Connection,
  id: string | null,
): Promise<ListedJob[]> {
  const dead = await store.jobs.list({ connection: connection.id, state: 'dead', limit: MOST_DEAD });
  if (id === null) return dead;
  const found = dead.filter((job) => job.id === id);
  if (found.length === 0) {
    const all = await store.jobs.list({ connection: connection.id, limit: MOST_DEAD });
    if (all.some((job) => job.id === id))
      throw new ConflictError(`job ${id} is not dead: it waits or is at work`);
    throw new NotFoundError(
      `${connection.name} has no dead job ${id}; those there are: zcv jobs dead --connection ${connection.name}`,
    );
  }
  return found;
}

/** Puts dead jobs back with all their attempts; null = all of the connection. Returns how many. */
export async function retryDead(
  deps: ManageDeps,
  connection: Connection,
  id: string | null,
): Promise<{ retried: number }> {
  let retried = 0;
  for (const job of await deadOf(deps, connection, id)) {
    if ((await deps.store.jobs.revive(job.id)) !== null) retried += 1;
  }
  return { retried };
}

export async function deleteDead(
  deps: ManageDeps,
  connection: Connection,
  id: string | null,
): Promise<{ deleted: number }> {
  let deleted = 0;
  for (const job of await deadOf(deps, connection, id)) {
    if (await deps.store.jobs.discard(job.id)) deleted += 1;
  }
  return { deleted };
}

const LONGEST_WHY = 200;

/** Throws InputError when the reason is too long to be shown. */
export async function pauseJobs(
  { store }: ManageDeps,
  connection: Connection,
  why: string,
): Promise<{ paused: true; why: string }> {
  if (why.length > LONGEST_WHY) throw new InputError(`the reason may have ${LONGEST_WHY} characters`);
  await store.jobs.pause(connection.id, why);
  return { paused: true, why };
}

export async function resumeJobs(
  { store }: ManageDeps,
  connection: Connection,
): Promise<{ paused: false; wasPaused: boolean }> {
  return { paused: false, wasPaused: await store.jobs.resume(connection.id) };
}

import type { Connection, Day } from '../domain.ts';
import { AppError, InputError } from '../errors.ts';
import { withLogFields } from '../log.ts';
import { unobserved } from '../observe.ts';
import type { Store } from '../store/store.ts';
import type { Asked } from './asked.ts';
import { type FindGapsDeps, noteGaps, noteOutage } from './find-gaps.ts';
import { type KeepChannelsDeps, keepChannels } from './keep-channels.ts';
import { type ProcessDeliveriesDeps, processDeliveries } from './process-deliveries.ts';
import { isJobName, type JobName, type JobPayload, parsePayload } from './queue.ts';
import type { ChangedRecords, LineResult } from './run-line.ts';

/** Job name → function. Every job may run twice with the same effect. */

export interface LineRunner {
  runLine(input: {
    readonly connection: Connection;
    readonly full: boolean;
    readonly apply: boolean;
    readonly asOf: Day | null;
    /** False: no plan is made. Default true. */
    readonly plan?: boolean;
  }): Promise<Pick<LineResult, 'sync'>>;
  /** Reads what changed, then compares counts, and ids where they differ or once a week. */
  runReconcile(input: { readonly connection: Connection; readonly allIds: boolean }): Promise<unknown>;
  /** Fits the purchase model of a connection anew. */
  fitModels(input: { readonly connection: Connection }): Promise<unknown>;
  /** What a person started. */
  runAsked(input: { readonly connection: Connection; readonly asked: Asked }): Promise<unknown>;
  /** Opens and closes alerts about states that no event raises. */
  checkAlerts(input: { readonly connection: Connection; readonly nightly: boolean }): Promise<unknown>;
  /** Makes and keeps the digests of the week. */
  runDigest(input: { readonly connection: Connection }): Promise<unknown>;
  /** Reads the records anew, scores their customers and leads, and writes in mode auto. */
  runForRecords(input: {
    readonly connection: Connection;
    readonly changed: readonly ChangedRecords[];
    /** Scored although no input changed: an earlier attempt may have read them already. */
    readonly again: boolean;
  }): Promise<unknown>;
}

export type HandlerDeps = ProcessDeliveriesDeps &
  KeepChannelsDeps &
  FindGapsDeps & {
    readonly store: { readonly connections: Pick<Store['connections'], 'byId'> };
    readonly publicUrl: string | null;
    readonly line: LineRunner;
    readonly installation: InstallationWork;
  };
interface RunnableJob {
  readonly id?: string | number;
  readonly name: string;
  readonly connection: string | null;
  readonly payload: unknown;
}

/** Work that belongs to no connection. */
export interface InstallationWork {
  /** Into the folder of BACKUP_DIR; nothing where none is set. */
  backup(): Promise<unknown>;
  retention(): Promise<unknown>;
}
const isOfInstallation = (name: JobName): name is keyof InstallationWork =>
  name === 'backup' || name === 'retention';

type Handlers = {
  readonly [N in Exclude<JobName, keyof InstallationWork>]: (
    connection: Connection,
    payload: JobPayload<N>,
  ) => Promise<unknown>;
};

function handlersOf(deps: HandlerDeps): Handlers {
  const { line } = deps;
  const mayWrite = ({ mode }: Connection) => mode === 'auto';
  const hourly = (connection: Connection) => ({
    connection,
    full: false,
    apply: mayWrite(connection),
    asOf: null,
    // By the hour only what is written at once: a plan that waits for a person is not replaced over and over.
    plan: mayWrite(connection),
  });
  return {
    'score-and-write': async (connection, { full = false }) => {
      await line.runLine({ connection, full, apply: mayWrite(connection), asOf: null });
      await deps.queue.enqueue({
        connection: connection.id,
        name: 'check-alerts',
        payload: { nightly: true },
        singletonKey: `check-alerts:${connection.id}`,
        runAt: deps.clock.now(),
      });
    },
    'check-alerts': (connection, { nightly = false }) => line.checkAlerts({ connection, nightly }),
    'sync-incremental': async (connection) => {
      const startedAt = deps.clock.now();
      const { sync } = await line.runLine(hourly(connection));
      await noteGaps(deps, connection, sync, startedAt);
    },
    'read-gap': async (connection, { since }) => {
      const { sync } = await line.runLine(hourly(connection));
      await noteOutage(deps, connection, sync, new Date(since));
    },
    reconcile: (connection) => line.runReconcile({ connection, allIds: false }),
    digest: (connection) => line.runDigest({ connection }),
    'fit-models': (connection) => line.fitModels({ connection }),
    'process-deliveries': (connection, { slow = false }) => processDeliveries(deps, connection, { slow }),
    'renew-channels': (connection) => keepChannels(deps, connection, deps.publicUrl),
    asked: (connection, asked) => line.runAsked({ connection, asked }),
  };
}

/** Runs one claimed job. Throws what its work threw; the work loop decides about repeating it. */
export async function runJob(deps: HandlerDeps, job: RunnableJob): Promise<void> {
  const { observer = unobserved, clock } = deps;
  const startedAt = clock.now().getTime();
  const note = (outcome: string) => {
    const seconds = (clock.now().getTime() - startedAt) / 1000;
    observer.note({ kind: 'job', job: isJobName(job.name) ? job.name : 'unknown', outcome, seconds });
  };
  const fields = { jobId: String(job.id ?? ''), job: job.name, connection: job.connection };
  try {
    await withLogFields(fields, () =>
      observer.span('job', { job: job.name }, () => runUnobserved(deps, job)),
    );
    note('ok');
  } catch (error) {
    note(error instanceof AppError ? error.code : 'unexpected');
    throw error;
  }
}

async function runUnobserved(deps: HandlerDeps, job: RunnableJob): Promise<void> {
  const { name } = job;
  if (!isJobName(name)) throw new InputError(`no job is called "${name}"`);
  if (isOfInstallation(name)) {
    await deps.installation[name]();
    return;
  }
  const connection = job.connection === null ? null : await deps.store.connections.byId(job.connection);
  if (connection === null) {
    deps.log.info({ job: name }, 'job dropped: its connection is gone');
    return;
  }
  // That it must be linked again is told by a job.
  if (connection.state === 'reconnect_needed' && name !== 'check-alerts') {
    deps.log.warn({ job: name, connection: connection.name }, 'job dropped: link the connection again first');
    return;
  }
  if (connection.state === 'standby') {
    deps.log.info({ job: name, connection: connection.name }, 'job dropped: the connection stands by');
    return;
  }
  await runNamed(handlersOf(deps), name, connection, job.payload);
}

function runNamed<N extends keyof Handlers>(
  handlers: Handlers,
  name: N,
  connection: Connection,
  payload: unknown,
): Promise<unknown> {
  return handlers[name](connection, parsePayload(name, payload));
}

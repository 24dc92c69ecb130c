import type { Clock } from '../clock.ts';
import type { Connection, ModuleName } from '../domain.ts';
import { AppError, ConflictError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observe.ts';
import type { Mapping } from '../rules.ts';
import type { Store } from '../store/store.ts';
import type { Delivery } from '../store/webhook-stores.ts';
import { isInputKey } from '../sync/columns.ts';
import { type Echo, notifiedModule, type Piece, pieceOf } from './deliveries-piece.ts';
import type { LineRunner } from './handlers.ts';
import type { Queue } from './queue.ts';

/** Stored notifications → records read anew → their customers and leads scored and written. */

export interface ProcessDeliveriesDeps {
  readonly store: {
    readonly deliveries: Pick<Store['deliveries'], 'pending' | 'begin' | 'markDone'>;
    readonly fieldMap: Pick<Store['fieldMap'], 'all'>;
    readonly intents: Pick<Store['intents'], 'createdTasks'>;
  };
  readonly line: Pick<LineRunner, 'runForRecords'>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  /** What the org calls our modules; left out: as Zoho does. */
  readonly modulesOf?: (connection: Connection) => Promise<Mapping['modules']>;
  readonly observer?: Observer;
}

// A job is to end within 30 s: what exceeds these is left to its continuation.
const MAX_DELIVERIES = 500;
const MAX_RECORDS = 1_000;

/** True when a later attempt, or a person, can make the same deliveries succeed. */
function isWorthKeeping(error: unknown): boolean {
  if (!(error instanceof AppError)) return true;
  return (
    error.retryable ||
    error instanceof ConflictError ||
    error instanceof ZohoAuthError ||
    error instanceof ZohoCreditsError
  );
}

export async function processDeliveries(
  deps: ProcessDeliveriesDeps,
  connection: Connection,
  { slow }: { readonly slow: boolean },
): Promise<void> {
  const pending = await deps.store.deliveries.pending(connection.id, MAX_DELIVERIES, slow);
  if (pending.length === 0) return;
  const taken = fewEnough(pending);
  const named = await deps.modulesOf?.(connection);
  const moduleOf = (name: string) => notifiedModule(name, named);
  const piece = pieceOf(taken, moduleOf, await echoOf(deps, connection, taken, moduleOf));
  const keys = taken.map(({ key }) => key);
  // Begun before: an attempt that was cut short may have read the records and not scored them.
  const again = taken.some(({ begunAt }) => begunAt !== null);
  await deps.store.deliveries.begin(keys, deps.clock.now());
  try {
    if (piece.changed.length > 0)
      await deps.line.runForRecords({ connection, changed: piece.changed, again });
  } catch (error) {
    // Set aside, or they would stop every later one; the next sync reads the same records.
    if (!isWorthKeeping(error)) await deps.store.deliveries.markDone(keys, deps.clock.now(), 'failed');
    throw error;
  }
  await settle(deps, connection, piece);
  // Activities are gathered for minutes on purpose.
  if (!slow) noteLatency(deps, taken);
  if (pending.length === MAX_DELIVERIES || taken.length < pending.length) {
    await requestProcessing(deps, connection.id, slow, deps.clock.now());
  }
}

function fewEnough(pending: readonly Delivery[]): Delivery[] {
  const taken: Delivery[] = [];
  let ids = 0;
  for (const delivery of pending) {
    if (ids >= MAX_RECORDS) break;
    taken.push(delivery);
    ids += delivery.body.ids.length;
  }
  return taken;
}

async function echoOf(
  { store }: ProcessDeliveriesDeps,
  { id }: Connection,
  deliveries: readonly Delivery[],
  moduleOf: (name: string) => ModuleName | undefined,
): Promise<Echo> {
  const fields = (await store.fieldMap.all(id)).filter(({ key }) => !isInputKey(key));
  const byModule = new Map<ModuleName, ReadonlySet<string>>();
  for (const { module } of fields) {
    const names = fields.filter((field) => field.module === module).map(({ apiName }) => apiName);
    byModule.set(module, new Set(names));
  }
  const isNewTask = ({ body }: Delivery) => body.operation === 'insert' && moduleOf(body.module) === 'Tasks';
  const tasks = deliveries.filter(isNewTask).flatMap(({ body }) => body.ids);
  const madeByUs = tasks.length === 0 ? [] : await store.intents.createdTasks(id, tasks);
  return { ours: (module) => byModule.get(module) ?? new Set(), madeByUs: new Set(madeByUs) };
}

async function settle(
  deps: ProcessDeliveriesDeps,
  connection: Connection,
  { outcomes, records, echoes }: Piece,
): Promise<void> {
  const now = deps.clock.now();
  for (const [outcome, keys] of outcomes) await deps.store.deliveries.markDone(keys, now, outcome);
  const counts = Object.fromEntries([...outcomes].map(([outcome, keys]) => [outcome, keys.length]));
  deps.log.info({ connection: connection.name, deliveries: counts, records, echoes }, 'deliveries done');
}

function noteLatency({ observer, clock }: ProcessDeliveriesDeps, taken: readonly Delivery[]): void {
  const now = clock.now().getTime();
  for (const { receivedAt } of taken)
    observer?.note({ kind: 'delivery', seconds: (now - receivedAt.getTime()) / 1000 });
}

/** One waiting job per connection and pace, however many deliveries arrive. */
async function requestProcessing(
  deps: Pick<ProcessDeliveriesDeps, 'queue'>,
  connection: Connection['id'],
  slow: boolean,
  runAt: Date,
): Promise<void> {
  await deps.queue.enqueue({
    connection,
    name: 'process-deliveries',
    payload: slow ? { slow } : {},
    singletonKey: `process-${slow ? 'activities' : 'deliveries'}:${connection}`,
    runAt,
  });
}

/** After a crash between storing a delivery and enqueueing its job. */
export async function recoverDeliveries(
  deps: Pick<ProcessDeliveriesDeps, 'queue' | 'clock'> & {
    readonly store: {
      readonly deliveries: Pick<Store['deliveries'], 'pending'>;
      readonly connections: Pick<Store['connections'], 'list'>;
    };
  },
): Promise<void> {
  for (const { id } of await deps.store.connections.list()) {
    for (const slow of [false, true]) {
      const [waiting] = await deps.store.deliveries.pending(id, 1, slow);
      if (waiting) await requestProcessing(deps, id, slow, deps.clock.now());
    }
  }
}

import type { Clock } from '../clock.ts';
import type { Connection, RecordId } from '../domain.ts';
import { AppError, ConflictError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Mapping } from '../rules.ts';
import type { Delivery } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';
import type { LineRunner } from './handlers.ts';
import type { Queue } from './queue.ts';

/** Stored notifications → records read anew → their customers scored and written. */

export interface ProcessDeliveriesDeps {
  readonly store: {
    readonly deliveries: Pick<Store['deliveries'], 'pending' | 'markDone'>;
    readonly records: Pick<Store['records'], 'markDeleted'>;
  };
  readonly line: Pick<LineRunner, 'runForRecords'>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  /** What the org calls our modules; left out: as Zoho does. */
  readonly modules?: Mapping['modules'];
}

// A job is to end within 30 s: what exceeds these is left to its continuation.
const MAX_DELIVERIES = 500;
const MAX_RECORDS = 1_000;

function takePiece(
  pending: readonly Delivery[],
  deals: string,
): {
  piece: Delivery[];
  ids: RecordId[];
  deleted: RecordId[];
} {
  const piece: Delivery[] = [];
  const isDeleted = new Map<RecordId, boolean>();
  for (const delivery of pending) {
    if (isDeleted.size >= MAX_RECORDS) break;
    piece.push(delivery);
    if (delivery.body.module !== deals) continue;
    // In order of arrival: the last word about a record counts, and reading it again settles it.
    for (const id of delivery.body.ids) isDeleted.set(id, delivery.body.operation === 'delete');
  }
  const ids = [...isDeleted.keys()];
  return { piece, ids, deleted: ids.filter((id) => isDeleted.get(id)) };
}

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

export async function processDeliveries(deps: ProcessDeliveriesDeps, connection: Connection): Promise<void> {
  const pending = await deps.store.deliveries.pending(connection.id, MAX_DELIVERIES);
  if (pending.length === 0) return;
  const { piece, ids, deleted } = takePiece(pending, deps.modules?.Deals ?? 'Deals');
  const keys = piece.map(({ key }) => key);
  const now = deps.clock.now();
  try {
    if (deleted.length > 0) await deps.store.records.markDeleted(connection.id, 'Deals', deleted, now);
    if (ids.length > 0) await deps.line.runForRecords({ connection, module: 'Deals', ids });
  } catch (error) {
    // Set aside, or they would stop every later one; the next sync reads the same records.
    if (!isWorthKeeping(error)) await deps.store.deliveries.markDone(keys, now);
    throw error;
  }
  await deps.store.deliveries.markDone(keys, deps.clock.now());
  deps.log.info(
    { connection: connection.name, deliveries: keys.length, records: ids.length },
    'deliveries done',
  );
  if (pending.length === MAX_DELIVERIES || piece.length < pending.length) {
    await requestProcessing(deps, connection.id, deps.clock.now());
  }
}

/** One waiting job per connection, however many deliveries arrive. */
async function requestProcessing(
  deps: Pick<ProcessDeliveriesDeps, 'queue'>,
  connection: Connection['id'],
  runAt: Date,
): Promise<void> {
  await deps.queue.enqueue({
    connection,
    name: 'process-deliveries',
    payload: {},
    singletonKey: `process-deliveries:${connection}`,
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
    const [waiting] = await deps.store.deliveries.pending(id, 1);
    if (waiting) await requestProcessing(deps, id, deps.clock.now());
  }
}

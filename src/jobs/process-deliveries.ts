import type { Clock } from '../clock.ts';
import type { Connection, ModuleName, RecordId } from '../domain.ts';
import { AppError, ConflictError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Mapping } from '../rules.ts';
import type { Delivery } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';
import type { LineRunner } from './handlers.ts';
import type { Queue } from './queue.ts';
import type { ChangedRecords } from './run-line.ts';

/** Stored notifications → records read anew → their customers and leads scored and written. */

export interface ProcessDeliveriesDeps {
  readonly store: {
    readonly deliveries: Pick<Store['deliveries'], 'pending' | 'markDone'>;
  };
  readonly line: Pick<LineRunner, 'runForRecords'>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  /** What the org calls our modules; left out: as Zoho does. */
  readonly modulesOf?: (connection: Connection) => Promise<Mapping['modules']>;
}

// A job is to end within 30 s: what exceeds these is left to its continuation.
const MAX_DELIVERIES = 500;
const MAX_RECORDS = 1_000;

// Parents first, so that what hangs on a new account finds it.
const NOTIFIED: readonly ModuleName[] = [
  ...(['Accounts', 'Contacts', 'Leads', 'Deals', 'Cases', 'Events', 'Calls', 'Tasks'] as const),
  ...(['Quotes', 'Sales_Orders', 'Invoices'] as const),
];

function takePiece(
  pending: readonly Delivery[],
  moduleOf: (name: string) => ModuleName | undefined,
): { piece: Delivery[]; changed: ChangedRecords[]; records: number } {
  const piece: Delivery[] = [];
  const isDeleted = new Map<ModuleName, Map<RecordId, boolean>>();
  let records = 0;
  for (const delivery of pending) {
    if (records >= MAX_RECORDS) break;
    piece.push(delivery);
    const module = moduleOf(delivery.body.module);
    if (module === undefined) continue;
    const known = isDeleted.get(module) ?? new Map<RecordId, boolean>();
    isDeleted.set(module, known);
    const before = known.size;
    // In order of arrival: the last word about a record counts, and reading it again settles it.
    for (const id of delivery.body.ids) known.set(id, delivery.body.operation === 'delete');
    records += known.size - before;
  }
  const changed = NOTIFIED.flatMap((module): ChangedRecords[] => {
    const known = isDeleted.get(module);
    if (!known || known.size === 0) return [];
    const ids = [...known.keys()];
    return [{ module, ids, deleted: ids.filter((id) => known.get(id)) }];
  });
  return { piece, changed, records };
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
  const modules = await deps.modulesOf?.(connection);
  const moduleOf = (name: string) => NOTIFIED.find((module) => (modules?.[module] ?? module) === name);
  const { piece, changed, records } = takePiece(pending, moduleOf);
  const keys = piece.map(({ key }) => key);
  const now = deps.clock.now();
  try {
    if (changed.length > 0) await deps.line.runForRecords({ connection, changed });
  } catch (error) {
    // Set aside, or they would stop every later one; the next sync reads the same records.
    if (!isWorthKeeping(error)) await deps.store.deliveries.markDone(keys, now);
    throw error;
  }
  await deps.store.deliveries.markDone(keys, deps.clock.now());
  deps.log.info({ connection: connection.name, deliveries: keys.length, records }, 'deliveries done');
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

import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, ModuleName, PlanId, RunId } from '../domain.ts';
import { intentPages, intentRow } from './intents.ts';
import { requireLease } from './leases.ts';
import type { Intent, NewIntent } from './plan-stores.ts';
import { chunksOf, MAX_ROWS, serialOf } from './rows.ts';
import type { Lease } from './store.ts';
import type { Tables } from './tables.ts';

/**
 * announced: nothing was asked of Zoho that writes. sent: a job was asked for, and its id is not known. running: it is.
 * Both others have ended.
 */
type BulkWriteState = 'announced' | 'sent' | 'running' | 'done' | 'dropped';
export interface BulkWrite {
  readonly id: number;
  readonly connection: ConnectionId;
  readonly runId: RunId;
  readonly planId: PlanId;
  readonly module: ModuleName;
  readonly rows: number;
  readonly state: BulkWriteState;
  /** At Zoho. */
  readonly jobId: string | null;
  readonly begunAt: Date;
}
type NewBulkWrite = Pick<BulkWrite, 'connection' | 'runId' | 'planId' | 'module' | 'rows' | 'begunAt'>;

export interface BulkWritesStore {
  /** Committed when this resolves. Throws LineLostError when `lease` is not held. */
  announce(head: NewBulkWrite, lease: Lease | null): Promise<BulkWrite>;
  /** The rows that it holds, in their order. */
  addIntents(id: number, intents: readonly NewIntent[], lease: Lease | null): Promise<void>;
  setState(id: number, state: BulkWriteState, jobId?: string): Promise<void>;
  /** Those that have not ended, oldest first. */
  open(connection: ConnectionId): Promise<BulkWrite[]>;
  /** Its rows whose outcome is not known, in their order. They may be given their outcome meanwhile. */
  openRows(id: number, chunk: number): AsyncIterable<Intent[]>;
}

export function bulkWritesStore({ kysely }: Db): BulkWritesStore {
  return {
    async announce(head, lease) {
      const { id } = await kysely.transaction().execute(async (trx) => {
        if (lease) await requireLease(trx, lease);
        return trx
          .insertInto('bulk_writes')
          .values({
            connection_id: head.connection,
            run_id: serialOf(head.runId),
            plan_id: serialOf(head.planId),
            module: head.module,
            row_count: head.rows,
            state: 'announced',
            job_id: null,
            begun_at: head.begunAt,
          })
          .returning('id')
          .executeTakeFirstOrThrow();
      });
      return { ...head, id, state: 'announced', jobId: null };
    },

    async addIntents(id, intents, lease) {
      for (const piece of chunksOf(intents, MAX_ROWS)) {
        await kysely.transaction().execute(async (trx) => {
          if (lease) await requireLease(trx, lease);
          // Serials rise with the order of the rows within one statement on both databases.
          await trx
            .insertInto('write_intents')
            .values(piece.map((intent) => ({ ...intentRow(intent), bulk_write: id })))
            .execute();
        });
      }
    },

    async setState(id, state, jobId) {
      await kysely
        .updateTable('bulk_writes')
        .set({ state, ...(jobId === undefined ? {} : { job_id: jobId }) })
        .where('id', '=', id)
        .execute();
    },

    async open(connection) {
      const rows = await kysely
        .selectFrom('bulk_writes')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('state', 'in', ['announced', 'sent', 'running'])
        .orderBy('id')
        .execute();
      return rows.map(bulkWriteOf);
    },

    openRows: (id, chunk) =>
      intentPages(chunk, (after) =>
        kysely
          .selectFrom('write_intents')
          .selectAll()
          .where('bulk_write', '=', id)
          .where('outcome', 'is', null)
          .where('id', '>', after),
      ),
  };
}

function bulkWriteOf(row: Selectable<Tables['bulk_writes']>): BulkWrite {
  return {
    id: row.id,
    connection: row.connection_id,
    runId: String(row.run_id),
    planId: String(row.plan_id),
    // Both are written from these types only.
    module: row.module as ModuleName,
    state: row.state as BulkWriteState,
    rows: row.row_count,
    jobId: row.job_id,
    begunAt: row.begun_at,
  };
}

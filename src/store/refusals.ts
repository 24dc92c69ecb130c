import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { bulkUpsert, isOneOf } from './dialect.ts';
import { chunksOf, fromJson, MAX_ROWS, serialOf, storable, toJson, uniqueBy } from './rows.ts';
import type { Refusal, RefusalsStore } from './safety-stores.ts';
import type { Tables } from './tables.ts';

const REFUSALS = {
  table: 'refusals',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'module', type: 'text' },
    { name: 'record_id', type: 'text' },
    { name: 'field', type: 'text' },
    { name: 'customer_module', type: 'text' },
    { name: 'customer_id', type: 'text' },
    { name: 'run_id', type: 'bigint' },
    { name: 'code', type: 'text' },
    { name: 'message', type: 'text' },
    { name: 'attempted', type: 'text' },
    { name: 'attempts', type: 'bigint' },
    { name: 'first_at', type: 'timestamptz' },
    { name: 'last_at', type: 'timestamptz' },
  ],
  key: ['connection_id', 'module', 'record_id', 'field'],
} as const;

/** What Zoho refused, record by record, until it is written or no longer asked for. */
export function refusalsStore(db: Db): RefusalsStore {
  const { kysely } = db;
  return {
    async save(connection, rows) {
      const unique = uniqueBy(rows, (row) => `${row.module}.${row.recordId}.${row.field ?? ''}`);
      for (const piece of chunksOf(unique, MAX_ROWS)) {
        const values = piece.map((row) => [
          connection,
          row.module,
          row.recordId,
          row.field ?? '',
          row.customer.module,
          row.customer.id,
          serialOf(row.runId),
          row.code,
          storable(row.message),
          toJson(row.attempted),
          row.attempts,
          row.firstAt,
          row.lastAt,
        ]);
        await kysely.transaction().execute((trx) => bulkUpsert(db, trx, REFUSALS, values));
      }
    },
    async of(connection, module, ids) {
      const found: Refusal[] = [];
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        const rows = await kysely
          .selectFrom('refusals')
          .selectAll()
          .where('connection_id', '=', connection)
          .where('module', '=', module)
          .where(isOneOf(db, 'record_id', piece))
          .execute();
        found.push(...rows.map(refusalOf));
      }
      return found;
    },
    async ofRun(connection, runId) {
      const rows = await kysely
        .selectFrom('refusals')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('run_id', '=', serialOf(runId))
        .orderBy('module')
        .orderBy('record_id')
        .orderBy('field')
        .execute();
      return rows.map(refusalOf);
    },
    async remove(connection, rows) {
      for (const piece of chunksOf(rows, MAX_ROWS)) {
        await kysely.transaction().execute(async (trx) => {
          for (const { module, recordId, field } of piece) {
            await trx
              .deleteFrom('refusals')
              .where('connection_id', '=', connection)
              .where('module', '=', module)
              .where('record_id', '=', recordId)
              .where('field', '=', field ?? '')
              .execute();
          }
        });
      }
    },
    async counts(connection, since = new Date(0)) {
      const rows = await kysely
        .selectFrom('refusals')
        .select(['code', (eb) => eb.fn.countAll<number>().as('rows')])
        .where('connection_id', '=', connection)
        .where('last_at', '>', since)
        .groupBy('code')
        .orderBy('code')
        .execute();
      return new Map(rows.map((row) => [row.code, row.rows]));
    },
  };
}

function refusalOf(row: Selectable<Tables['refusals']>): Refusal {
  return {
    // The casts: written from a Refusal only.
    module: row.module as Refusal['module'],
    customer: { module: row.customer_module as Refusal['customer']['module'], id: row.customer_id },
    recordId: row.record_id,
    field: row.field === '' ? null : row.field,
    runId: String(row.run_id),
    code: row.code,
    message: row.message,
    attempted: fromJson(row.attempted),
    attempts: row.attempts,
    firstAt: row.first_at,
    lastAt: row.last_at,
  };
}

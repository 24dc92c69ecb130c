import type { Insertable, Kysely, Selectable, SelectQueryBuilder } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, FieldValues, RecordId } from '../domain.ts';
import { isOneOf, isOneOfNumbers } from './dialect.ts';
import { requireLease } from './leases.ts';
import type { Intent, IntentOutcome, IntentsStore, NewIntent } from './plan-stores.ts';
import { chunksOf, fromJson, MAX_ROWS, serialOf, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** What we are about to write, committed before the call, and what became of it. */
export function intentsStore(db: Db): IntentsStore {
  const { kysely } = db;
  return {
    begin: (rows, lease) =>
      kysely.transaction().execute(async (trx) => {
        if (lease) await requireLease(trx, lease);
        const ids: number[] = [];
        // One by one: no database promises that `returning` keeps the order of a multi-row insert.
        for (const row of rows) {
          const { id } = await trx
            .insertInto('write_intents')
            .values(intentRow(row))
            .returning('id')
            .executeTakeFirstOrThrow();
          ids.push(id);
        }
        return ids;
      }),

    async finish(rows) {
      for (const piece of chunksOf(rows, MAX_ROWS)) {
        await kysely.transaction().execute(async (trx) => {
          for (const row of piece) await setOutcome(trx, row);
          await rememberWritten(db, trx, piece);
        });
      }
    },

    async unfinished(connection) {
      const rows = await kysely
        .selectFrom('write_intents')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('outcome', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(intentOf);
    },

    async ofRun(runId) {
      const rows = await kysely
        .selectFrom('write_intents')
        .selectAll()
        .where('run_id', '=', serialOf(runId))
        .orderBy('id')
        .execute();
      return rows.map(intentOf);
    },

    async keptEdits(connection, module, rows) {
      for (const piece of chunksOf(rows, MAX_ROWS)) {
        await kysely
          .transaction()
          .execute((trx) => rememberKept(db, trx, { connection, module, rows: piece }));
      }
    },

    written: (runId, chunk) =>
      intentPages(chunk, (after) =>
        kysely
          .selectFrom('write_intents')
          .selectAll()
          .where('run_id', '=', serialOf(runId))
          .where('outcome', '=', 'written')
          .where('id', '>', after),
      ),

    async createdTasks(connection, ids) {
      const found: RecordId[] = [];
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        const rows = await kysely
          .selectFrom('write_intents')
          .select('record_id')
          .where('connection_id', '=', connection)
          .where('module', '=', 'Tasks')
          .where('kind', '=', 'task_create')
          .where('outcome', '=', 'written')
          .where(isOneOf(db, 'record_id', piece))
          .execute();
        found.push(...rows.flatMap(({ record_id: id }) => id ?? []));
      }
      return found;
    },

    async writtenLater(connection, { afterId, module, ids }) {
      const rows = await kysely
        .selectFrom('write_intents')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('id', '>', afterId)
        .where('module', '=', module)
        .where(isOneOf(db, 'record_id', ids))
        .where('outcome', '=', 'written')
        .orderBy('id')
        .execute();
      return rows.map(intentOf);
    },
  };
}

export function intentRow(row: NewIntent): Insertable<Tables['write_intents']> {
  return {
    connection_id: row.connection,
    run_id: serialOf(row.runId),
    plan_id: serialOf(row.planId),
    seqs: toJson(row.seqs),
    kind: row.kind,
    module: row.module,
    record_id: row.recordId,
    cv_ref: row.cvRef,
    before_values: toJson(row.before),
    sent: toJson(row.sent),
    field_values: toJson(row.values),
    begun_at: row.at,
    outcome: null,
    code: null,
    message: null,
    bulk_write: null,
  };
}

async function setOutcome(trx: Kysely<Tables>, row: IntentOutcome): Promise<void> {
  await trx
    .updateTable('write_intents')
    .set({
      outcome: row.outcome,
      code: row.code,
      message: row.message,
      ...(row.recordId === null ? {} : { record_id: row.recordId }),
    })
    .where('id', '=', row.id)
    .execute();
}

/** The last value of ours that each record got, and in which month its rank: a plan compares with it. */
async function rememberWritten(
  db: Db,
  trx: Kysely<Tables>,
  outcomes: readonly IntentOutcome[],
): Promise<void> {
  const ids = outcomes.filter((row) => row.outcome === 'written').map((row) => row.id);
  if (ids.length === 0) return;
  const rows = await trx
    .selectFrom('write_intents as i')
    .leftJoin('plans as p', 'p.id', 'i.plan_id')
    .leftJoin('written_fields as w', (join) =>
      join
        .onRef('w.connection_id', '=', 'i.connection_id')
        .onRef('w.module', '=', 'i.module')
        .onRef('w.record_id', '=', 'i.record_id'),
    )
    .select(['i.connection_id', 'i.module', 'i.record_id', 'i.field_values as now', 'p.as_of'])
    .select(['w.field_values as before', 'w.rank_written_in'])
    .where('i.kind', '=', 'update')
    .where(isOneOfNumbers(db, 'i.id', ids))
    .execute();
  for (const row of rows) {
    if (row.record_id === null) continue;
    const now = fromJson<FieldValues>(row.now);
    const values = {
      field_values: toJson({ ...(row.before === null ? {} : fromJson<FieldValues>(row.before)), ...now }),
      rank_written_in:
        now.value_rank === undefined ? row.rank_written_in : (row.as_of?.slice(0, 7) ?? row.rank_written_in),
    };
    await trx
      .insertInto('written_fields')
      .values({
        connection_id: row.connection_id,
        module: row.module,
        record_id: row.record_id,
        ...values,
      })
      .onConflict((conflict) =>
        conflict.columns(['connection_id', 'module', 'record_id']).doUpdateSet(values),
      )
      .execute();
  }
}

/** What a person's value stands instead of counts as written: it is how the next plan knows the value for theirs. */
async function rememberKept(
  db: Db,
  trx: Kysely<Tables>,
  kept: { connection: ConnectionId; module: string; rows: readonly { id: RecordId; ours: FieldValues }[] },
): Promise<void> {
  const { connection, module } = kept;
  const ids = [...new Set(kept.rows.map(({ id }) => id))];
  const before = await trx
    .selectFrom('written_fields')
    .select(['record_id', 'field_values'])
    .where('connection_id', '=', connection)
    .where('module', '=', module)
    .where(isOneOf(db, 'record_id', ids))
    .execute();
  const values = new Map(before.map((row) => [row.record_id, fromJson<FieldValues>(row.field_values)]));
  for (const { id, ours } of kept.rows) values.set(id, { ...values.get(id), ...ours });
  for (const [id, all] of values) {
    const field_values = toJson(all);
    await trx
      .insertInto('written_fields')
      .values({ connection_id: connection, module, record_id: id, field_values, rank_written_in: null })
      .onConflict((conflict) =>
        conflict.columns(['connection_id', 'module', 'record_id']).doUpdateSet({ field_values }),
      )
      .execute();
  }
}

/** By id, a chunk at a time; `rowsAfter`: which ones, beyond an id. */
export async function* intentPages(
  chunk: number,
  rowsAfter: (id: number) => SelectQueryBuilder<Tables, 'write_intents', Selectable<Tables['write_intents']>>,
): AsyncGenerator<Intent[]> {
  for (let after = 0; ; ) {
    const rows = await rowsAfter(after).orderBy('id').limit(chunk).execute();
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(intentOf);
    after = last.id;
  }
}

function intentOf(row: Selectable<Tables['write_intents']>): Intent {
  return {
    id: row.id,
    connection: row.connection_id,
    runId: String(row.run_id),
    planId: String(row.plan_id),
    seqs: fromJson(row.seqs),
    module: row.module,
    recordId: row.record_id,
    cvRef: row.cv_ref,
    before: fromJson(row.before_values),
    sent: fromJson(row.sent),
    values: fromJson(row.field_values),
    at: row.begun_at,
    code: row.code,
    message: row.message,
    // Both are written from these types only.
    kind: row.kind as Intent['kind'],
    outcome: row.outcome as Intent['outcome'],
  };
}

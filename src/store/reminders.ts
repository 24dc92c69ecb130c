import type { Selectable } from 'kysely';
import type { OpenReminder } from '../changes.ts';
import type { Db } from '../db.ts';
import { bulkUpsert, isOneOf } from './dialect.ts';
import type { RemindersStore } from './plan-stores.ts';
import { chunksOf, MAX_ROWS, storable, uniqueBy } from './rows.ts';
import type { Tables } from './tables.ts';

const REMINDERS = {
  table: 'reminders',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'cv_ref', type: 'text' },
    { name: 'module', type: 'text' },
    { name: 'record_id', type: 'text' },
    { name: 'reason', type: 'text' },
    { name: 'episode', type: 'bigint' },
    { name: 'task_id', type: 'text' },
    { name: 'state', type: 'text' },
    { name: 'created_on', type: 'text' },
    { name: 'closed_on', type: 'text' },
    { name: 'owner_id', type: 'text' },
    { name: 'due_day', type: 'text' },
    { name: 'subject', type: 'text' },
    { name: 'priority', type: 'text' },
    { name: 'body', type: 'text' },
    { name: 'stable', type: 'text' },
    { name: 'escalated_on', type: 'text' },
  ],
  key: ['connection_id', 'cv_ref'],
} as const;

/** The tasks that we own, by their stable key. */
export function remindersStore(db: Db): RemindersStore {
  const { kysely } = db;
  return {
    async all(connection) {
      const rows = await kysely
        .selectFrom('reminders')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('cv_ref')
        .execute();
      return rows.map(reminderOf);
    },
    async of(connection, keys) {
      const reminders: OpenReminder[] = [];
      for (const piece of chunksOf(keys, MAX_ROWS)) {
        const rows = await kysely
          .selectFrom('reminders')
          .selectAll()
          .where('connection_id', '=', connection)
          .where(
            isOneOf(
              db,
              'record_id',
              piece.map((key) => key.id),
            ),
          )
          .orderBy('cv_ref')
          .execute();
        reminders.push(...rows.map(reminderOf));
      }
      return reminders;
    },
    async save(connection, rows) {
      const unique = uniqueBy(rows, (row) => row.cvRef);
      for (const piece of chunksOf(unique, MAX_ROWS)) {
        const values = piece.map((row) => [
          connection,
          row.cvRef,
          row.customer.module,
          row.customer.id,
          row.reason,
          row.episode,
          row.taskId,
          row.state,
          row.createdOn,
          row.closedOn,
          row.ownerId,
          row.dueDay,
          storable(row.subject),
          row.priority,
          textOrNull(row.body),
          textOrNull(row.stable),
          row.escalatedOn ?? null,
        ]);
        await kysely.transaction().execute((trx) => bulkUpsert(db, trx, REMINDERS, values));
      }
    },
    async createdOn(connection, day) {
      const rows = await kysely
        .selectFrom('reminders')
        .select(['owner_id', (eb) => eb.fn.countAll<number>().as('reminders')])
        .where('connection_id', '=', connection)
        .where('created_on', '=', day)
        // One that we took back the same day stands nowhere.
        .where((eb) => eb.or([eb('state', '<>', 'closed_by_us'), eb('closed_on', '<>', day)]))
        .groupBy('owner_id')
        .execute();
      return new Map(rows.map((row) => [row.owner_id ?? '', row.reminders]));
    },
  };
}

const textOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : storable(text);

export function reminderOf(row: Selectable<Tables['reminders']>): OpenReminder {
  return {
    cvRef: row.cv_ref,
    // The casts: each column is written from an OpenReminder only.
    customer: { module: row.module as OpenReminder['customer']['module'], id: row.record_id },
    reason: row.reason as OpenReminder['reason'],
    state: row.state as OpenReminder['state'],
    priority: row.priority as OpenReminder['priority'],
    body: row.body,
    stable: row.stable,
    escalatedOn: row.escalated_on,
    episode: row.episode,
    taskId: row.task_id,
    createdOn: row.created_on,
    closedOn: row.closed_on,
    ownerId: row.owner_id,
    dueDay: row.due_day,
    subject: row.subject,
  };
}

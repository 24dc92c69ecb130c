import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { Schedule, SchedulesStore } from './job-stores.ts';
import type { Tables } from './tables.ts';

/** When each job is due; edited by people, moved on by the scheduler. */
export function schedulesStore(db: Db): SchedulesStore {
  const { kysely } = db;
  const all = () => kysely.selectFrom('schedules').selectAll().orderBy('id');
  return {
    async upsert(row) {
      const values = {
        connection_id: row.connection,
        job: row.job,
        expr: row.expr,
        time_zone: row.timeZone,
        quiet_hours: row.quietHours,
        spread_minutes: row.spreadMinutes,
        enabled: row.enabled,
        next_run_at: row.nextRunAt,
        last_run_at: row.lastRunAt,
        last_due_at: row.lastDueAt,
        missed: row.missed,
      };
      await kysely
        .insertInto('schedules')
        .values({ id: row.id, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    },
    all: async () => (await all().execute()).map(scheduleOf),
    async of(connection) {
      const rows =
        connection === null
          ? all().where('connection_id', 'is', null)
          : all().where('connection_id', '=', connection);
      return (await rows.execute()).map(scheduleOf);
    },
    async due(now) {
      const rows = await kysely
        .selectFrom('schedules')
        .selectAll()
        .where('enabled', '=', true)
        .where('next_run_at', '<=', now)
        .orderBy('next_run_at')
        .orderBy('id')
        .execute();
      return rows.map(scheduleOf);
    },
    ranAfter: async (at) =>
      (await all().where('enabled', '=', true).where('last_run_at', '>', at).execute()).map(scheduleOf),
    async moveOn(id, dueAt, to) {
      const { numUpdatedRows } = await kysely
        .updateTable('schedules')
        .set({
          next_run_at: to.nextRunAt,
          last_run_at: to.lastRunAt,
          last_due_at: to.lastDueAt,
          missed: to.missed,
        })
        .where('id', '=', id)
        .where('next_run_at', dueAt === null ? 'is' : '=', dueAt)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
  };
}

function scheduleOf(row: Selectable<Tables['schedules']>): Schedule {
  return {
    id: row.id,
    connection: row.connection_id,
    job: row.job,
    expr: row.expr,
    timeZone: row.time_zone,
    quietHours: row.quiet_hours,
    spreadMinutes: row.spread_minutes,
    enabled: row.enabled,
    nextRunAt: row.next_run_at,
    lastRunAt: row.last_run_at,
    lastDueAt: row.last_due_at,
    missed: row.missed,
  };
}

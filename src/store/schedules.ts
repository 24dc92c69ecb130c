import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { Schedule, SchedulesStore } from './job-stores.ts';
import type { Tables } from './tables.ts';

/** When each job of a connection is due; edited by people, moved on by the scheduler. */
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
        enabled: row.enabled,
        next_run_at: row.nextRunAt,
        last_run_at: row.lastRunAt,
      };
      await kysely
        .insertInto('schedules')
        .values({ id: row.id, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    },
    all: async () => (await all().execute()).map(scheduleOf),
    of: async (connection) => (await all().where('connection_id', '=', connection).execute()).map(scheduleOf),
    due: async (now) =>
      (await all().where('enabled', '=', true).where('next_run_at', '<=', now).execute()).map(scheduleOf),
    async setNextRun(id, nextRunAt, lastRunAt) {
      await kysely
        .updateTable('schedules')
        .set({ next_run_at: nextRunAt, last_run_at: lastRunAt })
        .where('id', '=', id)
        .execute();
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
    enabled: row.enabled,
    nextRunAt: row.next_run_at,
    lastRunAt: row.last_run_at,
  };
}

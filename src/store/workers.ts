import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { WorkerRow, WorkersStore } from './queue-stores.ts';
import type { Tables } from './tables.ts';

/** The processes that run jobs, by what they last said of themselves. */
export function workersStore({ kysely }: Db): WorkersStore {
  return {
    async beat(row) {
      const values = {
        id: row.id,
        kind: row.kind,
        host: row.host,
        pid: row.pid,
        slots: row.slots,
        started_at: row.startedAt,
        beat_at: row.beatAt,
      };
      await kysely
        .insertInto('workers')
        .values(values)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    },
    async leave(id) {
      await kysely.deleteFrom('workers').where('id', '=', id).execute();
    },
    async alive(since) {
      const rows = await kysely
        .selectFrom('workers')
        .selectAll()
        .where('beat_at', '>=', since)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map(workerOf);
    },
    async forget(before) {
      await kysely.deleteFrom('workers').where('beat_at', '<', before).execute();
    },
  };
}

function workerOf(row: Selectable<Tables['workers']>): WorkerRow {
  return {
    id: row.id,
    // Written by this file alone.
    kind: row.kind as WorkerRow['kind'],
    host: row.host,
    pid: row.pid,
    slots: row.slots,
    startedAt: row.started_at,
    beatAt: row.beat_at,
  };
}

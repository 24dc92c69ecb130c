import { type Selectable, sql } from 'kysely';
import type { ReminderOutcome } from '../changes.ts';
import type { Db } from '../db.ts';
import { bulkUpsert } from './dialect.ts';
import type { OutcomesStore, RuleCounts } from './outcome-stores.ts';
import { reminderOf } from './reminders.ts';
import { chunksOf, MAX_ROWS, uniqueBy } from './rows.ts';
import type { Tables } from './tables.ts';

const OUTCOMES = {
  table: 'reminder_outcomes',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'cv_ref', type: 'text' },
    { name: 'reason', type: 'text' },
    { name: 'created_on', type: 'text' },
    { name: 'phase_then', type: 'text' },
    { name: 'ended', type: 'text' },
    { name: 'ended_on', type: 'text' },
    { name: 'ignored_on', type: 'text' },
    { name: 'touched_on', type: 'text' },
    { name: 'bought_on', type: 'text' },
    { name: 'improved_on', type: 'text' },
    { name: 'settled_on', type: 'text' },
  ],
  key: ['connection_id', 'cv_ref'],
} as const;

/** What became of each reminder; a row that is settled is never read again but to be counted. */
export function outcomesStore(db: Db): OutcomesStore {
  const { kysely } = db;
  return {
    async pending(connection) {
      const reminders = await kysely
        .selectFrom('reminders')
        .leftJoin('reminder_outcomes', (join) =>
          join
            .onRef('reminder_outcomes.connection_id', '=', 'reminders.connection_id')
            .onRef('reminder_outcomes.cv_ref', '=', 'reminders.cv_ref'),
        )
        .selectAll('reminders')
        .where('reminders.connection_id', '=', connection)
        .where('reminders.task_id', 'is not', null)
        .where('reminder_outcomes.settled_on', 'is', null)
        .orderBy('reminders.cv_ref')
        .execute();
      const outcomes = await kysely
        .selectFrom('reminder_outcomes')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('settled_on', 'is', null)
        .execute();
      const known = new Map(outcomes.map((row) => [row.cv_ref, outcomeOf(row)]));
      return reminders.map((row) => ({ reminder: reminderOf(row), outcome: known.get(row.cv_ref) ?? null }));
    },

    async save(connection, rows) {
      for (const piece of chunksOf(
        uniqueBy(rows, (row) => row.cvRef),
        MAX_ROWS,
      )) {
        const values = piece.map((row) => [
          connection,
          row.cvRef,
          row.reason,
          row.createdOn,
          row.phaseThen,
          row.ended,
          row.endedOn,
          row.ignoredOn,
          row.touchedOn,
          row.boughtOn,
          row.improvedOn,
          row.settledOn,
        ]);
        await kysely.transaction().execute((trx) => bulkUpsert(db, trx, OUTCOMES, values));
      }
    },

    async count(connection, { since, touchBefore, resultBefore }) {
      const isTouchKnown = sql`created_on <= ${touchBefore}`;
      const isResultKnown = sql`created_on <= ${resultBefore}`;
      const counted = (condition: ReturnType<typeof sql>) =>
        sql`cast(sum(case when ${condition} then 1 else 0 end) as bigint)`;
      const { rows } = await sql<RuleCounts>`
        select reason, count(*) as made,
          ${counted(sql`ended is null and ignored_on is null`)} as "open",
          ${counted(sql`ended = 'done'`)} as "done",
          ${counted(sql`ended = 'deleted'`)} as "deleted",
          ${counted(sql`ignored_on is not null and (ended is null or ended = 'need_gone')`)} as "ignored",
          ${counted(sql`ignored_on is null and ended = 'need_gone'`)} as "needGone",
          ${counted(isTouchKnown)} as "touchKnown",
          ${counted(sql`${isTouchKnown} and touched_on is not null`)} as "touched",
          ${counted(isResultKnown)} as "resultKnown",
          ${counted(sql`${isResultKnown} and bought_on is not null`)} as "bought",
          ${counted(sql`${isResultKnown} and improved_on is not null`)} as "improved"
        from reminder_outcomes
        where connection_id = ${connection} and created_on >= ${since ?? ''}
        group by reason order by reason`.execute(kysely);
      return rows;
    },
  };
}

function outcomeOf(row: Selectable<Tables['reminder_outcomes']>): ReminderOutcome {
  return {
    cvRef: row.cv_ref,
    reason: row.reason,
    createdOn: row.created_on,
    // Both are written from a ReminderOutcome only.
    phaseThen: row.phase_then as ReminderOutcome['phaseThen'],
    ended: row.ended as ReminderOutcome['ended'],
    endedOn: row.ended_on,
    ignoredOn: row.ignored_on,
    touchedOn: row.touched_on,
    boughtOn: row.bought_on,
    improvedOn: row.improved_on,
    settledOn: row.settled_on,
  };
}

import type { Kysely, Selectable } from 'kysely';
import type { PlanState } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, PlanId } from '../domain.ts';
import { isOneOfNumbers } from './dialect.ts';
import type { NewEvent } from './notify-stores.ts';
import { appendEvents } from './out-events.ts';
import type { PlanHead, PlanItem, PlansStore } from './plan-stores.ts';
import { chunksOf, found, fromJson, MAX_ROWS, serialOf, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

// Applying one is decided by a person or by mode; a newer plan takes the place of those that wait.
const WAITING: readonly PlanState[] = ['open', 'held', 'approved', 'applying'];

/** Plans and their items. A plan is 'building' until it is closed. */
export function plansStore(db: Db, clock: Clock): PlansStore {
  const { kysely } = db;
  return {
    async open(connection, runId, asOf, { isNarrow = false } = {}) {
      return kysely.transaction().execute(async (trx) => {
        await setStates(trx, connection, ['building'], 'discarded');
        const { id } = await trx
          .insertInto('plans')
          .values({
            connection_id: connection,
            run_id: serialOf(runId),
            as_of: asOf,
            is_narrow: isNarrow,
            state: 'building',
            summary: toJson(null),
            created_at: clock.now(),
            rules: null,
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        return String(id);
      });
    },

    async append(planId, items) {
      for (const piece of chunksOf(items, MAX_ROWS)) {
        await kysely.transaction().execute((trx) => appendPiece(trx, serialOf(planId), piece));
      }
    },

    async close(planId, { state, summary, rules }) {
      await kysely.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('plans')
          .select(['connection_id', 'is_narrow'])
          .where('id', '=', serialOf(planId))
          .executeTakeFirst();
        const plan = found(row, `plan ${planId}`);
        // A plan of some customers must not take away the one that a person is about to decide on.
        if (!plan.is_narrow) await setStates(trx, plan.connection_id, WAITING, 'superseded');
        await trx
          .updateTable('plans')
          .set({ state, summary: toJson(summary), rules: rules ? toJson(rules) : null })
          .where('id', '=', serialOf(planId))
          .execute();
        if (state === 'held')
          await appendEvents(
            trx,
            plan.connection_id,
            [heldEvent(plan.connection_id, planId, summary)],
            clock.now(),
          );
      });
    },

    async get(planId) {
      const row = await kysely
        .selectFrom('plans')
        .selectAll()
        .where('id', '=', serialOf(planId))
        .executeTakeFirst();
      return row ? headOf(row) : null;
    },

    async latest(connection) {
      const row = await kysely
        .selectFrom('plans')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('is_narrow', '=', false)
        .where('state', 'not in', ['building', 'discarded'])
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? headOf(row) : null;
    },

    async appliedCount(connection) {
      const { plans } = await kysely
        .selectFrom('plans')
        .select((eb) => eb.fn.countAll<number>().as('plans'))
        .where('connection_id', '=', connection)
        .where('state', '=', 'applied')
        .executeTakeFirstOrThrow();
      return plans;
    },

    async lastApplied(connection) {
      const row = await kysely
        .selectFrom('plans')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('is_narrow', '=', false)
        .where('state', '=', 'applied')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? { ...headOf(row), rules: row.rules === null ? null : fromJson<unknown>(row.rules) } : null;
    },

    async setState(planId, state) {
      await kysely.updateTable('plans').set({ state }).where('id', '=', serialOf(planId)).execute();
    },

    async list(connection, limit) {
      const rows = await kysely
        .selectFrom('plans')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('is_narrow', '=', false)
        .where('state', 'not in', ['building', 'discarded'])
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(headOf);
    },

    async counts(planId) {
      const groups = await kysely
        .selectFrom('plan_items')
        .select(['done', 'left_out', (eb) => eb.fn.countAll<number>().as('items')])
        .where('plan_id', '=', serialOf(planId))
        // Written by toJson, with the kind first.
        .where('item', 'not like', '{"kind":"suppressed"%')
        .where('item', 'not like', '{"kind":"edited"%')
        .groupBy(['done', 'left_out'])
        .execute();
      const sumOf = (fits: (group: (typeof groups)[number]) => boolean) =>
        groups.filter(fits).reduce((sum, { items }) => sum + items, 0);
      return {
        pending: sumOf(({ done, left_out }) => !done && !left_out),
        done: sumOf(({ done }) => Boolean(done)),
        leftOut: sumOf(({ done, left_out }) => !done && Boolean(left_out)),
      };
    },

    async setLeftOut(planId, seqs, leftOut) {
      const update = () =>
        kysely
          .updateTable('plan_items')
          .set({ left_out: leftOut })
          .where('plan_id', '=', serialOf(planId))
          .where('done', '=', false);
      if (seqs === 'all') await update().execute();
      else
        for (const piece of chunksOf(seqs, MAX_ROWS))
          await update()
            .where(isOneOfNumbers(db, 'seq', piece))
            .execute();
    },

    async supersedeWaiting(connection) {
      const { numUpdatedRows } = await kysely
        .updateTable('plans')
        .set({ state: 'superseded' })
        .where('connection_id', '=', connection)
        .where('state', 'in', WAITING)
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },

    async *items(planId, chunk, filter = 'all') {
      for (let after = 0; ; ) {
        let query = kysely
          .selectFrom('plan_items')
          .select(['seq', 'item'])
          .where('plan_id', '=', serialOf(planId))
          .where('seq', '>', after)
          .orderBy('seq')
          .limit(chunk);
        if (filter !== 'all') query = query.where('done', '=', false);
        if (filter === 'pending') query = query.where('left_out', '=', false);
        const rows = await query.execute();
        const last = rows.at(-1);
        if (!last) return;
        yield rows.map((row) => ({ ...fromJson<PlanItem>(row.item), seq: row.seq }));
        after = last.seq;
      }
    },

    async markDone(planId, seqs) {
      for (const piece of chunksOf(seqs, MAX_ROWS)) {
        await kysely
          .updateTable('plan_items')
          .set({ done: true })
          .where('plan_id', '=', serialOf(planId))
          .where(isOneOfNumbers(db, 'seq', piece))
          .execute();
      }
    },
  };
}

async function setStates(
  trx: Kysely<Tables>,
  connection: ConnectionId,
  from: readonly string[],
  to: PlanState,
): Promise<void> {
  await trx
    .updateTable('plans')
    .set({ state: to })
    .where('connection_id', '=', connection)
    .where('state', 'in', from)
    .execute();
}

async function appendPiece(trx: Kysely<Tables>, planId: number, items: readonly PlanItem[]): Promise<void> {
  const plan = await trx
    .selectFrom('plans')
    .select(['connection_id', 'is_narrow'])
    .where('id', '=', planId)
    .executeTakeFirst();
  const { connection_id } = found(plan, `plan ${planId}`);
  const { last } = await trx
    .selectFrom('plan_items')
    .select((eb) => eb.fn.coalesce(eb.fn.max('seq'), eb.lit(0)).as('last'))
    .where('plan_id', '=', planId)
    .executeTakeFirstOrThrow();
  const values = items.map((item, index) => ({
    connection_id,
    plan_id: planId,
    seq: last + index + 1,
    done: item.kind === 'suppressed' || item.kind === 'edited',
    item: toJson(item),
  }));
  // Under SQLite's limit of 32,766 parameters: five columns of at most 1,000 rows.
  await trx.insertInto('plan_items').values(values).execute();
}

export function headOf(row: Selectable<Tables['plans']>): PlanHead {
  return {
    id: String(row.id),
    connection: row.connection_id,
    runId: String(row.run_id),
    asOf: row.as_of,
    state: row.state as PlanHead['state'], // written from this type only
    summary: fromJson(row.summary),
    createdAt: row.created_at,
  };
}

function heldEvent(connection: ConnectionId, planId: PlanId, summary: unknown): NewEvent {
  const held = summary !== null && typeof summary === 'object' && 'held' in summary ? summary.held : null;
  const reason =
    held !== null && typeof held === 'object' && 'reason' in held ? String(held.reason) : 'unknown';
  return { type: 'plan.held', recordId: null, data: { connection, planId, reason } };
}

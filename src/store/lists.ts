import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { LeadScore } from '../leads.ts';
import { jsonTextAt } from './dialect.ts';
import { headOf } from './plans.ts';
import { reminderOf } from './reminders.ts';
import { fromJson, serialOf } from './rows.ts';
import { runOf } from './runs.ts';
import type { PlanItem } from './store.ts';
import type { ListsStore, Page } from './view-stores.ts';

/** Pages of what is looked at, by keyset: each begins after the row where the one before it ended. */
export function listsStore(db: Db): ListsStore {
  const { kysely } = db;
  return {
    async health(connection) {
      const row = await kysely
        .selectFrom('connections')
        .select(['created_at', 'state_why', 'access_expires_at', 'parked_until'])
        .select(['credits_remaining', 'credits_remaining_at'])
        .where('id', '=', connection)
        .executeTakeFirst();
      if (!row) return null;
      return {
        linkedAt: row.created_at,
        stateWhy: row.state_why,
        accessExpiresAt: row.access_expires_at,
        creditsRemaining: row.credits_remaining,
        creditsRemainingAt: row.credits_remaining_at,
        parkedUntil: row.parked_until,
      };
    },
    async runs(connection, { kind, state, after, limit }) {
      let query = kysely.selectFrom('runs').selectAll().where('connection_id', '=', connection);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (state !== undefined) query = query.where('state', '=', state);
      if (after !== null) query = query.where('id', '<', after);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, runOf, ({ id }) => id);
    },
    async plans(connection, { after, limit }) {
      let query = kysely.selectFrom('plans').selectAll().where('connection_id', '=', connection);
      if (after !== null) query = query.where('id', '<', after);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, headOf, ({ id }) => id);
    },
    async planItems(planId, { kind, search, field, cause, after, limit }) {
      let query = kysely
        .selectFrom('plan_items')
        .select(['seq', 'item', 'done', 'left_out'])
        .where('plan_id', '=', serialOf(planId));
      if (after !== null) query = query.where('seq', '>', after);
      // Written by toJson, with the kind first.
      if (kind !== undefined) query = query.where('item', 'like', `{"kind":"${kind}"%`);
      if (field !== undefined) query = query.where(jsonTextAt(db, 'item', ['change', 'field']), '=', field);
      if (cause !== undefined) query = query.where(jsonTextAt(db, 'item', ['change', 'cause']), '=', cause);
      if (search !== undefined) query = query.where(isAbout(db, search));
      const rows = await query
        .orderBy('seq')
        .limit(limit + 1)
        .execute();
      const item = ({ seq, item, done, left_out }: (typeof rows)[number]) => ({
        ...fromJson<PlanItem>(item),
        ...{ seq, done, leftOut: Boolean(left_out) },
      });
      return pageOf(rows, limit, item, ({ seq }) => seq);
    },
    async reminders(connection, { states, reason, ownerId, recordId, after, limit }) {
      let query = kysely.selectFrom('reminders').selectAll().where('connection_id', '=', connection);
      query = query.where('state', 'in', states);
      if (reason !== undefined) query = query.where('reason', '=', reason);
      if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
      if (recordId !== undefined) query = query.where('record_id', '=', recordId);
      if (after !== null) query = query.where(sql<boolean>`(due_day, cv_ref) > (${after[0]}, ${after[1]})`);
      const rows = await query
        .orderBy('due_day')
        .orderBy('cv_ref')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, reminderOf, (row) => [row.due_day, row.cv_ref] as const);
    },
    async leads(connection, { state, followUp, after, limit }) {
      // Beyond every day: those that nothing is due for.
      const day = sql<string>`coalesce(follow_up_by, '9999')`;
      let query = kysely
        .selectFrom('lead_scores')
        .select(['score', 'follow_up_by', 'record_id'])
        .where('connection_id', '=', connection);
      if (state !== undefined) query = query.where('state', '=', state);
      if (followUp !== undefined) query = query.where('follow_up', '=', followUp);
      if (after !== null)
        query = query.where(sql<boolean>`(${day}, record_id) > (${after[0] ?? '9999'}, ${after[1]})`);
      const rows = await query
        .orderBy(day)
        .orderBy('record_id')
        .limit(limit + 1)
        .execute();
      const place = (row: (typeof rows)[number]) => [row.follow_up_by, row.record_id] as const;
      return pageOf(rows, limit, ({ score }) => fromJson<LeadScore>(score), place);
    },
    async quarantine(connection, { after, limit }) {
      let query = kysely.selectFrom('quarantine').selectAll().where('connection_id', '=', connection);
      if (after !== null) query = query.where(sql<boolean>`(module, record_id) > (${after[0]}, ${after[1]})`);
      const rows = await query
        .orderBy('module')
        .orderBy('record_id')
        .limit(limit + 1)
        .execute();
      const told = ({ module, record_id, reason, seen_at }: (typeof rows)[number]) => ({
        ...{ module, recordId: record_id, reason, seenAt: seen_at },
      });
      return pageOf(rows, limit, told, (row) => [row.module, row.record_id] as const);
    },
  };
}

/** Where an item of a plan names whom it is about: a field, a new task, one that is not made, one that is there, an edit. */
const NAMES = [
  ['change', 'name'],
  ['task', 'draft', 'name'],
  ['task', 'name'],
  ['task', 'reminder', 'subject'],
  ['edit', 'name'],
];
const IDS = [
  ['change', 'customer', 'id'],
  ['task', 'draft', 'customer', 'id'],
  ['task', 'customer', 'id'],
  ['task', 'reminder', 'customer', 'id'],
  ['edit', 'recordId'],
];

function isAbout(db: Db, search: string): RawBuilder<boolean> {
  const first = (paths: readonly string[][]) =>
    sql`coalesce(${sql.join(paths.map((path) => jsonTextAt(db, 'item', path)))})`;
  const part = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(lower(${first(NAMES)}) like lower(${part}) escape '\\' or ${first(IDS)} = ${search})`;
}

/** Of one row more than is shown: whether there is more. */
function pageOf<Row, T, Place>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => T,
  placeOf: (row: Row) => Place,
): Page<T, Place> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), next: rows.length > limit && last !== undefined ? placeOf(last) : null };
}

import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { LeadScore } from '../leads.ts';
import { matchesName, nameKey } from './customer-list.ts';
import { jsonTextAt } from './dialect.ts';
import type { PlanItem } from './plan-stores.ts';
import { headOf } from './plans.ts';
import { reminderOf } from './reminders.ts';
import { fromJson, serialOf } from './rows.ts';
import { runOf } from './runs.ts';
import type { Tables } from './tables.ts';
import type { LeadOrder, ListPlace, ListsStore, Page } from './view-stores.ts';

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
    async planItems(planId, { kind, search, field, cause, owner, rule, why, after, limit }) {
      let query = kysely
        .selectFrom('plan_items')
        .select(['seq', 'item', 'done', 'left_out'])
        .where('plan_id', '=', serialOf(planId));
      if (after !== null) query = query.where('seq', '>', after);
      // Written by toJson, with the kind first.
      if (kind !== undefined) query = query.where('item', 'like', `{"kind":"${kind}"%`);
      if (field !== undefined) query = query.where(jsonTextAt(db, 'item', ['change', 'field']), '=', field);
      if (cause !== undefined) query = query.where(jsonTextAt(db, 'item', ['change', 'cause']), '=', cause);
      if (owner !== undefined) query = query.where(firstOf(db, OWNERS), '=', owner);
      if (rule !== undefined) query = query.where(firstOf(db, RULES), '=', rule);
      if (why !== undefined) query = query.where(jsonTextAt(db, 'item', ['task', 'why']), '=', why);
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
    async leads(connection, { filter, order, descending, after, limit }) {
      const column = LEAD_ORDER[order];
      // The index on the day stands on this expression; days that are none are asked for apart.
      const by = order === 'follow_up' ? sql`coalesce(follow_up_by, '9999')` : sql.ref(column);
      const direction = descending ? 'desc' : 'asc';
      const matching = () => {
        const { state, followUp, ownerId, source, unanswered, search } = filter;
        let query = kysely
          .selectFrom('lead_scores')
          .select(['score', 'record_id', sql<string | number | null>`${sql.ref(column)}`.as('place')])
          .where('connection_id', '=', connection);
        if (state !== undefined) query = query.where('state', '=', state);
        if (followUp !== undefined) query = query.where('follow_up', '=', followUp);
        if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
        if (source !== undefined) query = query.where('source', '=', source);
        if (unanswered !== undefined) query = query.where('unanswered', '>=', unanswered);
        const wanted = nameKey(search?.trim() ?? '');
        return wanted === '' ? query : query.where(matchesName(db, 'lead_scores', wanted));
      };
      const isBeyond = ([value, id]: ListPlace) =>
        descending
          ? sql<boolean>`(${by}, record_id) < (${value}, ${id})`
          : sql<boolean>`(${by}, record_id) > (${value}, ${id})`;
      // Two questions: where nulls go differs between the databases.
      const found =
        after?.[0] === null
          ? []
          : await matching()
              .where(column, 'is not', null)
              .$if(after !== null, (query) => query.where(isBeyond(after ?? ['', ''])))
              .orderBy(by, direction)
              .orderBy('record_id', direction)
              .limit(limit + 1)
              .execute();
      if (found.length <= limit) {
        let rest = matching().where(column, 'is', null);
        if (after?.[0] === null) rest = rest.where('record_id', descending ? '<' : '>', after[1]);
        const most = limit + 1 - found.length;
        found.push(...(await rest.orderBy('record_id', direction).limit(most).execute()));
      }
      const place = (row: (typeof found)[number]): ListPlace => [row.place, row.record_id];
      return pageOf(found, limit, ({ score }) => fromJson<LeadScore>(score), place);
    },
    async leadSources(connection) {
      const rows = await kysely
        .selectFrom('lead_scores')
        .select('source')
        .distinct()
        .where('connection_id', '=', connection)
        .where('source', 'is not', null)
        .orderBy('source')
        .execute();
      return rows.flatMap(({ source }) => source ?? []);
    },
    async tasksByOwner(planId) {
      const { rows } = await sql<{ owner: string | null; why: string | null; tasks: number }>`
        select ${firstOf(db, OWNERS)} as owner, ${jsonTextAt(db, 'item', ['task', 'why'])} as why, count(*) as tasks
        from plan_items where plan_id = ${serialOf(planId)} and (item like '{"kind":"suppressed"%'
          or (item like '{"kind":"task"%' and ${jsonTextAt(db, 'item', ['task', 'kind'])} = 'create'))
        group by 1, 2`.execute(kysely);
      return rows.map(({ owner, why, tasks }) => ({ ownerId: owner, why, tasks: Number(tasks) }));
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

/** Of a task: one that is made or changed, one that is not made, one that is closed. */
const OWNERS = [
  ['task', 'draft', 'ownerId'],
  ['task', 'ownerId'],
  ['task', 'reminder', 'ownerId'],
];
const RULES = [
  ['task', 'draft', 'reason'],
  ['task', 'reason'],
  ['task', 'reminder', 'reason'],
];
const LEAD_ORDER = {
  follow_up: 'follow_up_by',
  value: 'expected_value',
  chance: 'chance_ppm',
  source: 'source',
  name: 'name_key',
  unanswered: 'unanswered',
} as const satisfies { readonly [O in LeadOrder]: keyof Tables['lead_scores'] };

/** The first of these texts within a plan item that is there. */
function firstOf(db: Db, paths: readonly string[][]): RawBuilder<string | null> {
  return sql`coalesce(${sql.join(paths.map((path) => jsonTextAt(db, 'item', path)))})`;
}

function isAbout(db: Db, search: string): RawBuilder<boolean> {
  const part = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(lower(${firstOf(db, NAMES)}) like lower(${part}) escape '\\' or ${firstOf(db, IDS)} = ${search})`;
}

/** Of one row more than is shown: whether there is more. */
export function pageOf<Row, T, Place>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => T,
  placeOf: (row: Row) => Place,
): Page<T, Place> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), next: rows.length > limit && last !== undefined ? placeOf(last) : null };
}

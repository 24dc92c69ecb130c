import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { withoutSecrets } from '../log.ts';
import type { AuditEntry, AuditFilter, AuditStore } from './access-stores.ts';
import { fromJson, storable, toJson } from './rows.ts';

/** Who did what, when, and what it was before and after. */

const SECRET_NAME = /secret|token|password|authorization|cookie|^code$|encryptionkey/i;
const LONGEST_TEXT = 2_000;

/** A copy in which the values of secret names are blanked and long texts are cut. */
function masked(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(storable(value)).slice(0, LONGEST_TEXT);
  if (Array.isArray(value)) return value.map(masked);
  if (value instanceof Date) return value.toISOString();
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isSecret = SECRET_NAME.test(name) && typeof inner === 'string';
      return [name, isSecret ? '[secret]' : masked(inner)];
    }),
  );
}

export function auditStore(db: Db): AuditStore {
  const { kysely } = db;
  const filtered = ({ connection, who, action, from, until }: AuditFilter) => {
    let query = kysely.selectFrom('audit_log').selectAll();
    if (connection === 'none') query = query.where('connection_id', 'is', null);
    else if (connection !== 'all') query = query.where('connection_id', '=', connection);
    if (who !== undefined) query = query.where('who', '=', who);
    if (action !== undefined) {
      query = query.where((eb) =>
        eb.or([
          eb('action', '=', action),
          sql<boolean>`substr(action, 1, ${action.length + 1}) = ${`${action}.`}`,
        ]),
      );
    }
    if (from !== undefined) query = query.where('at', '>=', from);
    if (until !== undefined) query = query.where('at', '<', until);
    return query;
  };
  return {
    async add({ connection, who, action, target, before, after, at }) {
      await kysely
        .insertInto('audit_log')
        .values({
          // One that is gone meanwhile, by this very deed perhaps, must not keep the entry out.
          connection_id: sql<string | null>`(select id from connections where id = ${connection})`,
          who: storable(who),
          action,
          target: withoutSecrets(storable(target)),
          before_value: toJson(masked(before)),
          after_value: toJson(masked(after)),
          at,
        })
        .execute();
    },
    async list(filter, { limit, olderThan }) {
      let query = filtered(filter);
      if (olderThan !== undefined) query = query.where('id', '<', olderThan);
      const rows = await query.orderBy('id', 'desc').limit(limit).execute();
      const names = await namesOf(db, new Set(rows.map(({ who }) => who)));
      return rows.map(
        (row): AuditEntry => ({
          id: row.id,
          connection: row.connection_id,
          who: row.who,
          whoName: names.get(row.who) ?? null,
          action: row.action,
          target: row.target,
          before: fromJson(row.before_value),
          after: fromJson(row.after_value),
          at: row.at,
        }),
      );
    },
    async known(connection) {
      const each = (column: 'who' | 'action') =>
        kysely
          .selectFrom('audit_log')
          .select(`${column} as value`)
          .distinct()
          .where('connection_id', '=', connection)
          .orderBy('value')
          .execute();
      const whos = (await each('who')).map(({ value }) => value);
      const names = await namesOf(db, new Set(whos));
      return {
        who: whos.map((who) => ({ who, name: names.get(who) ?? null })),
        actions: (await each('action')).map(({ value }) => value),
      };
    },
    names: (whos) => namesOf(db, whos),
  };
}

/** Names are looked up when read, so that the log itself holds ids of people only. */
export async function namesOf(
  { kysely }: Pick<Db, 'kysely'>,
  whos: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const idsOf = (kind: string) =>
    [...whos].filter((who) => who.startsWith(`${kind}:`)).map((who) => who.slice(kind.length + 1));
  const names = new Map<string, string>();
  for (const [kind, table] of [
    ['user', 'people'],
    ['token', 'api_tokens'],
  ] as const) {
    const ids = idsOf(kind);
    if (ids.length === 0) continue;
    const rows = await kysely.selectFrom(table).select(['id', 'name']).where('id', 'in', ids).execute();
    for (const { id, name } of rows) names.set(`${kind}:${id}`, name);
  }
  return names;
}

import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import { hashOf, newId, newSecret } from './access-secrets.ts';
import type { ApiToken, ApiTokensStore } from './access-stores.ts';
import type { Tables } from './tables.ts';

/** The beginning tells secret scanners whose it is. */
const PREFIX = 'zcv_';
const FORM = /^zcv_[\w-]{43}$/;
const USE_NOTED_EVERY_MS = 60_000;

export function apiTokensStore(db: Db): ApiTokensStore {
  const { kysely } = db;
  const complete = async (rows: readonly Selectable<Tables['api_tokens']>[]): Promise<ApiToken[]> => {
    const ids = rows.map(({ id }) => id);
    const links =
      ids.length === 0
        ? []
        : await kysely
            .selectFrom('api_token_connections')
            .selectAll()
            .where('token_id', 'in', ids)
            .orderBy('connection_id')
            .execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      scope: row.scope as ApiToken['scope'], // written from an ApiToken only
      connections: row.is_fleet
        ? 'fleet'
        : links.filter((link) => link.token_id === row.id).map((link) => link.connection_id),
      createdBy: row.created_by,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
    }));
  };
  const one = async (column: 'id' | 'token_hash', value: string) => {
    const row = await kysely
      .selectFrom('api_tokens')
      .selectAll()
      .where(column, '=', value)
      .executeTakeFirst();
    return row ? ((await complete([row]))[0] ?? null) : null;
  };
  return {
    async create({ name, scope, connections, createdBy, expiresAt, at }) {
      const secret = `${PREFIX}${newSecret()}`;
      const id = newId();
      await kysely.transaction().execute(async (trx) => {
        await trx
          .insertInto('api_tokens')
          .values({
            id,
            token_hash: hashOf(secret),
            name,
            scope,
            is_fleet: connections === 'fleet',
            created_by: createdBy,
            created_at: at,
            expires_at: expiresAt,
            last_used_at: null,
          })
          .execute();
        if (connections === 'fleet' || connections.length === 0) return;
        await trx
          .insertInto('api_token_connections')
          .values([...new Set(connections)].map((connection_id) => ({ token_id: id, connection_id })))
          .execute();
      });
      const token = { id, name, scope, connections, createdBy, expiresAt, createdAt: at, lastUsedAt: null };
      return { token, secret };
    },
    async use(secret, now) {
      if (!FORM.test(secret)) return null;
      const token = await one('token_hash', hashOf(secret));
      if (token === null || token.expiresAt <= now) return null;
      if (token.lastUsedAt === null || now.getTime() - token.lastUsedAt.getTime() >= USE_NOTED_EVERY_MS) {
        await kysely
          .updateTable('api_tokens')
          .set({ last_used_at: now })
          .where('id', '=', token.id)
          .execute();
      }
      return token;
    },
    byId: (id) => one('id', id),
    async list(filter) {
      let query = kysely.selectFrom('api_tokens').selectAll();
      if (filter !== 'all') {
        query = query.where('id', 'in', (eb) =>
          eb
            .selectFrom('api_token_connections')
            .select('token_id')
            .where('connection_id', '=', filter.connection),
        );
      }
      return complete(await query.orderBy('created_at').orderBy('id').execute());
    },
    async revoke(id) {
      const { numDeletedRows } = await kysely
        .deleteFrom('api_tokens')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

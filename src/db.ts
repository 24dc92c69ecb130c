import { isAbsolute, resolve } from 'node:path';
import { Kysely, sql } from 'kysely';
import type { Pool } from 'pg';
import { ConfigError } from './errors.ts';
import { postgresDialect, sqliteDialect } from './store/dialect.ts';
import type { Tables } from './store/tables.ts';

/** One database: SQLite through Node's own driver, or PostgreSQL through pg. */
export interface Db {
  readonly kysely: Kysely<Tables>;
  readonly dialect: 'sqlite' | 'postgres';
  /** PostgreSQL only: for reads that want rows as arrays. */
  readonly pool: Pool | null;
  close(): Promise<void>;
}

const OLDEST_POSTGRES = 15;

/** `busyTimeoutMs`: SQLite, how long a write waits for another process. Throws ConfigError on any other URL. */
export async function openDb(url: string, options: { busyTimeoutMs?: number } = {}): Promise<Db> {
  if (url.startsWith('file:')) {
    const path = url.slice('file:'.length);
    const dialect = await sqliteDialect(isAbsolute(path) ? path : resolve(path), options);
    const kysely = new Kysely<Tables>({ dialect });
    // Kysely opens nothing, and so closes nothing, before its first query.
    await kysely.connection().execute(async () => undefined);
    return { kysely, dialect: 'sqlite', pool: null, close: () => kysely.destroy() };
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { dialect, pool } = postgresDialect(url);
    const kysely = new Kysely<Tables>({ dialect });
    await requireVersion(kysely).catch(async (error: unknown) => {
      await kysely.destroy();
      throw error;
    });
    return { kysely, dialect: 'postgres', pool, close: () => kysely.destroy() };
  }
  throw new ConfigError('DATABASE_URL must be file:<path> or postgres://…');
}

async function requireVersion(kysely: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    select current_setting('server_version_num')::int as version`.execute(kysely);
  const major = Math.floor((rows[0]?.version ?? 0) / 10_000);
  if (major < OLDEST_POSTGRES) {
    throw new ConfigError(
      `DATABASE_URL is PostgreSQL ${major}; version ${OLDEST_POSTGRES} or later is needed`,
    );
  }
}

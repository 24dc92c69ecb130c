import { isAbsolute, resolve } from 'node:path';
import { Kysely, sql } from 'kysely';
import type { Pool } from 'pg';
import { AppError, ConfigError } from './errors.ts';
import { postgresDialect, sqliteDialect } from './store/dialect.ts';
import type { Tables } from './store/tables.ts';

/** One database: SQLite through Node's own driver, or PostgreSQL through pg. */
export interface Db {
  readonly kysely: Kysely<Tables>;
  readonly dialect: 'sqlite' | 'postgres';
  /** PostgreSQL only: for reads that want rows as arrays. */
  readonly pool: Pool | null;
  readonly url: string;
  /** For what lives beside it and ends with it. */
  onClose(work: () => Promise<void>): void;
  close(): Promise<void>;
}

const OLDEST_POSTGRES = 15;

interface DbOptions {
  readonly busyTimeoutMs?: number;
  readonly cacheKib?: number;
}

/**
 * SQLite: `busyTimeoutMs`, how long a write waits for another process; `cacheKib`, the pages kept in memory. Throws ConfigError that says what to do when
 * the URL is another one or the database cannot be opened.
 */
export async function openDb(url: string, options: DbOptions = {}): Promise<Db> {
  try {
    if (url.startsWith('file:')) return await openSqlite(url.slice('file:'.length), options);
    if (/^postgres(ql)?:\/\//.test(url)) return await openPostgres(url);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = url.startsWith('file:')
      ? 'check that the file is a database of this service and that its folder may be written'
      : 'check that the server runs, and the user, password and name in the URL';
    throw new ConfigError(`DATABASE_URL ${withoutPassword(url)} cannot be opened (${why}); ${hint}`, {
      cause,
    });
  }
  throw new ConfigError('DATABASE_URL must be file:<path> or postgres://…');
}

const withoutPassword = (url: string): string => url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:…@');

async function openSqlite(path: string, options: DbOptions): Promise<Db> {
  const dialect = await sqliteDialect(isAbsolute(path) ? path : resolve(path), options);
  const kysely = new Kysely<Tables>({ dialect });
  // Kysely opens nothing, and so closes nothing, before its first query.
  await kysely.connection().execute(async () => undefined);
  return { kysely, dialect: 'sqlite', pool: null, url: `file:${path}`, ...closing(kysely) };
}

async function openPostgres(url: string): Promise<Db> {
  const { dialect, pool } = postgresDialect(url);
  const kysely = new Kysely<Tables>({ dialect });
  await requireVersion(kysely).catch(async (error: unknown) => {
    await kysely.destroy();
    throw error;
  });
  return { kysely, dialect: 'postgres', pool, url, ...closing(kysely) };
}

function closing(kysely: Kysely<Tables>): Pick<Db, 'onClose' | 'close'> {
  const before: (() => Promise<void>)[] = [];
  return {
    onClose: (work) => before.push(work),
    async close() {
      for (const work of before.splice(0)) await work();
      await kysely.destroy();
    },
  };
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

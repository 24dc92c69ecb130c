import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeEach, describe } from 'vitest';
import { type Db, openDb } from '../../src/db.ts';
import { migrate } from '../../src/store/migrate.ts';

/** Tables whose rows do not go with a connection. */
const OF_NO_CONNECTION = [
  'jobs',
  'job_turns',
  'leases',
  'people',
  'sessions',
  'api_tokens',
  'operator_links',
  'connect_links',
  'oauth_states',
  'audit_log',
];

export interface TestDatabase {
  /** The address of a new, empty database. */
  readonly url: () => Promise<string>;
  /** A migrated database without rows, of this test alone. Closed and removed after the file. */
  readonly open: () => Promise<Db>;
}

/** Runs the same tests on SQLite and on PostgreSQL; without a server the second half is reported as skipped. */
export function describeOnBoth(name: string, tests: (database: TestDatabase) => void): void {
  describe(`${name} (SQLite)`, () => tests(sqlite()));
  const server = process.env.ZCV_TEST_PG;
  const why = process.env.ZCV_TEST_PG_SKIP ?? 'test/support/global-setup.ts did not run';
  if (server) describe(`${name} (PostgreSQL)`, () => tests(postgres(server)));
  else describe.skip(`${name} (PostgreSQL): ${why}`, () => tests(postgres('postgres://none')));
}

function sqlite(): TestDatabase {
  const directories: string[] = [];
  return opener(
    async () => {
      const directory = mkdtempSync(join(tmpdir(), 'zcv-store-'));
      directories.push(directory);
      return `file:${join(directory, 'store.db')}`;
    },
    async () => {
      for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    },
  );
}

function postgres(server: string): TestDatabase {
  const names: string[] = [];
  const onServer = async (statement: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  return opener(
    async () => {
      const name = `zcv_test_${randomBytes(6).toString('hex')}`;
      // template0: another file may be connected to template1 at this very moment.
      await onServer(`create database ${name} template template0`);
      names.push(name);
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    },
    async () => {
      for (const name of names) await onServer(`drop database ${name} with (force)`);
    },
  );
}

function opener(create: () => Promise<string>, remove: () => Promise<void>): TestDatabase {
  const opened: Db[] = [];
  // Making a database takes a second on PostgreSQL: those of earlier tests are emptied and used again.
  let free: Db[] = [];
  beforeEach(() => {
    free = [...opened];
  });
  afterAll(async () => {
    for (const db of opened) await db.close();
    await remove();
  });
  return {
    url: create,
    async open() {
      const used = free.pop();
      if (used) {
        for (const table of [...OF_NO_CONNECTION, 'connections']) {
          await sql`delete from ${sql.table(table)}`.execute(used.kysely);
        }
        await emptyQueue(used);
        return used;
      }
      const db = await openDb(await create());
      opened.push(db);
      await migrate(db);
      return db;
    },
  };
}

/** A queue that an earlier test started stays, without its jobs. */
async function emptyQueue(db: Db): Promise<void> {
  if (db.dialect === 'sqlite') return;
  const { rows } = await sql<{ job: string | null }>`select to_regclass('pgboss.job')::text as job`.execute(
    db.kysely,
  );
  if (rows[0]?.job) await sql`delete from pgboss.job`.execute(db.kysely);
}
